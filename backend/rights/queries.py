"""Reads of rights: a person's requests, the town's, what was erased of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select, update

from backend.cases.words import due_words, local_date
from backend.identity import minors
from backend.identity.personal import consent_of
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, behind, make_page, parse_cursor
from backend.rights import copies
from backend.rights.models import RightsCopy, RightsRequest
from backend.rights.services import KINDS, STATES


def overview(actor: Actor) -> dict[str, Any]:
    """What is kept, why and how long, with what there is of each; the person's requests."""
    whole = copies.whole(actor.id)
    version, consented_at = consent_of(actor.id)
    return {
        "operator": whole["operator"],
        "standing": minors.standing(actor.id),
        "wards": minors.wards(actor.id),
        "consented_at": consented_at,
        "consent_version": version,
        "purposes": whole["purposes"],
        "sections": [
            {"code": s["code"], "title": s["title"], "many": len(s["records"])} for s in whole["sections"]
        ],
        "requests": own_requests(actor.id),
    }


def own_requests(resident_id: int) -> list[dict[str, Any]]:
    """A person's requests, newest first."""
    rows = db.session.scalars(
        select(RightsRequest)
        .where(RightsRequest.resident_id == resident_id)
        .order_by(RightsRequest.created_at.desc(), RightsRequest.id.desc())
        .limit(50)
    )
    return [request_view(row) for row in rows]


def request_view(row: RightsRequest) -> dict[str, Any]:
    """A request as both sides see it: the unit that answered, never who."""
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_label": KINDS.get(row.kind, row.kind),
        "case_id": row.case_id,
        "text": row.text or "",
        "state": row.state,
        "state_label": STATES[row.state],
        "version": row.version,
        "created_at": row.created_at,
        "due_at": row.due_at,
        "due_on": local_date(row.due_at),
        "due_text": due_words(row.due_at, row.answered_at),
        "answer": row.answer or "",
        "answered_at": row.answered_at,
        "unit_name": row.unit_name,
    }


def town_requests(actor: Actor, state: str, cursor: str | None) -> dict[str, Any]:
    """Requests in the actor's towns, newest first. `state` open or answered."""
    towns = [g.place_id for g in actor.grants_with("rights.answer") if g.place_level == "town"]
    query = select(RightsRequest).where(RightsRequest.town_id.in_(towns))
    query = query.where(RightsRequest.state == "open" if state == "open" else RightsRequest.state != "open")
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(RightsRequest.created_at, RightsRequest.id, at))
    rows = db.session.scalars(
        query.order_by(RightsRequest.created_at.desc(), RightsRequest.id.desc()).limit(PAGE_SIZE + 1)
    )
    page = make_page(list(rows), PAGE_SIZE, lambda r: (r.created_at, r.id))
    return {"items": [request_view(row) for row in page.items], "next_cursor": page.next_cursor}


def copy_sections(resident_id: int) -> list[dict[str, Any]]:
    """The person's requests, for their own copy."""
    records = [
        {
            "title": f"{one['kind_label']} · {one['state_label']}",
            "facts": [
                ("内容", one["text"]),
                ("时间", one["created_at"]),
                ("答复", one["answer"]),
                ("答复单位", one["unit_name"]),
            ],
        }
        for one in own_requests(resident_id)
    ]
    return [{"code": "requests", "title": "您提过的申请", "records": records}]


def old_requests(before: datetime) -> Select[Any]:
    """Ids of requests answered before that moment whose words are still there."""
    return select(RightsRequest.id).where(
        RightsRequest.answered_at < before,
        or_(RightsRequest.text.is_not(None), RightsRequest.answer.is_not(None)),
    )


def forget_words(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase the words of these requests."""
    db.session.execute(
        update(RightsRequest)
        .where(RightsRequest.id.in_(ids))
        .values(text=None, answer=None)
        .execution_options(synchronize_session=False)
    )
    return ids


def old_copies(before: datetime) -> Select[Any]:
    """Ids of copies that expired before that moment."""
    return select(RightsCopy.id).where(RightsCopy.expires_at < before)


def forget_copies(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase these copies."""
    db.session.execute(delete(RightsCopy).where(RightsCopy.id.in_(ids)))
    return ids


def forget_copies_of(resident_id: int) -> dict[str, list[Any]]:
    """The account is closed: no copy outlives it."""
    ids = list(db.session.scalars(select(RightsCopy.id).where(RightsCopy.resident_id == resident_id)))
    forget_copies(ids)
    return {"rights_copy": ids}
