"""What is shown of questions and objections: to everybody, to who asked, at the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from backend.cases.views import action_lines
from backend.comments import queries as comments
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor
from backend.notices import objection_policy as policy
from backend.notices import objection_ports as ports
from backend.notices import objection_source as sources
from backend.notices.objection_models import NoticeObjection
from backend.notices.objection_source import Source
from backend.notices.objection_states import ASKED, ESCALATED, FORMS, HIDDEN, TABLE
from backend.notices.objection_words import day_of, days_after, open_until

_O = NoticeObjection.__table__.c
VIEWS = ("waiting", "overdue", "escalated", "all")


# --- for everybody ----------------------------------------------------------------------------------------


def counts(notice_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """By notice: how many questions are public, and how many of them wait for an answer; without any: absent."""
    waiting = func.sum(func.coalesce(_O.state == ASKED, 0))
    rows = db.session.execute(
        select(_O.notice_id, func.count(), waiting)
        .where(_O.notice_id.in_(set(notice_ids)), _O.shown, _O.state != HIDDEN)
        .group_by(_O.notice_id)
    )
    return {row[0]: {"count": row[1], "unanswered": int(row[2])} for row in rows}


def of_notice(source: Source, cursor: str | None) -> dict[str, Any]:
    """A page of what was asked about a notice and is public, newest first."""
    query = select(NoticeObjection).where(
        _O.notice_id == source.id, NoticeObjection.shown, _O.state != HIDDEN
    )
    page = _page(query, cursor)
    counted = counts([source.id]).get(source.id, {"count": 0, "unanswered": 0})
    return {
        "items": lines(page.items),
        "next_cursor": page.next_cursor,
        "open_until": open_until(source.published_on),
        "open": today() <= open_until(source.published_on),
        **counted,
    }


def lines(rows: Sequence[NoticeObjection]) -> list[dict[str, Any]]:
    """Questions as everybody reads them. Who asked is a village, never a name."""
    said = comments.of_ids([row.comment_id for row in rows])
    return [_line(row, said.get(row.comment_id)) for row in rows]


def _line(row: NoticeObjection, said: dict[str, Any] | None) -> dict[str, Any]:
    state = TABLE.state(row.state)
    answered_on, due_on = day_of(row.answered_at), day_of(row.due_at)
    late = row.overdue or is_late(row)
    return {
        "id": row.id,
        "kind": row.form,
        "kind_label": FORMS[row.form],
        "line": row.line,
        "text": said["text"] if said is not None else "",
        "author_label": said["author_label"] if said is not None else "",
        "comment_id": row.comment_id,
        "seconds": said["second_count"] if said is not None else 0,
        "asked_on": day_of(row.created_at),
        "state": row.state,
        "state_label": state.label,
        "tone": "late" if late and row.state == ASKED else state.tone,
        "due_on": due_on,
        "overdue": late,
        "days_late": days_after(due_on, answered_on or day_of(row.escalated_at)) if late else 0,
        "answer": row.answer,
        "answered_unit": row.answered_unit,
        "answered_on": answered_on,
        "escalated_on": day_of(row.escalated_at),
        "town_answered_on": day_of(row.town_answered_at),
    }


def is_late(row: NoticeObjection) -> bool:
    """Whether it waits longer than it may (OPEN-08)."""
    return row.state == ASKED and row.due_at is not None and row.due_at < now()


# --- for who asked ----------------------------------------------------------------------------------------


def mine(actor: Actor, source: Source) -> list[dict[str, Any]]:
    """One's own questions about a notice, in every state, newest first, with what may be said of the answer."""
    rows = db.session.scalars(
        select(NoticeObjection)
        .where(_O.notice_id == source.id, _O.resident_id == actor.id)
        .order_by(_O.created_at.desc(), _O.id.desc())
    ).all()
    return [own_line(row, actor) for row in rows]


def own_line(row: NoticeObjection, actor: Actor) -> dict[str, Any]:
    """One's own question: also why its words are not public, and the case it became."""
    said = {card["id"]: card for card in comments.own(actor.id, "notice", row.notice_id)}.get(row.comment_id)
    return _line(row, said) | {
        "version": row.version,
        "notice_id": row.notice_id,
        "comment_state": said["state"] if said is not None else "",
        "comment_state_label": said["state_label"] if said is not None else "",
        "held_reason": (said["held_reason"] or "") if said is not None else "",
        "case_id": row.case_id,
        "case_code": ports.code_of(row.case_id) if row.case_id is not None else "",
        "actions": actions(row, actor),
    }


def actions(row: Any, actor: Actor) -> list[dict[str, Any]]:
    """What this person may do with it now."""
    return action_lines(row, actor)


# --- at the desk ------------------------------------------------------------------------------------------


def for_desk(actor: Actor, view: str, cursor: str | None) -> dict[str, Any]:
    """A page of the questions the actor looks at, newest first, with the counts of every view."""
    page = _page(select(NoticeObjection).where(in_sight(actor, _O), _of_view(view)), cursor)
    counted = {
        one: db.session.scalar(select(func.count()).where(in_sight(actor, _O), _of_view(one))) or 0
        for one in VIEWS
    }
    return {"items": desk_lines(page.items, actor), "next_cursor": page.next_cursor, "counts": counted}


def desk_lines(rows: Sequence[NoticeObjection], actor: Actor) -> list[dict[str, Any]]:
    """Questions at the desk; of one that is not public yet the words are the moderators' to read."""
    about = {source.id: source for source in sources.of_all(row.notice_id for row in rows)}
    return [
        line
        | {
            "version": row.version,
            "shown": row.shown,
            "notice_id": row.notice_id,
            "notice_title": about[row.notice_id].title if row.notice_id in about else "",
            "notice_period": about[row.notice_id].period if row.notice_id in about else "",
            "village_id": row.village_id,
            "village_name": sources.village_name(row.village_id),
            "case_id": row.case_id if policy.watches(row.places, actor) else None,
            "actions": actions(row, actor),
        }
        for row, line in zip(rows, lines(rows), strict=True)
    ]


def _of_view(view: str) -> ColumnElement[bool]:
    if view == "waiting":
        return _O.state == ASKED
    if view == "overdue":
        return and_(_O.state == ASKED, or_(NoticeObjection.overdue, _O.due_at < now()))
    if view == "escalated":
        return _O.state == ESCALATED
    return _O.id.is_not(None)


def in_sight(actor: Actor, columns: Any) -> ColumnElement[bool]:
    """The same rule as objection_policy.may_look(), as a condition."""
    parts: list[ColumnElement[bool]] = []
    for grant in actor.grants_with(policy.PUBLISH):
        if grant.unit_id is None and grant.place_level == "village":
            parts.append(columns.village_id == grant.place_id)
        elif grant.unit_id is None and grant.place_level == "town":
            parts.append(and_(columns.town_id == grant.place_id, columns.village_id.is_(None)))
    levels = {"town": columns.town_id, "area": columns.area_id, "village": columns.village_id}
    parts += [
        levels[grant.place_level] == grant.place_id
        for grant in actor.grants_with(policy.WATCH)
        if grant.unit_id is None and grant.place_level in levels
    ]
    return or_(*parts) if parts else false()


def _page(query: Any, cursor: str | None) -> Page[NoticeObjection]:
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(NoticeObjection.created_at, NoticeObjection.id, at))
    ordered = query.order_by(NoticeObjection.created_at.desc(), NoticeObjection.id.desc())
    rows = list(db.session.scalars(ordered.limit(PAGE_SIZE + 1)))
    return make_page(rows, PAGE_SIZE, lambda row: (row.created_at, row.id))
