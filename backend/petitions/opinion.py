"""The written opinion (PET-10, 《信访工作条例》 article 32): four parts, drafted by one and signed by another.

Delivered, it opens the thirty days in which a review can be asked for; an opinion that supports the claim
is followed until it is carried out.
"""

from __future__ import annotations

from typing import Any

from backend.kernel import json
from backend.kernel.clock import today
from backend.kernel.errors import Conflict, Invalid
from backend.petitions.effects import Taken, carries_out
from backend.petitions.models import Petition
from backend.petitions.policy import SUGGESTION, SUGGESTIONS_ONLY
from backend.petitions.states import REVIEW_WINDOW
from backend.petitions.words import day_of, long_day
from backend.workflow import clocks
from backend.workflow.kinds import kind_of
from backend.workflow.queries import newest

PARTS = ("outcome", "claim", "facts", "note", "basis")
SUPPORTED = "supported"


@carries_out("draft_opinion")
def _draft(taken: Taken) -> None:
    """The outcome fits the class: a claim is supported or not, a suggestion adopted or not (articles 29, 32)."""
    petition, given = taken.petition, taken.given
    suggestion = petition.petition_class == SUGGESTION
    if (given["outcome"] in SUGGESTIONS_ONLY) != suggestion:
        said = (
            "意见建议类的处理意见是采纳、部分采纳或暂不采纳（《信访工作条例》第二十九条）。"
            if suggestion
            else "申诉求决类的处理意见是支持、解释说明或不予支持（《信访工作条例》第三十二条）。"
        )
        raise Invalid("outcome_of_other_class", said, fields={"outcome": [said]})
    petition.opinion = json.dumps({name: str(given[name]) for name in PARTS})
    petition.outcome, petition.drafted_by = str(given["outcome"]), taken.actor.id


@carries_out("send_back")
def _send_back(taken: Taken) -> None:
    """What was written stays for the next draft; nothing is answered yet."""
    taken.petition.outcome = taken.petition.drafted_by = None


@carries_out("deliver")
def _deliver(taken: Taken) -> None:
    """PET-11: the window runs from receipt. Invalid for a date that cannot be."""
    petition, day = taken.petition, taken.given["delivered_on"]
    signed = newest(petition.kind, petition.id, ["approve_opinion"])
    assert signed is not None  # no other edge leads here
    demand_delivery_date(day, day_of(signed.at), "处理意见书")
    petition.delivered_on = day
    petition.follow_up_open = petition.outcome == SUPPORTED
    clocks.count_from(petition, kind_of(petition.kind), REVIEW_WINDOW, day)


def demand_delivery_date(day: Any, made_on: Any, what: str) -> None:
    """A delivery lies between the document's own date and today (Shanghai). Raises Invalid."""
    if day < made_on:
        said = f"送达日期不能早于{what}作出的日期（{long_day(made_on)}）。"
        raise Invalid("delivered_before_made", said, fields={"delivered_on": [said]})
    if day > today():
        said = "送达日期不能晚于今天：送达以后再登记，后面的期限从送达之日起算。"
        raise Invalid("delivered_in_future", said, fields={"delivered_on": [said]})


@carries_out("carry_out")
def _carried_out(taken: Taken) -> None:
    """What was supported has been carried out: nothing is followed any more (PET-10)."""
    _demand_followed(taken.petition)
    taken.petition.follow_up_open = False


def _demand_followed(petition: Petition) -> None:
    if not petition.follow_up_open:
        raise Conflict("nothing_to_carry_out", "这件的处理意见没有需要落实的内容，或已经登记落实。")
