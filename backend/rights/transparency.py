"""What a resident may see of how their own case was kept and read: the chain to check, and who opened it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.cases.access import get_case_for
from backend.cases.models import Case
from backend.cases.personal import own_cases
from backend.cases.proof import proof_of
from backend.cases.readings import readings_of
from backend.identity import personal, queries
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai
from backend.kernel.db import db

CONTACT_READ = "case.contact.read"
VIEWED, CONTACT = "viewed", "contact"
WHAT = {VIEWED: "打开了这件事", CONTACT: "看了您的联系方式"}


def proof(actor: Actor, case_id: int) -> dict[str, Any]:
    """The own case's chain of entries (proof.py); NotFound when it is not theirs."""
    return proof_of(get_case_for(actor, case_id))


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
