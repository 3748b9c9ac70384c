"""The staff's queue, the hottest list: one statement a page, built once for each shape of question.

Newest first, page by page. What a person may see is the union of one or more reasons (a place, a unit,
what was given to them, what they handled). One reason is read straight from its index; of several each
gives its newest rows from an index of its own, and the few that come together are sorted: a condition
with OR would make the database walk the whole table. Rows examined do not depend on how many cases
there are, nor on how far the page lies behind (tests/mariadb/test_hot_lists.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union

from backend.cases.models import Case
from backend.cases.queries import LEVEL_COLUMNS, QUEUE_COLUMNS, queue_line
from backend.cases.standing import running_states
from backend.identity.models import Staff
from backend.kernel.actor import Actor
from backend.kernel.clock import now, start_of_day, today
from backend.kernel.db import db
from backend.kernel.ids import read_code
from backend.kernel.paging import behind, in_order_of, make_cursor, parse_cursor

PAGE = 20
SOON = timedelta(days=2)
_cases: Any = Case.__table__
_staff: Any = Staff.__table__
_C = _cases.c
_ALL: Any = bindparam("rows")
_UNASSIGNED = and_(_C.assignee_unit_id == bindparam("my_unit"), _C.assignee_staff_id.is_(None))
_ASSIGNED = _C.assignee_staff_id == bindparam("me")


@dataclass(frozen=True)
class _Reason:
    """Why cases are in sight: a level of places, or "mine", "ours", "handled", "stood in" (somebody's for whom
    one stands in, 代班); `of_unit`: one unit's only."""

    name: str
    of_unit: bool = False

    def condition(self, number: int) -> ColumnElement[bool]:
        """The cases in sight for this reason, the `number`-th of the question."""
        own: dict[str, ColumnElement[bool]] = {
            "mine": _ASSIGNED,
            "ours": _UNASSIGNED,
            "handled": _C.handled_by == bindparam("me"),
            "stood in": _C.assignee_staff_id == bindparam(f"place{number}"),
        }
        if self.name in own:
            return own[self.name]
        parts = [LEVEL_COLUMNS[self.name] == bindparam(f"place{number}")]
        if self.name in {"area", "micro_grid"}:  # no index of their own: read with the town's
            parts.append(_C.town_id == bindparam("town"))
        if self.of_unit:
            parts.append(_C.assignee_unit_id == bindparam(f"unit{number}"))
        return and_(*parts)

    def index(self, filters: Collection[str]) -> str:
        """The index that holds these cases newest first."""
        by_state = "state" in filters
        if self.name in {"mine", "stood in"}:
            return "ix_cases_staff" if by_state else "ix_cases_mine"
        if self.name == "ours" or self.of_unit:
            return "ix_cases_unit" if by_state else "ix_cases_ours"
        if self.name in {"village", "grid", "handled"}:
            return f"ix_cases_{self.name}"
        if "supervised" in filters or "pending" in filters:
            return "ix_cases_supervised" if "supervised" in filters else "ix_cases_pending"
        return "ix_cases_queue_state" if by_state else "ix_cases_queue"


def page(actor: Actor, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A page of the queue as plain dicts, with the names of those who have the cases."""
    limit = wanted.get("limit") or PAGE
    reasons, values = _reasons(actor)
    if not reasons:
        return {"items": [], "next_cursor": None}
    filters, more = _filters(actor, wanted)
    at = parse_cursor(wanted.get("cursor"))
    if at is not None:
        more |= {"created": at[0], "id": at[1]}
    statement = _statement(reasons, filters, at is not None)
    rows = db.session.execute(statement, {**values, **more, "rows": limit + 1}).all()
    shown = rows[:limit]
    return {
        "items": [queue_line(row, row.assignee_name) for row in shown],
        "next_cursor": make_cursor(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None,
    }


def count(actor: Actor, wanted: Mapping[str, Any], most: int) -> int:
    """How many cases the filters find in sight, counted up to `most` only."""
    reasons, values = _reasons(actor)
    if not reasons:
        return 0
    filters, more = _filters(actor, wanted)
    found = _statement(reasons, filters, False).subquery()
    query = select(func.count()).select_from(found)
    return int(db.session.execute(query, {**values, **more, "rows": most}).scalar_one())


def _reasons(actor: Actor) -> tuple[tuple[_Reason, ...], dict[str, Any]]:
    """Why the actor may see cases, with the values; the same rule as policy.may_see() and scope_of()."""
    found: dict[tuple[_Reason, Any, Any], None] = {}
    for grant in actor.grants_with("case.view"):
        if grant.place_level in LEVEL_COLUMNS:
            reason = _Reason(grant.place_level, grant.unit_id is not None)
            found[reason, grant.place_id, grant.unit_id] = None
    if actor.may("case.handle"):
        found[_Reason("mine"), None, None] = None
        found[_Reason("handled"), None, None] = None
        for away, _ in actor.stands_in_for:
            found[_Reason("stood in"), away, None] = None
        if actor.unit_id is not None:
            found[_Reason("ours"), None, None] = None
    values: dict[str, Any] = {"me": actor.id, "my_unit": actor.unit_id, "town": actor.town_id}
    for number, (_, place_id, unit_id) in enumerate(found):
        values |= {f"place{number}": place_id, f"unit{number}": unit_id}
    return tuple(reason for reason, _, _ in found), values


def _filters(actor: Actor, wanted: Mapping[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The names of the conditions that are asked for, and their values."""
    names, values = [], {}
    for name in ("state", "category", "village", "urgency", "pending"):
        if wanted.get(name):
            names.append(name)
            values[name] = wanted[name]
    for name in ("returned", "supervised"):
        if wanted.get(name):
            names.append(name)
            values["yes"] = True
    if wanted.get("due"):
        tomorrow = start_of_day(today() + timedelta(days=1))
        names.append(f"due {wanted['due']}")
        values |= {"moment": now(), "tomorrow": tomorrow, "later": tomorrow + SOON}
    if wanted.get("assigned"):
        names.append("unit" if wanted["assigned"] == "unit" and actor.unit_id is not None else "me")
    if wanted.get("q"):
        words, code = wanted["q"], read_code(wanted["q"])
        names.append("code or words" if len(code) == 12 else "words")
        escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values |= {"code": code, "pattern": f"%{escaped}%"}
    return tuple(names), values


def _condition(name: str) -> ColumnElement[bool]:
    """One of the conditions that _filters() names."""
    words = or_(
        _C.title.like(bindparam("pattern"), escape="\\"),
        _C.place_label.like(bindparam("pattern"), escape="\\"),
    )
    spans = {
        "due overdue": _C.due_at < bindparam("moment"),
        "due today": and_(_C.due_at >= bindparam("moment"), _C.due_at < bindparam("tomorrow")),
        "due soon": and_(_C.due_at >= bindparam("moment"), _C.due_at < bindparam("later")),
    }
    if name in spans:
        return and_(_C.state.in_(running_states()), spans[name])
    found: dict[str, ColumnElement[bool]] = {
        "state": _C.state == bindparam("state"),
        "category": _C.category_code == bindparam("category"),
        "village": _C.village_id == bindparam("village"),
        "urgency": _C.urgency == bindparam("urgency"),
        "pending": _C.pending_request == bindparam("pending"),
        "supervised": _C.supervision_open == bindparam("yes"),
        "returned": _C.return_count > 0,
        "me": _ASSIGNED,
        "unit": or_(_ASSIGNED, _UNASSIGNED),
        "words": words,
        "code or words": or_(_C.code == bindparam("code"), words),
    }
    return found[name]


@lru_cache(maxsize=512)
def _statement(reasons: tuple[_Reason, ...], filters: tuple[str, ...], paged: bool) -> Select[Any]:
    """The statement of a shape of question; its values come as parameters."""
    conditions = [_condition(name) for name in filters]
    if paged:
        conditions.append(behind(_C.created_at, _C.id, (bindparam("created"), bindparam("id"))))  # type: ignore[arg-type]
    query = select(*QUEUE_COLUMNS, _staff.c.name.label("assignee_name"))
    named = _cases.outerjoin(_staff, _staff.c.id == _C.assignee_staff_id)
    if len(reasons) == 1:
        hint = in_order_of(reasons[0].index(filters))
        found = (
            query.select_from(named)
            .where(reasons[0].condition(0), *conditions)
            .with_hint(_cases, hint, "mysql")
        )
    else:
        ids = union(*_newest_ids(reasons, conditions, filters)).subquery()
        found = query.select_from(named.join(ids, ids.c.id == _C.id))
    return found.order_by(_C.created_at.desc(), _C.id.desc()).limit(_ALL)


def _newest_ids(
    reasons: tuple[_Reason, ...], conditions: list[ColumnElement[bool]], filters: tuple[str, ...]
) -> Iterator[Select[Any]]:
    """The newest ids in sight for each reason, no more of each than the page needs."""
    for number, reason in enumerate(reasons):
        newest = (
            select(_C.id)
            .where(reason.condition(number), *conditions)
            .with_hint(_cases, in_order_of(reason.index(filters)), "mysql")
            .order_by(_C.created_at.desc(), _C.id.desc())
            .limit(_ALL)
        )
        yield select(newest.subquery(f"reason{number}").c.id)
