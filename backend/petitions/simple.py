"""简易办理 (PET-25; 国信发〔2016〕8号, to be confirmed by the town): 3 working days to accept, 10 to answer.

What turns out not to be simple goes on under the regulation's own sixty days, counted from the same acceptance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.kernel.actor import Actor
from backend.kernel.clock import start_of_day, today
from backend.kernel.errors import Conflict
from backend.petitions.effects import Taken, carries_out, shows
from backend.petitions.models import Petition
from backend.petitions.states import ABOVE_CLOCK, HANDLE_CLOCK, REGISTERED
from backend.petitions.words import day_of, long_day
from backend.workflow import clocks
from backend.workflow.kinds import kind_of
from backend.workflow.table import Limit

TO_ACCEPT = Limit(3, "working_day")
SOURCE = "《信访事项简易办理办法（试行）》"


@shows("accept_simple")
def _in_time(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Conflict from the fourth working day after receipt on."""
    last = day_of(clocks.calendar().due(start_of_day(petition.received_on), TO_ACCEPT))
    if petition.state == REGISTERED and today() > last:
        raise Conflict(
            "simple_late",
            f"简易办理要在收到之日起3个工作日内决定受理，最后一天是{long_day(last)}，已经过了（{SOURCE}）。"
            "请用“受理并交办”按普通程序办理。",
        )
    return {}


@carries_out("accept_simple")
def _mark(taken: Taken) -> None:
    taken.petition.simple = True


@carries_out("to_ordinary")
def _to_ordinary(taken: Taken) -> None:
    """PET-08: sixty days from the acceptance, not from today."""
    petition = taken.petition
    assert petition.accepted_on is not None  # no other edge leads here
    petition.simple = False
    clocks.count_from(petition, kind_of(petition.kind), HANDLE_CLOCK, petition.accepted_on)


@shows("above_accepts")
def _waits(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """PET-14: once for each question. Conflict when nothing waits for the body above any more."""
    clock = clocks.held_by(petition).get(ABOVE_CLOCK)
    if clock is not None and clock.state != "running":
        raise Conflict("accepted_above_already", "上级机关受理的情况已经登记过了。")
    return {}
