"""Reads of photos: cards with signed addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.kernel.db import db
from backend.kernel.settings import settings
from backend.media.models import MediaFile
from backend.media.ports import store

#: how long an address in an answer opens its photo (at least; it stays equal within a window, so caches work)
URL_SECONDS = 3600


@dataclass(frozen=True)
class MediaCard:
    """A photo as pages show it; addresses are signed and expire."""

    id: int
    role: str | None
    url: str
    thumb_url: str
    width: int
    height: int


def card(row: Any) -> MediaCard:
    """The card of a row that is ready or attached."""
    return MediaCard(
        id=row.id,
        role=row.role,
        url=url(row.file_key),
        thumb_url=url(row.thumb_key),
        width=row.width,
        height=row.height,
    )


def url(key: str) -> str:
    """A signed address of a stored object, for lists that carry a key of their own (a case's cover)."""
    return store().read_url(key, URL_SECONDS)


def for_subject(subject_kind: str, subject_id: int) -> list[MediaCard]:
    """The photos of one subject, "before" ones first, in their order."""
    return for_subjects(subject_kind, [subject_id]).get(subject_id, [])


def for_subjects(subject_kind: str, subject_ids: Iterable[int]) -> dict[int, list[MediaCard]]:
    """The photos of many subjects by subject id; subjects without photos are absent."""
    rows = db.session.execute(
        _ATTACHED.where(MediaFile.subject_kind == subject_kind, MediaFile.subject_id.in_(set(subject_ids)))
    )
    found: dict[int, list[MediaCard]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(card(row))
    for cards in found.values():
        cards.sort(key=lambda c: c.role != "before")
    return found


def posted(subject_kind: str, subject_id: int) -> list[int]:
    """The ids of the photos that came with a subject, or were added to it; not those of the work done."""
    return list(
        db.session.scalars(
            select(MediaFile.id)
            .where(
                MediaFile.subject_kind == subject_kind,
                MediaFile.subject_id == subject_id,
                MediaFile.role == "before",
                MediaFile.state == "attached",
            )
            .order_by(MediaFile.position, MediaFile.id)
        )
    )


def posted_by(media_id: int) -> int | None:
    """The resident whose photo it is; None when it is a member of staff's, or gone."""
    return db.session.scalar(
        select(MediaFile.owner_id).where(MediaFile.id == media_id, MediaFile.owner_kind == "resident")
    )


def cards(media_ids: Iterable[int]) -> dict[int, MediaCard]:
    """Cards by id; photos that are gone are absent."""
    rows = db.session.execute(_ATTACHED.where(MediaFile.id.in_(set(media_ids))))
    return {row.id: card(row) for row in rows}


def public_url(media_id: int, lifetime: timedelta) -> str | None:
    """An address that opens a photo from outside for at least ``lifetime``; None when the photo is gone."""
    key = db.session.scalar(
        select(MediaFile.file_key).where(MediaFile.id == media_id, MediaFile.state == "attached")
    )
    if key is None:
        return None
    signed = store().read_url(key, int(lifetime.total_seconds()))
    return signed if "://" in signed else f"{settings().public_base_url}{signed}"


_ATTACHED = (
    select(
        MediaFile.id, MediaFile.role, MediaFile.subject_id, MediaFile.file_key, MediaFile.thumb_key,
        MediaFile.width, MediaFile.height,
    )
    .where(MediaFile.state == "attached")
    .order_by(MediaFile.subject_id, MediaFile.position, MediaFile.id)
)  # fmt: skip
