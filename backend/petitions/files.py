"""Files of petitions: encrypted before they reach the store, opened by one function, gone by an outbox job.

Nothing is stored within a transaction. A row is written first (size 0), then the bytes under the key it
names, then the size: killed anywhere in between, the row is found again and its bytes with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select, update

from backend import audit
from backend.kernel import crypto
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, outside_transaction, run_unit
from backend.kernel.errors import Invalid, NotFound, Unavailable
from backend.kernel.ids import new_id
from backend.media.ports import ObjectMissing, StoreError, store
from backend.outbox import Handler, Job, enqueue, handles, periodic
from backend.petitions import uploads
from backend.petitions.access import get_petition_for
from backend.petitions.models import PetitionFile

EVIDENCE, DOCUMENT = "evidence", "document"
MOST_AT_ONCE = 9
MOST_OF_A_PETITION = 60
KEEP_UNATTACHED = timedelta(days=30)  # PI-08: drafts 30 days
#: of somebody without a name nothing waits: what is not sent within a day is gone
KEEP_WITHOUT_OWNER = timedelta(hours=24)
#: a sealed object has no type of its own
STORED_AS = "application/octet-stream"
WIPE = "petition_files.wipe"
PURGE_BATCH = 200


@dataclass(frozen=True)
class Opened:
    """A file as its reader gets it."""

    name: str
    media_type: str
    data: bytes


def owner_of(actor: Actor) -> str:
    """Under which name a person's files wait until they are attached."""
    return f"{actor.kind}:{actor.id}"


def owner_of_sending(sending: str) -> str:
    """The same of a sending without a name: nothing but a hash of what the phone made up for it (§1.5)."""
    return hashlib.sha256(sending.encode()).hexdigest()


def upload(owner: str, name: str, data: bytes) -> PetitionFile:
    """Clean a photo or PDF, encrypt and store it; it waits to be attached.

    Opens its own units. The name of a file that nobody's name stands behind is not kept.
    Raises Invalid, TooLarge, Unavailable with sentences.
    """
    with outside_transaction():
        clean = uploads.cleaned(data)
    shown = uploads.shown_name(name if _is_person(owner) else "", clean.media_type)
    row = run_unit(lambda: new_row(owner, EVIDENCE, shown, clean.media_type))
    save(row, clean.data)
    return run_unit(lambda: stored(row.id, len(clean.data)))


def new_row(
    owner: str, purpose: str, name: str, media_type: str, petition_id: int | None = None
) -> PetitionFile:
    """A row for bytes that are yet to be stored."""
    made, file_id = now(), new_id()
    row = PetitionFile(
        id=file_id,
        petition_id=petition_id,
        purpose=purpose,
        owner=owner,
        name=name,
        media_type=media_type,
        size=0,
        store_key=f"petition/{made:%Y%m}/{file_id}-{key_mark()}.sealed",
        key_id=crypto.prefix(),
        created_at=made,
    )
    db.session.add(row)
    db.session.flush()
    return row


def key_mark() -> str:
    """The part of a store key that changes with the newest key, so that rotating never overwrites."""
    return hashlib.sha256(crypto.prefix().encode()).hexdigest()[:8]


def context(file_id: int) -> str:
    """What the bytes are bound to: moved under another file's row they do not open."""
    return f"petition_files.bytes:{file_id}"


def save(row: PetitionFile, data: bytes) -> None:
    """Encrypt and store the bytes of a row; outside any transaction. Raises Unavailable."""
    key, file_id = row.store_key, row.id
    try:
        with outside_transaction():
            store().save(key, crypto.seal_bytes(data, context(file_id)), STORED_AS)
    except StoreError as error:
        raise Unavailable("store_unavailable", "文件暂时存不下来，请稍后再试，您填写的内容还在。") from error


def stored(file_id: int, size: int) -> PetitionFile:
    """Note that a row's bytes are there."""
    row = db.session.get_one(PetitionFile, file_id)
    row.size, row.key_id = size, crypto.prefix()
    db.session.flush()
    return row


def attach(owner: str, file_ids: Sequence[int], petition_id: int) -> list[PetitionFile]:
    """Make the owner's own waiting files part of a petition. Raises Invalid with the field ``file_ids``."""
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return []
    if len(wanted) > MOST_AT_ONCE:
        raise _bad("too_many_files", f"一次最多交 {MOST_AT_ONCE} 个文件，现在有 {len(wanted)} 个。")
    if _attached(petition_id) + len(wanted) > MOST_OF_A_PETITION:
        raise _bad(
            "too_many_files", f"这件事的材料已经很多，最多 {MOST_OF_A_PETITION} 个，请交到镇信访办窗口。"
        )
    query = select(PetitionFile).where(PetitionFile.id.in_(wanted)).order_by(PetitionFile.id)
    found = db.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    rows = {row.id: row for row in found}
    for file_id in wanted:
        row = rows.get(file_id)
        if row is None or (row.owner, row.purpose) != (owner, EVIDENCE) or not row.size:
            raise _bad("file_unknown", "有一个文件找不到了，请去掉它或重新选择。")
        if row.petition_id not in (None, petition_id):
            raise _bad("file_used", "有一个文件已经用在别处，请重新选择。")
        row.petition_id = petition_id
    db.session.flush()
    return [rows[file_id] for file_id in wanted]


def of_petition(petition_id: int) -> list[PetitionFile]:
    """What was sent with a petition, in order; the written documents are not among it."""
    query = select(PetitionFile).where(
        PetitionFile.petition_id == petition_id, PetitionFile.purpose == EVIDENCE
    )
    return list(db.session.scalars(query.order_by(PetitionFile.id)))


def open_for(actor: Actor, file_id: int) -> Opened:
    """A file that the actor sent, or that belongs to a petition they may see; the opening is on record.

    Opens its own units. Missing and forbidden look alike: NotFound.
    """
    return read(lambda: _visible(actor, file_id))


def read(find: Callable[[], PetitionFile]) -> Opened:
    """Fetch and decrypt what `find` finds in a unit; once more when a rotation moved it meanwhile."""
    for again in (True, False):
        row = run_unit(find)
        key, file_id = row.store_key, row.id
        try:
            with outside_transaction():
                sealed = store().read(key)
        except ObjectMissing:
            if again:
                continue
            raise Unavailable("file_missing", "这个文件暂时取不出来，请稍后再试。") from None
        except StoreError as error:
            raise Unavailable("store_unavailable", "文件暂时取不出来，请稍后再试。") from error
        return Opened(row.name, row.media_type, crypto.unseal_bytes(sealed, context(file_id)))
    raise AssertionError("unreachable")


def _visible(actor: Actor, file_id: int) -> PetitionFile:
    row = db.session.get(PetitionFile, file_id)
    if row is None or row.purpose != EVIDENCE or not row.size:
        raise _unknown()
    if row.petition_id is None:
        if row.owner != owner_of(actor):
            raise _unknown()
        return row
    get_petition_for(actor, row.petition_id)
    audit.record(actor, "petition_file.open", "petition", row.petition_id, {"file_id": str(row.id)})
    return row


def erase(rows: Sequence[PetitionFile]) -> None:
    """Forget files; their bytes go by an outbox job, which is owed from this unit's commit on."""
    for row in rows:
        owe_wipe(row.store_key)
        db.session.delete(row)
    db.session.flush()


def owe_wipe(store_key: str, after: timedelta = timedelta(0)) -> None:
    """Have bytes deleted that no row names any more, at once or after a while."""
    enqueue(WIPE, {"store_key": store_key}, not_before=now() + after if after else None)


@handles(WIPE)
class WipeFile(Handler):
    """Delete an object, unless a row names it (again). Repeating is harmless."""

    def prepare(self, job: Job) -> Callable[[], None] | None:
        key = str(job.payload["store_key"])
        if db.session.scalar(select(PetitionFile.id).where(PetitionFile.store_key == key)) is not None:
            return None
        return lambda: store().delete(key)


def purge() -> int:
    """Forget files that nobody attached: after 30 days, of a sending without a name after one. How many."""
    nameless = PetitionFile.owner.not_like("resident:%") & PetitionFile.owner.not_like("staff:%")
    query = select(PetitionFile).where(
        PetitionFile.petition_id.is_(None),
        or_(
            PetitionFile.created_at < now() - KEEP_UNATTACHED,
            (PetitionFile.created_at < now() - KEEP_WITHOUT_OWNER) & (nameless | (PetitionFile.size == 0)),
        ),
    )
    rows = list(db.session.scalars(query.limit(PURGE_BATCH).with_for_update(skip_locked=True)))
    erase(rows)
    return len(rows)


periodic("petition_files.purge", 3600, purge)


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two resident records became one: what waits under the one that is gone waits under the other."""
    db.session.execute(
        update(PetitionFile)
        .where(PetitionFile.owner == f"resident:{gone_id}")
        .values(owner=f"resident:{kept_id}")
    )


def _attached(petition_id: int) -> int:
    return db.session.execute(
        select(func.count()).where(PetitionFile.petition_id == petition_id, PetitionFile.purpose == EVIDENCE)
    ).scalar_one()


def _is_person(owner: str) -> bool:
    return owner.startswith(("resident:", "staff:"))


def _unknown() -> NotFound:
    return NotFound("file_unknown", "没有找到这个文件，可能已被移走，或您无权查看。")


def _bad(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"file_ids": [sentence]})
