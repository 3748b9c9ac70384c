"""Review and re-examination (PET-11, PET-12; 《信访工作条例》 articles 35, 36): asked within thirty days of receipt.

The body above answers; the office writes down that it did. The windows are the citizen's own and roll to a
working day (PET-24); a hearing on re-examination is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.errors import Conflict
from backend.petitions.effects import Taken, carries_out, shows
from backend.petitions.models import Petition
from backend.petitions.opinion import demand_delivery_date
from backend.petitions.states import ARCHIVED, REEXAMINATION_WINDOW, REVIEW_WINDOW
from backend.petitions.words import day_of, long_day
from backend.workflow import clocks
from backend.workflow.kinds import kind_of
from backend.workflow.queries import newest

_TOO_LATE = {
    "ask_review": (REVIEW_WINDOW, "复查", "处理意见书", "《信访工作条例》第三十五条"),
    "ask_reexamination": (REEXAMINATION_WINDOW, "复核", "复查意见书", "《信访工作条例》第三十六条"),
}


@shows("ask_review")
def _review_in_time(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return _in_time(petition, "ask_review")


@shows("ask_reexamination")
def _reexamination_in_time(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return _in_time(petition, "ask_reexamination")


def _in_time(petition: Petition, action: str) -> Mapping[str, Any]:
    """Conflict once the window is over, whether the petition was archived since or is about to be."""
    window, what, document, article = _TOO_LATE[action]
    held = clocks.held_by(petition)
    clock = held.get(window)
    if clock is None or (petition.state == ARCHIVED and len(held) and _later_window(held) != window):
        return {}
    over = clock.state == "running" and now() > clock.due_at
    if petition.state == ARCHIVED or over:
        raise Conflict(
            "window_over",
            f"申请{what}要在收到{document}之日起30日内提出，您这一件的最后一天是{long_day(day_of(clock.due_at))}，"
            f"已经过了（{article}）。仍有困难的，可以到镇里当面说明。",
        )
    return {}


def _later_window(held: Mapping[str, Any]) -> str:
    return REEXAMINATION_WINDOW if REEXAMINATION_WINDOW in held else REVIEW_WINDOW


@carries_out("record_review")
def _reviewed(taken: Taken) -> None:
    """The window for re-examination runs from receipt of the review. Invalid for a date that cannot be."""
    petition, day = taken.petition, taken.given["delivered_on"]
    _after_asking(petition, "ask_review", day, "申请复查")
    petition.reviewed_on = day
    clocks.count_from(petition, kind_of(petition.kind), REEXAMINATION_WINDOW, day)


@carries_out("record_reexamination")
def _reexamined(taken: Taken) -> None:
    """The third and last instance (PET-13)."""
    _after_asking(taken.petition, "ask_reexamination", taken.given["delivered_on"], "申请复核")


def _after_asking(petition: Petition, asked: str, day: Any, what: str) -> None:
    entry = newest(petition.kind, petition.id, [asked])
    assert entry is not None  # no other edge leads here
    demand_delivery_date(day, day_of(entry.at), what)
