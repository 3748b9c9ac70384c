"""What becomes of the reviews of a case whose words and photos were erased (PI-07)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from backend.cases.models import Case
from backend.kernel.db import db
from backend.moderation.models import ContentReview


def forget_case(resident_id: int, case_id: int) -> dict[str, list[Any]]:
    """Delete the reviews of one case: there is nothing left to judge, and nothing that may be public."""
    kind = select(Case.kind).where(Case.id == case_id).scalar_subquery()
    held = (ContentReview.subject_kind == kind) & (ContentReview.subject_id == case_id)
    ids = list(db.session.scalars(select(ContentReview.id).where(held)))
    if ids:
        db.session.execute(delete(ContentReview).where(ContentReview.id.in_(ids)))
    return {"content_review": ids}
