"""A resident's own cases, as their rights touch them: which they are, and what is left when the person goes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from backend.cases.models import Case
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, NotFound
from backend.workflow.models import TimelineEntry

STORED_ONLY = "本人已要求删除：这件事只依法存档，不再显示内容，也不能再办理。"


def own_case_locked(resident_id: int, case_id: int) -> Case:
    """The resident's own case, locked; NotFound when it is not theirs."""
    case = db.session.execute(
        select(Case)
        .where(Case.id == case_id, Case.resident_id == resident_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if case is None:
        raise NotFound("case_not_found", "没有找到这件事，可能编号不对，或您无权查看。")
    return case


def own_cases_locked(resident_id: int) -> list[Case]:
    """All of a resident's cases, locked in the order of their ids."""
    return list(
        db.session.execute(
            select(Case)
            .where(Case.resident_id == resident_id)
            .order_by(Case.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).scalars()
    )


def own_cases(resident_id: int) -> list[Case]:
    """All of a resident's cases, newest first."""
    return list(
        db.session.execute(
            select(Case)
            .where(Case.resident_id == resident_id)
            .order_by(Case.created_at.desc(), Case.id.desc())
        ).scalars()
    )


def is_stored_only(case_id: int) -> bool:
    """Whether a case has lost its person already and is only kept."""
    return db.session.scalar(select(Case.stored_only_at).where(Case.id == case_id)) is not None


def let_go(case: Case) -> list[Any]:
    """Take the person out of a locked, closed case; from then on it is stored and nothing else (PIPL 47).

    What they wrote on the timeline is erased together with its salt: the commitment stays, so the chain
    still verifies, and says nothing any more. Returns the ids of the erased entries.
    """
    own = (
        (TimelineEntry.subject_kind == case.kind)
        & (TimelineEntry.subject_id == case.id)
        & (TimelineEntry.actor_kind == "resident")
    )
    said = list(db.session.scalars(select(TimelineEntry.id).where(own, TimelineEntry.note.is_not(None))))
    _change(TimelineEntry.id.in_(said), note=None, actor_name=None, salt="", inner_salt=None)
    _change(own, actor_id=0)
    case.title, case.cover_key, case.resident_id = case.category_name, None, None
    case.stored_only_at = now()
    db.session.flush()
    return said


def as_kept(case: Case, view: dict[str, Any]) -> dict[str, Any]:
    """The case as staff may see it: of one that is only stored, that it was there and how it went."""
    if case.stored_only_at is None:
        return view
    bare = [entry | {"note": None, "media": [], "details": []} for entry in view["timeline"]]
    beside: dict[str, Any] = {name: [] for name in ("supervisions", "call_backs", "tasks") if name in view}
    return (
        view
        | beside
        | {
            "text": STORED_ONLY,
            "point": None,
            "address": "",
            "contact": None,
            "media": [],
            "reply": None,
            "rating": None,
            "timeline": bare,
            "actions": [],
            "pending_request": None,
        }
    )


def demand_in_use(case: Case) -> None:
    """Conflict for a case that is stored and nothing else (PIPL 47)."""
    if case.stored_only_at is not None:
        raise Conflict("stored_only", STORED_ONLY)


def _change(condition: Any, **values: Any) -> None:
    db.session.execute(
        update(TimelineEntry).where(condition).values(**values).execution_options(synchronize_session=False)
    )
