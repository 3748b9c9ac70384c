"""How a child task is shown: a line of its case's page, and the page of whoever does it."""

from __future__ import annotations

from typing import Any

from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.cases.personal import STORED_ONLY
from backend.cases.views import action_lines, photo_card, staff_entry
from backend.cases.words import due_words, is_overdue
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.ids import show_code
from backend.media import queries as media
from backend.tasks import queries
from backend.tasks.models import ChildTask
from backend.tasks.states import TABLE
from backend.workflow.queries import timeline_of


def of_case(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """The tasks of a case for staff who may see the case, oldest first."""
    tasks = queries.tasks_of(case.id)
    if not tasks:
        return []
    names = identity.staff_cards(t.assignee_staff_id for t in tasks if t.assignee_staff_id)
    notes = queries.last_words(t.id for t in tasks)
    return [_line(t, names, notes.get(t.id)) | {"actions": action_lines(t, actor)} for t in tasks]


def _line(task: ChildTask, names: dict[int, identity.StaffCard], note: str | None) -> dict[str, Any]:
    state = TABLE.state(task.state)
    person = names.get(task.assignee_staff_id or 0)
    return {
        "id": task.id,
        "unit_name": task.assignee_unit_name,
        "staff_name": person.name if person else None,
        "text": task.text,
        "until": task.until,
        "overdue": state.is_open and is_overdue(task.due_at, None),
        "state": task.state,
        "state_label": state.label,
        "tone": state.tone,
        "note": note,
        "version": task.version,
    }


def task_view(task: ChildTask, actor: Actor) -> dict[str, Any]:
    """A task for whoever does it: what it is about, without the citizen's contact."""
    case = queries.case_of(task)
    details = case_kind(case.kind).details(case, "staff")
    names = identity.staff_cards([task.assignee_staff_id] if task.assignee_staff_id else [])
    done = media.for_subject(task.kind, task.id)
    gone = case.stored_only_at is not None  # PIPL 47: kept, and shown to nobody any more
    return _line(task, names, queries.last_words([task.id]).get(task.id)) | {
        "case_id": case.id,
        "code_display": show_code(case.code),
        "title": case.title,
        "category_name": case.category_name,
        "place_label": case.place_label,
        "case_text": STORED_ONLY if gone else details["text"],
        "point": None if gone else details["point"],
        "address": "" if gone else details["address"],
        "due_at": task.due_at,
        "due_text": due_words(task.due_at, task.closed_at),
        "case_media": [] if gone else [photo_card(p) for p in media.for_subject(case.kind, case.id)],
        "media": [photo_card(p) for p in done],
        "timeline": [staff_entry(e, TABLE, done) for e in timeline_of(task.kind, task.id, "staff")],
        "actions": action_lines(task, actor),
    }
