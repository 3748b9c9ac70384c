"""What an edge of 信访直通车 does besides the state: a table of actions and functions.

Filled by decorated functions in the files of the steps (kind.py imports them): `shows` says what the
timeline row keeps beside its note, and is asked before the row is written; it may refuse. `carries_out`
changes what else changes, after the row and the clocks; `rings` is what a clock sets going.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend.kernel.actor import SYSTEM, Actor
from backend.petitions.models import Petition
from backend.petitions.states import REEXAMINATION_WINDOW, REVIEW_WINDOW
from backend.workflow import engine
from backend.workflow.clocks import BREACH
from backend.workflow.models import TimelineEntry

#: what was filled in and stands beside the note on the timeline, for whoever may read the row
KEPT = (
    "outcome",
    "branch",
    "body",
    "number",
    "until",
    "way",
    "delivered_on",
    "signed",
    "stance",
    "score",
    "got_notice",
    "got_opinion",
    "carried_out",
)


@dataclass(frozen=True)
class Taken:
    """An edge that has just been taken: its row is written, its clocks are set, the petition is locked."""

    petition: Petition
    actor: Actor
    given: Mapping[str, Any]
    entry: TimelineEntry


Effect = Callable[[Taken], None]
Shown = Callable[[Petition, Actor, Mapping[str, Any]], Mapping[str, Any]]
_effects: dict[str, list[Effect]] = defaultdict(list)
_written: dict[str, list[Effect]] = defaultdict(list)
_shown: dict[str, list[Shown]] = defaultdict(list)


def carries_out(*actions: str) -> Callable[[Effect], Effect]:
    """Register what these actions change besides the state; Invalid raised there undoes the whole step."""

    def register(effect: Effect) -> Effect:
        for action in actions:
            _effects[action].append(effect)
        return effect

    return register


def writes(*actions: str) -> Callable[[Effect], Effect]:
    """As carries_out(), but after all of those: a document says what has become of the petition."""

    def register(effect: Effect) -> Effect:
        for action in actions:
            _written[action].append(effect)
        return effect

    return register


def shows(*actions: str) -> Callable[[Shown], Shown]:
    """Register what the timeline row of these actions keeps, and what they refuse before it is written."""

    def register(shown: Shown) -> Shown:
        for action in actions:
            _shown[action].append(shown)
        return shown

    return register


def shown_data(petition: Petition, action: str, actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the timeline row keeps beside its note."""
    data = {name: str(given[name]) for name in KEPT if given.get(name)}
    if petition.assignee_unit_name:
        # Titles and messages are made from the row: it says who had it then.
        data |= {
            "unit": petition.assignee_unit_name,
            "unit_id": str(petition.assignee_unit_id or ""),
            "staff_id": str(petition.assignee_staff_id or ""),
        }
    for shown in _shown[action]:
        data |= shown(petition, actor, given)
    return data


def carry_out(action: str, taken: Taken) -> None:
    """Do what else the action does."""
    for effect in (*_effects[action], *_written[action]):
        effect(taken)


def on_ring(petition: Petition, clock: str, what: str) -> None:
    """When a window to ask for review or re-examination is over, the petition is archived (PET-11)."""
    if what == BREACH and clock in {REVIEW_WINDOW, REEXAMINATION_WINDOW}:
        engine.perform(petition, "window_over", SYSTEM, version=None)
