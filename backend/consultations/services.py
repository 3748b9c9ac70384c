"""The writers of 有事好商量: a topic begins, and edges are taken with all that they bring along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.consultations import effects, found, policy, shown
from backend.consultations.access import get_consultation_for
from backend.consultations.effects import Taken
from backend.consultations.models import Consultation
from backend.consultations.states import BY_FORM, TABLE
from backend.consultations.texts import demand_publishable
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.workflow import engine
from backend.workflow.models import TimelineEntry


def act(
    topic: Consultation,
    action: str,
    actor: Actor,
    version: int | None,
    given: Mapping[str, Any],
    form: Mapping[str, Any] | None = None,
) -> TimelineEntry:
    """Take an action on a topic that the actor was allowed to load; its row of the timeline.

    `given` is what the table's fields ask for, `form` what a route with a form of its own has checked. The engine
    checks version, edge, policy and demands; then follows what the action brings along. Raises Conflict,
    Forbidden, Invalid; nothing is kept then.
    """
    kept = {name: value for name, value in given.items() if value not in (None, "", [], ())}
    all_given = {**kept, **(form or {})}
    data = _shown(topic, action, actor, all_given)
    entry = engine.perform(topic, action, actor, version=version, given=kept, data=data)
    effects.carry_out(Taken(topic, actor, all_given, entry))
    topic.updated_at = entry.at
    db.session.flush()
    found.follow(topic)
    shown.changed(topic.town_id)
    return entry


def act_on(
    actor: Actor,
    topic_id: int,
    action: str,
    version: int,
    given: Mapping[str, Any],
    poll: Mapping[str, Any] | None = None,
) -> Consultation:
    """The same by number, for a person and by fields alone: NotFound when they may not see it.

    `poll`: question, options and number of those entitled, for the action that opens the topic.
    """
    topic = get_consultation_for(actor, topic_id)
    if action in BY_FORM and TABLE.edge(action, topic.state) is not None:
        raise Invalid("own_form", "这一步有自己的表单，请刷新页面后再试。")
    if poll is not None and action != "open":
        raise Invalid(
            "poll_elsewhere", "意见征询只能在公开议题时一起发起。", fields={"poll": ["这一步不能填"]}
        )
    act(topic, action, actor, version, given, {"poll": poll} if poll is not None else None)
    return topic


def act_by_form(
    actor: Actor, topic_id: int, action: str, version: int, form: Mapping[str, Any]
) -> Consultation:
    """The same for a step with a form of its own. NotFound when they may not see it."""
    topic = get_consultation_for(actor, topic_id)
    act(topic, action, actor, version, {}, form)
    return topic


def _shown(topic: Consultation, action: str, actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the row keeps. Whatever everybody will read in it holds nobody's personal data (PIPL 25).

    Of a step that is not open, or not this person's, nothing is said but that: the engine refuses it.
    """
    edge = TABLE.edge(action, topic.state)
    if edge is None or not policy.may_take(topic, edge, actor):
        return {}
    if edge.visibility == "all":
        demand_publishable({name: value for name, value in given.items() if isinstance(value, str)})
    return effects.shown_data(topic, action, actor, given)
