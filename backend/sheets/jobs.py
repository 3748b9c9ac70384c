"""The worker's side of sheets: one step of one job in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from backend.audit.services import record
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import AppError
from backend.outbox.registry import Failure, Handler, Job, handles
from backend.sheets import parts, reading, services, trying, writing
from backend.sheets.kinds import Export, Fault, Import, SheetKind, SheetRow, kind_of
from backend.sheets.models import SheetJob

READ_CHUNK = 1000
WRITE_CHUNK = 2000
#: rows tried in one transaction: on SQLite nobody else writes meanwhile
TRY_CHUNK = 50
_CHECKED, _TRIED = 500_000, 600_000
SHOWN_FAULTS = 20

_acting: list[Callable[[int], Actor | None]] = []


def act_by(find: Callable[[int], Actor | None]) -> None:
    """How a member of staff is found with the roles they hold now; None for one who has left."""
    _acting[:] = [find]


@handles(services.STEP)
class _Step(Handler):
    lease_seconds = 300

    def complete(self, job: Job, result: Any) -> None:
        sheet = db.session.get(SheetJob, int(job.payload["job_id"]), with_for_update=True)
        if sheet is None or sheet.state not in services.WAITING:
            return
        sheet.state = services.RUNNING
        actor, kind = _acting[0](sheet.staff_id), kind_of(sheet.kind)
        way = None if kind is None else (kind.taken if sheet.direction == "import" else kind.written)
        if actor is None or kind is None or way is None or not services.may_use(actor, way.permission):
            _fail(sheet, "您现在没有做这件事的权限，没有继续。")
            return
        stage = _STAGES[sheet.params["stage"]]
        try:
            with db.session.begin_nested():
                stage(sheet, kind, way, actor, int(job.payload["step"]))
        except AppError as refusal:
            db.session.refresh(sheet)
            _fail(sheet, refusal.message)
        db.session.flush()

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        sheet = db.session.get(SheetJob, int(job.payload["job_id"]), with_for_update=True)
        if sheet is not None and sheet.state in services.WAITING:
            _fail(sheet, "系统出了点问题，什么都没有写入。请再试一次，还不行请告诉管理员。")
            db.session.flush()


def _fail(sheet: SheetJob, sentence: str) -> None:
    sheet.state, sheet.finished_at = services.FAILED, now()
    sheet.summary = {**sheet.summary, "sentence": sentence}


def _go_on(sheet: SheetJob, stage: str, step: int) -> None:
    sheet.params = {**sheet.params, "stage": stage}
    services._owe(sheet, step)


def _read(sheet: SheetJob, kind: SheetKind, way: Import, actor: Actor, step: int) -> None:
    data = parts.get_file(sheet.id, parts.FILE_IN) or b""
    rows, faults, more = reading.read_rows(data, kind.columns, step * READ_CHUNK, READ_CHUNK)
    parts.put_read(sheet.id, step, rows, faults)
    sheet.done = step * READ_CHUNK + len(rows)
    sheet.total = max(sheet.total, sheet.done) if more else sheet.done
    _go_on(sheet, "read" if more else "check", step + 1 if more else 0)


def _check(sheet: SheetJob, kind: SheetKind, way: Import, actor: Actor, step: int) -> None:
    """What the rows say as a whole; then they are tried, a chunk of them in a transaction of its own."""
    rows, faults = parts.rows_read(sheet.id), parts.faults_read(sheet.id)
    found = [Fault(None, None, "表里没有一行数据。")] if not rows else []
    if len(rows) > way.most:
        found.append(Fault(None, None, f"{kind.label}一次最多导入 {way.most} 行，请分成几个文件。"))
    else:
        found += way.check(actor, _readable(rows, faults))
    parts.put_faults(sheet.id, _CHECKED, found)
    sheet.done = 0
    if way.put is None or any(fault.number is None for fault in found) or (found and way.together):
        _judge(sheet, kind)
    else:
        _go_on(sheet, "try", 0)


def _try(sheet: SheetJob, kind: SheetKind, way: Import, actor: Actor, step: int) -> None:
    rows = way.order(_readable(parts.rows_read(sheet.id), parts.faults_read(sheet.id, below=_CHECKED)))
    size = len(rows) if way.together else TRY_CHUNK
    now_tried = rows[step * size : (step + 1) * size]
    faults = trying.try_rows(way, actor, now_tried)
    parts.put_faults(sheet.id, _TRIED + step, faults)
    sheet.done = min(sheet.total, step * size + len(now_tried))
    if (step + 1) * size < len(rows):
        _go_on(sheet, "try", step + 1)
    else:
        _judge(sheet, kind)


def _readable(rows: list[SheetRow], faults: list[Fault]) -> list[SheetRow]:
    unread = {fault.number for fault in faults}
    return [row for row in rows if row.number not in unread]


def _judge(sheet: SheetJob, kind: SheetKind) -> None:
    faults = sorted(parts.faults_read(sheet.id), key=lambda f: (f.number is None, f.number or 0))
    sheet.done = sheet.total
    _tell(sheet, kind, parts.rows_read(sheet.id), faults)
    sheet.state = services.FAULTY if faults else services.CHECKED


def _tell(sheet: SheetJob, kind: SheetKind, rows: list[SheetRow], faults: list[Fault]) -> None:
    titles = {column.key: column.title for column in kind.columns}
    wrong = {fault.number for fault in faults}
    everywhere = None in wrong
    sheet.summary = {
        "rows": len(rows),
        "wrong": len(rows) if everywhere else len(wrong),
        "right": 0 if everywhere else len(rows) - len(wrong),
        "faults": [
            {"row": f.number, "column": titles.get(f.column or ""), "sentence": f.sentence}
            for f in faults[:SHOWN_FAULTS]
        ],
    }
    if faults:
        parts.put_file(sheet.id, parts.FILE_OUT, writing.with_faults(kind.columns, rows, faults))
    else:
        parts.drop(sheet.id, parts.FILE_OUT)


def _apply(sheet: SheetJob, kind: SheetKind, way: Import, actor: Actor, step: int) -> None:
    """Write all rows that are right in this transaction, or nothing: what is refused now undoes the rest."""
    rows, faults = parts.rows_read(sheet.id), parts.faults_read(sheet.id)
    right = _readable(rows, faults)
    changed = trying.write_rows(way, actor, right)
    sheet.summary = {**sheet.summary, "changed": changed}
    sheet.state = services.DONE_WITH_ERRORS if faults else services.DONE
    sheet.finished_at = now()
    parts.drop(sheet.id, parts.FILE_IN)
    record(
        actor, "sheet.import", "sheet", sheet.id,
        {"name": kind.label, "rows": len(right), "changed": changed, "left_out": len(rows) - len(right)},
    )  # fmt: skip


def _rows(sheet: SheetJob, kind: SheetKind, way: Export, actor: Actor, step: int) -> None:
    chunk = way.rows(actor, sheet.params["filters"], sheet.params.get("after"))
    parts.put_json(sheet.id, parts.ROWS, step, [list(row) for row in chunk.rows])
    sheet.done += len(chunk.rows)
    sheet.total = max(sheet.total, sheet.done)
    if sheet.done > services.MOST_EXPORTED:
        _fail(sheet, f"超过了 {services.MOST_EXPORTED:,} 行，请缩小范围，分几次导出。")
        parts.drop(sheet.id)
        return
    sheet.params = {**sheet.params, "after": chunk.after}
    if chunk.after is None:
        _go_on(sheet, "file", 0)
    else:
        _go_on(sheet, "rows", step + 1)


def _file(sheet: SheetJob, kind: SheetKind, way: Export, actor: Actor, step: int) -> None:
    data = writing.table(way.columns, parts.rows_written(sheet.id), title=kind.label)
    parts.put_file(sheet.id, parts.FILE_OUT, data)
    parts.drop(sheet.id, parts.ROWS)
    sheet.summary = {"rows": sheet.done, "size": len(data)}
    sheet.state, sheet.total, sheet.finished_at = services.DONE, sheet.done, now()


_STAGES: dict[str, Callable[[SheetJob, SheetKind, Any, Actor, int], None]] = {
    "read": _read,
    "check": _check,
    "try": _try,
    "apply": _apply,
    "rows": _rows,
    "file": _file,
}
