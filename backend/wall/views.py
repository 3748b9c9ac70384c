"""What staff see of the wall, as dicts for the schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backend.cases.models import Case
from backend.cases.views import action_lines
from backend.cases.words import RATINGS, is_overdue, local_date
from backend.comments import queries as comments
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai, today
from backend.kernel.ids import show_code
from backend.media.queries import MediaCard, url
from backend.wall import consents, policy, ports, queries, redaction, services, sources
from backend.wall.consents import LABELS as CONSENT_LABELS
from backend.wall.models import WallEntry, WallFollowUp, WallPhoto
from backend.wall.states import ENTRY_TABLE, FOLLOW_UP_TABLE, UNANSWERED, WRITABLE
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import timeline_of


def candidates(actor: Actor, cursor: str | None) -> dict[str, Any]:
    """A page of what may become an entry."""
    page = queries.candidates(actor, cursor)
    return {"items": [_candidate(case) for case in page.items], "next_cursor": page.next_cursor}


def _candidate(case: Case) -> dict[str, Any]:
    source = sources.of_case(case)
    consent = consents.of(source.kind, source.id)
    return {
        "source_kind": source.kind,
        "source_id": source.id,
        "code_display": show_code(source.code),
        "title": source.title,
        "category_label": source.category_name,
        "village_name": source.village_name,
        "place_label": source.place_label,
        "unit_name": source.unit_name,
        "received_on": source.received_on,
        "closed_on": source.closed_on,
        "days_taken": (source.closed_on - source.received_on).days,
        "days_promised": source.days_promised,
        "score": source.score,
        "score_label": RATINGS.get(source.score or "", ""),
        "needs_consent": source.use == ports.CONSENT,
        "consent_state": consent.state if consent is not None else "",
        "consent_label": CONSENT_LABELS[consent.state] if consent is not None else "",
        "photo_count": len(source.photos),
    }


def entries(actor: Actor, view: str, cursor: str | None) -> dict[str, Any]:
    """A page of a list of entries."""
    page = queries.entries(actor, view, cursor)
    writers = queries.names([row.written_by for row in page.items])
    return {"items": [_line(row, writers) for row in page.items], "next_cursor": page.next_cursor}


def _line(entry: WallEntry, writers: Mapping[int, str]) -> dict[str, Any]:
    state = ENTRY_TABLE.state(entry.state)
    return {
        "id": entry.id,
        "code": entry.code,
        "title": entry.title,
        "category_label": entry.category_name,
        "village_name": entry.village_name,
        "place_label": entry.place_label,
        "unit_name": entry.unit_name,
        "state": entry.state,
        "state_label": state.label,
        "tone": state.tone,
        "writer_name": writers.get(entry.written_by, ""),
        "needs_consent": entry.needs_consent,
        "closed_on": entry.closed_on,
        "created_at": entry.created_at,
        "published_at": entry.published_at,
        "due_at": entry.due_at,
        "overdue": is_overdue(entry.due_at, None) and entry.state == "submitted",
        "follow_up_count": entry.follow_up_count,
        "unanswered_count": entry.unanswered_count,
        "followers": entry.follower_count,
    }


def entry_view(entry: WallEntry, actor: Actor) -> dict[str, Any]:
    """One entry beside the matter it was copied from, with what would be marked and the actions open now."""
    source = sources.of_entry(entry)
    writes = policy.may_write(entry, actor)
    names, address = (source.names, source.address) if source is not None else ((), "")
    texts = {name: getattr(entry, name) for name in services.TEXTS}
    consent = consents.of(entry.source_kind, entry.source_id)
    people = queries.names([entry.written_by, entry.approved_by])
    return _line(entry, people) | {
        "version": entry.version,
        "source_kind": entry.source_kind,
        "source_id": entry.source_id if writes else None,
        "matter": entry.matter,
        "done": entry.done,
        "received_on": entry.received_on,
        "days_taken": entry.days_taken,
        "days_promised": entry.days_promised,
        "on_time": entry.on_time,
        "score": entry.score,
        "score_label": RATINGS.get(entry.score or "", ""),
        "approver_name": people.get(entry.approved_by or 0, ""),
        "writable": writes and entry.state in WRITABLE,
        "marks": [place.as_json() for place in redaction.check(texts, names, address)],
        "consent_state": consent.state if consent is not None else "",
        "consent_label": CONSENT_LABELS[consent.state] if consent is not None else "",
        "photos": [_photo(photo) for photo in services.photos_of(entry.id)],
        "source_photos": [_source_photo(p) for p in source.photos] if source is not None and writes else [],
        "notes": entry.notes,
        "timeline": [_row(row) for row in timeline_of(entry.kind, entry.id, "staff")],
        "follow_ups": follow_up_lines(actor, queries.of_entry(entry.id)) if actor.may(policy.WRITE) else [],
        "actions": action_lines(entry, actor),
    }


def _photo(photo: WallPhoto) -> dict[str, Any]:
    return {
        "role": photo.role,
        "media_id": photo.media_id,
        "url": url(photo.file_key),
        "thumb_url": url(photo.thumb_key),
        "width": photo.width,
        "height": photo.height,
        "boxes": photo.boxes,
        "faces_checked": photo.faces_checked_at is not None,
    }


def _source_photo(card: MediaCard) -> dict[str, Any]:
    return {
        "media_id": card.id,
        "role": card.role,
        "url": card.url,
        "thumb_url": card.thumb_url,
        "width": card.width,
        "height": card.height,
    }


def _row(row: TimelineEntry) -> dict[str, Any]:
    edge = ENTRY_TABLE.edge(row.action, row.from_state)
    title = edge.sentence("", to_citizen=False) if edge is not None else "审核时限提醒"
    return {
        "at": row.at,
        "title": title,
        "actor_name": row.actor_name or "系统",
        "unit_name": row.unit_name,
        "note": row.note,
    }


def follow_ups(actor: Actor, view: str, cursor: str | None) -> dict[str, Any]:
    """A page of the follow-ups for the desk."""
    page = queries.follow_ups(actor, view, cursor)
    return {"items": follow_up_lines(actor, page.items), "next_cursor": page.next_cursor}


def follow_up_lines(actor: Actor, rows: Sequence[WallFollowUp]) -> list[dict[str, Any]]:
    """Follow-ups with their words; of one that is not shown yet the words are the moderators' to read."""
    said = comments.of_ids([row.comment_id for row in rows])
    entries = queries.entries_by_id([row.entry_id for row in rows])
    return [follow_up_line(actor, row, entries[row.entry_id], said.get(row.comment_id)) for row in rows]


def follow_up_line(
    actor: Actor, row: WallFollowUp, entry: WallEntry, said: Mapping[str, Any] | None
) -> dict[str, Any]:
    """One follow-up as the desk sees it."""
    state = FOLLOW_UP_TABLE.state(row.state)
    waits = row.state in UNANSWERED
    return {
        "id": row.id,
        "version": row.version,
        "entry_id": entry.id,
        "entry_title": entry.title,
        "entry_code": entry.code,
        "village_name": entry.village_name,
        "unit_name": row.unit_name,
        "source_kind": row.source_kind,
        "source_id": row.source_id,
        "text": said["text"] if said is not None else "",
        "photos": said["photos"] if said is not None else [],
        "author_label": said["author_label"] if said is not None else "",
        "seconds": said["second_count"] if said is not None else 0,
        "shown": row.shown,
        "state": row.state,
        "state_label": state.label,
        "tone": state.tone,
        "asked_at": row.created_at,
        "asked_on": local_date(row.created_at),
        "due_at": row.due_at,
        "days_waiting": (today() - shanghai(row.created_at).date()).days if waits else None,
        "overdue": row.overdue or (waits and is_overdue(row.due_at, None)),
        "answer": row.answer,
        "answered_unit": row.answered_unit,
        "answered_at": row.answered_at,
        "actions": action_lines(row, actor),
    }


def of_follow_up(actor: Actor, row: WallFollowUp) -> dict[str, Any]:
    """One follow-up after something was done with it."""
    return follow_up_lines(actor, [row])[0]
