"""What 随手拍 shows: the receipt with its QR, "my reports", the catalogue."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.cases.standing import is_late, time_words
from backend.cases.words import local_date
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.kernel.paging import PAGE_SIZE, behind, make_page, parse_cursor
from backend.kernel.settings import settings
from backend.media.queries import url as url_of
from backend.reports import qr, queries
from backend.reports.models import Category
from backend.reports.similar import Sought, similar
from backend.reports.states import CLOSED, TABLE, WAITING
from backend.workflow.table import Limit


def receipt(case: Case) -> dict[str, Any]:
    """The slip in the resident's hand: whoever holds the code can ask for the state at any hour."""
    state = TABLE.state(case.state)
    address = f"{settings().public_base_url}/m/pages/progress/index?code="
    return {
        "id": case.id,
        "code": case.code,
        "code_display": show_code(case.code),
        "state": case.state,
        "state_label": state.label,
        "due_on": local_date(case.due_at),
        "next_step": state.next_step,
        "lookup_url": address + case.code,
        "qr_svg": qr.svg(address, case.code),
        "place_label": case.place_label,
    }


def intake_receipt(case: Case, actor: Actor) -> dict[str, Any]:
    """The slip for the one who called or came, and what may be the same matter for the one at the desk."""
    point = queries.points([case.id])[case.id] or {}
    sought = Sought(
        case.town_id, case.category_code, point.get("lon"), point.get("lat"), case.grid_id or case.village_id
    )
    return receipt(case) | {"similar": similar(actor, sought, aside=[case.id])}


def my_reports(actor: Actor, cursor: str | None) -> dict[str, Any]:
    """The resident's own reports, newest first."""
    return _own(Case.resident_id == actor.id, cursor)


def brought_in(actor: Actor, cursor: str | None) -> dict[str, Any]:
    """What a member of staff registered, found or settled, newest first."""
    return _own(Case.registered_by == actor.id, cursor)


def _own(whose: ColumnElement[bool], cursor: str | None) -> dict[str, Any]:
    query = select(Case).where(whose, Case.kind == TABLE.kind)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Case.created_at, Case.id, at))
    rows = db.session.execute(query.order_by(Case.created_at.desc(), Case.id.desc()).limit(PAGE_SIZE + 1))
    page = make_page(list(rows.scalars()), PAGE_SIZE, lambda c: (c.created_at, c.id))
    return {"items": [_line(case) for case in page.items], "next_cursor": page.next_cursor}


def _line(case: Case) -> dict[str, Any]:
    state = case_kind(case.kind).workflow.table.state(case.state)
    return {
        "id": case.id,
        "code_display": show_code(case.code),
        "title": case.title,
        "category_name": case.category_name,
        "place_label": case.place_label,
        "state": case.state,
        "state_label": state.label,
        "tone": state.tone,
        "created_at": case.created_at,
        "due_at": case.due_at,
        "due_text": time_words(state, case.due_at, case.closed_at),
        "overdue": is_late(state, case.due_at, case.closed_at),
        "thumb_url": url_of(case.cover_key) if case.cover_key else None,
        "needs_rating": case.state == CLOSED and case.rating is None and case.resident_id is not None,
        "needs_answer": case.state in WAITING,
    }


def category_line(category: Category) -> dict[str, Any]:
    """One item of the catalogue for the form."""
    limit = Limit(category.limit_amount, category.limit_unit)  # type: ignore[arg-type]  # checked by the loader
    emergency = {"number": category.emergency_number, "words": category.emergency_words}
    return {
        "code": category.code,
        "name": category.name,
        "group_code": category.group_code,
        "group_name": category.group_name,
        "urgency": category.urgency,
        "keywords": category.keywords,
        "after_photo": category.after_photo,
        "after_photo_reason": category.after_photo_reason,
        "promise": f"{limit.words()}内答复",
        "emergency": emergency if category.emergency_number else None,
        "place_required": category.place_required,
        "before_photo": category.before_photo,
        "before_photo_reason": category.before_photo_reason,
        "self_settle": category.self_settle,
    }
