"""What a resident may see of how their own case was kept and read: the chain to check, and who opened it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.cases.access import get_case_for
from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.cases.personal import own_cases
from backend.cases.readings import readings_of
from backend.cases.views import title_of
from backend.identity import personal, queries
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import SEEN_BY, chain_row
from backend.workflow.table import Table

CONTACT_READ = "case.contact.read"
HIDDEN_TITLE = "内部记录"
OPEN, HIDDEN, ERASED = "open", "hidden", "erased"
VIEWED, CONTACT = "viewed", "contact"
WHAT = {VIEWED: "打开了这件事", CONTACT: "看了您的联系方式"}


def proof(actor: Actor, case_id: int) -> dict[str, Any]:
    """The own case's chain of entries, for a verifier who trusts nobody: the phone itself.

    Rows that are not for residents come as their commitment; the clerk's name lies in a commitment of
    its own within the others. `at` is the very text that was hashed.
    """
    case = get_case_for(actor, case_id)
    table = case_kind(case.kind).workflow.table
    rows = db.session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.subject_kind == case.kind, TimelineEntry.subject_id == case.id)
        .order_by(TimelineEntry.seq)
    )
    return {
        "entries": case.entry_count,
        "head": case.chain_head,
        "state": case.state,
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


def access_log(actor: Actor, case_id: int) -> dict[str, Any]:
    """Who opened the own case or read its contact, newest first: unit and role, never a name (§8.1)."""
    case = get_case_for(actor, case_id)
    contacts = _contact_reads(case)
    readings = readings_of(case.id)
    ids = {r.staff_id for r in readings} | {e.actor_id for e in contacts}
    units = {i: card.unit_name for i, card in queries.staff_cards(ids).items()}
    roles = personal.role_labels_of(ids)
    lines = [
        _line(r.hour, VIEWED, r.unit_name or units.get(r.staff_id, ""), roles.get(r.staff_id, ""))
        for r in readings
    ]
    lines += [
        _line(
            e.at,
            CONTACT,
            units.get(e.actor_id, ""),
            roles.get(e.actor_id, ""),
            str((e.detail or {}).get("reason", "")),
        )
        for e in contacts
    ]
    return {"items": sorted(lines, key=lambda one: one["at"], reverse=True)}


def _line(at: Any, what: str, unit_name: str, role: str, reason: str = "") -> dict[str, Any]:
    return {
        "at": at,
        "by_hour": what == VIEWED,
        "what": what,
        "what_label": WHAT[what],
        "unit_name": unit_name or "镇里",
        "role_label": role,
        "reason": reason,
    }


def _contact_reads(case: Case) -> list[AuditEntry]:
    return list(
        db.session.scalars(
            select(AuditEntry).where(
                AuditEntry.subject_kind == case.kind,
                AuditEntry.subject_id == case.id,
                AuditEntry.what == CONTACT_READ,
            )
        )
    )


def copy_sections(resident_id: int) -> list[dict[str, Any]]:
    """Who opened the person's cases, for their own copy."""
    reader = Actor(kind="resident", id=resident_id, name="")
    records = []
    for case in own_cases(resident_id):
        seen = access_log(reader, case.id)["items"]
        facts = [(one["what_label"], _who_and_when(one)) for one in seen]
        records.append({"title": case.title, "facts": facts})
    return [{"code": "access", "title": "谁打开过您的事", "records": records}]


def _who_and_when(line: dict[str, Any]) -> str:
    who = " ".join(filter(None, (line["unit_name"], line["role_label"])))
    return f"{who} {shanghai(line['at']):%Y-%m-%d %H:%M}"
