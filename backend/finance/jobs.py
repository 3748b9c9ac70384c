"""What the worker does with sheets: imports, and the page for the board in the village; with progress.

A file is read, a page is set, while no transaction is open; how far it is is noted in small units of its own. What
an import writes is written in one unit, whole, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from backend.finance import parts, printing, reading, services, workbook
from backend.finance.access import get_sheet_for, get_village_for
from backend.finance.entries import Content, month_label
from backend.finance.models import FinanceJob, FinanceSheet
from backend.finance.reading import Read
from backend.finance.states import (
    DONE,
    FAILED,
    IMPORT,
    OPEN,
    PRINT,
    QUEUED,
    REFUSED,
    RUNNING,
    SEALED,
    WAITING,
)
from backend.identity.acting import acting
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.errors import AppError, Conflict
from backend.kernel.ids import new_id
from backend.outbox import Call, Handler, Job, enqueue, handles
from backend.outbox.registry import Failure
from backend.places.queries import get_place

IMPORT_JOB, PRINT_JOB = "finance.import", "finance.print"
FILE_KEPT = timedelta(hours=24)
JOB_KEPT = timedelta(days=30)
MOST_WAITING = 3
_BROKEN = "系统出了点问题，什么都没有写入。请再试一次，还不行请告诉管理员。"


def start_import(
    actor: Actor, village_id: int, month: str, name: str, data: bytes, version: int | None
) -> FinanceJob:
    """Take an Excel in: what can be seen at once is refused at once, the rest is the worker's.

    `version`: of the open sheet that is to be replaced, as its editor saw it; None begins a new one.
    Raises NotFound, Forbidden, TooLarge, Invalid, Conflict (sealed, something filled in already).
    """
    village = get_village_for(actor, village_id, write=True)
    services.demand_month(month)
    workbook.demand_safe(data)
    _demand_few(actor)
    _demand_room(services.newest(village.id, month), version)
    job = _new(actor, IMPORT, village.places["town"], village.id, month, name)
    job.seen = version
    parts.put(job.id, data)
    enqueue(IMPORT_JOB, {"job_id": str(job.id)}, key=f"{IMPORT_JOB}:{job.id}")
    return job


def _demand_room(sheet: FinanceSheet | None, version: int | None) -> None:
    """Only an open sheet is filled; what somebody filled in is replaced only by who says which version."""
    if sheet is None:
        return
    if sheet.state == SEALED:
        raise Conflict(
            "sheet_sealed", f"{month_label(sheet.month)}的收支表已经定稿。要更正，请先做一张更正表，再导入。"
        )
    empty = sheet.line_count == 0 and version is None
    if not empty and sheet.version != version:
        raise Conflict(
            "sheet_open", "这个月的收支表里已经有内容。确认要用文件替换，请从那张表里导入。",
            details={"id": str(sheet.id), "version": sheet.version},
        )  # fmt: skip


def start_print(actor: Actor, sheet_id: int) -> FinanceJob:
    """Have the page for the board made (OPEN-06), persons masked. Raises NotFound, Conflict with too many waiting."""
    sheet = get_sheet_for(actor, sheet_id)
    _demand_few(actor)
    village = get_place(sheet.village_id)
    name = f"{village.name}{month_label(sheet.month)}收支公开表.pdf"
    job = _new(actor, PRINT, sheet.town_id, sheet.village_id, sheet.month, name)
    job.sheet_id, job.total = sheet.id, sheet.line_count
    enqueue(PRINT_JOB, {"job_id": str(job.id)}, key=f"{PRINT_JOB}:{job.id}")
    return job


def _demand_few(actor: Actor) -> None:
    waiting = db.session.scalar(
        select(func.count())
        .select_from(FinanceJob)
        .where(FinanceJob.staff_id == actor.id, FinanceJob.state.in_(WAITING))
    )
    if (waiting or 0) >= MOST_WAITING:
        raise Conflict("jobs_waiting", f"您还有 {waiting} 个文件没有处理完，请等一等。")


def _new(actor: Actor, way: str, town_id: int, village_id: int, month: str, name: str) -> FinanceJob:
    at = now()
    job = FinanceJob(
        id=new_id(), town_id=town_id, village_id=village_id, staff_id=actor.id, way=way, month=month,
        file_name=name[:120] or "收支表.xlsx", state=QUEUED, done=0, total=0, errors=[], created_at=at,
        expires_at=at + FILE_KEPT,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    return job


def _waiting(job: Job) -> FinanceJob | None:
    found = db.session.get(
        FinanceJob, int(job.payload["job_id"]), with_for_update=True, populate_existing=True
    )
    return found if found is not None and found.state in WAITING else None


def _telling(job_id: int) -> Callable[[int, int], None]:
    """Note how far a job is, in a unit of its own; called while no transaction is open."""

    def tell(done: int, total: int) -> None:
        def note() -> None:
            row = db.session.get(FinanceJob, job_id, populate_existing=True)
            if row is not None and row.state in WAITING:
                row.done, row.total = done, total

        run_unit(note)

    return tell


def _end(job: FinanceJob, state: str, errors: list[dict[str, str]] | None = None) -> None:
    job.state, job.errors, job.finished_at = state, errors or [], now()
    if state != DONE or job.way == IMPORT:
        parts.drop(job.id)
    db.session.flush()


class _Work(Handler):
    lease_seconds = 300

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        row = _waiting(job)
        if row is not None:
            _end(row, FAILED, [{"cell": "", "message": _BROKEN}])


@handles(IMPORT_JOB)
class Importing(_Work):
    """Read with no transaction open; then all entries in one unit, or none."""

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        row = _waiting(job)
        if row is None:
            return None
        row.state = RUNNING
        data = parts.get(row.id) or b""
        village, month = get_place(row.village_id).name, row.month
        before = services.sealed_before(row.village_id, month)
        opening = None if before is None else before.closing_fen
        tell = _telling(row.id)

        def run() -> Read | AppError:
            try:
                return reading.read(data, village=village, month=month, opening_fen=opening, tell=tell)
            except AppError as refusal:
                return refusal

        return Call(run)

    def complete(self, job: Job, result: Read | AppError | None) -> None:
        row = _waiting(job)
        if row is None or result is None:
            return
        if isinstance(result, AppError):
            _end(row, REFUSED, [{"cell": "", "message": result.message}])
            return
        row.done = row.total = result.lines
        if result.content is None:
            _end(row, REFUSED, result.errors)
            return
        try:
            with db.session.begin_nested():
                row.sheet_id = _put(row, result.content).id
        except AppError as refusal:
            _end(row, REFUSED, [{"cell": "", "message": refusal.message}])
            return
        _end(row, DONE)


def _put(job: FinanceJob, content: Content) -> FinanceSheet:
    """Write what was read, with the rights its sender has now."""
    actor = acting(job.staff_id)
    if actor is None:
        raise Conflict("not_allowed", "您现在没有做这件事的权限，没有导入。")
    get_village_for(actor, job.village_id, write=True)
    sheet = services.newest(job.village_id, job.month, lock=True)
    _demand_room(sheet, job.seen)
    if sheet is None or sheet.state != OPEN:
        sheet = services.begin(actor, job.village_id, job.month)
    services.put(actor, sheet, content, judged=True)
    return sheet


@handles(PRINT_JOB)
class Printing(_Work):
    """Read in one unit, set with none open, kept in another; made again it is the same."""

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        row = _waiting(job)
        if row is None or row.sheet_id is None:
            return None
        row.state = RUNNING
        sheet = db.session.get_one(FinanceSheet, row.sheet_id)
        pages = printing.pages_of(sheet)
        tell = _telling(row.id)
        return Call(lambda: printing.pdf(pages, tell))

    def complete(self, job: Job, result: bytes | None) -> None:
        row = _waiting(job)
        if row is None or result is None:
            return
        row.done = row.total
        parts.put(row.id, result)
        _end(row, DONE)


def purge() -> int:
    """Delete the files of jobs past their day, and jobs past their month; how many jobs went."""
    at = now()
    for job_id in db.session.scalars(select(FinanceJob.id).where(FinanceJob.expires_at < at)):
        parts.drop(job_id)
    old = list(db.session.scalars(select(FinanceJob.id).where(FinanceJob.created_at < at - JOB_KEPT)))
    db.session.execute(delete(FinanceJob).where(FinanceJob.id.in_(old)))
    return len(old)
