"""The deletion log: what was erased, by which rule, how much, and hashes of which ids. Never content."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from backend.kernel.clock import now
from backend.kernel.crypto import blind_index
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.rights.models import Deletion

RETENTION, REQUEST, WITHDRAWAL, CLOSURE = "retention", "request", "withdrawal", "closure"
HASH_LENGTH = 24


def id_hash(kind: str, record_id: object) -> str:
    """A keyed hash: whoever has the id can find its line, the line alone names nobody."""
    return blind_index(f"deletion:{kind}", str(record_id))[:HASH_LENGTH]


def note_deletion(rule: str, kind: str, because: str, ids: Iterable[object]) -> int:
    """Write one line of the log in the erasing's own transaction; how many records it is about."""
    hashes = [id_hash(kind, one) for one in ids]
    if hashes:
        db.session.add(
            Deletion(
                id=new_id(),
                at=now(),
                rule=rule,
                kind=kind,
                because=because,
                many=len(hashes),
                id_hashes=hashes,
            )
        )
        db.session.flush()
    return len(hashes)


def lines(limit: int = 100) -> list[Deletion]:
    """The newest lines."""
    return list(
        db.session.execute(
            select(Deletion).order_by(Deletion.at.desc(), Deletion.id.desc()).limit(limit)
        ).scalars()
    )
