"""What a message needs to know of a question and of a request (cases/parts.py). Neutral: a lock screen is read by all."""

from __future__ import annotations

from sqlalchemy import select

from backend.cases.queries import SubjectCard
from backend.kernel.db import db
from backend.notices import objection_services, publishing_request_services
from backend.notices.models import Notice
from backend.notices.objection_models import NoticeObjection
from backend.notices.objection_policy import PUBLISH
from backend.notices.objection_words import NEUTRAL_OBJECTION, NEUTRAL_REQUEST
from backend.notices.publishing_request_models import PublishingRequest


def of_objection(objection_id: int) -> SubjectCard | None:
    """The card of a question; None when it is gone."""
    row = db.session.get(NoticeObjection, objection_id)
    if row is None:
        return None
    code = db.session.scalar(select(Notice.code).where(Notice.id == row.notice_id)) or str(row.id)
    return _card(row, code, NEUTRAL_OBJECTION, objection_services.PAGE.format(id=row.notice_id))


def of_request(request_id: int) -> SubjectCard | None:
    """The card of a request; None when it is gone. Only who asked is told: who joined is known to nobody."""
    row = db.session.get(PublishingRequest, request_id)
    if row is None:
        return None
    return _card(row, str(row.id), NEUTRAL_REQUEST, publishing_request_services.PAGE.format(id=row.id))


def _card(row: NoticeObjection | PublishingRequest, code: str, title: str, page: str) -> SubjectCard:
    # The platform refuses a message whose number is empty (47003).
    return SubjectCard(
        id=row.id,
        kind=row.kind,
        title=title,
        code=code,
        place_label="",
        category_name="",
        urgency="normal",
        due_at=row.due_at,
        town_id=row.town_id,
        resident_id=row.resident_id,
        assignee_staff_id=None,
        assignee_unit_id=None,
        assignee_unit_name="",
        places=row.places,
        handled_with=PUBLISH,
        page=page,
    )
