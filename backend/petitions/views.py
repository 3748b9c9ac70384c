"""How a petition is shown to staff: a line of the queue, and its page with the persons masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend.cases.views import action_lines, staff_entry
from backend.identity import queries as identity
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.crypto import mask_name, mask_phone
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.petitions import files, policy, queries, ratings, words
from backend.petitions.guide import topic_label
from backend.petitions.models import (
    Petition,
    PetitionDocument,
    PetitionFile,
    PetitionParty,
    PetitionReading,
)
from backend.petitions.states import TABLE
from backend.workflow import clocks
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import timeline_of

STAFF_FILES = "/api/v1/staff/petition-files"
STAFF_DOCUMENTS = "/api/v1/staff/petition-documents"


def queue(actor: Actor, view: str, cursor: str | None) -> dict[str, Any]:
    """A page of the queue with the counts of all its views."""
    page = queries.page(actor, view, cursor)
    names = queries.staff_names([row.assignee_staff_id for row in page.items])
    return {
        "items": [line(row, names) for row in page.items],
        "next_cursor": page.next_cursor,
        "counts": queries.counts(actor),
    }


def line(petition: Petition, names: Mapping[int, str]) -> dict[str, Any]:
    """What the queue shows of a petition."""
    state = TABLE.state(petition.state)
    due_at = words.owed_at(petition)
    late = words.is_late(petition, due_at)
    return {
        "id": petition.id,
        "code_display": show_code(petition.code),
        "state": petition.state,
        "state_label": state.for_staff,
        "tone": "late" if late else state.tone,
        "class_label": words.CLASSES[petition.petition_class],
        "topic_label": topic_label(petition.town_id, petition.topic),
        "channel_label": words.CHANNELS[petition.channel],
        "title": petition.title,
        "unit_name": petition.assignee_unit_name or None,
        "staff_name": names.get(petition.assignee_staff_id or 0),
        "received_on": petition.received_on,
        "due_on": words.day_of(due_at) if state.is_open and due_at is not None else None,
        "due_text": words.time_left(petition, due_at),
        "overdue": late,
        "urgent": petition.urgent,
        "joint": petition.joint,
        "repeat_number": petition.repeat_number,
        "marks": marks(petition),
    }


def marks(petition: Petition) -> list[dict[str, str]]:
    """What stands out about the matter; never about a person."""
    found = (
        ("urgent", "重大紧急", petition.urgent),
        ("extension", "延期待批", petition.pending_request == "extension"),
        ("upstream", "上级转来", bool(petition.sender_body)),
        ("anonymous", "匿名", petition.anonymous),
        ("joint", "联名", petition.joint),
        ("repeated", "同一事项再次提出", petition.repeat_number > 0),
        ("follow_up", "待落实", petition.follow_up_open),
    )
    return [{"code": code, "label": label} for code, label, on in found if on]


def staff_view(petition: Petition, actor: Actor) -> dict[str, Any]:
    """A petition's page for staff who may see it."""
    names = queries.staff_names(
        [petition.assignee_staff_id, petition.drafted_by, *_helping(petition.helpers)]
    )
    timeline = timeline_of(petition.kind, petition.id, "staff")
    return line(petition, names) | {
        **_matter(petition),
        "assignee": {
            "unit_id": petition.assignee_unit_id,
            "unit_name": petition.assignee_unit_name or None,
            "staff_id": petition.assignee_staff_id,
            "staff_name": names.get(petition.assignee_staff_id or 0),
        },
        "dates": [words.clock_line(c) for c in clocks.of_subject(petition.kind, petition.id)],
        "parties": [_masked(party) for party in queries.parties_of(petition.id)],
        "may_read_contact": may_read_contact(petition, actor),
        "files": [sent_file(row, STAFF_FILES) for row in files.of_petition(petition.id)],
        "documents": [_document(row) for row in queries.documents_of(petition.id)],
        "ratings": ratings.lines(petition),
        "timeline": [staff_entry(entry, TABLE, []) for entry in timeline],
        "helpers": [
            {"name": one["name"], "staff_name": names.get(int(one.get("staff_id") or 0))}
            for one in petition.helpers
        ],
        "pending_request": _pending(petition, timeline),
        "opinion": _opinion(petition, names),
        "avoidances": _avoidances(petition.id),
        "links": _links(petition),
        "readings": readings(petition.id),
        "actions": action_lines(petition, actor),
    }


def may_read_contact(petition: Petition, actor: Actor) -> bool:
    """Whether the persons are open to this worker, with a reason: the office's and whoever handles it."""
    return not petition.anonymous and (policy.in_office(petition, actor) or policy.has(petition, actor))


def sent_file(row: PetitionFile, base: str) -> dict[str, Any]:
    """A file that came with a petition; `base` is where the viewer fetches files."""
    return {
        "id": row.id,
        "name": row.name,
        "media_type": row.media_type,
        "size": row.size,
        "url": f"{base}/{row.id}",
    }


def readings(petition_id: int) -> list[dict[str, Any]]:
    """Which unit had it open and when, newest first; never which clerk (§8.1 point 8)."""
    rows = db.session.scalars(
        select(PetitionReading)
        .where(PetitionReading.petition_id == petition_id)
        .order_by(PetitionReading.hour.desc())
    )
    return [
        {"unit_name": unit, "hour": hour}
        for unit, hour in dict.fromkeys((row.unit_name or "镇里", row.hour) for row in rows)
    ]


def _matter(petition: Petition) -> dict[str, Any]:
    """What it is about and where it stands."""
    joined = db.session.get(Petition, petition.joined_into) if petition.joined_into else None
    return {
        "code": petition.code,
        "version": petition.version,
        "next_step": words.next_step(petition),
        "topic": petition.topic,
        "petition_class": petition.petition_class,
        "branch": petition.branch,
        "branch_label": words.BRANCHES[petition.branch],
        "claim": petition.claim,
        "facts": petition.facts,
        "reasons": petition.reasons,
        "anonymous": petition.anonymous,
        "accepted_on": petition.accepted_on,
        "delivered_on": petition.delivered_on,
        "reviewed_on": petition.reviewed_on,
        "sender": _sender(petition),
        "extension_count": petition.extension_count,
        "outcome_label": words.OUTCOMES.get(petition.outcome or "", ""),
        "joined_into": show_code(joined.code) if joined is not None else None,
        "follow_up_open": petition.follow_up_open,
    }


def _helping(helpers: Sequence[Mapping[str, Any]]) -> list[int]:
    return [int(one["staff_id"]) for one in helpers if one.get("staff_id")]


def _masked(party: PetitionParty) -> dict[str, Any]:
    return {
        "role": party.role,
        "role_label": words.PARTY_ROLES.get(party.role, party.role),
        "name_masked": mask_name(party.name) if party.name else "",
        "phone_masked": mask_phone(party.phone) if party.phone else "",
        "has_address": bool(party.address),
        "has_id_number": bool(party.id_number),
        "confirmed": party.confirmed_at is not None,
    }


def _document(row: PetitionDocument) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_label": words.DOCUMENTS.get(row.kind, row.kind),
        "number": row.number,
        "made_on": words.day_of(row.made_at),
        "delivered_on": row.delivered_on,
        "way_label": words.DELIVERY_WAYS.get(row.way, ""),
        "signed_label": words.SIGNED.get(row.signed, ""),
        "stance_label": words.STANCES.get(row.stance, ""),
        "pdf_url": f"{STAFF_DOCUMENTS}/{row.id}/pdf" if row.pdf_file_id else None,
        "docx_url": f"{STAFF_DOCUMENTS}/{row.id}/docx" if row.docx_file_id else None,
    }


def _sender(petition: Petition) -> dict[str, Any] | None:
    if not petition.sender_body:
        return None
    return {
        "body": petition.sender_body,
        "number": petition.sender_number,
        "due_on": petition.sender_due_on,
    }


def _pending(petition: Petition, timeline: Sequence[TimelineEntry]) -> dict[str, Any] | None:
    """The request that waits for the head, in the words it was asked in."""
    if not petition.pending_request:
        return None
    asked = next((e for e in reversed(timeline) if e.action == f"ask_{petition.pending_request}"), None)
    return {
        "until": petition.pending_until,
        "by_name": (asked.actor_name or "") if asked is not None else "",
        "reason": (asked.note or "") if asked is not None else "",
    }


def _opinion(petition: Petition, names: Mapping[int, str]) -> dict[str, Any] | None:
    if not petition.opinion:
        return None
    parts = json.loads(petition.opinion)
    return {
        **{name: parts[name] for name in ("outcome", "claim", "facts", "note", "basis")},
        "outcome_label": words.OUTCOMES[parts["outcome"]],
        "drafted_by": names.get(petition.drafted_by or 0, ""),
    }


def _avoidances(petition_id: int) -> list[dict[str, Any]]:
    rows = queries.avoidances_of(petition_id)
    cards = identity.staff_cards(row.staff_id for row in rows)
    return [
        {
            "name": cards[row.staff_id].name,
            "unit_name": cards[row.staff_id].unit_name,
            "decided_at": row.decided_at,
        }
        for row in rows
        if row.staff_id in cards
    ]


def _links(petition: Petition) -> list[dict[str, Any]]:
    found = []
    for link, earlier in queries.links_of(petition.id):
        state = TABLE.state(earlier.state)
        found.append(
            {
                "id": earlier.id,
                "code_display": show_code(earlier.code),
                "state_label": state.for_staff,
                "tone": state.tone,
                "reason": link.reason,
            }
        )
    return found
