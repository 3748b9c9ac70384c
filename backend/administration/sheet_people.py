"""Kinds of sheets: units as a tree, people, places' public data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend.administration.sheet_cells import flag, one_of, twice, words
from backend.administration.sheet_kinds import count_by
from backend.identity import people, staffing, town_roles, units
from backend.identity.models import OrgUnit
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.places import editing
from backend.places.models import Place
from backend.sheets.kinds import Chunk, Column, Export, Fault, Import, SheetKind, SheetRow, register

PEOPLE, PLACES = ("people.manage",), ("places.manage",)
_KIND = {label: code for code, label in units.KIND_LABELS.items()}
_PLACE_HINT = "地点编码，或全镇唯一的地点名称"

UNIT_COLUMNS = (
    Column("name", "单位名称", True, 26, "全镇不重复；已有的会改，没有的会新增", longest=60),
    Column("kind", "类型", True, 12, choices=tuple(_KIND), read=one_of(_KIND)),
    Column("parent", "上级单位", width=26, hint="最上一级不填", longest=60),
    Column("place", "所在地点", True, 20, _PLACE_HINT, longest=60),
    Column("phone", "公开电话", width=16, longest=32),
    flag("active", "启用"),
)


def _place_id(actor: Actor, text: str, field: str) -> int:
    """A place by its code, or by a name that is the only one of the town. Raises Invalid."""
    town = Place.town_id == actor.town_id
    found = db.session.execute(select(Place.id).where(town, Place.code == text)).scalars().all()
    if not found:
        found = db.session.execute(
            select(Place.id).where(town, Place.name == text, Place.active)
        ).scalars().all()  # fmt: skip
    if len(found) == 1:
        return int(found[0])
    said = f"没有地点“{text}”" if not found else f"有 {len(found)} 个地点叫“{text}”，请写编码"
    raise Invalid("place_unknown", said, fields={field: [said]})


def _unit_named(actor: Actor, name: str) -> OrgUnit | None:
    """The unit of that name; an active one before one that is switched off."""
    rows = db.session.execute(
        select(OrgUnit)
        .where(OrgUnit.town_id == actor.town_id, OrgUnit.name == name)
        .order_by(OrgUnit.active.desc(), OrgUnit.id)
    ).scalars()
    return next(iter(rows), None)


def _put_unit(actor: Actor, row: SheetRow) -> bool:
    given = row.values
    parent = _unit_named(actor, given["parent"]) if given.get("parent") else None
    if given.get("parent") and parent is None:
        raise Invalid("no_parent", "", fields={"parent": [f"没有上级单位“{given['parent']}”"]})
    found = _unit_named(actor, given["name"])
    draft = units.UnitDraft(
        name=given["name"],
        kind=given["kind"],
        parent_id=parent.id if parent is not None else None,
        place_id=_place_id(actor, given["place"], "place"),
        phone=given.get("phone") or "",
        active=True if given.get("active") is None else given["active"],
    )
    if found is None:
        units.add_unit(actor, draft)
        return True
    same = units.UnitDraft(
        found.name,
        found.kind,
        found.parent_id,
        found.place_id or found.town_id,
        found.phone or "",
        found.active,
    )
    if same == draft:
        return False
    units.change_unit(actor, found.id, draft)
    return True


def circles(parents: Mapping[str, str | None]) -> list[list[str]]:
    """The circles in a tree given as child → parent; each once, beginning with its first name in order."""
    found: list[list[str]] = []
    done: set[str] = set()
    for start in parents:
        way: list[str] = []
        at: str | None = start
        while at is not None and at not in done and at not in way:
            way.append(at)
            at = parents.get(at)
        if at is not None and at in way:
            found.append(way[way.index(at) :])
        done.update(way)
    return found


def _tree_faults(actor: Actor, rows: Sequence[SheetRow]) -> list[Fault]:
    """Circles through the sheet and what is there already; every row of one is named."""
    held = db.session.execute(
        select(OrgUnit.id, OrgUnit.name, OrgUnit.parent_id).where(OrgUnit.town_id == actor.town_id)
    ).all()
    names = {unit.id: unit.name for unit in held}
    parents = {unit.name: names.get(unit.parent_id) for unit in held}
    parents |= {row.values["name"]: row.values.get("parent") for row in rows}
    numbers = {row.values["name"]: row.number for row in rows}
    faults = []
    for circle in circles(parents):
        lines = sorted(numbers[name] for name in circle if name in numbers)
        way = " → ".join([*circle, circle[0]])
        said = f"上级绕成了一个圈（第 {'、'.join(map(str, lines))} 行）：{way}"
        faults += [Fault(number, "parent", said) for number in lines]
    return faults


def _parents_first(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """The rows so that a parent of the sheet stands before its children; circles have been refused."""
    by_name = {row.values["name"]: row for row in rows}
    placed: dict[str, SheetRow] = {}

    def place(row: SheetRow) -> None:
        if row.values["name"] in placed:
            return
        above = by_name.get(row.values.get("parent") or "")
        if above is not None:
            place(above)
        placed[row.values["name"]] = row

    for row in rows:
        place(row)
    return list(placed.values())


def _check_units(actor: Actor, rows: Sequence[SheetRow]) -> Iterable[Fault]:
    return [*twice(rows, "name", "单位名称"), *_tree_faults(actor, rows)]


def _unit_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    items = units.tree(actor)["items"]
    names = {item["id"]: item["name"] for item in items}
    codes = _codes([item["place_id"] for item in items])
    return Chunk(
        [
            [
                item["name"], item["kind_label"], names.get(item["parent_id"], ""),
                codes.get(item["place_id"], ""), item["phone"], item["active"],
            ]
            for item in items
        ]
    )  # fmt: skip


def _codes(place_ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.execute(select(Place.id, Place.code).where(Place.id.in_(set(place_ids))))
    return {row.id: row.code for row in rows}


PERSON_COLUMNS = (
    Column("username", "用户名", True, 16, "登录用；已有的会改，没有的会新增", longest=32),
    Column("name", "姓名", True, 12, longest=30),
    Column("unit", "单位", True, 26, "单位名称", longest=60),
    Column("phone", "手机", width=16, hint="不填就不改", longest=20),
    Column("roles", "角色", width=26, hint="用、隔开；不填就不改", read=words),
    Column("place", "角色范围", width=18, hint=_PLACE_HINT + "；不填就是单位所在地点", longest=60),
)


def _put_person(actor: Actor, row: SheetRow) -> bool:
    given = row.values
    unit = _unit_named(actor, given["unit"])
    if unit is None:
        raise Invalid("no_unit", "", fields={"unit": [f"没有单位“{given['unit']}”"]})
    staffing.put_person(
        actor,
        staffing.PersonDraft(
            username=given["username"],
            name=given["name"],
            unit_id=unit.id,
            phone=given.get("phone"),
            roles=_roles(actor, given, unit) if given.get("roles") else None,
        ),
        may_exist=True,
    )
    return True


def _roles(actor: Actor, given: Mapping[str, Any], unit: OrgUnit) -> list[staffing.RoleAt]:
    named = {label: code for (_, code), label in town_roles.labels([actor.town_id or 0]).items()}
    unknown = [word for word in given["roles"] if word not in named]
    if unknown:
        raise Invalid("no_role", "", fields={"roles": [f"没有角色：{'、'.join(unknown)}"]})
    place = given.get("place")
    place_id = _place_id(actor, place, "place") if place else (unit.place_id or unit.town_id)
    # A department's clerk handles the own unit's cases only, as in the town's own files.
    return [
        (named[word], place_id, unit.id if named[word] == "department_clerk" else None)
        for word in given["roles"]
    ]


def _check_people(actor: Actor, rows: Sequence[SheetRow]) -> Iterable[Fault]:
    in_two = "：一个人不能同时在两处"
    return [*twice(rows, "username", "用户名", in_two), *twice(rows, "phone", "手机", in_two)]


def _people_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    rows = []
    for person in people.visible(actor, also_inactive=True):
        rows.append(
            [
                person["username"], person["name"], person["unit_name"], person["phone_masked"] or "",
                "、".join(dict.fromkeys(r["label"] for r in person["roles"])),
                "、".join(dict.fromkeys(r["place_name"] for r in person["roles"])),
                person["bound"], person["active"],
            ]
        )  # fmt: skip
    return Chunk(rows)


PEOPLE_OUT = (
    *PERSON_COLUMNS[:3],
    Column("phone", "手机（隐去中间）", width=18),
    *PERSON_COLUMNS[4:],
    Column("bound", "已绑定微信", width=12),
    Column("active", "启用", width=8),
)

PLACE_COLUMNS = (
    Column("code", "地点编码", True, 16, "不能新增，只改已有地点的公开信息", longest=32),
    Column("name", "名称", True, 22, longest=60),
    Column("worker_name", "网格员", width=12, longest=32),
    Column("worker_phone", "网格员电话", width=16, longest=32),
    Column("supervision_phone", "监督电话", width=16, longest=32),
    flag("active", "启用"),
)


def _put_place(actor: Actor, row: SheetRow) -> bool:
    given = row.values
    found = db.session.execute(
        select(Place).where(Place.town_id == actor.town_id, Place.code == given["code"])
    ).scalar_one_or_none()
    if found is None:
        raise Invalid("no_place", "", fields={"code": [f"没有编码是“{given['code']}”的地点"]})
    now = (found.name, found.worker_name, found.worker_phone, found.supervision_phone, found.active)
    draft = editing.PlaceDraft(
        name=given["name"],
        worker_name=given.get("worker_name") or "",
        worker_phone=given.get("worker_phone") or "",
        supervision_phone=given.get("supervision_phone") or "",
        active=found.active if given.get("active") is None else given["active"],
    )
    if now == (draft.name, draft.worker_name, draft.worker_phone, draft.supervision_phone, draft.active):
        return False
    editing.change(actor, found.id, draft)
    return True


def _check_places(actor: Actor, rows: Sequence[SheetRow]) -> Iterable[Fault]:
    return twice(rows, "code", "地点编码")


def _place_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    ids = [row["id"] for row in editing.tree(actor, *PLACES)]
    rows = db.session.execute(
        select(Place).where(Place.id.in_(ids)).order_by(Place.position, Place.id)
    ).scalars()
    return Chunk(
        [[p.code, p.name, p.worker_name, p.worker_phone, p.supervision_phone, p.active] for p in rows]
    )


def register_people() -> None:
    """Make the kinds known; called once by the composition root."""
    register(
        SheetKind(
            "units", "机构", UNIT_COLUMNS, ("湾头村村委会", "村(居)", "镇便民服务中心", "V01", "0632-0000011", "是"),
            "上级写单位名称，地点写编码或全镇唯一的名称。表里没有的单位不动。",
            Import(
                PEOPLE, _check_units, _put_unit, order=_parents_first, together=True, whole=True,
                columns={"place_id": "place", "parent_id": "parent"}, most=300,
            ),
            Export(PEOPLE, UNIT_COLUMNS, count_by(_unit_rows), _unit_rows),
        )
    )  # fmt: skip
    register(
        SheetKind(
            "people", "人员", PERSON_COLUMNS, ("zhangsan", "张三", "城管所", "", "站所办理人", ""),
            "新增的账号没有密码，请在“人员”页给他们一次性密码。表里没有的人不动。",
            Import(PEOPLE, _check_people, _put_person, columns={"unit_id": "unit"}, most=300),
            Export(PEOPLE, PEOPLE_OUT, count_by(_people_rows), _people_rows),
        )
    )  # fmt: skip
    register(
        SheetKind(
            "places", "地点公开信息", PLACE_COLUMNS, ("G01", "第1网格", "王某", "0632-0000021", "0632-0000001"),
            "网格员姓名和电话会给群众看（GRID-01）。表里没有的地点不动。",
            Import(PLACES, _check_places, _put_place),
            Export(PLACES, PLACE_COLUMNS, count_by(_place_rows), _place_rows),
        )
    )  # fmt: skip
