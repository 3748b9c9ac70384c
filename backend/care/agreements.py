"""The writers of agreements and of the visits planned under them (domain-rules §8.1, guard 6).

A household agrees in the mini-program, or on paper: then two people read the paper, one enters it and another one
confirms. Taken back, every visit that lies ahead is cancelled in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from backend import audit
from backend.care import planning, policy, ports, workers
from backend.care.access import get_agreement_for, get_own_agreement, get_visit_for
from backend.care.models import CareAgreement, CareVisit
from backend.care.words import ACTIVE, CANCELLED, NOT_MET, PLANNED, REVOKED, VISITED, WAITING
from backend.identity.minors import demand_guardian
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.places.queries import located_place

SUBJECT, VISIT = "care_agreement", "care_visit"
RESULTS = {"visited": VISITED, "not_met": NOT_MET}


@dataclass(frozen=True)
class Terms:
    """What is agreed: how often, and where to come."""

    town_id: int
    village_id: int
    rhythm: str
    place: str
    phone: str
    name: str = ""
    agreed_on: date | None = None


def agree(actor: Actor, terms: Terms) -> CareAgreement:
    """A resident agrees for the own household. Raises Invalid, Forbidden, Conflict when one is there already."""
    demand_guardian(actor.id)
    held = select(CareAgreement.id).where(
        CareAgreement.resident_id == actor.id, CareAgreement.state == ACTIVE
    )
    if db.session.scalar(held.limit(1)) is not None:
        raise Conflict("already_agreed", "您已经同意过上门走访，可以先撤回再重新同意。")
    row = _row(terms, ACTIVE, today())
    row.resident_id = actor.id
    return _kept(row, actor, "care_agreed")


def enter_paper(actor: Actor, terms: Terms) -> CareAgreement:
    """Staff enter what a household signed on paper; nothing is planned until somebody else confirms it."""
    if terms.agreed_on is None or terms.agreed_on > today():
        raise Invalid("agreed_on_missing", "请填写签字的日期。", fields={"agreed_on": ["不能晚于今天"]})
    row = _row(terms, WAITING, terms.agreed_on)
    if not policy.plans(row, actor):
        raise Forbidden
    row.name, row.entered_by = terms.name, actor.id
    return _kept(row, actor, "care_paper_entered")


def _row(terms: Terms, state: str, agreed_on: date) -> CareAgreement:
    where = located_place(terms.village_id).places
    if where.get("town") != terms.town_id or not where.get("village"):
        raise Invalid("village_unknown", "请选择本镇的村。", fields={"village_id": ["没有这个村"]})
    row = CareAgreement(
        id=new_id(),
        state=state,
        version=1,
        town_id=terms.town_id,
        area_id=where.get("area"),
        village_id=where.get("village"),
        grid_id=where.get("grid"),
        rhythm=terms.rhythm,
        place=terms.place,
        phone=terms.phone,
        agreed_on=agreed_on,
        created_at=now(),
    )
    worker = workers.own_of(row.places)
    row.worker_id = worker.id if worker is not None else None
    return row


def _kept(row: CareAgreement, actor: Actor, what: str) -> CareAgreement:
    db.session.add(row)
    db.session.flush()
    audit.record(actor, what, SUBJECT, row.id)
    planning.plan(row)
    return row


def revoke_own(actor: Actor, agreement_id: int) -> CareAgreement:
    """The household takes it back, at once and without a reason; again changes nothing. NotFound."""
    return revoke(get_own_agreement(actor, agreement_id), actor)


def act(
    actor: Actor, agreement_id: int, action: str, version: int, given: Mapping[str, Any]
) -> CareAgreement:
    """Staff's step: confirm a paper (by another person), revoke on the household's word, assign a worker.

    Raises NotFound, Conflict, Forbidden, Invalid.
    """
    row = get_agreement_for(actor, agreement_id)
    if row.version != version:
        raise Conflict("changed_meanwhile", "这份同意刚刚有了变化，请看一眼再决定。")
    if action == "revoke":
        return revoke(row, actor)
    if action == "confirm":
        return _confirm(row, actor)
    if action == "assign" and row.state != REVOKED:
        return _assign(row, actor, given.get("staff_id"))
    raise Conflict("action_not_open", "这份同意现在不能这样操作。")


def _confirm(row: CareAgreement, actor: Actor) -> CareAgreement:
    if row.state != WAITING:
        raise Conflict("action_not_open", "这份同意已经核对过了。")
    if row.entered_by == actor.id:
        raise Forbidden("second_person", "这份同意是您录入的，要由另一位工作人员核对。")
    row.state, row.confirmed_by, row.version = ACTIVE, actor.id, row.version + 1
    return _kept(row, actor, "care_paper_confirmed")


def _assign(row: CareAgreement, actor: Actor, staff_id: int | None) -> CareAgreement:
    if staff_id not in {card.id for card in workers.of(row.places)}:
        raise Invalid("worker_unknown", "请选择本村的网格员。", fields={"staff_id": ["不能安排这个人"]})
    row.worker_id, row.version = staff_id, row.version + 1
    for visit in planning.ahead(row.id):
        visit.worker_id = staff_id
    return _kept(row, actor, "care_assigned")


def revoke(row: CareAgreement, actor: Actor) -> CareAgreement:
    """Every visit ahead is cancelled, and its worker hears of it; again changes nothing. The row is locked."""
    if row.state == REVOKED:
        return row
    row.state, row.ended_at, row.version = REVOKED, now(), row.version + 1
    for visit in planning.ahead(row.id):
        visit.state, visit.version = CANCELLED, visit.version + 1
    audit.record(actor, "care_revoked", SUBJECT, row.id)
    db.session.flush()
    if row.worker_id is not None:
        text = "有一户撤回了上门走访的同意，以后的走访已经取消。"
        ports.tell_staff(row.town_id, [row.worker_id], f"{SUBJECT}.revoked", row.id, "有走访取消了", text)
    return row


def record(actor: Actor, visit_id: int, result: str, version: int, note: str) -> CareVisit:
    """The worker says how it went. Raises NotFound, Conflict (revoked, done, changed, before its day), Invalid."""
    visit, agreement = get_visit_for(actor, visit_id)
    if result not in RESULTS:
        raise Invalid("result_unknown", "请选择结果。", fields={"result": ["不在可选范围内"]})
    if visit.version != version or visit.state != PLANNED or agreement.state != ACTIVE:
        raise Conflict("changed_meanwhile", "这次走访刚刚有了变化，请刷新看一眼。您写的内容还在。")
    if visit.day > today():
        raise Conflict("too_early", "还没有到走访的日子。")
    visit.state, visit.note, visit.version = RESULTS[result], note or None, visit.version + 1
    visit.done_at, visit.done_by = now(), actor.id
    audit.record(actor, f"care_visit_{result}", VISIT, visit.id)
    db.session.flush()
    return visit
