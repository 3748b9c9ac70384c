"""代班 and 值班: who does the tasks of somebody who is away, and who of a unit is on duty.

Its own file: both are about days and people, and neither changes what anybody may do otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from backend import audit
from backend.identity import people, queries
from backend.identity.desk_models import Duty, StandIn
from backend.identity.models import OrgUnit, Staff
from backend.identity.town_roles import lock_town
from backend.kernel.actor import Actor
from backend.kernel.clock import now, shanghai, start_of_day, today
from backend.kernel.db import db
from backend.kernel.errors import Invalid, NotFound
from backend.places.models import Place

LONGEST_AWAY = timedelta(days=180)
LONGEST_LIST = timedelta(days=62)
HALVES = {"day": "全天", "am": "上午", "pm": "下午"}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class StandInDraft:
    """Somebody stands in from the first to the last of these Shanghai days, both included."""

    staff_id: int
    stand_in_id: int
    from_day: date
    to_day: date
    reason: str = ""


def name_stand_in(actor: Actor, draft: StandInDraft) -> dict[str, Any]:
    """Name who does somebody's tasks while they are away: for oneself, or for people one manages.

    Raises NotFound for somebody out of reach; Invalid for days that are over or too many, for a
    stand-in who cannot handle, who is away too, or when the days already have one.
    """
    lock_town(actor.town_id or 0)
    if draft.staff_id != actor.id:
        people.managed(actor, draft.staff_id)
    _demand_days(draft)
    _demand_able(actor, draft)
    starts_at, ends_at = start_of_day(draft.from_day), start_of_day(draft.to_day + _DAY)
    during = (StandIn.starts_at < ends_at, StandIn.ends_at > starts_at)
    _demand_free(draft, during)
    row = StandIn(
        staff_id=draft.staff_id,
        stand_in_id=draft.stand_in_id,
        starts_at=max(starts_at, now()),
        ends_at=ends_at,
        reason=draft.reason,
        made_by=actor.id,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"stand_in": str(row.stand_in_id), "from": str(draft.from_day), "to": str(draft.to_day)}
    audit.record(actor, "stand_in_named", "staff", row.staff_id, detail)
    return next(one for one in _shown(actor, StandIn.id == row.id))


def end_stand_in(actor: Actor, stand_in_id: int) -> None:
    """End a stand-in now, or take back one that has not begun. Whose tasks they are may, and whoever
    manages them. NotFound out of reach or over already."""
    row = db.session.get(StandIn, stand_in_id, with_for_update=True)
    if row is None or row.ends_at <= now():
        raise NotFound
    if row.staff_id != actor.id:
        people.managed(actor, row.staff_id)
    if row.starts_at > now():
        db.session.delete(row)
    else:
        row.ends_at = now()
    audit.record(actor, "stand_in_ended", "staff", row.staff_id, {"stand_in": str(row.stand_in_id)})
    db.session.flush()


def stand_ins(actor: Actor) -> dict[str, Any]:
    """Stand-ins now, to come, and of the last 30 days: one's own, and those of people one manages;
    and who could stand in."""
    managed = (
        select(Staff.id)
        .join(OrgUnit, OrgUnit.id == Staff.unit_id)
        .join(Place, Place.id == people.seat())
        .where(people.in_reach(actor, "people.manage"))
    )
    mine = or_(StandIn.staff_id == actor.id, StandIn.stand_in_id == actor.id, StandIn.staff_id.in_(managed))
    recent = StandIn.ends_at > now() - timedelta(days=30)
    able = [
        card for cards in queries.assignable(actor.town_id or 0, "case.handle").values() for card in cards
    ]
    return {
        "items": _shown(actor, mine & recent),
        "candidates": [{"id": c.id, "name": c.name, "unit_name": c.unit_name} for c in able],
    }


def _demand_days(draft: StandInDraft) -> None:
    if draft.to_day < draft.from_day:
        raise _bad("to_day", "结束日期不能早于开始日期。")
    if draft.from_day < today():
        raise _bad("from_day", "开始日期已经过去了，请从今天起选。")
    if draft.to_day - draft.from_day > LONGEST_AWAY:
        raise _bad("to_day", f"代班最长 {LONGEST_AWAY.days} 天；更久请调整人员和角色。")


def _demand_able(actor: Actor, draft: StandInDraft) -> None:
    if draft.staff_id == draft.stand_in_id:
        raise _bad("stand_in_id", "不能由本人代本人，请选另一个人。")
    handling = {
        card.id for cards in queries.assignable(actor.town_id or 0, "case.handle").values() for card in cards
    }
    if draft.staff_id not in handling:
        raise _bad("staff_id", "这个人不办理诉求，不需要代班。")
    if draft.stand_in_id not in handling:
        raise _bad("stand_in_id", "这个人不能办理诉求，请另选一人。")


def _demand_free(draft: StandInDraft, during: tuple[ColumnElement[bool], ...]) -> None:
    def there(condition: ColumnElement[bool]) -> bool:
        return db.session.execute(select(StandIn.id).where(condition, *during).limit(1)).first() is not None

    if there(StandIn.staff_id == draft.staff_id):
        raise _bad("from_day", "这几天已经有人代班了，请先结束原来的。", "stand_in_there")
    if there(StandIn.staff_id == draft.stand_in_id):
        raise _bad("stand_in_id", "这个人这几天自己也不在，请另选一人。", "stand_in_away")
    if there(StandIn.stand_in_id == draft.staff_id):
        sentence = "这个人这几天正在替别人代班，请先给那个人另找代班。"
        raise _bad("staff_id", sentence, "stand_in_chain")


def _shown(actor: Actor, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(StandIn).where(condition).order_by(StandIn.starts_at.desc(), StandIn.id.desc())
    ).all()
    names = queries.staff_cards({one for row in rows for one in (row.staff_id, row.stand_in_id)})
    moment = now()
    return [
        {
            "id": row.id,
            "staff_id": row.staff_id,
            "staff_name": names[row.staff_id].name,
            "unit_name": names[row.staff_id].unit_name,
            "stand_in_id": row.stand_in_id,
            "stand_in_name": names[row.stand_in_id].name,
            "from_day": shanghai(row.starts_at).date(),
            "to_day": shanghai(row.ends_at - timedelta(microseconds=1)).date(),
            "reason": row.reason,
            "state": "over" if row.ends_at <= moment else "now" if row.starts_at <= moment else "later",
            "may_end": row.ends_at > moment and (row.staff_id == actor.id or actor.may("people.manage")),
        }
        for row in rows
    ]


def put_duty(actor: Actor, unit_id: int, day: date, half: str, staff_ids: Sequence[int]) -> None:
    """Say who of a unit is on duty on a Shanghai day or half of it; replaces who was. An import calls it
    for each cell. Raises NotFound for a unit out of reach, Invalid for people of another unit."""
    unit = db.session.get(OrgUnit, unit_id, with_for_update=True)
    if unit is None or not unit.active or not _manages(actor, unit):
        raise NotFound
    if half not in HALVES:
        raise _bad("half", "请选择全天、上午或下午。")
    if day < today() - LONGEST_LIST:
        raise _bad("day", "这一天过去太久了，不能再改。")
    wanted = list(dict.fromkeys(staff_ids))
    there = {
        row.id: row
        for row in db.session.execute(
            select(Staff.id, Staff.active, Staff.unit_id).where(Staff.id.in_(wanted))
        )
    }
    for staff_id in wanted:
        row = there.get(staff_id)
        if row is None or not row.active or row.unit_id != unit_id:
            raise _bad("staff_ids", f"值班的人要在{unit.name}里，请重新选择。", "not_of_unit")
    of_cell = (Duty.unit_id == unit_id, Duty.day == day, Duty.half == half)
    before = set(db.session.scalars(select(Duty.staff_id).where(*of_cell)))
    if before == set(wanted):
        return
    db.session.execute(delete(Duty).where(*of_cell, Duty.staff_id.not_in(wanted)))
    for staff_id in wanted:
        if staff_id not in before:
            db.session.add(Duty(unit_id=unit_id, day=day, half=half, staff_id=staff_id, made_by=actor.id))
    db.session.flush()
    detail = {"day": str(day), "half": half, "people": [str(one) for one in wanted]}
    audit.record(actor, "duty_set", "unit", unit_id, detail)


def calendar(actor: Actor, from_day: date, to_day: date, unit_id: int | None = None) -> dict[str, Any]:
    """Who is on duty on these Shanghai days, both included, at most two months: the units in reach of
    people.manage or case.dispatch, and one's own."""
    if not timedelta(0) <= to_day - from_day <= LONGEST_LIST:
        raise _bad("to_day", "一次最多看两个月。")
    rows = db.session.execute(
        select(OrgUnit, Place)
        .join(Place, Place.id == people.seat_of_unit())
        .where(OrgUnit.town_id == actor.town_id, OrgUnit.active)
        .order_by(OrgUnit.code)
    ).all()
    seen = {unit.id: unit for unit, place in rows if _sees(actor, unit, people.ids_of(place))}
    editable = {
        unit.id for unit, place in rows if actor.may_on("people.manage", people.ids_of(place), unit.id)
    }
    asked = (
        [unit_id] if unit_id is not None and unit_id in seen else [] if unit_id is not None else list(seen)
    )
    found = db.session.execute(
        select(Duty.unit_id, Duty.day, Duty.half, Duty.staff_id)
        .where(Duty.unit_id.in_(asked), Duty.day >= from_day, Duty.day <= to_day)
        .order_by(Duty.day, Duty.half, Duty.id)
    ).all()
    names = queries.staff_cards(row.staff_id for row in found)
    members = _members(asked)
    return {
        "units": [
            {"id": u.id, "name": u.name, "editable": u.id in editable, "people": members.get(u.id, [])}
            for u in seen.values()
        ],
        "items": [
            {
                "unit_id": row.unit_id,
                "day": row.day,
                "half": row.half,
                "staff_id": row.staff_id,
                "name": names[row.staff_id].name,
            }
            for row in found
        ],
    }


def _members(unit_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    rows = db.session.execute(
        select(Staff.id, Staff.name, Staff.unit_id)
        .where(Staff.unit_id.in_(list(unit_ids)), Staff.active)
        .order_by(Staff.id)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append({"id": row.id, "name": row.name})
    return found


def _sees(actor: Actor, unit: OrgUnit, places: dict[str, int | None]) -> bool:
    if unit.id == actor.unit_id:
        return True
    return any(actor.may_on(p, places, unit.id) for p in ("people.manage", "case.dispatch"))


def _manages(actor: Actor, unit: OrgUnit) -> bool:
    place = db.session.get_one(Place, unit.place_id or unit.town_id)
    return unit.town_id == actor.town_id and actor.may_on("people.manage", people.ids_of(place), unit.id)


def _bad(field: str, sentence: str, code: str = "invalid") -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})
