"""More time (PET-09, 《信访工作条例》 article 34): at most thirty days, once, signed by the head, told with a reason.

Sixty days from acceptance, then at the latest the ninetieth: from day 61 on nothing is extended any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.errors import Conflict, Invalid
from backend.petitions.effects import Taken, carries_out, shows
from backend.petitions.models import Petition
from backend.petitions.states import HANDLE_CLOCK
from backend.petitions.words import day_of, long_day
from backend.workflow import clocks
from backend.workflow.calendar import end_of
from backend.workflow.kinds import kind_of

EXTENSION = "extension"
LONGEST = timedelta(days=30)
ARTICLE = "《信访工作条例》第三十四条"


@carries_out("ask_extension")
def _ask(taken: Taken) -> None:
    """Conflict from day 61 on; Invalid for a date that is none of the thirty days after the sixtieth."""
    petition, until = taken.petition, taken.given["until"]
    due = _in_time(petition)
    last = due + LONGEST
    if not due < until <= last:
        said = f"延长最多30日：请选择{long_day(due + timedelta(days=1))}到{long_day(last)}之间的一天（{ARTICLE}）。"
        raise Invalid("bad_until", said, fields={"until": ["不在可以延长的范围内"]})
    petition.pending_request, petition.pending_by = EXTENSION, taken.actor.id
    petition.pending_until = until


@shows("approve_extension")
def _until(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row names the new date: the petitioner and the messages read it there."""
    if petition.pending_until is None:
        return {}
    return {"until": petition.pending_until.isoformat(), "asked_by": str(petition.pending_by or "")}


@carries_out("approve_extension")
def _approve(taken: Taken) -> None:
    """The head signs, and the petitioner is told why. Conflict when the sixty days are over meanwhile."""
    petition = taken.petition
    _in_time(petition)
    assert petition.pending_until is not None  # the policy lets only a pending request be decided
    due = end_of(petition.pending_until)
    clocks.agree(petition, kind_of(petition.kind), HANDLE_CLOCK, due, EXTENSION)
    petition.extension_count += 1
    forget(petition)


@shows("refuse_extension")
def _asker(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"asked_by": str(petition.pending_by or "")}


@carries_out("refuse_extension", "draft_opinion", "reassign", "settle", "join", "withdraw")
def _forget(taken: Taken) -> None:
    """What was asked for before is not decided after the matter has moved on."""
    forget(taken.petition)


def forget(petition: Petition) -> None:
    """Nothing waits for the head any more."""
    petition.pending_request, petition.pending_by, petition.pending_until = "", None, None


def _in_time(petition: Petition) -> date:
    """The sixtieth day. Raises Conflict when it has passed."""
    due = day_of(clocks.held_by(petition)[HANDLE_CLOCK].due_at)
    if today() > due:
        raise Conflict(
            "extension_late",
            f"60日的办理期限到{long_day(due)}已经届满，不能再延长：延长要在期限届满以前由单位负责人批准（{ARTICLE}）。"
            "请尽快答复，并向信访人说明。",
        )
    return due
