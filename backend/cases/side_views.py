"""What the side ways of a case show: to staff, to the resident, and as marks in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.cases.words import REQUESTS
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.workflow.models import TimelineEntry
from backend.workflow.table import Edge, Field

MOST_FOLLOWERS = 100
#: filled in with an action, and shown elsewhere: as the entry's note, its photos, its sentence
SHOWN_ELSEWHERE = frozenset({"note", "reply", "media_ids", "unit_id", "into_code"})


def staff_sides(case: Case, actor: Actor, timeline: Sequence[TimelineEntry]) -> dict[str, Any]:
    """Returns, requests, suspension, merging and escalation, for staff."""
    return {
        "return_count": case.return_count,
        "extension_count": case.extension_count,
        "pending_request": _pending(case, timeline),
        "suspended_until": _day(case.suspended_until),
        "merged_into": _lead_card(case, actor),
        "merged_from": _follower_cards(case, actor),
        "upstream": _upstream(case),
        "marks": marks(case),
    }


def resident_sides(case: Case) -> dict[str, Any]:
    """The same for the resident, who reads where a merged matter stands and never whose it is."""
    return {
        "suspended_until": _day(case.suspended_until),
        "upstream_body": case.upstream_body if case.state == "escalated" else None,
        "merged": merged(case),
        "extended": case.extension_count > 0,
        "supervision_open": case.supervision_open,
    }


def lead_of(case: Any) -> Case | None:
    """The case into which this one, or its row, was merged. For what it says to others, not to be shown itself."""
    return db.session.get(Case, case.merged_into) if case.merged_into is not None else None


def merged(case: Any) -> dict[str, str] | None:
    """Where the case stands into which this one was merged, in words; None when it was not.

    `case` is a case, or a row with its `merged_into`.
    """
    lead = lead_of(case)
    if lead is None:
        return None
    state = case_kind(lead.kind).workflow.table.state(lead.state)
    return {"state_label": state.label, "tone": state.tone}


def card(case: Case) -> dict[str, Any]:
    """A case as small as it can be told apart by."""
    state = case_kind(case.kind).workflow.table.state(case.state)
    return {
        "id": case.id,
        "code_display": show_code(case.code),
        "title": case.title,
        "category_name": case.category_name,
        "place_label": case.place_label,
        "state": case.state,
        "state_label": state.for_staff,
        "tone": state.tone,
        "created_at": case.created_at,
    }


def marks(row: Any) -> list[dict[str, str]]:
    """What a line of the queue is marked with beside its state; `row` is a case, or has the queue's columns."""
    found = []
    if row.supervision_open:
        found.append(("supervised", "督办"))
    if row.pending_request:
        found.append(("pending", f"待批{REQUESTS[row.pending_request]}"))
    if row.return_count:
        found.append(("returned", f"退回 {row.return_count} 次"))
    if row.suspended_until:
        found.append(("suspended", f"挂账到 {row.suspended_until.month} 月 {row.suspended_until.day} 日"))
    return [{"code": code, "label": label} for code, label in found]


def entry_details(entry: TimelineEntry, edge: Edge | None, *, to_citizen: bool) -> list[dict[str, str]]:
    """What was filled in beside the note, each under its label: the reason, the right place, the date."""
    if edge is None:
        return []
    said = [
        {"label": _label(field, to_citizen), "value": value}
        for field in edge.fields
        if not _said_elsewhere(field, edge) and (value := _value(field, entry.data.get(field.name)))
    ]
    if "until" in entry.data and not any(field.name == "until" for field in edge.fields):
        said.append({"label": "到哪一天", "value": _long_day(str(entry.data["until"]))})
    return said


def _said_elsewhere(field: Field, edge: Edge) -> bool:
    """The sentence of the entry names the body to which the case went."""
    return field.name in SHOWN_ELSEWHERE or (field.name == "body" and "{unit}" in edge.title)


def _label(field: Field, to_citizen: bool) -> str:
    """Without what it said to whoever filled it in."""
    label = field.label.partition("（")[0]
    return label if to_citizen else label.replace("您", "居民")


def _value(field: Field, given: Any) -> str:
    if not given:
        return ""
    if field.kind == "date":
        return _long_day(str(given))
    return next((o.label for o in field.options if o.value == given), str(given))


def _long_day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _pending(case: Case, timeline: Sequence[TimelineEntry]) -> dict[str, Any] | None:
    """The request that waits for a decision, with the words it was asked in."""
    if not case.pending_request:
        return None
    asked = next((e for e in reversed(timeline) if e.action == f"ask_{case.pending_request}"), None)
    return {
        "kind": case.pending_request,
        "until": _day(case.pending_until),
        "by_name": (asked.actor_name or "") if asked is not None else "",
        "reason": (asked.note or "") if asked is not None else "",
    }


def _lead_card(case: Case, actor: Actor) -> dict[str, Any] | None:
    lead = lead_of(case)
    return card(lead) if lead is not None and case_kind(lead.kind).may_see(lead, actor) else None


def _follower_cards(case: Case, actor: Actor) -> list[dict[str, Any]]:
    followers = Case.merged_into == case.id
    if db.session.execute(select(Case.id).where(followers).limit(1)).first() is None:  # as almost always
        return []
    query = select(Case).where(followers).order_by(Case.created_at, Case.id)
    rows = db.session.scalars(query.limit(MOST_FOLLOWERS))
    return [card(row) for row in rows if case_kind(row.kind).may_see(row, actor)]


def _upstream(case: Case) -> dict[str, Any] | None:
    if not case.upstream_body:
        return None
    return {
        "body": case.upstream_body,
        "number": case.upstream_number,
        "due_on": _day(case.upstream_due_on),
    }
