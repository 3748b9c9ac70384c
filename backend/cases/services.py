"""The core's only writers: a case's assignment, a person's filters, who is looking, contact read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from backend.audit.services import record
from backend.cases import personal, policy
from backend.cases.access import get_case_for
from backend.cases.kinds import case_kind
from backend.cases.models import Case, CaseViewer, SavedFilter
from backend.identity import minors
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.outbox.services import insert_once

VIEWER_MINUTE = timedelta(seconds=60)
MOST_FILTERS = 20
#: PI-04: the contact of a child's case is read for a reason that says something
LEAST_REASON_UNDER_14 = 8


def act(actor: Actor, case_id: int, action: str, version: int, given: Mapping[str, Any]) -> Case:
    """Take an action on a case the actor may see; what it does is its kind's business."""
    case = get_case_for(actor, case_id, to_act=True)
    personal.demand_in_use(case)
    case_kind(case.kind).act(case, action, policy.as_named(case, actor), version, given)
    return case


def assign(case: Case, unit_id: int, staff_id: int | None, role: str = "") -> None:
    """Give a locked case to a unit, or to one person in it (交办). Invalid when they cannot take it."""
    unit = hands(case.town_id, unit_id, staff_id)
    case.assignee_unit_id, case.assignee_unit_name = unit.id, unit.name
    case.assignee_staff_id = staff_id
    case.assignee_role = role or ("grid_worker" if unit.kind == "grid" else "department_clerk")


def hands(town_id: int, unit_id: int, staff_id: int | None) -> identity.UnitCard:
    """The unit that is to do something; Invalid when it, or the person named in it, cannot.

    Whoever is given something must belong to the town and hold a handling role.
    """
    unit = identity.unit(unit_id)
    if unit is None or unit.town_id != town_id:
        raise Invalid("unit_unknown", "这个单位不在本镇，请重新选择。", fields={"unit_id": ["请重新选择"]})
    people = {card.id: card for card in identity.staff_of_unit(unit_id, "case.handle")}
    if staff_id is not None and staff_id not in people:
        raise Invalid(
            "person_unknown",
            f"这个人不在{unit.name}，或不能办理，请重新选择。",
            fields={"staff_id": ["请重新选择"]},
        )
    if not people:
        raise Invalid(
            "unit_empty", f"{unit.name}目前没有能办理的人，请另选单位。", fields={"unit_id": ["没有办理人"]}
        )
    return unit


def read_contact(actor: Actor, case_id: int, reason: str) -> dict[str, str]:
    """The citizen's name and phone in clear; who read them and why is audited (PIPL, rule 10)."""
    case = get_case_for(actor, case_id)
    if not policy.may_know_contact(case, actor):
        if case.confidential:
            raise Forbidden(
                "confidential", "这是保密工单，联系方式只有受理的人能看。要联系请写内部备注，由他们转达。"
            )
        raise Forbidden
    detail: dict[str, Any] = {"reason": reason}
    if minors.is_under_14(case.resident_id):
        if len(reason) < LEAST_REASON_UNDER_14:
            raise _under_14_reason()
        detail["under_14"] = True
    record(actor, "case.contact.read", case.kind, case.id, detail)
    return case_kind(case.kind).contact(case)


def _under_14_reason() -> Invalid:
    sentence = "这是未满 14 周岁的人报的，请写清为什么一定要联系（至少 8 个字），监护人可以查看。"
    return Invalid("under_14_reason", sentence, fields={"reason": [sentence]})


def look(actor: Actor, case_id: int) -> list[dict[str, str]]:
    """Note that the actor has the case open; the others who had it open within a minute."""
    case = get_case_for(actor, case_id)
    moment = now()
    mine = (CaseViewer.case_id == case.id) & (CaseViewer.staff_id == actor.id)
    if changed_rows(update(CaseViewer).where(mine).values(seen_at=moment)) == 0:
        # Once: the same person's other window may have been a moment faster, and that is noted too.
        seen = {"case_id": case.id, "staff_id": actor.id, "seen_at": moment}
        db.session.execute(insert_once(CaseViewer, seen, "case_id", "staff_id"))
    return other_viewers(actor, case.id)


def other_viewers(actor: Actor, case_id: int) -> list[dict[str, str]]:
    """Who else had the case open within a minute."""
    rows = db.session.execute(
        select(CaseViewer.staff_id).where(
            CaseViewer.case_id == case_id,
            CaseViewer.staff_id != actor.id,
            CaseViewer.seen_at > now() - VIEWER_MINUTE,
        )
    ).scalars()
    cards = identity.staff_cards(rows)
    return [{"name": c.name, "unit_name": c.unit_name} for c in cards.values()]


def forget_viewers() -> int:
    """Delete what the looking left behind; for the worker's cleaning."""
    return changed_rows(delete(CaseViewer).where(CaseViewer.seen_at < now() - timedelta(hours=1)))


def save_filter(actor: Actor, name: str, query: dict[str, Any]) -> SavedFilter:
    """Keep a filter under a name; the same name again is refused with 409."""
    held = db.session.execute(
        select(func.count()).select_from(SavedFilter).where(SavedFilter.staff_id == actor.id)
    ).scalar_one()
    if held >= MOST_FILTERS:
        raise Invalid("filters_full", f"最多保存 {MOST_FILTERS} 个筛选，请先删掉不用的。")
    row = SavedFilter(id=new_id(), staff_id=actor.id, name=name, query=query, created_at=now())
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict("filter_exists", f"已有名为“{name}”的筛选，请换个名字。") from error
    return row


def delete_filter(actor: Actor, filter_id: int) -> None:
    """Delete one of the actor's own filters."""
    own = (SavedFilter.id == filter_id) & (SavedFilter.staff_id == actor.id)
    if changed_rows(delete(SavedFilter).where(own)) == 0:
        raise NotFound


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two resident records became one: the cases follow."""
    db.session.execute(update(Case).where(Case.resident_id == gone_id).values(resident_id=kept_id))
