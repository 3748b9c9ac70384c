"""What care keeps of a person, for them, whole; and how it goes at once when they ask (PI-07, PIPL 47)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from backend.care import agreements, keeping
from backend.care.models import CareAgreement, HelpRequest
from backend.care.queries import own_agreements, visits_under
from backend.care.services import SUBJECT
from backend.care.states import TABLE
from backend.care.words import AGREEMENT_STATES, FOR_WHOM, REASONS, RHYTHMS, VISIT_STATES
from backend.kernel.actor import SYSTEM
from backend.kernel.db import db


def copy(resident_id: int) -> list[dict[str, Any]]:
    """One's requests with what was written down on the visit, one's agreements and the visits under them."""
    asked = select(HelpRequest).where(HelpRequest.resident_id == resident_id).order_by(HelpRequest.id)
    agreed = own_agreements(resident_id)
    visits = visits_under([row.id for row in agreed])
    return [
        {
            "code": "help_requests",
            "title": "您请人上门的请求",
            "records": [_request(row) for row in db.session.scalars(asked)],
        },
        {
            "code": "care_agreements",
            "title": "您同意的上门走访",
            "records": [_agreement(row) for row in agreed],
        },
        {
            "code": "care_visits",
            "title": "到您家的走访",
            "records": [
                {
                    "title": f"{visit.day}",
                    "facts": [
                        ("结果", VISIT_STATES[visit.state]),
                        ("记录", visit.note),
                        ("时间", visit.done_at),
                    ],
                }
                for row in agreed
                for visit in visits.get(row.id, [])
            ],
        },
    ]


def _request(row: HelpRequest) -> dict[str, Any]:
    return {
        "title": f"请求 {row.id}",
        "facts": [
            ("时间", row.created_at),
            ("为谁", FOR_WHOM.get(row.for_whom or "", "")),
            ("原因", REASONS.get(row.reason or "", "")),
            ("地点", row.place),
            ("内容", row.text),
            ("电话", row.phone),
            ("状态", TABLE.state(row.state).label),
            ("上门时间", row.visited_at),
            ("上门的情况", row.visit_note),
        ],
    }


def _agreement(row: CareAgreement) -> dict[str, Any]:
    return {
        "title": f"同意 {row.agreed_on}",
        "facts": [
            ("多久一次", RHYTHMS[row.rhythm]),
            ("地点", row.place),
            ("电话", row.phone),
            ("状态", AGREEMENT_STATES[row.state]),
            ("撤回时间", row.ended_at),
        ],
    }


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Delete it all: requests with their timelines, agreements with every visit; the worker hears that none is left."""
    asked = list(db.session.scalars(select(HelpRequest.id).where(HelpRequest.resident_id == resident_id)))
    keeping.forget_requests(asked)
    agreed = own_agreements(resident_id)
    for row in agreed:
        agreements.revoke(row, SYSTEM)
    db.session.flush()
    keeping.forget_agreements([row.id for row in agreed])
    return {SUBJECT: asked, agreements.SUBJECT: [row.id for row in agreed]}


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: requests and agreements are the one's."""
    for model in (HelpRequest, CareAgreement):
        db.session.execute(update(model).where(model.resident_id == gone_id).values(resident_id=kept_id))
