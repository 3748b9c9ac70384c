"""What a report keeps of the person who brought it, and how that part is corrected, thinned and erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from backend.cases.models import Case
from backend.cases.words import OUTCOMES, RATINGS
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import show_code
from backend.places import queries as places
from backend.reports.models import CallBack, Report
from backend.reports.queries import report_of
from backend.reports.states import TABLE
from backend.workflow.models import TimelineEntry

CHANNELS = {"mini": "小程序", "official": "公众号网页", "h5": "网页", "phone": "电话", "visit": "当面"}
CORRECTABLE = ("contact_name", "contact_phone", "address")


def copy(resident_id: int) -> list[dict[str, Any]]:
    """Every report of a resident, in full."""
    rows = db.session.execute(
        select(Case, Report)
        .join(Report, Report.case_id == Case.id)
        .where(Case.resident_id == resident_id)
        .order_by(Case.created_at.desc(), Case.id.desc())
    )
    found = [(case, report) for case, report in rows]
    said = _said([case.id for case, _ in found])
    records = [{"title": c.title, "facts": [*_facts(c, r), *said.get(c.id, ())]} for c, r in found]
    return [{"code": "reports", "title": "您反映的事", "records": records}]


def _said(case_ids: list[int]) -> dict[int, list[tuple[str, Any]]]:
    """What the person wrote on the way and said in call-backs, by case."""
    told: dict[int, list[tuple[str, Any]]] = {}
    entries = db.session.scalars(
        select(TimelineEntry)
        .where(
            TimelineEntry.subject_kind == TABLE.kind,
            TimelineEntry.subject_id.in_(case_ids),
            TimelineEntry.actor_kind == "resident",
            TimelineEntry.note.is_not(None),
        )
        .order_by(TimelineEntry.seq)
    )
    for entry in entries:
        told.setdefault(entry.subject_id, []).append(("您写的补充", entry.note))
    called = select(CallBack).where(CallBack.case_id.in_(case_ids), CallBack.note.is_not(None))
    for row in db.session.scalars(called):
        told.setdefault(row.case_id, []).append(("回访时您说的", row.note))
    return told


def _facts(case: Case, report: Report) -> list[tuple[str, Any]]:
    exact = report.point_lon is not None and report.point_lat is not None
    return [
        ("查询码", show_code(case.code)),
        ("内容", report.text),
        ("类别", case.category_name),
        ("地点", case.place_label),
        ("位置（GCJ-02）", f"{report.point_lon:.6f}, {report.point_lat:.6f}" if exact else None),
        ("位置已换成网格中心", report.coarse_at),
        ("补充地址", report.address),
        ("联系人", report.contact_name),
        ("联系电话", report.contact_phone),
        ("从哪里报的", CHANNELS.get(report.channel, report.channel)),
        ("上报时间", case.created_at),
        ("现在的状态", TABLE.state(case.state).label),
        ("承办单位", case.assignee_unit_name),
        ("办结时间", case.closed_at),
        ("结果", OUTCOMES.get(case.outcome or "")),
        ("答复", report.reply),
        ("您的评价", RATINGS.get(case.rating or "")),
        ("评价说明", report.rating_comment),
    ]


def correct(case: Case, changes: dict[str, str]) -> list[str]:
    """Change contact_name, contact_phone or address of a locked case's report; what changed."""
    report = report_of(case)
    changed = [n for n in CORRECTABLE if n in changes and (changes[n] or "") != (getattr(report, n) or "")]
    for name in changed:
        setattr(report, name, changes[name] or None)
    db.session.flush()
    return changed


def forget_contact(case: Case) -> bool:
    """Erase name and phone; whether there was one."""
    report = report_of(case)
    held = bool(report.contact_name or report.contact_phone)
    report.contact_name = report.contact_phone = None
    db.session.flush()
    return held


def make_coarse(case: Case) -> bool:
    """Put the middle of the smallest known place in the exact point's place and erase the address (PI-08).

    Whether anything exact was there. Without a place that has a middle the point is erased.
    """
    report = report_of(case)
    exact = report.coarse_at is None and (report.point_lon is not None or bool(report.address))
    if exact:
        middle = _middle(case) if report.point_lon is not None else None
        report.point_lon, report.point_lat = middle or (None, None)
        report.address, report.coarse_at = None, now()
        db.session.flush()
    return exact


def _middle(case: Case) -> tuple[float, float] | None:
    ids = [i for i in (case.micro_grid_id, case.grid_id, case.village_id) if i is not None]
    cards = places.places_named(ids)
    return next((cards[i].center for i in ids if i in cards and cards[i].center is not None), None)


def forget_words(case: Case) -> bool:
    """Erase the comment on the rating and what was said in call-backs; whether there was any."""
    report = report_of(case)
    said = db.session.scalars(
        select(CallBack).where(CallBack.case_id == case.id, CallBack.note.is_not(None))
    ).all()
    held = bool(report.rating_comment or said)
    report.rating_comment = None
    for row in said:
        row.note = None
    db.session.flush()
    return held


def exact_after_closing(before: datetime) -> Select[Any]:
    """Ids of cases closed before that moment that still know the exact place. Open ones have no closing date."""
    return (
        select(Report.case_id)
        .join(Case, Case.id == Report.case_id)
        .where(
            Case.closed_at < before,
            Report.coarse_at.is_(None),
            or_(Report.point_lon.is_not(None), Report.address.is_not(None)),
        )
    )


def contact_after_closing(before: datetime) -> Select[Any]:
    """Ids of cases closed before that moment that still have a contact."""
    return (
        select(Report.case_id)
        .join(Case, Case.id == Report.case_id)
        .where(
            Case.closed_at < before,
            or_(Report.contact_name.is_not(None), Report.contact_phone.is_not(None)),
        )
    )


def make_all_coarse(case_ids: Sequence[Any]) -> list[Any]:
    """make_coarse() for many, unless one was opened again meanwhile; the ids of those that were exact."""
    return [case.id for case in _still_closed(case_ids) if make_coarse(case)]


def forget_contacts(case_ids: Sequence[Any]) -> list[Any]:
    """forget_contact() for many, unless one was opened again meanwhile; the ids of those that had one."""
    return [case.id for case in _still_closed(case_ids) if forget_contact(case)]


def _still_closed(case_ids: Sequence[Any]) -> list[Case]:
    return list(
        db.session.execute(
            select(Case)
            .where(Case.id.in_(case_ids), Case.closed_at.is_not(None))
            .order_by(Case.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).scalars()
    )
