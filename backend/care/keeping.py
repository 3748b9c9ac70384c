"""How long what was said and seen is kept, and how it goes: whole, with its timeline (PI-08, PIPL 19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select

from backend.care.models import CareAgreement, CareVisit, HelpRequest
from backend.care.services import SUBJECT
from backend.care.words import PLANNED
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.settings import settings
from backend.workflow.models import TimelineEntry, WorkClock


def kept_days() -> int:
    """Days after the end, from the settings; never more than the ninety that people are told (rights/rules.py)."""
    return settings().care_days


def _due(before: datetime) -> datetime:
    """The town may keep less than the rule says, and never more."""
    return max(before, now() - timedelta(days=kept_days()))


def old_requests(before: datetime) -> Select[Any]:
    """Ids of requests that ended before that moment, or before the town's own shorter time."""
    return select(HelpRequest.id).where(HelpRequest.closed_at < _due(before)).order_by(HelpRequest.closed_at)


def forget_requests(ids: Sequence[Any]) -> Sequence[Any]:
    """Delete these requests with timeline and clocks."""
    for model in (TimelineEntry, WorkClock):
        db.session.execute(
            delete(model)
            .where(model.subject_kind == SUBJECT, model.subject_id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    db.session.execute(delete(HelpRequest).where(HelpRequest.id.in_(ids)))
    return ids


def old_visits(before: datetime) -> Select[Any]:
    """Ids of visits whose day is over by that long: what was seen there goes, whatever becomes of the agreement."""
    return (
        select(CareVisit.id)
        .where(CareVisit.state != PLANNED, CareVisit.day < _due(before).date())
        .order_by(CareVisit.day)
    )


def forget_visits(ids: Sequence[Any]) -> Sequence[Any]:
    """Delete these visits."""
    db.session.execute(delete(CareVisit).where(CareVisit.id.in_(ids)))
    return ids


def old_agreements(before: datetime) -> Select[Any]:
    """Ids of agreements taken back before that moment."""
    ended = CareAgreement.ended_at < _due(before)
    return select(CareAgreement.id).where(ended).order_by(CareAgreement.ended_at)


def forget_agreements(ids: Sequence[Any]) -> Sequence[Any]:
    """Delete these agreements with every visit under them."""
    db.session.execute(delete(CareVisit).where(CareVisit.agreement_id.in_(ids)))
    db.session.execute(delete(CareAgreement).where(CareAgreement.id.in_(ids)))
    return ids
