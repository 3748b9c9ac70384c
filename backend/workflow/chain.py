"""The chain within one subject: salted commitments, so that hidden or erased rows still verify.

A verifier who may read a row recomputes its commitment from the plaintext; of a row that is
hidden they are given the commitment alone. Either way the chain's hashes must follow.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backend.kernel import json

START = "0" * 64


def new_salt() -> str:
    """16 random bytes as hex: without them a short note could be guessed from its hash."""
    return secrets.token_hex(16)


def commit(salt: str, content: dict[str, Any]) -> str:
    """The salted hash of an entry's plaintext."""
    return hmac.new(bytes.fromhex(salt), json.dump_bytes(_sorted(content)), hashlib.sha256).hexdigest()


def content(
    actor_name: str | None,
    unit_name: str,
    note: str | None,
    data: dict[str, Any],
    inner_salt: str | None = None,
) -> dict[str, Any]:
    """The part of an entry that may be hidden or erased.

    With an inner salt, who acted and the program's own data go in as a commitment of their own: the
    citizen can then check the unit and the words without being told the clerk's name.
    """
    if inner_salt is None:  # rows from before
        return {"actor_name": actor_name or "", "unit_name": unit_name, "note": note or "", "data": data}
    inside = commit(inner_salt, {"actor_name": actor_name or "", "data": data})
    return {"unit_name": unit_name, "note": note or "", "inside": inside}


def link(before: str, seq: int, at: datetime, action: str, to_state: str, commitment: str) -> str:
    """The hash that ties an entry to the one before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = "\n".join((before, str(seq), moment, action, to_state, commitment))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class ChainRow:
    """One entry as a verifier gets it; `content` and `salt` are None when it is hidden."""

    seq: int
    at: datetime
    action: str
    to_state: str
    commitment: str
    chain: str
    salt: str | None = None
    content: dict[str, Any] | None = None


def verify(rows: Sequence[ChainRow]) -> int | None:
    """None when the chain holds from the first entry on, else the seq of the first entry that does not."""
    before = START
    for position, row in enumerate(rows, start=1):
        if row.seq != position:
            return position
        if (
            row.salt is not None
            and row.content is not None
            and commit(row.salt, row.content) != row.commitment
        ):
            return row.seq
        if link(before, row.seq, row.at, row.action, row.to_state, row.commitment) != row.chain:
            return row.seq
        before = row.chain
    return None


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _sorted(value[k]) for k in sorted(value)}
    if isinstance(value, list):
        return [_sorted(v) for v in value]
    return value
