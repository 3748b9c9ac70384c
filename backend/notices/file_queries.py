"""Reads of a notice's files."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from backend.kernel.db import db
from backend.notices.models import NoticeFile


def files_of(notice_id: int) -> list[NoticeFile]:
    """The files of a notice, in their order."""
    query = select(NoticeFile).where(NoticeFile.notice_id == notice_id)
    return list(db.session.scalars(query.order_by(NoticeFile.position, NoticeFile.id)))


def counts(notice_ids: Iterable[int]) -> dict[int, int]:
    """Notice → how many files it has; without one it is absent."""
    query = select(NoticeFile.notice_id, func.count()).where(NoticeFile.notice_id.in_(set(notice_ids)))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(NoticeFile.notice_id))}
