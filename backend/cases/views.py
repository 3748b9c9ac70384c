"""How a case is shown to each audience: the resident who brought it, the staff, the public with a code.

Each audience has its own function and its own schema; nothing is shown by leaving a filter out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from backend.cases import personal, services
from backend.cases.flags import content_flag
from backend.cases.kinds import CaseKind, case_kind
from backend.cases.models import Case
from backend.cases.policy import in_scope, is_assigned, may_know_contact
from backend.cases.routing import propose
from backend.cases.side_views import card, entry_details, lead_of, merged, resident_sides, staff_sides
from backend.cases.standing import is_late, time_words
from backend.cases.words import OUTCOMES, ROLE_WORDS, URGENCIES, is_overdue, local_date
from backend.identity import minors
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now, shanghai
from backend.kernel.crypto import mask_name, mask_phone
from backend.kernel.ids import show_code
from backend.media import queries as media
from backend.workflow import clocks, engine
from backend.workflow.models import TimelineEntry, WorkClock
from backend.workflow.queries import timeline_of
from backend.workflow.table import Edge, Field, Table

#: whoever gives cases to units of the whole town
ASSIGNING = ("case.dispatch", "case.reopen", "case.check")
CLOCK_STATES = {"running": "计时中", "paused": "计时暂停", "stopped": "已完成"}
PROGRAM_ENTRIES = {"clock_warning": "时限将到，请抓紧办理", "clock_breach": "已超过时限"} | {
    "call_back_owed": "居民不满意，请安排回访",
    "call_back_alert": "回访与答复不一致，请核实",
}


def resident_view(case: Case, actor: Actor) -> dict[str, Any]:
    """The case as the resident who brought it sees it: no internal note, no clerk's name."""
    kind = case_kind(case.kind)
    details = kind.details(case, "resident")
    photos = media.for_subject(case.kind, case.id)
    return _core(case, kind) | {
        "text": details["text"],
        "point": details["point"],
        "address": details["address"],
        "holder": _holder(case, kind.workflow.table, to_citizen=True),
        "media": [photo_card(p) for p in photos],
        "timeline": [
            _resident_entry(e, kind.workflow.table, photos)
            for e in timeline_of(case.kind, case.id, "resident")
        ],
        "reply": _reply(case, details) or _reply_of_lead(case),
        "rating": _rating(case, details),
        "actions": action_lines(case, actor),
        **resident_sides(case),
    }


def staff_view(case: Case, actor: Actor) -> dict[str, Any]:
    """The case as staff see it: everything but the citizen's contact, which is asked for with a reason."""
    kind = case_kind(case.kind)
    details = kind.details(case, "staff")
    photos = media.for_subject(case.kind, case.id)
    person = identity.staff_named(case.assignee_staff_id) if case.assignee_staff_id else None
    held = clocks.as_left(case.kind, case.id)
    timeline = timeline_of(case.kind, case.id, "staff")
    view = _core(case, kind) | {
        "state_label": kind.workflow.table.state(case.state).for_staff,
        "text": details["text"],
        "point": details["point"],
        "address": details["address"],
        "channel": details["channel"],
        "category_code": case.category_code,
        "urgency": case.urgency,
        "urgency_label": URGENCIES[case.urgency],
        "contact": _masked_contact(case, details)
        if not case.confidential or may_know_contact(case, actor)
        else None,
        "assignee": {
            "unit_id": case.assignee_unit_id,
            "unit_name": case.assignee_unit_name or None,
            "staff_id": case.assignee_staff_id,
            "staff_name": person.name if person else None,
        },
        "holder": _holder(case, kind.workflow.table, to_citizen=False),
        "proposal": _proposal(case),
        "clocks": [_clock(c, kind.workflow.table) for c in held],
        "media": [photo_card(p) for p in photos],
        "timeline": [staff_entry(e, kind.workflow.table, photos) for e in timeline],
        "reply": _reply(case, details),
        "rating": _rating(case, details),
        "reopen_count": case.reopen_count,
        "content_flag": content_flag(case.kind, case.id),
        "actions": action_lines(case, actor),
        "viewers": services.other_viewers(actor, case.id),
        **kind.oversight(case, actor),
        **staff_sides(case, actor, timeline),
    }
    return personal.as_kept(case, view)


def code_card(case: Case) -> dict[str, Any]:
    """The case behind a code, for whoever merges another one into it."""
    return card(case)


def assignees(case: Case, actor: Actor) -> dict[str, Any]:
    """The units of the case's town that have somebody who can handle, with those people.

    Whoever has it and dispatches nothing passes it on within the own unit only (transfer).
    """
    people = identity.assignable(case.town_id, "case.handle")
    if not any(in_scope(case, actor, permission) for permission in ASSIGNING):
        people = {u: cards for u, cards in people.items() if u == actor.unit_id and is_assigned(case, actor)}
    units = identity.units_by_id(people)
    on_duty = identity.on_duty(people)
    return {
        "items": [
            {
                "unit_id": unit_id,
                "unit_name": units[unit_id].name,
                "people": [
                    {"id": c.id, "name": c.name, "role_label": c.role_label, "on_duty": c.id in on_duty}
                    for c in cards
                ],
            }
            for unit_id, cards in sorted(people.items(), key=lambda item: units[item[0]].code)
            if unit_id in units
        ]
    }


def public_view(case: Row[Any]) -> dict[str, Any]:
    """What a look-up code opens, from access.progress_by_code(): the state and its dates, nothing else."""
    state = case_kind(case.kind).workflow.table.state(case.state)
    return {
        "code": show_code(case.code),
        "state": case.state,
        "state_label": state.label,
        "tone": state.tone,
        "received_on": local_date(case.created_at),
        "due_on": local_date(case.due_at),
        "closed_on": local_date(case.closed_at),
        "updated_at": case.updated_at,
        "paused": state.stands_still,
        "suspended_until": case.suspended_until.isoformat() if case.suspended_until else None,
        "merged": merged(case),
    }


def _core(case: Case, kind: CaseKind) -> dict[str, Any]:
    state = kind.workflow.table.state(case.state)
    left = (shanghai(case.due_at).date() - shanghai(now()).date()).days if case.due_at else None
    return {
        "id": case.id,
        "code": case.code,
        "code_display": show_code(case.code),
        "version": case.version,
        "title": case.title,
        "category_name": case.category_name,
        "place_label": case.place_label,
        "state": case.state,
        "state_label": state.label,
        "tone": state.tone,
        "next_step": _next_step(case, state.next_step),
        "created_at": case.created_at,
        "due_at": case.due_at,
        "due_on": local_date(case.due_at),
        "due_text": time_words(state, case.due_at, case.closed_at),
        "days_left": left,
        "overdue": is_late(state, case.due_at, case.closed_at),
        "closed_at": case.closed_at,
        "paused": state.stands_still,
    }


def _next_step(case: Case, words: str) -> str:
    if case.state == "closed" and case.rating is not None:
        return "这件事已经办结，谢谢您的评价。"
    lead = lead_of(case) if case.state == "merged" else None
    if lead is not None and not case_kind(lead.kind).workflow.table.state(lead.state).is_open:
        return "合在一起办的那一件已经有了结果，见办理经过。"
    return words


def _holder(case: Case, table: Table, *, to_citizen: bool) -> dict[str, Any] | None:
    """Who has it now, as a unit with its public phone; nobody before it is dispatched."""
    held_by = table.state(case.state).held_by
    if case.state == "escalated":
        held_by = case.upstream_body
    if held_by:
        name = held_by if to_citizen else held_by.replace("您", "居民")
        return {"unit_name": name, "role_label": "", "phone": None}
    if case.assignee_unit_id is None:
        return None
    unit = identity.unit(case.assignee_unit_id)
    return {
        "unit_name": case.assignee_unit_name,
        "role_label": ROLE_WORDS.get(case.assignee_role, ""),
        "phone": (unit.phone or None) if unit is not None else None,
    }


def _masked_contact(case: Case, details: dict[str, Any]) -> dict[str, Any] | None:
    if not details["has_contact"]:
        return None
    phone = details["contact_phone"]
    return {
        "name_masked": mask_name(details["contact_name"]),
        "phone_masked": mask_phone(phone) if phone else "",
        "under_14": minors.is_under_14(case.resident_id),
    }


def _proposal(case: Case) -> dict[str, Any] | None:
    if case.state not in {"submitted", "accepted"}:
        return None
    found = propose(case)
    if found is None:
        return None
    return {
        "unit_id": found.unit_id,
        "unit_name": found.unit_name,
        "staff_id": found.staff_id,
        "staff_name": found.staff_name,
        "rule_name": found.rule_name,
        "why": found.why,
    }


def _clock(clock: WorkClock, table: Table) -> dict[str, Any]:
    return {
        "name": clock.name,
        "label": table.clock_labels.get(clock.name, clock.name),
        "due_at": clock.due_at,
        "started_at": clock.started_at,
        "stopped_at": clock.stopped_at,
        "state": clock.state,
        "state_label": CLOCK_STATES[clock.state],
        "paused": clock.state == "paused",
        "overdue": is_overdue(clock.due_at, clock.stopped_at or clock.paused_at),
    }


def photo_card(photo: Any) -> dict[str, Any]:
    """A photo with its signed addresses."""
    return {
        "id": photo.id,
        "role": photo.role,
        "url": photo.url,
        "thumb_url": photo.thumb_url,
        "width": photo.width,
        "height": photo.height,
    }


def title_of(entry: TimelineEntry, table: Table, *, to_citizen: bool) -> str:
    """The entry's sentence, with the unit it names."""
    edge = _edge(entry, table)
    if edge is None:
        return PROGRAM_ENTRIES.get(entry.action, entry.action)
    return edge.sentence(entry.data.get("unit") or "", to_citizen=to_citizen)


def _edge(entry: TimelineEntry, table: Table) -> Edge | None:
    return table.edge(entry.action, entry.from_state)


def _entry_photos(entry: TimelineEntry, photos: Iterable[Any]) -> list[dict[str, Any]]:
    wanted = set(entry.data.get("media_ids") or ())
    return [photo_card(p) for p in photos if str(p.id) in wanted]


def _resident_entry(entry: TimelineEntry, table: Table, photos: Iterable[Any]) -> dict[str, Any]:
    edge = _edge(entry, table)
    told = edge is not None and edge.note_to_citizen
    if entry.actor_kind == "resident":
        who = "您"
    else:
        who = entry.unit_name or ("按规则自动办理" if entry.actor_kind == "system" else "镇里")
    return {
        "id": entry.id,
        "at": entry.at,
        "title": title_of(entry, table, to_citizen=True),
        "who": who,
        "note": entry.note if told else None,
        "details": entry_details(entry, edge, to_citizen=True) if told else [],
        "media": _entry_photos(entry, photos),
        "tone": table.state(entry.to_state).tone,
    }


def staff_entry(entry: TimelineEntry, table: Table, photos: Iterable[Any]) -> dict[str, Any]:
    """A line of a timeline for staff, internal notes included."""
    if entry.actor_kind == "resident":
        who = "居民"
    elif entry.actor_kind == "system":
        who = f"按规则「{entry.data['rule']}」" if entry.data.get("rule") else "系统"
    else:
        who = " ".join(filter(None, (entry.unit_name, entry.actor_name)))
    return {
        "id": entry.id,
        "at": entry.at,
        "action": entry.action,
        "title": title_of(entry, table, to_citizen=False),
        "who": who,
        "note": entry.note,
        "details": entry_details(entry, _edge(entry, table), to_citizen=False),
        "visibility": entry.visibility,
        "media": _entry_photos(entry, photos),
        "rule": entry.data.get("rule"),
        "tone": table.state(entry.to_state).tone,
    }


def _reply(case: Case, details: dict[str, Any]) -> dict[str, Any] | None:
    if not details["reply"] or case.outcome is None:
        return None
    return {
        "text": details["reply"],
        "outcome": case.outcome,
        "outcome_label": OUTCOMES.get(case.outcome, case.outcome),
        "at": case.closed_at,
    }


def _reply_of_lead(case: Case) -> dict[str, Any] | None:
    """Whoever brought the same matter reads the same answer, once the lead is closed (PET-07)."""
    lead = lead_of(case)
    if lead is None or lead.state != "closed":
        return None
    return _reply(lead, case_kind(lead.kind).details(lead, "resident"))


def _rating(case: Case, details: dict[str, Any]) -> dict[str, Any] | None:
    if case.rating is None:
        return None
    return {"score": case.rating, "comment": details["rating_comment"] or "", "at": case.rated_at}


def action_lines(subject: Any, actor: Actor) -> list[dict[str, Any]]:
    """The actions that this viewer may take now, with the fields that each demands."""
    return [
        {
            "action": edge.action,
            "label": edge.label,
            "tone": edge.tone,
            "fields": [_field(field) for field in fields],
        }
        for edge, fields in engine.open_edges(subject, actor)
    ]


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "max": field.most,
        "options": [{"value": o.value, "label": o.label} for o in field.options],
        "value": None,
    }
