"""What an edge of 有事好商量 does besides the state: a table of actions and functions.

Filled by decorated functions in the files of the steps (kind.py imports them): `shows` says what the timeline row
keeps beside its note, and may refuse before it is written; `carries_out` changes what else changes, after the row
and the clocks. `on_ring` is what the end of a period sets going.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.consultations.models import Consultation
from backend.consultations.shown import changed
from backend.consultations.states import COLLECT_CLOCK, PUBLICATION_CLOCK, RATING_CLOCK
from backend.kernel.actor import SYSTEM, Actor
from backend.workflow import engine
from backend.workflow.clocks import BREACH
from backend.workflow.models import TimelineEntry

#: what was filled in and stands beside the note on the timeline
KEPT = ("weight", "track", "closes_on", "until")
#: what happens when a period is over
WHEN_OVER = {
    COLLECT_CLOCK: "period_over",
    PUBLICATION_CLOCK: "publication_over",
    RATING_CLOCK: "rating_over",
}


@dataclass(frozen=True)
class Taken:
    """An edge that has just been taken: its row is written, its clocks are set, the topic is locked."""

    topic: Consultation
    actor: Actor
    given: Mapping[str, Any]
    entry: TimelineEntry


Effect = Callable[[Taken], None]
Shown = Callable[[Consultation, Actor, Mapping[str, Any]], Mapping[str, Any]]
_effects: dict[str, list[Effect]] = defaultdict(list)
_shown: dict[str, list[Shown]] = defaultdict(list)


def carries_out(*actions: str) -> Callable[[Effect], Effect]:
    """Register what these actions change besides the state; a refusal raised there undoes the whole step."""

    def register(effect: Effect) -> Effect:
        for action in actions:
            _effects[action].append(effect)
        return effect

    return register


def shows(*actions: str) -> Callable[[Shown], Shown]:
    """Register what the timeline row of these actions keeps, and what they refuse before it is written."""

    def register(shown: Shown) -> Shown:
        for action in actions:
            _shown[action].append(shown)
        return shown

    return register


def shown_data(topic: Consultation, action: str, actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the timeline row keeps beside its note: messages are made from the row, so it names the topic."""
    data = {name: str(given[name]) for name in KEPT if given.get(name)} | {"topic": topic.title}
    if topic.assignee_unit_name:
        data |= {"unit": topic.assignee_unit_name, "unit_id": str(topic.assignee_unit_id or "")}
    for shown in _shown[action]:
        data |= shown(topic, actor, given)
    return data


def carry_out(taken: Taken) -> None:
    """Do what else the action does."""
    for effect in _effects[taken.entry.action]:
        effect(taken)


def on_ring(topic: Consultation, clock: str, what: str) -> None:
    """The end of a period leads on by itself (CON-03, CON-08)."""
    changed(topic.town_id)  # a date that everybody reads has come
    action = WHEN_OVER.get(clock)
    if what == BREACH and action is not None:
        data = shown_data(topic, action, SYSTEM, {})
        entry = engine.perform(topic, action, SYSTEM, version=None, data=data)
        carry_out(Taken(topic, SYSTEM, {}, entry))
