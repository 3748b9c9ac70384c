"""The writers of the audit: record() in the deed's own transaction, seal_batch() by the worker."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update

from backend.audit.models import AuditEntry, AuditSeal
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id

GENESIS = "0" * 64
BATCH = 5000
LONGEST_VALUE = 200


def record(
    actor: Actor, what: str, subject_kind: str, subject_id: int | None, detail: dict[str, Any] | None = None
) -> None:
    """Note that `actor` did `what` to a record; kept exactly if the deed is.

    `detail` holds no personal data: ids, codes and counts. The seal comes later, so that writers
    never wait for each other at one lock.
    """
    entry = AuditEntry(
        id=new_id(),
        at=now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name or None,
        what=what,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=detail,
        town_id=actor.town_id,
        salt=secrets.token_hex(16),
    )
    entry.digest = digest_of(entry)
    db.session.add(entry)


def record_change(
    actor: Actor,
    what: str,
    subject_kind: str,
    subject_id: int | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    *,
    name: str,
    labels: Mapping[str, str],
    personal: Mapping[str, Callable[[str], str]] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Note a change of a record field by field, old → new; whether anything differed.

    For every change that staff make on the administration's pages. ``before`` is None for a record
    that is new, ``after`` None for one that is gone. Only fields named in ``labels`` (field → its
    Chinese name on screen) are kept, in that order. ``personal`` names the fields that hold personal
    data, with the function that masks them (kernel.crypto.mask_name, mask_phone): masked values that
    look alike are still shown as changed. ``name`` is how people call the record (路灯不亮); no personal
    data. Nothing is written when nothing differs::

        before = unit_fields(unit)
        unit.name = given["name"]
        record_change(actor, "unit_changed", "unit", unit.id, before, unit_fields(unit),
                      name=unit.name, labels={"name": "名称", "phone": "电话"}, personal={"phone": mask_phone})
    """
    old, new = before or {}, after or {}
    masks = personal or {}
    changes = [
        {
            "field": field,
            "label": label,
            "old": _shown(old.get(field), masks.get(field)),
            "new": _shown(new.get(field), masks.get(field)),
        }
        for field, label in labels.items()
        if old.get(field) != new.get(field)
    ]
    if not changes and before is not None and after is not None:
        return False
    record(actor, what, subject_kind, subject_id, {"name": name, "changes": changes, **(detail or {})})
    return True


def _shown(value: Any, mask: Callable[[str], str] | None) -> Any:
    """A value as the log keeps it: plain JSON, masked, never longer than a line or two."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(one, mask) for one in value][:50]
    text = str(value)
    if mask is not None and text:
        return mask(text)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def digest_of(entry: AuditEntry) -> str:
    """The salted commitment to an entry's plaintext, hex SHA-256."""
    plain = [
        entry.salt,
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_kind,
        entry.actor_id,
        entry.actor_name,
        entry.what,
        entry.subject_kind,
        entry.subject_id,
        entry.detail,
    ]
    # Through text and back: what was hashed is what the column will give when it is read again.
    return hashlib.sha256(json.dump_bytes(json.loads(json.dump_bytes(plain)))).hexdigest()


def merkle_root(digests: Sequence[str]) -> str:
    """The root over hex digests in order. Leaves and inner nodes are hashed apart (RFC 6962 §2.1)."""
    if not digests:
        raise ValueError("no root over nothing")
    level = [hashlib.sha256(b"\x00" + bytes.fromhex(d)).digest() for d in digests]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [hashlib.sha256(b"\x01" + p[0] + p[1]).digest() if len(p) == 2 else p[0] for p in pairs]
    return level[0].hex()


def seal_hash(number: int, at: datetime, entries: int, root: str, previous: str) -> str:
    """The hash by which the next seal names this one."""
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{number}|{stamp}|{entries}|{root}|{previous}".encode()).hexdigest()


def seal_batch(limit: int = BATCH) -> int:
    """Seal up to `limit` entries that have no seal yet; returns how many. One unit: use run_unit().

    Taken by "has no seal", never by an id range: an entry with a lower id may be committed later. The
    last seal's row is locked, and its successor's number is unique: two sealers cannot fork the chain.
    """
    last = _lock_last()
    rows = db.session.execute(
        select(AuditEntry.id, AuditEntry.digest)
        .where(AuditEntry.seal_id.is_(None))
        .order_by(AuditEntry.id)
        .limit(limit)
    ).all()
    if not rows:
        return 0
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    root, at = merkle_root([row.digest for row in rows]), now()
    sealed = AuditSeal(
        number=number,
        at=at,
        entries=len(rows),
        root=root,
        previous=previous,
        hash=seal_hash(number, at, len(rows), root, previous),
    )
    db.session.add(sealed)
    db.session.flush()
    for part in _parts([row.id for row in rows], 500):
        db.session.execute(
            update(AuditEntry)
            .where(AuditEntry.id.in_(part))
            .values(seal_id=sealed.id)
            .execution_options(synchronize_session=False)
        )
    return len(rows)


def _lock_last() -> AuditSeal | None:
    newest = select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1).with_for_update()
    if db.session.execute(newest).scalar_one_or_none() is None:
        return None
    # Whoever waited for the lock holds the row that was the last one then: look again under it.
    return db.session.execute(newest).scalar_one()


def _parts(ids: list[int], size: int) -> Iterable[list[int]]:
    return (ids[i : i + size] for i in range(0, len(ids), size))


@dataclass
class Verdict:
    """What verify() found. `head` is the last seal's hash: kept elsewhere, it shows a cut-off chain."""

    seals: int = 0
    entries: int = 0
    unsealed: int = 0
    head: str = GENESIS
    faults: list[str] = field(default_factory=list)


def verify() -> Verdict:
    """Check every seal and every entry, sealed or not. Reads only, one seal's entries at a time."""
    verdict = Verdict()
    for seal in db.session.execute(select(AuditSeal).order_by(AuditSeal.number)).scalars().all():
        verdict.seals += 1
        if seal.number != verdict.seals or seal.previous != verdict.head:
            verdict.faults.append(f"seal {seal.number}: it does not follow the seal before it")
        if seal.hash != seal_hash(seal.number, seal.at, seal.entries, seal.root, seal.previous):
            verdict.faults.append(f"seal {seal.number}: its own hash does not fit")
        verdict.head, verdict.seals = seal.hash, seal.number
        digests = _check_entries(AuditEntry.seal_id == seal.id, verdict)
        verdict.entries += len(digests)
        if len(digests) != seal.entries or merkle_root(digests or [GENESIS]) != seal.root:
            verdict.faults.append(
                f"seal {seal.number}: {seal.entries} entries were sealed, {len(digests)} are there, "
                "or one was exchanged"
            )
    verdict.unsealed = len(_check_entries(AuditEntry.seal_id.is_(None), verdict))
    return verdict


def _check_entries(condition: Any, verdict: Verdict) -> list[str]:
    rows = db.session.execute(select(AuditEntry).where(condition).order_by(AuditEntry.id)).scalars().all()
    for row in rows:
        if digest_of(row) != row.digest:
            verdict.faults.append(f"entry {row.id}: it was altered after it was written")
    digests = [row.digest for row in rows]
    db.session.expunge_all()
    return digests


def unsealed() -> int:
    """How many entries wait for a seal."""
    return int(
        db.session.execute(
            select(func.count()).select_from(AuditEntry).where(AuditEntry.seal_id.is_(None))
        ).scalar_one()
    )
