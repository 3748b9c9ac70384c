"""Reads of the timeline, by what a viewer may see."""

from __future__ import annotations

from collections.abc import Collection

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


def entries(ids: Collection[int]) -> dict[int, TimelineEntry]:
    """Several rows by id, for the worker that renders messages from them."""
    rows = db.session.execute(select(TimelineEntry).where(TimelineEntry.id.in_(ids))).scalars()
    return {row.id: row for row in rows}


def newest(subject_kind: str, subject_id: int, actions: Collection[str]) -> TimelineEntry | None:
    """The last row of any of these actions."""
    return db.session.execute(
        select(TimelineEntry)
        .where(
            TimelineEntry.subject_kind == subject_kind,
            TimelineEntry.subject_id == subject_id,
            TimelineEntry.action.in_(actions),
        )
        .order_by(TimelineEntry.seq.desc())
        .limit(1)
    ).scalar_one_or_none()


def chain_of(subject_kind: str, subject_id: int, viewer_kind: str) -> list[ChainRow]:
    """The whole chain; plaintext and salt only of the rows such a viewer may see, and that still have them."""
    rows = db.session.execute(
        select(TimelineEntry)
        .where(TimelineEntry.subject_kind == subject_kind, TimelineEntry.subject_id == subject_id)
        .order_by(TimelineEntry.seq)
    ).scalars()
    return [chain_row(row, opened=row.visibility in SEEN_BY[viewer_kind]) for row in rows]


def chain_row(row: TimelineEntry, *, opened: bool) -> ChainRow:
    """One entry for a verifier: opened with its plaintext, or its commitment alone (also when erased)."""
    shown = opened and bool(row.salt)
    return ChainRow(
        seq=row.seq,
        at=row.at,
        action=row.action,
        to_state=row.to_state,
        commitment=row.commitment,
        chain=row.chain,
        salt=row.salt if shown else None,
        content=content(row.actor_name, row.unit_name, row.note, row.data, row.inner_salt) if shown else None,
    )
