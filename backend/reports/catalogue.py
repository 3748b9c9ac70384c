"""The catalogue as staff change it: one category at a time, checked, with the version they saw.

A new limit is taken by clocks that start afterwards; a running clock keeps the amount and unit it
was started with (domain-rules §3.2: a change affects only newly dispatched cases).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from backend.audit.queries import locked_at_version
from backend.audit.services import record_change
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.ordering import moved
from backend.reports import queries
from backend.reports.models import Category

SUBJECT = "category"
#: what staff may change, and what it is called on screen and in the log
LABELS = {
    "code": "编码",
    "name": "名称",
    "group_code": "大类编码",
    "group_name": "大类",
    "urgency": "紧急程度",
    "keywords": "关键词",
    "accept_amount": "受理时限",
    "accept_unit": "受理时限单位",
    "limit_amount": "答复时限",
    "limit_unit": "答复时限单位",
    "before_photo": "要办前照片",
    "before_photo_reason": "要办前照片的理由",
    "after_photo": "要办后照片",
    "after_photo_reason": "要办后照片的理由",
    "self_settle": "网格员可当场办结",
    "wall": "回音壁",
    "emergency_number": "先打电话",
    "emergency_words": "提示语",
    "place_required": "必须有位置",
    "position": "次序",
    "active": "启用",
}
CHANGEABLE = tuple(name for name in LABELS if name != "code")


def fields_of(category: Category) -> dict[str, Any]:
    """A category's fields by name."""
    return {name: getattr(category, name) for name in LABELS}


def save(actor: Actor, town_id: int, given: Mapping[str, Any], category_id: int | None = None) -> Category:
    """Make a category, or change one that is still at ``given["version"]``.

    Raises Invalid with the field at fault, NotFound, Conflict (409) naming what somebody else changed.
    """
    if category_id is None:
        category = Category(
            id=new_id(), town_id=town_id, code=given["code"], position=_end(town_id), active=True
        )
        if queries.find_category(town_id, given["code"]) is not None:
            raise Invalid("code_taken", f"编码“{given['code']}”已经有了。", fields={"code": ["已经有了"]})
        before = None
    else:
        category = locked_at_version(
            Category, town_id, category_id, given.get("version"), "这个类别", SUBJECT
        )
        before = fields_of(category)
    values = {name: given[name] for name in CHANGEABLE if name in given}
    values["group_name"] = _group_name(town_id, category, values)
    for name, value in values.items():
        setattr(category, name, value)
    _check(category)
    if before is None:
        db.session.add(category)
    _note(actor, category, before)
    return category


def _note(actor: Actor, category: Category, before: dict[str, Any] | None) -> None:
    what = "category.create" if before is None else "category.change"
    changed = record_change(
        actor, what, SUBJECT, category.id, before, fields_of(category), name=category.name, labels=LABELS
    )
    if changed:
        category.version = 1 if before is None else category.version + 1
        category.edited_at = now()
    db.session.flush()


def _group_name(town_id: int, category: Category, values: Mapping[str, Any]) -> str:
    """One group, one name: that of its other categories, else the one given."""
    code = values.get("group_code", category.group_code)
    others = (
        c.group_name
        for c in queries.all_categories(town_id)
        if c.group_code == code and c.id != category.id and c.active
    )
    return str(next(others, None) or values.get("group_name") or category.group_name or "")


def _check(category: Category) -> None:
    faults: dict[str, list[str]] = {}
    if not category.group_name:
        faults["group_name"] = ["新的大类要写名称"]
    for side, word in (("after", "办后"), ("before", "办前")):
        if getattr(category, f"{side}_photo") and not getattr(category, f"{side}_photo_reason"):
            faults[f"{side}_photo_reason"] = [f"要求{word}照片，就要写明为什么：办理人要知道"]
    if bool(category.emergency_number) != bool(category.emergency_words):
        missing = "emergency_words" if category.emergency_number else "emergency_number"
        faults[missing] = ["电话和提示语要一起写"]
    if faults:
        raise Invalid("category_wrong", "有几处填写不对，请看标红的地方。", fields=faults)


def _end(town_id: int) -> int:
    return max((c.position for c in queries.all_categories(town_id)), default=-1) + 1


def reorder(actor: Actor, town_id: int, ids: Sequence[int]) -> None:
    """Put the categories into this order; 409 when the list is not the one that stands now."""
    for category, position in moved(queries.all_categories(town_id), ids, "类别"):
        before = fields_of(category)
        category.position = position
        _note(actor, category, before)


def replace_categories(town_id: int, categories: list[Category], kept: Collection[str] = ()) -> None:
    """Put a town's catalogue in place as its file says: found by code, updated, or switched off when gone.

    What was changed on screen is overwritten, the codes in `kept` aside: the caller has asked (see
    differences(), ADR 0005).
    """
    held = {c.code: c for c in queries.all_categories(town_id) if c.code not in kept}
    for category in categories:
        if category.code in kept:
            continue
        target = held.pop(category.code, None)
        category.active = True
        if target is None:
            db.session.add(category)
            continue
        for name in CHANGEABLE:
            setattr(target, name, getattr(category, name))
        _settle(target)
    for gone in held.values():
        gone.active = False
        _settle(gone)
    db.session.flush()


def _settle(category: Category) -> None:
    if category.edited_at is not None:
        category.edited_at, category.version = None, category.version + 1


def edited(town_id: int) -> set[str]:
    """Codes of the categories that were changed on screen since their file was loaded."""
    return {c.code for c in queries.all_categories(town_id) if c.edited_at is not None}


def differences(town_id: int, categories: Iterable[Category]) -> list[str]:
    """What a load of the file would undo of what was done on screen; one Chinese line each."""
    given = {c.code: c for c in categories}
    lines = []
    for held in queries.all_categories(town_id):
        if held.edited_at is None:
            continue
        line = given.get(held.code)
        if line is None:
            lines += [f"类别 {held.code} {held.name}：文件里没有，载入会停用它"] if held.active else []
            continue
        line.active = True
        lines += [
            f"类别 {held.code} {held.name}：{LABELS[name]} 屏幕上是 {getattr(held, name)!s}，文件里是 {getattr(line, name)!s}"
            for name in CHANGEABLE
            if getattr(held, name) != getattr(line, name)
        ]
    return lines
