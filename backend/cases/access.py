"""The only way to a case: the function that checks who is asking."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.cases.policy import in_scope
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.workflow import engine


def get_case_for(viewer: Actor, case_id: int, *, to_act: bool = False) -> Case:
    """The case, if the viewer may see it. Missing and forbidden look alike: NotFound.

    ``to_act``: locked at once, for the step of its way that comes next.
    """
    case = load_locked(case_id) if to_act else db.session.get(Case, case_id)
    if case is not None and to_act:
        engine.just_locked(case)
    if case is None or not case_kind(case.kind).may_see(case, viewer):
        raise NotFound("case_not_found", "没有找到这件事，可能编号不对，或您无权查看。")
    return case


def load_locked(case_id: int) -> Case | None:
    """The row, locked, for the engine and its timers, which act as the program itself."""
    return db.session.execute(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()


def get_case_by_code_for(viewer: Actor, code: str) -> Case:
    """The case behind a look-up code, if the viewer dispatches where it lies; else NotFound."""
    case = db.session.execute(select(Case).where(Case.code == code)).scalar_one_or_none()
    if case is None or not in_scope(case, viewer, "case.dispatch"):
        raise NotFound("code_unknown", "没有查到这个查询码，或不在您分流的范围内。")
    return case


_case: Any = Case.__table__
_PROGRESS = select(
    _case.c.code, _case.c.kind, _case.c.state, _case.c.created_at, _case.c.updated_at, _case.c.due_at,
    _case.c.closed_at, _case.c.suspended_until, _case.c.merged_into,
).where(_case.c.code == bindparam("code"))  # fmt: skip


def progress_by_code(code: str) -> Any:
    """State and dates of the case behind a look-up code and nothing else of it; NotFound without one."""
    row: Any = db.session.execute(_PROGRESS, {"code": code}).one_or_none()
    if row is None:
        raise NotFound("code_unknown", "没有查到这个查询码，请核对后再试。查询码共 12 位。")
    return row
