"""Reads of child tasks: one for its worker, those of a case, those that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.cases.queries import SubjectCard
from backend.cases.words import URGENCIES, due_words, is_overdue
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.ids import show_code
from backend.media.queries import url as url_of
from backend.tasks import policy
from backend.tasks.models import ChildTask
from backend.tasks.states import ASSIGNED, HANDLING, OPEN, TABLE
from backend.workflow.models import TimelineEntry

MOST_WAITING = 100
#: what ended a step with words of its own
TOLD = ("finish", "return", "cancel")


def get_task_for(viewer: Actor, task_id: int) -> ChildTask:
    """The task, if the viewer may see it. Missing and forbidden look alike: NotFound."""
    task = db.session.get(ChildTask, task_id)
    if task is None or not policy.may_see(task, viewer):
        raise NotFound("task_not_found", "没有找到这个子任务，可能编号不对，或您无权查看。")
    return task


def load_locked(task_id: int) -> ChildTask | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(ChildTask)
        .where(ChildTask.id == task_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def tasks_of(case_id: int) -> list[ChildTask]:
    """Every task of a case, oldest first."""
    query = select(ChildTask).where(ChildTask.case_id == case_id).order_by(ChildTask.id)
    return list(db.session.execute(query).scalars())


def open_tasks(case_id: int) -> list[ChildTask]:
    """Those that are not done and not cancelled."""
    return [task for task in tasks_of(case_id) if task.state in OPEN]


def open_units(case_id: int) -> list[str]:
    """Whose parts are open, one name for each part."""
    return [task.assignee_unit_name for task in open_tasks(case_id)]


def case_of(task: ChildTask) -> Case:
    """The case of a task that the caller was allowed to load."""
    case = db.session.get(Case, task.case_id)
    if case is None:
        raise LookupError(f"child task {task.id} names the case {task.case_id}, which is not there")
    return case


def last_words(task_ids: Iterable[int]) -> dict[int, str]:
    """Task → what was done, or why it was given back or cancelled, in the words of the last such step."""
    wanted = list(task_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(TimelineEntry)
        .where(
            TimelineEntry.subject_kind == TABLE.kind,
            TimelineEntry.subject_id.in_(wanted),
            TimelineEntry.action.in_(TOLD),
        )
        .order_by(TimelineEntry.subject_id, TimelineEntry.seq)
    ).scalars()
    return {row.subject_id: row.note for row in rows if row.note}


def card(task_id: int) -> SubjectCard | None:
    """What a message needs to know of a task; nobody of the citizen's side."""
    task = db.session.get(ChildTask, task_id)
    if task is None:
        return None
    case = case_of(task)
    return SubjectCard(
        id=task.id,
        kind=task.kind,
        title=case.title,
        code=case.code,
        place_label=case.place_label,
        category_name=case.category_name,
        urgency=case.urgency,
        due_at=task.due_at,
        town_id=task.town_id,
        resident_id=None,
        assignee_staff_id=task.assignee_staff_id,
        assignee_unit_id=task.assignee_unit_id,
        assignee_unit_name=task.assignee_unit_name,
        places=task.places,
    )


def _mine(staff_ids: list[int], unit_id: int | None) -> ColumnElement[bool]:
    theirs = ChildTask.assignee_staff_id.in_(staff_ids)
    nobodys = and_(ChildTask.assignee_unit_id == unit_id, ChildTask.assignee_staff_id.is_(None))
    mine = theirs if unit_id is None else or_(theirs, nobodys)
    return and_(mine, ChildTask.state.in_((ASSIGNED, HANDLING)))


def waiting_count(staff: identity.StaffCard) -> int:
    """How many wait for a member of staff: theirs, and their unit's that nobody has."""
    query = select(func.count()).select_from(ChildTask).where(_mine([staff.id], staff.unit_id))
    return db.session.execute(query).scalar_one()


def waiting(actor: Actor) -> list[dict[str, Any]]:
    """What waits for this worker, as lines of the task list, soonest due first."""
    rows = db.session.execute(
        select(ChildTask, Case)
        .join(Case, Case.id == ChildTask.case_id)
        .where(_mine([actor.id, *(away for away, _ in actor.stands_in_for)], actor.unit_id))
        .order_by(ChildTask.due_at, ChildTask.id)
        .limit(MOST_WAITING)
    ).all()
    names = identity.staff_cards(t.assignee_staff_id for t, _ in rows if t.assignee_staff_id)
    points = _points(case for _, case in rows)
    return [_line(task, case, names) | {"point": points.get(case.id)} for task, case in rows]


def _points(cases: Iterable[Case]) -> dict[int, Any]:
    by_kind: dict[str, list[int]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case.id)
    return {i: p for kind, ids in by_kind.items() for i, p in case_kind(kind).points(ids).items()}


def _line(task: ChildTask, case: Case, names: Mapping[int, identity.StaffCard]) -> dict[str, Any]:
    """One line of the task list: the case it belongs to, with the task's own state, date and hands."""
    state = TABLE.state(task.state)
    person = names.get(task.assignee_staff_id or 0)
    return {
        "id": str(task.id),
        "kind": task.kind,
        "case_id": str(case.id),
        "code_display": show_code(case.code),
        "title": case.title,
        "category_name": case.category_name,
        "place_label": case.place_label,
        "state": task.state,
        "state_label": state.label,
        "tone": state.tone,
        "urgency": case.urgency,
        "urgency_label": URGENCIES[case.urgency],
        "created_at": task.created_at,
        "due_at": task.due_at,
        "overdue": is_overdue(task.due_at, None),
        "due_text": due_words(task.due_at, None),
        "assignee_name": person.name if person else None,
        "unit_name": task.assignee_unit_name,
        "thumb_url": url_of(case.cover_key) if case.cover_key else None,
        "version": task.version,
        "marks": [],  # its kind says what it is
    }
