"""How a petition is shown to its petitioner: dates by law, who opened it, and no clerk's name.

Nothing here is asked by a person: every list is of the one who asks (§8.1 point 2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from backend.cases.side_views import entry_details
from backend.cases.views import action_lines, title_of
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.crypto import mask_name
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.kernel.paging import PAGE_SIZE, behind, make_page, parse_cursor
from backend.petitions import files, guide, invitations, ratings, same_matter
from backend.petitions.access import SIGNED
from backend.petitions.documents import WHEN_DELIVERED
from backend.petitions.filing import Filed
from backend.petitions.models import (
    Petition,
    PetitionDocument,
    PetitionFile,
    PetitionParty,
    PetitionRating,
    PetitionReading,
)
from backend.petitions.policy import owns
from backend.petitions.states import INFORM_CLOCK, OBJECTION_CLOCK, SENDER_CLOCK, TABLE
from backend.petitions.visit_models import PetitionContactReading
from backend.petitions.words import (
    CHANNELS,
    DOCUMENTS,
    PARTY_ROLES,
    clock_line,
    day_of,
    is_late,
    next_step,
    time_left,
)
from backend.workflow import clocks
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import timeline_of

#: within the office: never a promise to the petitioner
INNER = frozenset({OBJECTION_CLOCK, SENDER_CLOCK})
FILES_AT, DOCUMENTS_AT = "/api/v1/resident/petition-files", "/api/v1/resident/petition-documents"


def receipt(filed: Filed) -> dict[str, Any]:
    """The slip: the code, the day by which they are informed, and what it repeats (PET-07)."""
    petition = filed.petition
    state = TABLE.state(petition.state)
    inform = next(c for c in clocks.of_subject(petition.kind, petition.id) if c.name == INFORM_CLOCK)
    return {
        "id": petition.id,
        "code": petition.code,
        "code_display": show_code(petition.code),
        "state": petition.state,
        "state_label": state.label,
        "next_step": state.next_step,
        "inform_by": day_of(inform.due_at),
        "same_matter": _card(filed.same),
        "invitation_url": invitations.url_of(petition) if petition.joint else None,
    }


def mine(actor: Actor, cursor: str | None) -> dict[str, Any]:
    """One's own petitions and those that one signed, newest first."""
    query = select(Petition).where(or_(Petition.resident_id == actor.id, _signed_by(actor)))
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Petition.created_at, Petition.id, at))
    rows = db.session.scalars(
        query.order_by(Petition.created_at.desc(), Petition.id.desc()).limit(PAGE_SIZE + 1)
    )
    page = make_page(list(rows), PAGE_SIZE, lambda p: (p.created_at, p.id))
    waiting = _waiting_ratings([petition.id for petition in page.items])
    return {
        "items": [
            _line(petition, actor, petition.id in waiting and owns(petition, actor))
            for petition in page.items
        ],
        "next_cursor": page.next_cursor,
    }


def _waiting_ratings(ids: Sequence[int]) -> set[int]:
    rows = db.session.scalars(select(PetitionRating).where(PetitionRating.petition_id.in_(ids)))
    return {row.petition_id for row in rows if ratings.state_of(row) == ratings.WAITING}


def _signed_by(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        PetitionParty.petition_id == Petition.id, PetitionParty.resident_id == actor.id, *SIGNED
    )


def _line(petition: Petition, actor: Actor, needs_rating: bool) -> dict[str, Any]:
    return _core(petition, actor) | {
        "needs_rating": needs_rating,
        "due_text": time_left(petition, petition.due_at),
    }


def _core(petition: Petition, actor: Actor) -> dict[str, Any]:
    state = TABLE.state(petition.state)
    return {
        "id": petition.id,
        "own": owns(petition, actor),
        "code_display": show_code(petition.code),
        "title": petition.title,
        "topic_label": guide.topic_label(petition.town_id, petition.topic),
        "state": petition.state,
        "state_label": state.label,
        "tone": state.tone,
        "received_on": petition.received_on,
        "unit_name": petition.assignee_unit_name or None,
        "due_on": day_of(petition.due_at) if petition.due_at is not None and state.is_open else None,
        "overdue": is_late(petition, petition.due_at),
    }


def detail(petition: Petition, actor: Actor) -> dict[str, Any]:
    """The whole petition for whoever brought it; for who signed it, without what is the petitioner's alone."""
    own = owns(petition, actor)
    sent = files.of_petition(petition.id)
    entries = timeline_of(petition.kind, petition.id, "resident")
    held = clocks.of_subject(petition.kind, petition.id)
    return _core(petition, actor) | {
        "version": petition.version,
        "next_step": next_step(petition),
        "claim": petition.claim,
        "facts": petition.facts,
        "reasons": petition.reasons,
        "channel_label": CHANNELS.get(petition.channel, petition.channel),
        "joint": petition.joint,
        "dates": [clock_line(clock) for clock in held if clock.name not in INNER],
        "parties": [_party(party, actor) for party in parties_of(petition.id)],
        "invitation_url": invitations.url_of(petition)
        if own and TABLE.state(petition.state).is_open
        else None,
        "files": [_file(one) for one in sent],
        "documents": [_document(one) for one in documents_of(petition.id)],
        "ratings": ratings.lines(petition) if own else [],
        "timeline": [
            _entry(entry, sent, own) for entry in entries if own or entry.action not in ratings.RATES
        ],
        "readings": _openings(petition),
        "same_matter": _card(same_matter.told_of(petition)) if own else None,
        "joined_into": _joined(petition, actor),
        "actions": _actions(petition, actor),
    }


def _actions(petition: Petition, actor: Actor) -> list[dict[str, Any]]:
    """What can be done now; a rating is offered while it is open, once."""
    open_now = ratings.can_rate(petition.id)
    return [
        line
        for line in action_lines(petition, actor)
        if line["action"] not in ratings.RATES or line["action"] in open_now
    ]


def parties_of(petition_id: int) -> list[PetitionParty]:
    """Everyone who speaks in a petition, in the order they came."""
    query = select(PetitionParty).where(PetitionParty.petition_id == petition_id)
    return list(db.session.scalars(query.order_by(PetitionParty.id)))


def readings_of(petition_id: int) -> list[PetitionReading]:
    """Who opened it, by unit and hour, newest first (§8.1 point 8)."""
    query = select(PetitionReading).where(PetitionReading.petition_id == petition_id)
    return list(db.session.scalars(query.order_by(PetitionReading.hour.desc(), PetitionReading.staff_id)))


def contact_readings_of(petition_id: int) -> list[PetitionContactReading]:
    """Who looked at the persons, and why, oldest first."""
    query = select(PetitionContactReading).where(PetitionContactReading.petition_id == petition_id)
    return list(db.session.scalars(query.order_by(PetitionContactReading.id)))


def _openings(petition: Petition) -> list[dict[str, Any]]:
    """Who opened it, and who looked at the persons with which reason; newest first, never by name."""
    lines = [
        {
            "unit_name": row.unit_name,
            "hour": row.hour,
            "by_hour": True,
            "what_label": "打开了这件事",
            "reason": "",
        }
        for row in readings_of(petition.id)
    ]
    looked = contact_readings_of(petition.id)
    units = {i: card.unit_name for i, card in identity.staff_cards(one.staff_id for one in looked).items()}
    lines += [
        {
            "unit_name": units.get(one.staff_id, "镇里"),
            "hour": one.at,
            "by_hour": False,
            "what_label": "看了您的姓名和联系方式",
            "reason": one.reason or "",
        }
        for one in looked
    ]
    return sorted(lines, key=lambda line: line["hour"], reverse=True)


def documents_of(petition_id: int) -> list[PetitionDocument]:
    """The written documents, in the order they were made."""
    query = select(PetitionDocument).where(PetitionDocument.petition_id == petition_id)
    return list(db.session.scalars(query.order_by(PetitionDocument.id)))


def _party(party: PetitionParty, actor: Actor) -> dict[str, Any]:
    own = party.resident_id == actor.id
    return {
        "role_label": PARTY_ROLES.get(party.role, party.role),
        "name": (party.name or "") if own else mask_name(party.name or ""),
        "confirmed": party.confirmed_at is not None,
    }


def _file(one: PetitionFile) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "url": f"{FILES_AT}/{one.id}",
    }


def _document(one: PetitionDocument) -> dict[str, Any]:
    readable = one.pdf_file_id is not None and (
        one.kind not in WHEN_DELIVERED or one.delivered_on is not None
    )
    return {
        "id": one.id,
        "kind": one.kind,
        "kind_label": DOCUMENTS[one.kind],
        "number": one.number,
        "made_on": day_of(one.made_at),
        "delivered_on": one.delivered_on,
        "pdf_url": f"{DOCUMENTS_AT}/{one.id}/pdf" if readable else None,
    }


def _entry(entry: TimelineEntry, sent: Sequence[PetitionFile], own: bool) -> dict[str, Any]:
    edge = TABLE.edge(entry.action, entry.from_state)
    told = edge is not None and edge.note_to_citizen
    wanted = set(entry.data.get("media_ids") or ())
    return {
        "id": entry.id,
        "at": entry.at,
        "title": _to(own, title_of(entry, TABLE, to_citizen=True)),
        "who": _who(entry, own),
        "note": entry.note if told else None,
        "details": entry_details(entry, edge, to_citizen=True) if told else [],
        "files": [_file(one) for one in sent if str(one.id) in wanted],
        "tone": TABLE.state(entry.to_state).tone,
    }


def _to(own: bool, sentence: str) -> str:
    """A sentence of the table as the petitioner reads it, or as somebody who signed with them does."""
    return sentence if own else sentence.replace("您", "发起人")


def _who(entry: TimelineEntry, own: bool) -> str:
    if entry.actor_kind == "resident":
        return _to(own, "您")
    return entry.unit_name or ("按规定" if entry.actor_kind == "system" else "镇里")


def _card(other: Petition | None) -> Mapping[str, Any] | None:
    return None if other is None else {"id": other.id, "code_display": show_code(other.code)}


def _joined(petition: Petition, actor: Actor) -> dict[str, Any] | None:
    """Where the matter is handled that this one was joined with; never whose it is."""
    lead = db.session.get(Petition, petition.joined_into) if petition.joined_into is not None else None
    if lead is None:
        return None
    own = owns(lead, actor)
    state = TABLE.state(lead.state)
    return {
        "code_display": show_code(lead.code) if own else None,
        "state_label": state.label,
        "tone": state.tone,
    }
