"""The only writer of photos: ticket → upload → complete → attach, and the way out again."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, outside_transaction, run_unit
from backend.kernel.errors import AppError, Conflict, Invalid, NotFound, TooLarge, Unavailable
from backend.kernel.ids import new_id
from backend.media import checks
from backend.media.models import MediaFile
from backend.media.ports import ObjectMissing, PostTicket, StoreError, store
from backend.outbox import Handler, Job, enqueue, handles, periodic
from backend.places.geometry import wgs84_to_gcj02

log = logging.getLogger(__name__)

TICKET_SECONDS = 30 * 60
KEEP_UNATTACHED = timedelta(days=30)  # PI-08: drafts 30 days
KEEP_UNCHECKED = timedelta(hours=24)  # what lies in tmp/ still has the camera's notes in it
TMP = "tmp/"
PURGE_BATCH = 500
SWEEP_BATCH = 5000
#: which uploads may stand in which role of a subject
MOST_IN_A_ROLE = 45
ROLE_OF_PURPOSE = {"report": "before", "after": "after"}
WIPE = "media.wipe"
_SUFFIX = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


@dataclass(frozen=True)
class OpenedTicket:
    """A new row and the store's leave to send its bytes."""

    id: int
    ticket: PostTicket


def open_ticket(actor: Actor, purpose: str, content_type: str, size: int) -> OpenedTicket:
    """Leave to upload one photo of at most MAX_BYTES within half an hour, under a key of our choosing.

    Raises Invalid or TooLarge with a sentence when the phone already says it is no photo, or too large.
    """
    if purpose not in ROLE_OF_PURPOSE:
        raise Invalid(
            "purpose_unknown", "不知道这张照片是做什么用的，请更新页面后再试。", fields={"purpose": ["不对"]}
        )
    if content_type in checks.HEIC_TYPES:
        raise checks.heic()
    if content_type not in checks.TYPES:
        raise checks.not_a_photo()
    if size > checks.MAX_BYTES:
        raise checks.too_many_bytes()
    if size < 1:
        raise checks.empty()
    moment = now()
    key = f"{TMP}{moment:%Y%m}/{secrets.token_hex(16)}.{_SUFFIX[content_type]}"
    ticket = store().post_ticket(key, content_type, checks.MAX_BYTES, TICKET_SECONDS)
    row = MediaFile(
        id=new_id(),
        owner_kind=actor.kind,
        owner_id=actor.id,
        purpose=purpose,
        state="ticketed",
        content_type=content_type,
        declared_size=size,
        upload_key=key,
        created_at=moment,
        expires_at=moment + timedelta(seconds=TICKET_SECONDS),
    )
    db.session.add(row)
    db.session.flush()
    return OpenedTicket(row.id, ticket)


def complete(actor: Actor, media_id: int) -> MediaFile:
    """Check what was uploaded, by its bytes, and keep a clean copy; asking again gives the same answer.

    The bytes are read, opened (in a child) and stored with no transaction open; a refused upload is
    deleted from the store, and its ticket may be used again until it expires. The upload goes only
    after the clean copy is committed: a crash before that loses nothing, asking again does it all again.
    Raises NotFound (unknown or another person's), Conflict (expired, not uploaded), Invalid, TooLarge.
    """
    row = _own(actor, media_id)
    if row.state in ("ready", "attached"):
        return row
    if row.state == "removed":
        raise _unknown()
    if row.expires_at < now():
        raise Conflict("ticket_expired", "这张照片上传得太久，凭证已过期，请重新选择这张照片。")
    upload_key, made = row.upload_key, row.created_at
    try:
        with outside_transaction():
            cleaned = _cleaned(upload_key, _file_key(media_id, made), _thumb_key(media_id, made))
    except AppError:
        row = _own(actor, media_id, lock=True)
        if row.state == "ticketed":
            raise
        return row  # a second call of the same phone was faster, and took the upload with it
    row = run_unit(lambda: _kept(actor, media_id, cleaned))
    _spend(upload_key)
    return row


def _kept(actor: Actor, media_id: int, cleaned: _Cleaned) -> MediaFile:
    row = _own(actor, media_id, lock=True)
    if row.state == "ticketed":  # else a second call of the same phone was faster
        _fill(row, cleaned)
        db.session.flush()
    return row


def _spend(upload_key: str) -> None:
    """Put nothing in the place of the upload: its bytes are gone, and its ticket finds the place taken."""
    try:
        store().save(upload_key, b"", "application/octet-stream")
    except StoreError as error:
        log.warning("an upload stays until the sweep", extra={"error": str(error)})


def remove(actor: Actor, media_id: int) -> None:
    """Take a photo back before it is attached; its bytes go by an outbox job. Raises NotFound, Conflict."""
    row = _own(actor, media_id, lock=True)
    if row.state == "attached":
        raise Conflict("photo_used", "这张照片已经提交，不能再删除。")
    if row.state != "removed":
        _forget(row)
    db.session.flush()


def attach(
    actor: Actor,
    media_ids: Sequence[int],
    subject_kind: str,
    subject_id: int,
    role: str,
    limit: int = checks.MAX_PHOTOS,
) -> list[MediaFile]:
    """Make the actor's own ready photos part of a subject, in the order given.

    ``role`` "before" takes uploads for a report, "after" uploads of work done. ``limit`` bounds one
    step, since a report may be added to, and work done again; MOST_IN_A_ROLE bounds them together.
    Raises Invalid with the field ``media_ids``.
    """
    wanted = list(dict.fromkeys(media_ids))
    if not wanted:
        return []
    present = _attached_count(subject_kind, subject_id, role)
    if len(wanted) > limit:
        raise _bad_photos("too_many_photos", f"照片最多 {limit} 张，现在有 {len(wanted)} 张，请去掉几张。")
    if present + len(wanted) > MOST_IN_A_ROLE:
        raise _bad_photos("too_many_photos", f"这件事的照片已有 {present} 张，不能再加了，请用文字说明。")
    statement = select(MediaFile).where(MediaFile.id.in_(wanted)).order_by(MediaFile.id).with_for_update()
    rows = {row.id: row for row in db.session.scalars(statement.execution_options(populate_existing=True))}
    moment = now()
    for position, media_id in enumerate(wanted, start=present):
        row = _attachable(actor, rows.get(media_id), role)
        row.state, row.subject_kind, row.subject_id, row.role = "attached", subject_kind, subject_id, role
        row.position, row.attached_at = position, moment
        row.lon = row.lat = None
    db.session.flush()
    return [rows[media_id] for media_id in wanted]


def take_away(subject_kind: str, subject_id: int) -> list[int]:
    """Remove every photo of a subject whose author took it back: the bytes go by an outbox job. Those removed."""
    rows = db.session.scalars(
        select(MediaFile)
        .where(
            MediaFile.subject_kind == subject_kind,
            MediaFile.subject_id == subject_id,
            MediaFile.state == "attached",
        )
        .with_for_update()
    ).all()
    for row in rows:
        _forget(row)
    db.session.flush()
    return [row.id for row in rows]


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two resident records became one: photos of the one that is gone belong to the one that is kept."""
    db.session.execute(
        update(MediaFile)
        .where(MediaFile.owner_kind == "resident", MediaFile.owner_id == gone_id)
        .values(owner_id=kept_id)
    )


def purge_unattached(older_than: timedelta = KEEP_UNATTACHED) -> int:
    """Remove photos that nobody submitted within ``older_than``, and uploads never finished within a day.

    How many. One batch of each per call, in a unit.
    """
    return _purge("ready", older_than) + _purge("ticketed", min(older_than, KEEP_UNCHECKED))


def _purge(state: str, older_than: timedelta) -> int:
    statement = (
        select(MediaFile)
        .where(MediaFile.state == state, MediaFile.created_at < now() - older_than)
        .order_by(MediaFile.created_at)
        .limit(PURGE_BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = list(db.session.scalars(statement))
    for row in rows:
        _forget(row)
    db.session.flush()
    return len(rows)


def sweep_tmp() -> int:
    """Delete what has lain in tmp/ for a day: nothing there is still waited for. How many; outside any transaction."""
    return store().sweep(TMP, now() - KEEP_UNCHECKED, SWEEP_BATCH)


# Photos that nobody submitted go by the retention rule, which logs it; this is the net a day behind it.
periodic("media.purge", 3600, lambda: purge_unattached(KEEP_UNATTACHED + timedelta(days=1)))
periodic("media.sweep", 3600, sweep_tmp, in_transaction=False)


@handles(WIPE)
class WipeHandler(Handler):
    """Delete a removed photo's bytes from the store, then note that they are gone. Repeating is harmless."""

    def prepare(self, job: Job) -> Callable[[], None] | None:
        row = db.session.get(MediaFile, int(job.payload["media_id"]))
        if row is None or row.state != "removed" or row.wiped_at is not None:
            return None
        own = (_file_key(row.id, row.created_at), _thumb_key(row.id, row.created_at))
        keys = {row.upload_key, *own, row.file_key or own[0], row.thumb_key or own[1]}

        def call() -> None:
            for key in keys:
                store().delete(key)

        return call

    def complete(self, job: Job, result: None) -> None:
        db.session.execute(
            update(MediaFile)
            .where(MediaFile.id == int(job.payload["media_id"]), MediaFile.state == "removed")
            .values(wiped_at=now())
        )


@dataclass(frozen=True)
class _Cleaned:
    decoded: checks.Decoded
    file_key: str
    thumb_key: str


def _cleaned(upload_key: str, file_key: str, thumb_key: str) -> _Cleaned:
    """Read, judge, re-encode, store; what is refused does not stay in the store."""
    try:
        data = store().read(upload_key)
        try:
            checks.judge(data)
            decoded = checks.decode(data)
        except (Invalid, TooLarge):
            if data:  # nothing at all is the mark that the ticket was used
                store().delete(upload_key)
            raise
        store().save(file_key, decoded.photo, "image/jpeg")
        store().save(thumb_key, decoded.thumb, "image/jpeg")
    except ObjectMissing:
        raise Conflict("photo_not_uploaded", "照片还没有传上来，请重新选择这张照片。") from None
    except StoreError as error:
        raise Unavailable("store_unavailable", "照片暂时存不下来，请稍后再试，您填写的内容还在。") from error
    return _Cleaned(decoded, file_key, thumb_key)


def _fill(row: MediaFile, cleaned: _Cleaned) -> None:
    decoded = cleaned.decoded
    row.state, row.completed_at = "ready", now()
    row.file_key, row.thumb_key = cleaned.file_key, cleaned.thumb_key
    row.size, row.width, row.height = len(decoded.photo), decoded.width, decoded.height
    row.sha256 = hashlib.sha256(decoded.photo).hexdigest()
    if decoded.position is not None:
        lon, lat = wgs84_to_gcj02(*decoded.position)
        row.lon, row.lat = round(lon, 6), round(lat, 6)


def _forget(row: MediaFile) -> None:
    row.state, row.removed_at = "removed", now()
    row.lon = row.lat = None
    enqueue(WIPE, {"media_id": row.id}, key=f"{WIPE}:{row.id}")


def _own(actor: Actor, media_id: int, *, lock: bool = False) -> MediaFile:
    """The actor's own photo; another person's looks like none."""
    statement = select(MediaFile).where(
        MediaFile.id == media_id, MediaFile.owner_kind == actor.kind, MediaFile.owner_id == actor.id
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalars(statement).one_or_none()
    if row is None:
        raise _unknown()
    return row


def _attachable(actor: Actor, row: MediaFile | None, role: str) -> MediaFile:
    if row is None or (row.owner_kind, row.owner_id) != (actor.kind, actor.id) or row.state == "removed":
        raise _bad_photos("photo_unknown", "有一张照片找不到了，请去掉它或重新选择。")
    if row.state == "ticketed":
        raise _bad_photos("photo_not_ready", "有一张照片还没有传完，请等一等，或去掉它。")
    if row.state == "attached":
        raise _bad_photos("photo_used", "有一张照片已经用在别处，请重新选择。")
    if ROLE_OF_PURPOSE[row.purpose] != role:
        raise _bad_photos("photo_wrong_purpose", "有一张照片不是为这一步拍的，请重新选择。")
    return row


def _attached_count(subject_kind: str, subject_id: int, role: str) -> int:
    return db.session.execute(
        select(func.count()).where(
            MediaFile.subject_kind == subject_kind, MediaFile.subject_id == subject_id, MediaFile.role == role
        )
    ).scalar_one()


def _file_key(media_id: int, made: datetime) -> str:
    """Deterministic, so that a crash between storing and noting leaves nothing that cannot be found again."""
    return f"case/{made:%Y%m}/{media_id}.jpg"


def _thumb_key(media_id: int, made: datetime) -> str:
    return f"case/{made:%Y%m}/{media_id}-s.jpg"


def _unknown() -> NotFound:
    return NotFound("photo_unknown", "没有找到这张照片，请重新选择。")


def _bad_photos(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"media_ids": [sentence]})
