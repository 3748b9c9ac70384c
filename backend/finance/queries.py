"""Reads of sheets: the desk's list and page, the public page, a village's year in bars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select

from backend.finance import shown
from backend.finance.categories import DIRECTION_LABELS, label_of, of_entries
from backend.finance.entries import FOOT, SAID, month_before, month_label
from backend.finance.models import FinanceJob, FinanceLine, FinanceSheet
from backend.finance.policy import READERS, may_write
from backend.finance.services import entry_of, expected_opening, newest, rows_written
from backend.finance.states import JOB_LABELS, OPEN, SEALED, SHEET_LABELS
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.paging import PAGE_SIZE, behind, make_page, parse_cursor
from backend.places.queries import get_place, places_named

PUBLIC_LINES = 200


def of_desk(actor: Actor, village_id: int | None, cursor: str | None) -> dict[str, Any]:
    """The sheets within reach, newest first."""
    query = select(FinanceSheet).where(FinanceSheet.town_id == actor.town_id, _reach(actor))
    if village_id is not None:
        query = query.where(FinanceSheet.village_id == village_id)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(FinanceSheet.created_at, FinanceSheet.id, at))
    newest_first = query.order_by(FinanceSheet.created_at.desc(), FinanceSheet.id.desc()).limit(PAGE_SIZE + 1)
    page = make_page(db.session.scalars(newest_first).all(), PAGE_SIZE, _key)
    villages = places_named([one.village_id for one in page.items])
    return {
        "items": [card(one, villages[one.village_id].name) for one in page.items],
        "next_cursor": page.next_cursor,
    }


def _key(sheet: FinanceSheet) -> tuple[datetime, Any]:
    return sheet.created_at, sheet.id


def _reach(actor: Actor) -> ColumnElement[bool]:
    columns = {"town": FinanceSheet.town_id, "village": FinanceSheet.village_id}
    found = {
        (grant.place_level, grant.place_id)
        for name in READERS
        for grant in actor.grants_with(name)
        if grant.unit_id is None and grant.place_level in columns
    }
    return or_(false(), *(columns[level] == place_id for level, place_id in sorted(found)))


def card(sheet: FinanceSheet, village_name: str) -> dict[str, Any]:
    """A sheet in a list; also what a notice shows of it."""
    return {
        "id": sheet.id,
        "village_id": sheet.village_id,
        "village_name": village_name,
        "month": sheet.month,
        "month_label": month_label(sheet.month),
        "number": sheet.number,
        "state": sheet.state,
        "state_label": SHEET_LABELS[sheet.state],
        "version": sheet.version,
        "shown": sheet.shown,
        "lines_total": sheet.line_count,
        "opening_fen": sheet.opening_fen,
        "income_fen": sheet.income_fen,
        "expense_fen": sheet.expense_fen,
        "closing_fen": sheet.closing_fen,
        "updated_at": sheet.updated_at,
        "sealed_at": sheet.sealed_at,
    }


def desk_page(actor: Actor, sheet: FinanceSheet) -> dict[str, Any]:
    """The whole sheet with its people, for the form: all entries at once, since all are saved at once."""
    foot = json.loads(sheet.foot)
    writes = may_write(actor, sheet.town_id, sheet.village_id)
    return {
        **card(sheet, get_place(sheet.village_id).name),
        "head": shown.head(sheet),
        "lines": [_desk_line(row) for row in rows_written(sheet.id)],
        "foot": {key: foot.get(key, "") for key in FOOT},
        "foot_labels": [{"key": key, "label": label} for key, label in FOOT.items()],
        "categories": [
            {"code": one.code, "label": one.label, "group": one.group, "direction": one.direction}
            for one in of_entries().values()
        ],
        "expected_opening_fen": expected_opening(sheet),
        "digest": sheet.digest,
        "may_save": writes and sheet.state == OPEN,
        "may_correct": writes and sheet.state == SEALED and newest(sheet.village_id, sheet.month) is sheet,
    }


def _desk_line(row: FinanceLine) -> dict[str, Any]:
    entry = entry_of(row)
    return {
        **shown.line(row),
        **{name: getattr(entry, name) for name in SAID},
        "shown_as": row.shown,
    }


def public_page(sheet: FinanceSheet, cursor: str | None) -> dict[str, Any]:
    """Head, entries behind the cursor (200 at a time), foot; persons masked. Whose sheet it may be is asked before."""
    after = _line_number(cursor)
    rows = shown.rows_of(sheet.id, after=after, most=PUBLIC_LINES + 1)
    more = len(rows) > PUBLIC_LINES
    return {
        "id": sheet.id,
        "village_id": sheet.village_id,
        "village_name": get_place(sheet.village_id).name,
        "month": sheet.month,
        "month_label": month_label(sheet.month),
        "version": sheet.number,
        **shown.head(sheet),
        "lines_total": sheet.line_count,
        "lines": [shown.line(row) for row in rows[:PUBLIC_LINES]],
        "next_cursor": str(rows[PUBLIC_LINES - 1].no) if more else None,
        "foot": shown.foot(sheet),
        "foot_labels": [{"key": key, "label": label} for key, label in FOOT.items()],
        "digest": sheet.digest,
        "opening_matches": _opening_matches(sheet),
    }


def _opening_matches(sheet: FinanceSheet) -> bool | None:
    """Whether it opens as last month closes in its newest public correction; None when there is no last month."""
    before = db.session.scalars(
        select(FinanceSheet.closing_fen)
        .where(
            FinanceSheet.village_id == sheet.village_id,
            FinanceSheet.month == month_before(sheet.month),
            FinanceSheet.shown,
        )
        .order_by(FinanceSheet.number.desc())
        .limit(1)
    ).first()
    return None if before is None else before == sheet.opening_fen


def _line_number(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 9):
        raise Invalid("bad_cursor", "翻页标记已失效，请刷新后再试。", fields={"cursor": ["无效"]})
    return int(cursor)


def charts(village_id: int, year: int | None) -> dict[str, Any]:
    """A village's public year: months, categories beside the year before, the years there are; all in fen."""
    sheets = _newest_shown(village_id)
    years = sorted({int(one.month[:4]) for one in sheets}, reverse=True)
    wanted = year if year is not None else (years[0] if years else 0)
    of_year = [one for one in sheets if one.month[:4] == f"{wanted:04d}"]
    # Compared with the same months of the year before: half a year is not less than a whole one.
    months = {one.month[5:] for one in of_year}
    last = [one for one in sheets if one.month[:4] == f"{wanted - 1:04d}" and one.month[5:] in months]
    now, before = _by_category(of_year), _by_category(last)
    return {
        "year": wanted,
        "years": years,
        "months": [
            {
                "month": one.month,
                "sheet_id": one.id,
                "income_fen": one.income_fen,
                "expense_fen": one.expense_fen,
                "closing_fen": one.closing_fen,
            }
            for one in of_year
        ],
        "categories": [
            {
                "code": code,
                "label": label_of(code),
                "direction": direction,
                "direction_label": DIRECTION_LABELS[direction],
                "fen": now.get((direction, code), 0),
                "last_year_fen": before.get((direction, code), 0),
            }
            for direction, code in sorted(
                now.keys() | before.keys(), key=lambda one: (one[0] != "in", -now.get(one, 0), one[1])
            )
        ],
        "compared_months": len(last),
    }


def newest_shown(village_id: int) -> FinanceSheet | None:
    """The newest month that everybody may read; of several versions the last."""
    return db.session.scalars(
        select(FinanceSheet)
        .where(FinanceSheet.village_id == village_id, FinanceSheet.shown)
        .order_by(FinanceSheet.month.desc(), FinanceSheet.number.desc())
        .limit(1)
    ).first()


def _newest_shown(village_id: int) -> list[FinanceSheet]:
    """The newest public sheet of each month, the oldest month first."""
    rows = db.session.scalars(
        select(FinanceSheet)
        .where(FinanceSheet.village_id == village_id, FinanceSheet.shown)
        .order_by(FinanceSheet.month, FinanceSheet.number)
    )
    return list({one.month: one for one in rows}.values())


def _by_category(sheets: Sequence[FinanceSheet]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    if not sheets:
        return found
    rows = db.session.execute(
        select(
            FinanceLine.direction,
            FinanceLine.category,
            func.sum(FinanceLine.income_fen + FinanceLine.expense_fen),
        )
        .where(FinanceLine.sheet_id.in_([one.id for one in sheets]))
        .group_by(FinanceLine.direction, FinanceLine.category)
    )
    for direction, category, fen in rows:
        found[direction, category] += int(fen)
    return found


def job_card(job: FinanceJob) -> dict[str, Any]:
    """How far a job has come."""
    return {
        "id": job.id,
        "village_id": job.village_id,
        "month": job.month,
        "sheet_id": job.sheet_id,
        "file_name": job.file_name,
        "state": job.state,
        "state_label": JOB_LABELS[job.state],
        "done": job.done,
        "total": job.total,
        "errors": job.errors,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "expires_at": job.expires_at,
    }
