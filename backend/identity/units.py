"""The tree of units (站所, 村委会, 网格): as config gives it, and as it is kept on screen.

Its own file: staffing.py has the people who sit in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend import audit
from backend.identity import people, policy, ports
from backend.identity.models import OrgUnit, Staff
from backend.identity.town_roles import lock_town
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.ids import new_id
from backend.places.files.model import UNIT_KINDS, UnitLine
from backend.places.models import Place

KIND_LABELS = {"center": "镇级中心", "department": "站所部门", "village": "村(居)", "grid": "网格"}
_LABELS = {
    "name": "名称",
    "kind": "类型",
    "parent": "上级",
    "place": "所在地点",
    "phone": "公开电话",
    "active": "启用",
}


@dataclass(frozen=True)
class UnitDraft:
    """A unit as somebody wants it to be."""

    name: str
    kind: str
    parent_id: int | None
    place_id: int
    phone: str = ""
    active: bool = True


def create_unit(
    town_id: int,
    code: str,
    name: str,
    kind: str,
    place_id: int | None = None,
    parent_id: int | None = None,
    phone: str | None = None,
) -> OrgUnit:
    """The unit with this code in this town, made or brought up to date; safe to run again.

    A unit that was edited on screen stays as it was left there.
    """
    unit = db.session.execute(
        select(OrgUnit).where(OrgUnit.town_id == town_id, OrgUnit.code == code)
    ).scalar_one_or_none()
    if unit is None:
        unit = OrgUnit(town_id=town_id, code=code)
        db.session.add(unit)
    if unit.edited_at is None:
        unit.name, unit.kind, unit.place_id, unit.parent_id = name, kind, place_id, parent_id
        unit.phone, unit.active = phone, True
    db.session.flush()
    return unit


def save_units(town_id: int, lines: Iterable[UnitLine], places: Mapping[str, int]) -> dict[str, int]:
    """Make the town's units what units.csv says (`places`: code → id); returns unit code → id.

    A unit that is no longer in the file is switched off, never deleted: old cases name it. Units made
    or edited on screen are left alone.
    """
    given = list(lines)
    made = {
        line.code: create_unit(
            town_id,
            line.code,
            line.name,
            line.kind,
            places.get(line.place_code, town_id),
            None,
            line.phone or None,
        )
        for line in given
    }
    for line in given:  # a parent may stand below its child in the file
        if made[line.code].edited_at is None:
            made[line.code].parent_id = made[line.parent_code].id if line.parent_code else None
    for unit in db.session.execute(select(OrgUnit).where(OrgUnit.town_id == town_id)).scalars():
        if unit.edited_at is None:
            unit.active = unit.code in made
    db.session.flush()
    return {code: unit.id for code, unit in made.items()}


def tree(actor: Actor) -> dict[str, Any]:
    """The units whose people the actor may manage, in the order of their codes; how many sit in each.

    `editable` says whether the unit itself is within reach: one who manages one unit's people only
    does not rename it.
    """
    seated = select(Staff.unit_id, func.count().label("seated")).where(Staff.active).group_by(Staff.unit_id)
    held = {row.unit_id: row.seated for row in db.session.execute(seated)}
    rows = db.session.execute(
        select(OrgUnit, Place)
        .join(Place, Place.id == func.coalesce(OrgUnit.place_id, OrgUnit.town_id))
        .where(OrgUnit.town_id == actor.town_id)
        .order_by(OrgUnit.code)
    ).all()
    items = []
    for unit, place in rows:
        places = people.ids_of(place)
        if actor.may_on("people.manage", places, unit.id):
            items.append(_shown(unit, place, held.get(unit.id, 0), _editable(actor, places)))
    return {"items": items, "kinds": [{"name": k, "label": label} for k, label in KIND_LABELS.items()]}


def add_unit(actor: Actor, draft: UnitDraft) -> dict[str, Any]:
    """A new unit. Raises Invalid with the field at fault; NotFound for a place out of reach."""
    lock_town(actor.town_id or 0)
    unit = OrgUnit(id=new_id(), town_id=actor.town_id or 0, active=True)
    unit.code = f"u{unit.id:x}"
    place = _demand_sound(actor, unit, draft)
    _apply(unit, draft)
    db.session.add(unit)
    db.session.flush()
    audit.record_change(
        actor, "unit_made", "unit", unit.id, None, _fields(unit, place), name=unit.name, labels=_LABELS
    )
    return _shown(unit, place, 0, True)


def change_unit(actor: Actor, unit_id: int, draft: UnitDraft) -> dict[str, Any]:
    """Rename, move, switch off or on. Raises NotFound out of reach; Invalid for a circle in the tree, a
    second unit of one grid, and for switching off while people sit there or matters are open."""
    lock_town(actor.town_id or 0)
    unit, before_place = _within_reach(actor, unit_id)
    before = _fields(unit, before_place)
    place = _demand_sound(actor, unit, draft)
    if unit.active and not draft.active:
        _demand_empty(unit)
    _apply(unit, draft)
    db.session.flush()
    audit.record_change(
        actor, "unit_changed", "unit", unit.id, before, _fields(unit, place), name=unit.name, labels=_LABELS
    )
    return _shown(unit, place, _headcount(unit.id), True)


def _within_reach(actor: Actor, unit_id: int) -> tuple[OrgUnit, Place]:
    unit = db.session.get(OrgUnit, unit_id, with_for_update=True)
    if unit is None or unit.town_id != actor.town_id:
        raise NotFound
    place = db.session.get_one(Place, unit.place_id or unit.town_id)
    if not _editable(actor, people.ids_of(place)):
        raise NotFound
    return unit, place


def _editable(actor: Actor, places: Mapping[str, int | None]) -> bool:
    return policy.covers(actor, "people.manage", places, None)


def _demand_sound(actor: Actor, unit: OrgUnit, draft: UnitDraft) -> Place:
    if not draft.name:
        raise _bad("name", "请填写单位名称。")
    if draft.kind not in UNIT_KINDS:
        raise _bad("kind", "请选择单位类型。")
    place = db.session.get(Place, draft.place_id)
    if place is None or place.town_id != unit.town_id or not _editable(actor, people.ids_of(place)):
        raise _bad("place_id", "这个地点不在您管理的范围内，请重新选择。")
    _demand_parent(unit, draft.parent_id)
    siblings = select(OrgUnit.id).where(
        OrgUnit.town_id == unit.town_id, OrgUnit.name == draft.name, OrgUnit.active, OrgUnit.id != unit.id
    )
    if draft.active and db.session.scalars(siblings).first() is not None:
        raise _bad("name", "已经有同名的单位，请换个名称。", "unit_exists")
    if draft.kind == "grid" and draft.active:
        _demand_only_of_grid(unit, place)
    return place


def _demand_parent(unit: OrgUnit, parent_id: int | None) -> None:
    """A parent of the same town, and no circle: nobody stands above their own superior."""
    above = parent_id
    while above is not None:
        if above == unit.id:
            raise _bad("parent_id", "上级不能是它自己，也不能是它下面的单位。", "circle")
        row = db.session.execute(
            select(OrgUnit.town_id, OrgUnit.parent_id, OrgUnit.active).where(OrgUnit.id == above)
        ).one_or_none()
        if row is None or row.town_id != unit.town_id or (above == parent_id and not row.active):
            raise _bad("parent_id", "没有这个上级单位，请重新选择。")
        above = row.parent_id


def _demand_only_of_grid(unit: OrgUnit, place: Place) -> None:
    if place.level != "grid":
        raise _bad("place_id", "网格类型的单位要选一个网格。")
    other = db.session.execute(
        select(OrgUnit.name).where(
            OrgUnit.place_id == place.id, OrgUnit.kind == "grid", OrgUnit.active, OrgUnit.id != unit.id
        )
    ).first()
    if other is not None:
        raise _bad(
            "place_id", f"{place.name}已经由“{other.name}”负责，一个网格只能有一个单位。", "grid_taken"
        )


def _demand_empty(unit: OrgUnit) -> None:
    """Nobody and nothing may be left behind in a unit that is switched off."""
    seated = _headcount(unit.id)
    if seated:
        raise _bad("active", f"这个单位还有 {seated} 人，请先把他们调到别的单位或停用。", "unit_has_people")
    below = db.session.scalar(
        select(func.count()).select_from(OrgUnit).where(OrgUnit.parent_id == unit.id, OrgUnit.active)
    )
    if below:
        raise _bad("active", f"它下面还有 {below} 个单位，请先移走或停用。", "unit_has_units")
    open_cases = ports.open_cases_of_unit(unit.id)
    if open_cases:
        raise _bad("active", f"这个单位还有 {open_cases} 件诉求没有办结，请先转交。", "unit_has_cases")


def _headcount(unit_id: int) -> int:
    seated = select(func.count()).select_from(Staff).where(Staff.unit_id == unit_id, Staff.active)
    return db.session.scalar(seated) or 0


def _apply(unit: OrgUnit, draft: UnitDraft) -> None:
    unit.name, unit.kind, unit.parent_id = draft.name, draft.kind, draft.parent_id
    unit.place_id, unit.phone, unit.active = draft.place_id, draft.phone or None, draft.active
    unit.edited_at = now()


def _fields(unit: OrgUnit, place: Place) -> dict[str, Any]:
    parent = db.session.get(OrgUnit, unit.parent_id) if unit.parent_id else None
    return {
        "name": unit.name,
        "kind": KIND_LABELS.get(unit.kind, unit.kind),
        "parent": parent.name if parent else None,
        "place": place.name,
        "phone": unit.phone,
        "active": unit.active,
    }


def _shown(unit: OrgUnit, place: Place, people_count: int, editable: bool) -> dict[str, Any]:
    return {
        "id": unit.id,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "kind_label": KIND_LABELS.get(unit.kind, unit.kind),
        "parent_id": unit.parent_id,
        "place_id": place.id,
        "place_name": place.name,
        "phone": unit.phone or "",
        "active": unit.active,
        "people": people_count,
        "editable": editable,
    }


def _bad(field: str, sentence: str, code: str = "invalid") -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})


assert set(KIND_LABELS) == set(UNIT_KINDS), "every kind of unit has its name on screen"
