"""What questions, requests and reports keep of a person, for the person; and how it is let go (PI-07).

Who joined a request is kept under a keyed hash: for a copy, or when the person goes, each request is tried.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from backend.kernel.db import db
from backend.notices import objection_states, publishing_request_states
from backend.notices import publishing_request_services as requests
from backend.notices.objection_models import NoticeObjection
from backend.notices.objection_services import titles
from backend.notices.objection_states import FORMS
from backend.notices.publishing_request_models import PublishingRequest


def copy(resident_id: int) -> list[dict[str, Any]]:
    """What a resident asked of notices, demanded to be published, and joined. The words are the comments'."""
    return [
        {"code": "notice_objections", "title": "您对公开的提问和异议", "records": _objections(resident_id)},
        {"code": "publishing_requests", "title": "您提出的公开申请", "records": _requests(resident_id)},
        {"code": "publishing_request_joins", "title": "您联名的公开申请", "records": _joins(resident_id)},
    ]


def _objections(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(NoticeObjection).where(NoticeObjection.resident_id == resident_id).order_by(NoticeObjection.id)
    ).all()
    about = titles(row.notice_id for row in rows)
    return [
        {
            "title": about.get(row.notice_id, ""),
            "facts": [
                ("提出时间", row.created_at),
                ("是提问还是异议", FORMS[row.form]),
                ("第几行", str(row.line or "")),
                ("现在的状态", objection_states.TABLE.state(row.state).label),
                ("答复", row.answer),
            ],
        }
        for row in rows
    ]


def _requests(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(PublishingRequest)
        .where(PublishingRequest.resident_id == resident_id)
        .order_by(PublishingRequest.id)
    )
    return [_record(row) for row in rows]


def _joins(resident_id: int) -> list[dict[str, Any]]:
    ids = requests.joined_of(db.session.scalars(select(PublishingRequest.id)).all(), resident_id)
    rows = db.session.scalars(
        select(PublishingRequest).where(PublishingRequest.id.in_(ids)).order_by(PublishingRequest.id)
    )
    return [_record(row) for row in rows]


def _record(row: PublishingRequest) -> dict[str, Any]:
    return {
        "title": requests.titles([row.id])[row.id],
        "facts": [
            ("提出时间", row.created_at),
            ("联名人数", f"{row.joined} 人，需要 {row.needed} 人"),
            ("其中村民代表", row.representatives_joined or None),
            ("现在的状态", publishing_request_states.TABLE.state(row.state).label),
        ],
    }


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Take the person out (PIPL 47); record kind → ids. Questions and requests stay, and are nobody's."""
    gone: dict[str, list[Any]] = {"publishing_request_join": requests.forget_joins(resident_id)}
    for name, model in (("objection_person", NoticeObjection), ("publishing_person", PublishingRequest)):
        ids = list(db.session.scalars(select(model.id).where(model.resident_id == resident_id)))
        db.session.execute(update(model).where(model.id.in_(ids)).values(resident_id=None))
        gone[name] = ids
    return gone
