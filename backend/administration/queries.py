"""Reads of the administration floor: the dictionaries as their pages show them, the choices of their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from backend.administration.models import StaffPreference, StandardReply
from backend.cases import rules as case_rules
from backend.cases.models import RoutingRule
from backend.cases.words import ROLE_WORDS, URGENCIES
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.places.files.model import LIMIT_UNITS
from backend.places.models import LEVEL_LABELS, Place
from backend.reports import queries as reports
from backend.reports.models import Category
from backend.workflow.table import Limit


def categories(town_id: int) -> list[dict[str, Any]]:
    """The whole catalogue in order, also what is switched off."""
    rows = sorted(reports.all_categories(town_id), key=lambda c: (c.position, c.code))
    return [category_row(c) for c in rows]


def category_row(category: Category) -> dict[str, Any]:
    """One category as its page shows it."""
    answer = Limit(category.limit_amount, category.limit_unit)  # type: ignore[arg-type]  # checked when written
    accept = Limit(category.accept_amount, category.accept_unit)  # type: ignore[arg-type]
    columns = {c.key: getattr(category, c.key) for c in Category.__table__.columns}
    return columns | {
        "urgency_label": URGENCIES[category.urgency],
        "limit_text": answer.words(),
        "accept_text": accept.words(),
        "edited": category.edited_at is not None,
    }


def replies(town_id: int, category: str | None, *, everything: bool) -> list[StandardReply]:
    """Standard replies in order: of one category and of all, or the whole list."""
    query = select(StandardReply).where(StandardReply.town_id == town_id)
    if not everything:
        query = query.where(StandardReply.active)
    if category is not None:
        query = query.where(or_(StandardReply.category_code == category, StandardReply.category_code == ""))
    # Those of the category itself come first.
    return list(
        db.session.execute(
            query.order_by(
                StandardReply.category_code == "" if category is not None else StandardReply.position,
                StandardReply.position,
                StandardReply.id,
            )
        ).scalars()
    )


def rules(town_id: int) -> list[dict[str, Any]]:
    """A town's routing rules in order, with what they mean in words."""
    rows = case_rules.rules_of(town_id)
    words = _Words(town_id)
    return [words.of(rule) for rule in rows]


def rule_row(rule: RoutingRule) -> dict[str, Any]:
    """One rule with what it means in words."""
    return _Words(rule.town_id).of(rule)


class _Words:
    """Names for what rules hold by code and id, read once."""

    def __init__(self, town_id: int) -> None:
        catalogue = reports.all_categories(town_id)
        self.categories = {c.code: c.name for c in catalogue}
        self.groups = {c.group_code: c.group_name for c in catalogue}
        self.places = {
            str(row.id): row.name
            for row in db.session.execute(select(Place.id, Place.name).where(Place.town_id == town_id))
        }
        self.units = {u.id: u.name for u in identity.units(town_id)}

    def of(self, rule: RoutingRule) -> dict[str, Any]:
        parts = [
            ("类别", [self.categories.get(code, code) for code in rule.categories]),
            ("大类", [self.groups.get(code, code) for code in rule.groups]),
            ("地点", [self.places.get(place, "已停用的地点") for place in rule.place_ids]),
            ("紧急程度", [URGENCIES[u] for u in rule.urgencies]),
        ]
        when = "，".join(f"{label}是{'、'.join(names)}" for label, names in parts if names)
        unit = "所在网格" if rule.to_grid else self.units.get(rule.unit_id or 0, "已停用的单位")
        return {
            **{c.key: getattr(rule, c.key) for c in RoutingRule.__table__.columns},
            "when_text": when or "其余全部",
            "to_text": unit + (f" · {ROLE_WORDS[rule.role]}" if rule.role in ROLE_WORDS else ""),
            "edited": rule.edited_at is not None,
        }


def choices(town_id: int) -> dict[str, Any]:
    """What the forms of the dictionaries offer: categories, groups, units, places, roles, units of time."""
    catalogue = reports.all_categories(town_id)
    groups = {c.group_code: c.group_name for c in catalogue if c.active}
    places = db.session.execute(
        select(Place.id, Place.name, Place.level)
        .where(Place.town_id == town_id, Place.active, Place.level.in_(("area", "village", "grid")))
        .order_by(Place.level, Place.position)
    )
    return {
        "categories": [_option(c.code, c.name) for c in catalogue if c.active],
        "groups": [_option(code, name) for code, name in sorted(groups.items())],
        "units": [_option(str(u.id), u.name) for u in identity.units(town_id)],
        "places": [_option(str(p.id), f"{p.name}（{LEVEL_LABELS[p.level]}）") for p in places],
        "roles": [_option(code, label) for code, label in ROLE_WORDS.items()],
        "urgencies": [_option(code, label) for code, label in URGENCIES.items()],
        "time_units": [_option(code, label) for code, label in LIMIT_UNITS.items()],
    }


def _option(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}


def preference(actor: Actor, key: str) -> Mapping[str, Any] | None:
    """What the actor keeps under a key; None when nothing."""
    found = db.session.get(StaffPreference, (actor.id, key))
    return None if found is None else found.value
