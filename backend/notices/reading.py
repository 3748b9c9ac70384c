"""Readings of a notice: how many on which day, never who."""

from __future__ import annotations

from sqlalchemy import func, select, update

from backend.kernel.clock import today
from backend.kernel.db import db
from backend.notices.models import Notice, NoticeReads
from backend.outbox.services import insert_once


def count(notice: Notice) -> None:
    """One more reading today. Nothing of the reader is kept, and nothing is written of the notice itself."""
    key = {"notice_id": notice.id, "day": today()}
    db.session.execute(insert_once(NoticeReads, key | {"times": 0}, "notice_id", "day"))
    here = (NoticeReads.notice_id == notice.id, NoticeReads.day == key["day"])
    db.session.execute(update(NoticeReads).where(*here).values(count=NoticeReads.count + 1))


def total(notice_id: int) -> int:
    """How often it was opened altogether."""
    summed = select(func.coalesce(func.sum(NoticeReads.count), 0)).where(NoticeReads.notice_id == notice_id)
    return int(db.session.execute(summed).scalar_one())
