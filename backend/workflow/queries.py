"""Reads of the timeline, by what a viewer may see."""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.db import db
from backend.workflow.chain import ChainRow, content
from backend.workflow.models import TimelineEntry

SEEN_BY = {"staff": ("all", "parties", "staff"), "resident": ("all", "parties"), "public": ("all",)}


def timeline_of(subject_kind: str, subject_id: int, viewer_kind: str) -> list[TimelineEntry]:
    """The subject's rows that such a viewer may see, oldest first."""
    return list(
        db.session.execute(
            select(TimelineEntry)
            .where(
                TimelineEntry.subject_kind == subject_kind,
                TimelineEntry.subject_id == subject_id,
                TimelineEntry.visibility.in_(SEEN_BY[viewer_kind]),
            )
            .order_by(TimelineEntry.seq)
        ).scalars()
    )


def entry(entry_id: int) -> TimelineEntry | None:
    """One row, for the worker that renders messages from it."""
    return db.session.get(TimelineEntry, entry_id)


def chain_of(subject_kind: str, subject_id: int, viewer_kind: str) -> list[ChainRow]:
    """The whole chain; plaintext and salt only of the rows such a viewer may see."""
    rows = db.session.execute(
        select(TimelineEntry)
        .where(TimelineEntry.subject_kind == subject_kind, TimelineEntry.subject_id == subject_id)
        .order_by(TimelineEntry.seq)
    ).scalars()
    seen = SEEN_BY[viewer_kind]
    return [
        ChainRow(
            seq=r.seq,
            at=r.at,
            action=r.action,
            to_state=r.to_state,
            commitment=r.commitment,
            chain=r.chain,
            salt=r.salt if r.visibility in seen else None,
            content=content(r.actor_name, r.unit_name, r.note, r.data) if r.visibility in seen else None,
        )
        for r in rows
    ]
