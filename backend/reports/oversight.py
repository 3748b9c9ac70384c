"""Reads of supervision and call-backs: beside a case, and as the lists of those who watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy import case as sql_case

from backend.cases.models import Case
from backend.cases.queries import scope_of
from backend.cases.words import RATINGS, is_overdue
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.kernel.paging import PAGE_SIZE, behind, make_cursor, parse_cursor
from backend.reports import call_backs, supervision
from backend.reports.models import CallBack, Supervision
from backend.reports.ports import child_tasks
from backend.reports.states import TABLE

FIGURES_OF = timedelta(days=30)
WAYS = {"phone": "电话", "visit": "当面", "message": "消息"}
_CASE = (Case.code, Case.title, Case.place_label, Case.assignee_unit_name, Case.state.label("case_state"))


def of_case(case: Case, actor: Actor) -> dict[str, Any]:
    """What stands beside a case for staff: who brought it in, who watches it, who else works on it."""
    raised = _of(Supervision, case.id) if case.supervision_count else []
    called = _of(CallBack, case.id) if case.closed_at or case.reopen_count else []
    named = [r.raised_by for r in raised] + [r.answered_by for r in raised] + [r.done_by for r in called]
    names = _names([*named, case.registered_by])
    return {
        "confidential": case.confidential,
        "registered_by_name": names.get(case.registered_by),
        "supervision": _brief(case, raised),
        "supervisions": [_supervision(row, names) for row in raised],
        "call_backs": [_call_back(row, names) for row in called],
        "tasks": child_tasks().of_case(case, actor),
    }


def _of(model: Any, case_id: int) -> list[Any]:
    return list(
        db.session.execute(select(model).where(model.case_id == case_id).order_by(model.id)).scalars()
    )


def _names(ids: Iterable[int | None]) -> dict[int | None, str]:
    return {card.id: card.name for card in identity.staff_cards(i for i in ids if i is not None).values()}


def _brief(case: Case, raised: list[Supervision]) -> dict[str, Any] | None:
    if not raised:
        return None
    waiting = [row.due_at for row in raised if row.state == "open"]
    due = min(waiting, default=None)
    return {
        "open": case.supervision_open,
        "count": case.supervision_count,
        "due_at": due,
        "overdue": is_overdue(due, None),
    }


def _supervision(row: Any, names: Mapping[int | None, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "cause": row.cause,
        "cause_label": supervision.CAUSES[row.cause],
        "note": row.note,
        "raised_by_name": names.get(row.raised_by),
        "raised_at": row.raised_at,
        "due_at": row.due_at,
        "overdue": row.state == "open" and is_overdue(row.due_at, None),
        "state": row.state,
        "state_label": supervision.STATE_LABELS[row.state],
        "answer": row.answer,
        "answered_by_name": names.get(row.answered_by),
        "ended_at": row.ended_at,
    }


def _call_back(row: Any, names: Mapping[int | None, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "reason": row.reason,
        "reason_label": call_backs.REASONS[row.reason],
        "state": row.state,
        "state_label": call_backs.STATE_LABELS[row.state],
        "due_at": row.due_at,
        "overdue": row.state == "open" and is_overdue(row.due_at, None),
        "tries": row.tries,
        "way_label": WAYS.get(row.way, ""),
        "solved": row.solved,
        "satisfaction_label": RATINGS.get(row.satisfaction, ""),
        "note": row.note,
        "done_by_name": names.get(row.done_by),
        "done_at": row.done_at,
    }


def _of_its_case(row: Any) -> dict[str, Any]:
    return {
        "case_id": row.case_id,
        "code_display": show_code(row.code),
        "title": row.title,
        "place_label": row.place_label,
        "unit_name": row.assignee_unit_name,
        "case_state_label": TABLE.state(row.case_state).for_staff,
    }


def supervisions(actor: Actor, state: str, cursor: str | None) -> dict[str, Any]:
    """Supervision in what the actor may see, newest first; `state` is open, answered or all."""
    query = select(*Supervision.__table__.c, *_CASE).join(Case, Case.id == Supervision.case_id)
    query = query.where(scope_of(actor))
    if state != "all":
        query = query.where(Supervision.state == state)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Supervision.raised_at, Supervision.id, at))
    query = query.order_by(Supervision.raised_at.desc(), Supervision.id.desc())
    rows = db.session.execute(query.limit(PAGE_SIZE + 1)).all()
    names = _names([r.raised_by for r in rows] + [r.answered_by for r in rows])
    items = [_supervision(row, names) | _of_its_case(row) for row in rows[:PAGE_SIZE]]
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    return {"items": items, "next_cursor": make_cursor(last.raised_at, last.id) if last else None}


def list_call_backs(actor: Actor, state: str, cursor: str | None) -> dict[str, Any]:
    """Call-backs in what the actor may see: those owed, soonest due first, or those that are over, newest first."""
    at, waiting = parse_cursor(cursor), state == "open"
    moment = CallBack.due_at if waiting else CallBack.owed_at
    query = select(*CallBack.__table__.c, *_CASE).join(Case, Case.id == CallBack.case_id)
    query = query.where(scope_of(actor))
    if waiting:
        query = query.where(CallBack.state == "open").order_by(moment, CallBack.id)
        ahead = and_(moment >= at[0], or_(moment > at[0], CallBack.id > at[1])) if at else None
    else:
        query = query.where(CallBack.state.in_(("done", "unreached")))
        query = query.order_by(moment.desc(), CallBack.id.desc())
        ahead = behind(moment, CallBack.id, at) if at else None
    if ahead is not None:
        query = query.where(ahead)
    rows = db.session.execute(query.limit(PAGE_SIZE + 1)).all()
    names = _names(r.done_by for r in rows)
    items = [_call_back(row, names) | _of_its_case(row) for row in rows[:PAGE_SIZE]]
    last = rows[PAGE_SIZE - 1] if len(rows) > PAGE_SIZE else None
    over = (last.due_at if waiting else last.owed_at) if last else None
    return {
        "items": items,
        "next_cursor": make_cursor(over, last.id) if last and over else None,
        "counts": _counts(actor),
        "figures": figures(actor),
    }


def _counts(actor: Actor) -> dict[str, int]:
    late = func.coalesce(func.sum(sql_case((CallBack.due_at < now(), 1), else_=0)), 0)
    found = db.session.execute(
        select(func.count(), late)
        .select_from(CallBack)
        .join(Case, Case.id == CallBack.case_id)
        .where(scope_of(actor), CallBack.state == "open")
    ).one()
    return {"open": int(found[0]), "overdue": int(found[1])}


def figures(actor: Actor) -> dict[str, Any]:
    """§2.3 of the last 30 days: only call-backs that reached somebody count; rates are null without any."""

    def share(of: Any) -> Any:
        return func.coalesce(func.sum(of), 0)

    solved = share(sql_case((CallBack.solved.is_(True), 1), else_=0))
    satisfied = share(sql_case({"satisfied": 1.0, "basically": 0.9}, value=CallBack.satisfaction, else_=0.0))
    found = db.session.execute(
        select(func.count(), solved, satisfied)
        .select_from(CallBack)
        .join(Case, Case.id == CallBack.case_id)
        .where(scope_of(actor), CallBack.state == "done", CallBack.done_at > now() - FIGURES_OF)
    ).one()
    valid = int(found[0])
    return {
        "valid": valid,
        "solved_rate": round(int(found[1]) / valid, 4) if valid else None,
        "satisfied_rate": round(float(found[2]) / valid, 4) if valid else None,
    }
