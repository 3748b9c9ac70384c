"""The two ratings (§1.4): of the office from the notice on, of the unit from the delivery on; the petitioner's alone.

A rating changes no legal result: no clock, no state, no right to ask for a review. A row says that it was
opened; whether it waits, was given or is over is counted from its dates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.petitions import effects, guide
from backend.petitions.effects import Taken
from backend.petitions.models import Petition, PetitionRating
from backend.petitions.words import RATED, SCORES

OFFICE, UNIT = "office", "unit"
RATES = {"rate_office": OFFICE, "rate_unit": UNIT}
#: the steps that inform the petitioner in writing (PET-04, PET-05): from then on the office can be rated
NOTICES = ("accept", "accept_simple", "study", "guide", "transfer", "refuse", "no_longer_accept")
WAITING, GIVEN, OVER, UNOPENED = "waiting", "rated", "overdue", "unopened"
STATE_LABELS = {WAITING: "待评价", GIVEN: "已评价", OVER: "超期未评价", UNOPENED: "未到评价时间"}


def of_petition(petition_id: int) -> dict[str, PetitionRating]:
    """The ratings that were opened, by what they are about."""
    query = select(PetitionRating).where(PetitionRating.petition_id == petition_id)
    return {row.object: row for row in db.session.scalars(query)}


def state_of(row: PetitionRating | None) -> str:
    """waiting | rated | overdue | unopened; the last day counts in full (Shanghai)."""
    if row is None:
        return UNOPENED
    if row.score is not None:
        return GIVEN
    return WAITING if today() <= row.closes_on else OVER


def can_rate(petition_id: int) -> frozenset[str]:
    """The actions by which something can be rated now."""
    held = of_petition(petition_id)
    return frozenset(action for action, about in RATES.items() if state_of(held.get(about)) == WAITING)


def lines(petition: Petition) -> list[dict[str, Any]]:
    """Both ratings as the petition's page shows them; those not opened yet are left out."""
    held = of_petition(petition.id)
    return [
        {
            "object": about,
            "label": label,
            "state": state_of(held[about]),
            "state_label": STATE_LABELS[state_of(held[about])],
            "score": held[about].score,
            "score_label": SCORES.get(held[about].score or ""),
            "reason": held[about].reason,
            "closes_on": held[about].closes_on,
        }
        for about, label in RATED.items()
        if about in held
    ]


@effects.carries_out(*NOTICES)
def _open_for_office(taken: Taken) -> None:
    _open(taken.petition, OFFICE)


@effects.carries_out("deliver")
def _open_for_unit(taken: Taken) -> None:
    _open(taken.petition, UNIT)


def _open(petition: Petition, about: str) -> None:
    """Open a rating once; nobody could answer for a petition without a petitioner in the program."""
    if petition.anonymous or about in of_petition(petition.id):
        return
    row = PetitionRating(
        petition_id=petition.id,
        object=about,
        opened_at=now(),
        closes_on=today() + timedelta(days=guide.rating_days(petition.town_id)),
    )
    db.session.add(row)
    db.session.flush()


@effects.shows(*RATES)
def _check(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """§1.4: a reason is demanded with 不满意."""
    if given.get("score") == "unsatisfied" and not (given.get("note") or "").strip():
        said = "选“不满意”的，请写一句为什么，好让镇里改"
        raise Invalid("reason_missing", f"{said}。", fields={"note": [said]})
    return {}


@effects.carries_out(*RATES)
def _give(taken: Taken) -> None:
    """Conflict when it is not open, was given already, or its time is over; that undoes the step."""
    about = RATES[taken.entry.action]
    row = of_petition(taken.petition.id).get(about)
    state = state_of(row)
    if row is None or state != WAITING:
        raise Conflict(f"rating_{state}", _REFUSALS[state])
    row.score, row.reason = taken.given["score"], taken.given.get("note") or None
    row.rated_at = now()
    db.session.flush()


_REFUSALS = {
    UNOPENED: "现在还不能评价：信访办在书面告知以后、责任单位在答复送达以后才能评价。",
    GIVEN: "您已经评价过了，谢谢您。评价不影响您申请复查、复核。",
    OVER: "评价的期限已经过了。您申请复查、复核的权利不受影响。",
}
