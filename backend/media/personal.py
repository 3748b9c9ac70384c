"""What a resident uploaded, for the resident; and the photos that nobody ever sent in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from backend.kernel.actor import Actor, ActorKind
from backend.kernel.db import db
from backend.media import services
from backend.media.models import MediaFile

STATES = {"ticketed": "没有传完", "ready": "还没有提交", "attached": "已提交"}


def copy(resident_id: int) -> list[dict[str, Any]]:
    """Every photo of a resident that is still kept."""
    rows = db.session.execute(
        select(MediaFile)
        .where(
            MediaFile.owner_kind == "resident",
            MediaFile.owner_id == resident_id,
            MediaFile.state != "removed",
        )
        .order_by(MediaFile.id)
    ).scalars()
    records = [
        {
            "title": f"照片 {row.id}",
            "facts": [
                ("上传时间", row.created_at),
                ("大小（字节）", row.size),
                ("状态", STATES.get(row.state, row.state)),
                ("用在哪件事（编号）", row.subject_id),
                ("内容指纹（SHA-256）", row.sha256),
            ],
        }
        for row in rows
    ]
    return [{"code": "photos", "title": "您上传的照片", "records": records}]


def unattached(before: datetime) -> Select[Any]:
    """Ids of photos made before that moment that nobody submitted."""
    return select(MediaFile.id).where(
        MediaFile.state.in_(("ticketed", "ready")), MediaFile.created_at < before
    )


def forget(ids: Sequence[Any]) -> list[Any]:
    """Remove these photos; their bytes go by the outbox. What was attached meanwhile stays. Those removed."""
    rows = db.session.scalars(
        select(MediaFile)
        .where(MediaFile.id.in_(ids), MediaFile.state.in_(("ticketed", "ready")))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    gone = []
    for row in list(rows):
        services.remove(Actor(kind=_kind(row), id=row.owner_id, name=""), row.id)
        gone.append(row.id)
    return gone


def _kind(row: MediaFile) -> ActorKind:
    return "staff" if row.owner_kind == "staff" else "resident"


def forget_drafts_of(resident_id: int) -> dict[str, list[Any]]:
    """Remove what a person uploaded and never submitted."""
    ids = list(
        db.session.scalars(
            select(MediaFile.id).where(
                MediaFile.owner_kind == "resident",
                MediaFile.owner_id == resident_id,
                MediaFile.state.in_(("ticketed", "ready")),
            )
        )
    )
    return {"media_file": forget(ids)}
