"""Reads of 随手拍: the catalogue, a report's own details."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from backend.cases.models import Case
from backend.identity import queries as identity
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.reports.models import Category, Report

OTHER_GROUP = "99"


def categories(town_id: int) -> list[Category]:
    """The town's catalogue, in its own order."""
    return list(
        db.session.execute(
            select(Category).where(Category.town_id == town_id, Category.active).order_by(Category.position)
        ).scalars()
    )


def all_categories(town_id: int) -> list[Category]:
    """Also those switched off: cases of theirs remain."""
    return list(db.session.execute(select(Category).where(Category.town_id == town_id)).scalars())


def category(town_id: int, code: str | None) -> Category:
    """An active category; without a code the town's 其他, which the desk re-codes. Invalid when unknown."""
    if code is None:
        return _other(town_id)
    found = find_category(town_id, code)
    if found is None or not found.active:
        raise Invalid(
            "category_unknown", "这个类别已经没有了，请重新选择。", fields={"category_code": ["请重新选择"]}
        )
    return found


def _other(town_id: int) -> Category:
    """The town's 其他; an emergency in the same group is never meant by saying nothing."""
    rest = (c for c in categories(town_id) if c.group_code == OTHER_GROUP and not c.emergency_number)
    found = next(rest, None)
    if found is None:
        raise Invalid("category_missing", "请选择一个类别。", fields={"category_code": ["请选择"]})
    return found


_BY_CODE = select(Category).where(
    Category.town_id == bindparam("town"), Category.code == bindparam("its_code")
)


def find_category(town_id: int, code: str) -> Category | None:
    """The category of that code, active or not."""
    return db.session.execute(_BY_CODE, {"town": town_id, "its_code": code}).scalar_one_or_none()


def report_of(case: Case) -> Report:
    """The report beside a case that the caller was allowed to load."""
    report = db.session.get(Report, case.id)
    if report is None:
        raise LookupError(f"case {case.id} has no report")
    return report


def reply_to(case_id: int) -> str | None:
    """The reply that was written to a report, for the reports that were merged into it."""
    report = db.session.get(Report, case_id)
    return report.reply if report is not None else None


def category_of(case: Case) -> Category:
    """The category that a case names, active or not; LookupError when its town never had it."""
    found = db.session.get(Category, case.category_id)
    if found is None:
        raise LookupError(
            f"case {case.id} names the category {case.category_code!r}, which its town never had"
        )
    return found


def group_of(case: Case) -> str:
    """The routing group of the category that a case names; LookupError when its town never had it."""
    found = db.session.scalar(select(Category.group_code).where(Category.id == case.category_id))
    return category_of(case).group_code if found is None else found


def unit_name(unit_id: int) -> str:
    """The name of a unit, for the timeline; empty when there is none (the assignment refuses it next)."""
    unit = identity.unit(unit_id)
    return unit.name if unit is not None else ""


def points(case_ids: Sequence[int]) -> dict[int, dict[str, float] | None]:
    """Where reports lie, GCJ-02."""
    if not case_ids:
        return {}
    rows = db.session.execute(
        select(Report.case_id, Report.point_lon, Report.point_lat).where(Report.case_id.in_(case_ids))
    )
    return {i: None if lon is None or lat is None else {"lon": lon, "lat": lat} for i, lon, lat in rows}


def details(case: Case, viewer_kind: str) -> dict[str, Any]:
    """What a report shows beyond the core of its case."""
    report = report_of(case)
    return {
        "text": report.text,
        "point": None if report.point_lon is None else {"lon": report.point_lon, "lat": report.point_lat},
        "address": report.address or "",
        "channel": report.channel,
        "reply": report.reply,
        "rating_comment": report.rating_comment,
        "has_contact": bool(report.contact_name or report.contact_phone),
        "contact_name": report.contact_name or "",
        "contact_phone": report.contact_phone or "",
    }


def contact(case: Case) -> dict[str, str]:
    """Whom to call, in clear; the core audits the reading.

    The phone given with this report comes first, else the one the resident gave to their account.
    """
    report = report_of(case)
    phone = report.contact_phone or ""
    if not phone and case.resident_id is not None:
        card = identity.resident_card(case.resident_id)
        phone = (card.phone or "") if card is not None else ""
    return {"name": report.contact_name or "", "phone": phone}
