"""The one way a petition changes once it is registered: take an action, and do what else that brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.petitions import effects
from backend.petitions.access import get_petition_for
from backend.petitions.effects import Taken
from backend.petitions.models import Petition
from backend.workflow import engine
from backend.workflow.models import TimelineEntry


def act(
    petition: Petition, action: str, actor: Actor, version: int | None, given: Mapping[str, Any]
) -> TimelineEntry:
    """Take an action on a petition that the actor was allowed to load; its row of the timeline.

    The engine checks version, edge, policy and demands; then follows what the action brings along.
    Raises Conflict, Forbidden, Invalid as the engine and the law's details do; nothing is kept then.
    """
    kept = {name: value for name, value in given.items() if value not in (None, "", [], ())}
    data = effects.shown_data(petition, action, actor, kept)
    entry = engine.perform(
        petition, action, as_named(petition, actor), version=version, given=kept, data=data
    )
    effects.carry_out(action, Taken(petition, actor, kept, entry))
    if entry.visibility != "staff":
        petition.updated_at = entry.at  # what only staff may read leaves no trace at the look-up by code
    db.session.flush()
    return entry


def act_on(actor: Actor, petition_id: int, action: str, version: int, given: Mapping[str, Any]) -> Petition:
    """The same by number, for a person: NotFound when they may not see it."""
    petition = get_petition_for(actor, petition_id)
    act(petition, action, actor, version, given)
    return petition


def as_named(petition: Petition, actor: Actor) -> Actor:
    """The actor as the timeline names them: with 代… when they do what somebody else was given."""
    stood_in = actor.stands_for(petition.assignee_staff_id)
    return actor if stood_in is None else replace(actor, name=f"{actor.name}（代{stood_in}）")
