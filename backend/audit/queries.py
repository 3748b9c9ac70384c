"""Reads of the audit: the last change of a record, the log as a town's administrators see it, the seals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, and_, func, select

from backend.audit.models import AuditEntry, AuditSeal
from backend.audit.services import unsealed
from backend.kernel.db import db
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor

Row = TypeVar("Row")


def last_change(subject_kind: str, subject_id: int) -> AuditEntry | None:
    """The newest entry about a record that changed it."""
    return db.session.execute(
        select(AuditEntry)
        .where(AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def conflict_details(subject_kind: str, subject_id: int, version: int) -> dict[str, Any]:
    """What a 409 tells about a record that somebody else changed: who, when, which fields."""
    entry = last_change(subject_kind, subject_id)
    changes = (entry.detail or {}).get("changes", []) if entry is not None else []
    return {
        "current_version": version,
        "state_label": "",
        "changed_by": entry.actor_name or "系统" if entry is not None else "",
        "changed_at": entry.at if entry is not None else None,
        "change": "、".join(str(c["label"]) for c in changes) or "内容",
    }


def changed_meanwhile(what: str, subject_kind: str, subject_id: int, version: int) -> Conflict:
    """The refusal of a change that was made to an older version: who changed what, and that nothing is lost."""
    details = conflict_details(subject_kind, subject_id, version)
    said = f"{what}刚刚被{details['changed_by'] or '别人'}改过（{details['change']}）。请核对后再保存，您填写的内容还在。"
    return Conflict("changed_meanwhile", said, details=details)


def locked_at_version(
    model: type[Row], town_id: int, row_id: int, version: int | None, what: str, subject_kind: str
) -> Row:
    """The town's row, locked and as it stands now, if nobody has changed it since `version`.

    `what` is what a 409 calls it. Raises NotFound, also for another town's row; Conflict (changed_meanwhile).
    """
    # Every kind of row here has these columns; Python's types cannot say so of a class.
    columns: Any = model
    found: Any = db.session.execute(
        select(model)
        .where(columns.id == row_id, columns.town_id == town_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    if found.version != version:
        raise changed_meanwhile(what, subject_kind, found.id, found.version)
    return cast(Row, found)


def town_log(town_id: int, wanted: Mapping[str, Any], limit: int = PAGE_SIZE) -> Page[AuditEntry]:
    """What the staff of a town did, newest first, by `what` (a prefix ending in a dot, or a whole name),
    `actor_id`, `subject_kind`, `subject_id`, `since` and `until` (aware moments, the latter excluded)."""
    query = select(AuditEntry).where(_log_scope(town_id, wanted))
    at = parse_cursor(wanted.get("cursor"))
    if at is not None:
        query = query.where(behind(AuditEntry.at, AuditEntry.id, at))
    rows = db.session.execute(
        query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    ).scalars()
    return make_page(list(rows), limit, lambda e: (e.at, e.id))


def count_log(town_id: int, wanted: Mapping[str, Any]) -> int:
    """How many entries those filters find."""
    query = select(func.count()).select_from(AuditEntry).where(_log_scope(town_id, wanted))
    return int(db.session.execute(query).scalar_one())


def _log_scope(town_id: int, wanted: Mapping[str, Any]) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [AuditEntry.town_id == town_id]
    what = wanted.get("what")
    if what:
        name = AuditEntry.what
        parts.append(name.like(f"{what}%") if what.endswith(".") else name == what)
    if wanted.get("actor_id"):
        parts.append(and_(AuditEntry.actor_kind == "staff", AuditEntry.actor_id == wanted["actor_id"]))
    if wanted.get("subject_kind"):
        parts.append(AuditEntry.subject_kind == wanted["subject_kind"])
    if wanted.get("subject_id"):
        parts.append(AuditEntry.subject_id == wanted["subject_id"])
    if wanted.get("since"):
        parts.append(AuditEntry.at >= wanted["since"])
    if wanted.get("until"):
        parts.append(AuditEntry.at < wanted["until"])
    return and_(*parts)


def whats(town_id: int, since: datetime) -> list[str]:
    """Which deeds stand in the town's log since then, sorted."""
    return list(
        db.session.execute(
            select(AuditEntry.what)
            .where(AuditEntry.town_id == town_id, AuditEntry.at >= since)
            .distinct()
            .order_by(AuditEntry.what)
        ).scalars()
    )


def seals_state(at: datetime) -> dict[str, Any]:
    """How far the seals reach: how many, the last one, what is not sealed yet and since when."""
    last = db.session.execute(
        select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1)
    ).scalar_one_or_none()
    oldest = db.session.execute(
        select(func.min(AuditEntry.at)).where(AuditEntry.seal_id.is_(None))
    ).scalar_one_or_none()
    return {
        "seals": last.number if last is not None else 0,
        "last_at": last.at if last is not None else None,
        "head": last.hash if last is not None else None,
        "unsealed": unsealed(),
        "oldest_unsealed_at": oldest,
        "late": oldest is not None and at - oldest > timedelta(minutes=30),
    }
