"""The only writers of finance sheets: begun, filled in, sealed, corrected, shown. They flush and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from backend.audit.services import record
from backend.finance import names, shown
from backend.finance.access import get_sheet_for, get_village_for
from backend.finance.checks import as_fields, balance, faults_of
from backend.finance.entries import FOOT, SAID, Content, Entry, is_month, month_before, month_label
from backend.finance.models import FinanceLine, FinanceSheet
from backend.finance.states import OPEN, SEALED
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump

SUBJECT = "finance_sheet"
#: of the table: two thousand rows through the ORM would cost half as much again
_lines: Any = FinanceLine.__table__
CHUNK = 1000


def surrogate(town_id: int) -> str:
    """The name under which kept pages know a town's sheets (kernel/page_numbers.py)."""
    return f"finance:{town_id}"


def begin(actor: Actor, village_id: int, month: str) -> FinanceSheet:
    """An empty sheet of a month; of a month that is sealed already a correction, begun from what stands there.

    Raises NotFound, Forbidden, Invalid for a month that is none or is yet to come, Conflict when one is open.
    """
    village = get_village_for(actor, village_id, write=True)
    demand_month(month)
    last = newest(village.id, month)
    if last is not None and last.state == OPEN:
        raise Conflict(
            "sheet_open", f"{month_label(month)}的收支表正在填写，请接着填。", details={"id": str(last.id)}
        )
    sheet = _new(actor, village.places["town"], village.id, month, 1 if last is None else last.number + 1)
    before = sealed_before(village.id, month)
    if last is not None:
        _write(sheet, content_of(last))
    else:
        opening = before.closing_fen if before is not None else 0
        _write(sheet, Content(month, (), opening_fen=opening, foot={}))
    record(actor, "finance_sheet.begin", SUBJECT, sheet.id, {"month": month, "number": sheet.number})
    return sheet


def demand_month(month: str) -> None:
    """Raises Invalid for what is no month, or a month that has not begun in Shanghai."""
    if not is_month(month):
        raise Invalid("bad_month", "月份要写成 2026-10 这样。", fields={"month": ["月份不对"]})
    if month > f"{today():%Y-%m}":
        raise Invalid("bad_month", f"{month_label(month)}还没有到。", fields={"month": ["还没有到"]})


def _new(actor: Actor, town_id: int, village_id: int, month: str, number: int) -> FinanceSheet:
    at = now()
    sheet = FinanceSheet(
        id=new_id(), town_id=town_id, village_id=village_id, month=month, number=number, state=OPEN, version=1,
        account="", foot="{}", digest="", shown=False, created_by=actor.id, created_at=at, updated_at=at,
    )  # fmt: skip
    db.session.add(sheet)
    return sheet


def newest(village_id: int, month: str, *, lock: bool = False) -> FinanceSheet | None:
    """The newest sheet of a village's month."""
    query = (
        select(FinanceSheet)
        .where(FinanceSheet.village_id == village_id, FinanceSheet.month == month)
        .order_by(FinanceSheet.number.desc())
        .limit(1)
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def sealed_before(village_id: int, month: str) -> FinanceSheet | None:
    """Last month's sealed sheet, in its newest correction: as it closed, this month opens (§4.3)."""
    return db.session.scalars(
        select(FinanceSheet)
        .where(
            FinanceSheet.village_id == village_id,
            FinanceSheet.month == month_before(month),
            FinanceSheet.state == SEALED,
        )
        .order_by(FinanceSheet.number.desc())
        .limit(1)
    ).one_or_none()


def save(actor: Actor, sheet_id: int, version: int, content: Content) -> FinanceSheet:
    """Put this into an open sheet, in the place of what was there; all of it or nothing.

    What is left to the program (None) is reckoned: opening from last month, closing from the entries.
    Raises NotFound, Forbidden, Conflict (sealed, changed meanwhile), Invalid with every fault.
    """
    sheet = get_sheet_for(actor, sheet_id, write=True)
    demand_open(sheet)
    if sheet.version != version:
        raise Conflict(
            "changed_meanwhile",
            "这张表刚刚被改过，请刷新后再保存，您写的内容还在。",
            details={"version": sheet.version},
        )
    put(actor, sheet, content)
    return sheet


def demand_open(sheet: FinanceSheet) -> None:
    """Raises Conflict for a sheet that is sealed: it is corrected by a new one, never changed (OPEN-05)."""
    if sheet.state != OPEN:
        raise Conflict("sheet_sealed", "这张表已经定稿，不能再改。要更正，请做一张更正表。")


def put(actor: Actor, sheet: FinanceSheet, content: Content, *, judged: bool = False) -> None:
    """Check and write an open sheet that is locked. Raises Invalid with every fault, by field.

    `judged`: faults_of() has found nothing in this content a moment ago; only what other sheets say is asked again.
    """
    opening = expected_opening(sheet)
    faults = list(balance(content, opening)) if judged else faults_of(content, opening_fen=opening)
    if faults:
        first = faults[0]
        where = "" if first.no is None else f"第 {first.no} 笔："
        raise Invalid("sheet_faults", f"{where}{first.message}", fields=as_fields(faults))
    sheet.version += 1
    _write(sheet, content)
    record(
        actor, "finance_sheet.save", SUBJECT, sheet.id,
        {"month": sheet.month, "lines": sheet.line_count, "closing_fen": sheet.closing_fen},
    )  # fmt: skip


def expected_opening(sheet: FinanceSheet) -> int | None:
    """As last month's sealed sheet closed, in fen; None when there is none."""
    before = sealed_before(sheet.village_id, sheet.month)
    return None if before is None else before.closing_fen


def _write(sheet: FinanceSheet, content: Content) -> None:
    opening = content.opening_fen
    if opening is None:
        opening = expected_opening(sheet) or 0
    sheet.account, sheet.opening_fen = content.account, opening
    sheet.income_fen, sheet.expense_fen = content.income_fen, content.expense_fen
    sheet.closing_fen = opening + sheet.income_fen - sheet.expense_fen
    sheet.receivable_fen, sheet.payable_fen = content.receivable_fen, content.payable_fen
    sheet.foot = json.dumps({key: content.foot.get(key, "") for key in FOOT})
    sheet.line_count, sheet.updated_at = len(content.lines), now()
    db.session.flush()
    db.session.execute(delete(FinanceLine).where(FinanceLine.sheet_id == sheet.id))
    known = names_known(content)
    for begin_at in range(0, len(content.lines), CHUNK):
        rows = [_row(sheet.id, line, known) for line in content.lines[begin_at : begin_at + CHUNK]]
        db.session.execute(insert(_lines), rows)


def names_known(content: Content) -> names.Known:
    """What finds the names that the sheet gives anywhere: masked wherever they stand."""
    return names.looked_for({name for line in content.lines for name in names.names_in(_said(line))})


def _said(line: Entry) -> dict[str, str]:
    return {name: getattr(line, name) for name in SAID}


def _row(sheet_id: int, line: Entry, known: names.Known) -> dict[str, Any]:
    said = _said(line)
    return {
        "sheet_id": sheet_id, "no": line.no, "happened_on": line.on, "voucher": line.voucher,
        "category": line.category, "direction": "in" if line.income_fen else "out",
        "income_fen": line.income_fen, "expense_fen": line.expense_fen, "papers": line.papers,
        "said": json.dumps(said), "shown": names.shown(said, known),
    }  # fmt: skip


def content_of(sheet: FinanceSheet) -> Content:
    """The sheet as it was written, with its people: for whoever may write it, and for its export."""
    return Content(
        month=sheet.month,
        lines=tuple(entry_of(row) for row in rows_written(sheet.id)),
        opening_fen=sheet.opening_fen,
        closing_fen=sheet.closing_fen,
        receivable_fen=sheet.receivable_fen,
        payable_fen=sheet.payable_fen,
        account=sheet.account,
        foot=json.loads(sheet.foot),
    )


def rows_written(sheet_id: int) -> Sequence[FinanceLine]:
    """The entries with what was written of people."""
    wanted = select(FinanceLine).where(FinanceLine.sheet_id == sheet_id).order_by(FinanceLine.no)
    return db.session.scalars(wanted).all()


def entry_of(row: FinanceLine) -> Entry:
    """One entry as it was written."""
    return Entry(
        no=row.no, on=row.happened_on, voucher=row.voucher, category=row.category, income_fen=row.income_fen,
        expense_fen=row.expense_fen, papers=row.papers, **json.loads(row.said),
    )  # fmt: skip


def seal(actor: Actor, sheet_id: int) -> FinanceSheet:
    """Freeze a sheet that goes to be signed (OPEN-07); one that is sealed already stays so.

    Raises NotFound, Invalid when it does not balance now, has no entry at all and no words for it, or last
    month of a village that has sheets is not sealed.
    """
    sheet = get_sheet_for(actor, sheet_id, write=True)
    if sheet.state == SEALED:
        return sheet
    faults = faults_of(content_of(sheet), opening_fen=expected_opening(sheet))
    if faults:
        raise Invalid("sheet_faults", faults[0].message, fields=as_fields(faults))
    if expected_opening(sheet) is None and _has_earlier(sheet):
        raise Invalid(
            "month_missing",
            f"请先完成{month_label(month_before(sheet.month))}的收支表：本月从上月的期末结余开始。",
        )
    sheet.state, sheet.sealed_at = SEALED, now()
    sheet.version += 1
    sheet.digest = shown.digest(sheet)
    db.session.flush()
    record(actor, "finance_sheet.seal", SUBJECT, sheet.id, {"month": sheet.month})
    return sheet


def _has_earlier(sheet: FinanceSheet) -> bool:
    query = select(FinanceSheet.id).where(
        FinanceSheet.village_id == sheet.village_id,
        FinanceSheet.month < sheet.month,
        FinanceSheet.state == SEALED,
    )
    return db.session.scalars(query.limit(1)).first() is not None


def unseal(actor: Actor, sheet_id: int) -> FinanceSheet:
    """Open a sheet again because its notice was returned to the drafter. Raises Conflict once it was published."""
    sheet = _locked(sheet_id)
    if sheet.shown:
        raise Conflict("sheet_shown", "这张表已经公开，不能再改。要更正，请做一张更正表。")
    if sheet.state == SEALED:
        sheet.state, sheet.sealed_at, sheet.digest = OPEN, None, ""
        sheet.version += 1
        db.session.flush()
        record(actor, "finance_sheet.unseal", SUBJECT, sheet.id, {"month": sheet.month})
    return sheet


def show(sheet_id: int) -> FinanceSheet:
    """Let everybody read it: a notice for everybody was published that refers to it. Raises Conflict unless sealed."""
    sheet = _locked(sheet_id)
    if sheet.state != SEALED:
        raise Conflict("sheet_open", "这张收支表还没有定稿，不能公开。")
    sheet.shown = True
    db.session.flush()
    bump(surrogate(sheet.town_id))
    return sheet


def hide(sheet_id: int) -> None:
    """Let nobody but staff read it any longer."""
    sheet = _locked(sheet_id)
    sheet.shown = False
    db.session.flush()
    bump(surrogate(sheet.town_id))


def _locked(sheet_id: int) -> FinanceSheet:
    sheet = db.session.get(FinanceSheet, sheet_id, with_for_update=True, populate_existing=True)
    if sheet is None:
        raise NotFound
    return sheet
