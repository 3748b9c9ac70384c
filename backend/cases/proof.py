"""The chain of entries of something a resident brought, for a verifier who trusts nobody: the phone itself.

Rows that are not for residents come as their commitment; the clerk's name lies in a commitment of its own
within the others. `at` is the very text that was hashed.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from marshmallow import fields
from sqlalchemy import select

from backend.cases.views import title_of
from backend.kernel.db import db
from backend.kernel.schemas import Schema
from backend.workflow.kinds import kind_of
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import SEEN_BY, chain_row
from backend.workflow.table import Table

HIDDEN_TITLE = "内部记录"
OPEN, HIDDEN, ERASED = "open", "hidden", "erased"


class ProofRowSchema(Schema):
    """One entry of the chain. `at` is the text that was hashed; `shown` is open, hidden or erased."""

    seq = fields.Integer(required=True)
    at = fields.String(required=True)
    action = fields.String(required=True)
    to_state = fields.String(required=True)
    commitment = fields.String(required=True)
    chain = fields.String(required=True)
    salt = fields.String(required=True, allow_none=True)
    content = fields.Dict(
        keys=fields.String(), required=True, allow_none=True, metadata={"description": "as it was hashed"}
    )
    shown = fields.String(required=True)
    title = fields.String(required=True)


class ProofSchema(Schema):
    """The chain of one's own matter: the phone checks it."""

    entries = fields.Integer(required=True)
    head = fields.String(required=True)
    state = fields.String(required=True)
    rows = fields.List(fields.Nested(ProofRowSchema), required=True)


def proof_of(subject: Any) -> dict[str, Any]:
    """The chain of a subject that the caller may see (loaded through the function that checks them)."""
    table = kind_of(subject.kind).table
    rows = db.session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.subject_kind == subject.kind, TimelineEntry.subject_id == subject.id)
        .order_by(TimelineEntry.seq)
    )
    return {
        "entries": subject.entry_count,
        "head": subject.chain_head,
        "state": subject.state,
        "rows": [_proof_row(row, table) for row in rows],
    }


def _proof_row(entry: TimelineEntry, table: Table) -> dict[str, Any]:
    opened = _may_open(entry, table)
    row = chain_row(entry, opened=opened)
    shown = HIDDEN if not opened else OPEN if row.salt is not None else ERASED
    return {
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "action": row.action,
        "to_state": row.to_state,
        "commitment": row.commitment,
        "chain": row.chain,
        "salt": row.salt,
        "content": row.content,
        "shown": shown,
        "title": title_of(entry, table, to_citizen=True) if opened else HIDDEN_TITLE,
    }


def _may_open(entry: TimelineEntry, table: Table) -> bool:
    """Whether the resident may read all that the row's commitment opens."""
    if entry.visibility not in SEEN_BY["resident"]:
        return False
    if entry.actor_kind == "resident":
        return True
    if entry.inner_salt is None and bool(entry.salt):
        return False  # from before: only the clerk's name would open it
    edge = table.edge(entry.action, entry.from_state)
    return not entry.note or (edge is not None and edge.note_to_citizen)
