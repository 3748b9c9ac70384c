"""Photos of an entry: public copies of the case's own photos, pixelated where staff drew boxes.

The bytes are read, made anew and stored with no transaction open. What is stored and then not kept, or replaced,
goes by an outbox job that looks whether anything still shows it. The original is never touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from backend import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, outside_transaction, run_unit
from backend.kernel.errors import Invalid, NotFound, Unavailable
from backend.kernel.ids import new_id
from backend.media.models import MediaFile
from backend.media.pixelate import Box, PublicCopy, public_copy
from backend.media.ports import ObjectMissing, StoreError, store
from backend.outbox import Handler, Job, enqueue, handles
from backend.wall import services
from backend.wall.models import WallEntry, WallPhoto
from backend.wall.services import SWEEP

ROLES = ("before", "after")
#: by then whoever put the bytes there has kept them, or failed
KEPT_BY = timedelta(hours=1)
MOST_BOXES = 40


@dataclass(frozen=True)
class _Stored:
    copy: PublicCopy
    file_key: str
    thumb_key: str


def add(
    actor: Actor, entry_id: int, media_id: int, role: str, boxes: Sequence[Mapping[str, float]], checked: bool
) -> WallEntry:
    """Make the public copy of a photo of the case and put it in that place of the draft; asking again is harmless.

    `checked`: the writer has looked for faces and plates; until then the entry cannot be submitted. Raises
    NotFound, Conflict, Invalid (not a photo of this case), Unavailable.
    """
    entry = services.writable(actor, entry_id)
    key = _original(entry, media_id)
    drawn = [Box(one["x"], one["y"], one["w"], one["h"]) for one in boxes]
    name = f"wall/{now():%Y%m}/{new_id()}"
    keys = (f"{name}.jpg", f"{name}-s.jpg")
    with outside_transaction():
        run_unit(
            lambda: enqueue(SWEEP, {"keys": list(keys)}, key=f"{SWEEP}:{keys[0]}", not_before=now() + KEPT_BY)
        )
        stored = _stored(key, drawn, keys)
    return run_unit(lambda: _keep(actor, entry_id, media_id, role, boxes, checked, stored))


def _original(entry: WallEntry, media_id: int) -> str:
    row = db.session.get(MediaFile, media_id)
    own = row is not None and (row.subject_kind, row.subject_id) == (entry.source_kind, entry.source_id)
    if row is None or not own or row.state != "attached" or row.file_key is None:
        raise Invalid(
            "photo_unknown", "只能用这件事自己的照片，请重新选择。", fields={"media_id": ["不是这件事的照片"]}
        )
    return row.file_key


def _stored(key: str, boxes: Sequence[Box], keys: tuple[str, str]) -> _Stored:
    try:
        made = public_copy(store().read(key), boxes)
        store().save(keys[0], made.photo, "image/jpeg")
        store().save(keys[1], made.thumb, "image/jpeg")
    except ObjectMissing:
        raise NotFound("photo_gone", "这张照片已经不在了，请换一张。") from None
    except StoreError as error:
        raise Unavailable("store_unavailable", "照片暂时存不下来，请稍后再试。") from error
    return _Stored(made, *keys)


def _keep(
    actor: Actor,
    entry_id: int,
    media_id: int,
    role: str,
    boxes: Sequence[Mapping[str, float]],
    checked: bool,
    stored: _Stored,
) -> WallEntry:
    entry = services.writable(actor, entry_id)
    _drop(entry, role)
    row = WallPhoto(
        id=new_id(),
        entry_id=entry.id,
        role=role,
        media_id=media_id,
        boxes=[{name: float(one[name]) for name in ("x", "y", "w", "h")} for one in boxes],
        faces_checked_by=actor.id if checked else None,
        faces_checked_at=now() if checked else None,
        file_key=stored.file_key,
        thumb_key=stored.thumb_key,
        width=stored.copy.width,
        height=stored.copy.height,
        sha256=hashlib.sha256(stored.copy.photo).hexdigest(),
        created_at=now(),
    )
    db.session.add(row)
    services.written(entry, actor)
    seen = {"role": role, "media_id": str(media_id), "boxes": len(boxes), "checked": checked}
    audit.record(actor, "wall.photo", services.SUBJECT, entry.id, seen)
    db.session.flush()
    return entry


def remove(actor: Actor, entry_id: int, role: str) -> WallEntry:
    """Take a photo out of a draft; its public copy goes. Raises NotFound, Conflict."""
    entry = services.writable(actor, entry_id)
    if _drop(entry, role):
        services.written(entry, actor)
        audit.record(actor, "wall.photo.remove", services.SUBJECT, entry.id, {"role": role})
    db.session.flush()
    return entry


def _drop(entry: WallEntry, role: str) -> bool:
    held = next((photo for photo in services.photos_of(entry.id) if photo.role == role), None)
    if held is None:
        return False
    services.drop_photo(held)
    return True


@handles(SWEEP)
class SweepHandler(Handler):
    """Delete stored copies that no entry shows. Repeating is harmless."""

    def prepare(self, job: Job) -> Callable[[], None] | None:
        keys = [str(key) for key in job.payload["keys"]]
        shown = db.session.scalar(select(WallPhoto.id).where(WallPhoto.file_key.in_(keys)).limit(1))
        if shown is not None:
            return None

        def call() -> None:
            for key in keys:
                store().delete(key)

        return call
