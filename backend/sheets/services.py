"""The only writers of sheet jobs: asked for, worked on step by step, confirmed, cleared away.

One outbox job is one step: what it read or wrote and the job of the next step are one transaction. A
worker killed at any moment repeats its step and no other; nothing of an import is written before it was
checked whole and confirmed, and then all of it in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from backend.audit.services import record
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.outbox.services import enqueue
from backend.sheets import parts, reading
from backend.sheets.kinds import SheetKind, kind_of
from backend.sheets.models import SheetJob, SheetPart

STEP = "sheets.step"
MOST_EXPORTED = 50_000
MOST_WAITING = 5
FILE_KEPT = timedelta(hours=24)
JOB_KEPT = timedelta(days=30)
QUEUED, RUNNING, CHECKED, FAULTY = "queued", "running", "checked", "faulty"
DONE, DONE_WITH_ERRORS, FAILED, CANCELLED = "done", "done_with_errors", "failed", "cancelled"
WAITING = (QUEUED, RUNNING)
STATE_LABELS = {
    QUEUED: "排队中",
    RUNNING: "进行中",
    CHECKED: "检查通过，等您确认",
    FAULTY: "有错误，还没有导入",
    DONE: "已完成",
    DONE_WITH_ERRORS: "已导入正确的行",
    FAILED: "没有成功",
    CANCELLED: "已取消",
}


def may_use(actor: Actor, permission: tuple[str, ...]) -> bool:
    """Whether one of the permissions is given by some role; the reach is each kind's own business."""
    return any(actor.may(name) for name in permission)


def start_import(actor: Actor, code: str, file_name: str, data: bytes) -> SheetJob:
    """Take a sheet in: seen through at once, read and checked by the worker. Nothing is written by it.

    Raises NotFound for an unknown kind, Forbidden, TooLarge, Invalid with what is wrong with the file.
    """
    kind = _kind(code)
    if kind.taken is None:
        raise NotFound
    if not may_use(actor, kind.taken.permission):
        raise Forbidden
    _demand_few(actor)
    total = reading.demand_sheet(data, kind.columns)
    job = _new(actor, "import", kind, file_name, {"stage": "read"}, total)
    parts.put_file(job.id, parts.FILE_IN, data)
    _owe(job, 0)
    return job


def start_export(actor: Actor, code: str, given: Mapping[str, Any]) -> SheetJob:
    """Have a sheet written. Raises NotFound, Forbidden, Invalid when the filters find too many rows."""
    kind = _kind(code)
    if kind.written is None:
        raise NotFound
    if not may_use(actor, kind.written.permission):
        raise Forbidden
    _demand_few(actor)
    filters = kind.written.params(given)
    total = kind.written.count(actor, filters)
    if total > MOST_EXPORTED:
        raise Invalid(
            "too_many_rows",
            f"符合条件的超过 {MOST_EXPORTED:,} 行，一次最多导出 {MOST_EXPORTED:,} 行。请缩小日期、状态或地点的范围，分几次导出。",
        )
    job = _new(actor, "export", kind, f"{kind.label}.xlsx", {"stage": "rows", "filters": filters}, total)
    record(actor, "sheet.export", "sheet", job.id, {"name": kind.label, "filters": filters, "rows": total})
    _owe(job, 0)
    return job


def _kind(code: str) -> SheetKind:
    kind = kind_of(code)
    if kind is None:
        raise NotFound
    return kind


def _demand_few(actor: Actor) -> None:
    waiting = db.session.execute(
        select(func.count())
        .select_from(SheetJob)
        .where(SheetJob.staff_id == actor.id, SheetJob.state.in_(WAITING))
    ).scalar_one()
    if waiting >= MOST_WAITING:
        raise Conflict("sheets_waiting", f"您还有 {waiting} 个导入导出没有做完，请等一等。")


def _new(
    actor: Actor, direction: str, kind: SheetKind, file_name: str, params: dict[str, Any], total: int
) -> SheetJob:
    at = now()
    job = SheetJob(
        id=new_id(),
        town_id=actor.town_id,
        staff_id=actor.id,
        direction=direction,
        kind=kind.code,
        state=QUEUED,
        done=0,
        total=total,
        params=params,
        summary={},
        file_name=file_name[:120],
        created_at=at,
        expires_at=at + FILE_KEPT,
    )
    db.session.add(job)
    db.session.flush()
    return job


def _owe(job: SheetJob, step: int) -> None:
    stage = job.params["stage"]
    enqueue(STEP, {"job_id": str(job.id), "step": step}, key=f"{STEP}:{job.id}:{stage}:{step}")


def own_job(actor: Actor, job_id: int, *, lock: bool = False) -> SheetJob:
    """One of the actor's own jobs; NotFound for anybody else's."""
    job = db.session.get(SheetJob, job_id, with_for_update=lock or None)
    if job is None or job.staff_id != actor.id:
        raise NotFound
    return job


def confirm(actor: Actor, job_id: int, *, partial: bool) -> SheetJob:
    """Have what was checked written. `partial`: the rows that are right, although others are not.

    Raises Conflict when it is not waiting for that, or the kind is taken whole only.
    """
    job = own_job(actor, job_id, lock=True)
    kind = _kind(job.kind)
    if job.direction != "import":
        raise Conflict("not_waiting", "导出不需要确认。")
    if kind.taken is None or not may_use(actor, kind.taken.permission):
        raise Forbidden
    if job.state == FAULTY and kind.taken.whole:
        raise Conflict(
            "whole_only", f"{kind.label}只能整份导入：请按错误文件改好后重新上传。什么都没有写入。"
        )
    if job.state == FAULTY and not (partial and job.summary.get("right")):
        raise Conflict("has_faults", "还有错误的行。请改好后重新上传，或确认只导入正确的行。")
    if job.state not in {CHECKED, FAULTY}:
        raise Conflict("not_waiting", f"这次导入现在是“{STATE_LABELS[job.state]}”，不需要确认。")
    if now() >= job.expires_at:
        raise Conflict("expired", "这次上传已经超过 24 小时，请重新上传。")
    job.params = {**job.params, "stage": "apply"}
    job.state = QUEUED
    _owe(job, 0)
    db.session.flush()
    return job


def cancel(actor: Actor, job_id: int) -> SheetJob:
    """Give up a job that has not written anything. Raises Conflict when it has come to its end."""
    job = own_job(actor, job_id, lock=True)
    if job.state not in {*WAITING, CHECKED, FAULTY}:
        raise Conflict("not_waiting", f"它现在是“{STATE_LABELS[job.state]}”，不能取消。")
    job.state, job.finished_at = CANCELLED, now()
    parts.drop(job.id)
    db.session.flush()
    return job


def file_of(actor: Actor, job_id: int) -> tuple[SheetJob, bytes]:
    """The file a job made, for the one who asked, within 24 hours; the fetching is audited."""
    job = own_job(actor, job_id)
    if now() >= job.expires_at:
        raise NotFound("file_gone", "文件只保留 24 小时，已经删除，请重新导出。")
    data = parts.get_file(job.id, parts.FILE_OUT)
    if data is None:
        raise NotFound("file_missing", "这次没有文件可以下载。")
    record(actor, "sheet.fetch", "sheet", job.id, {"name": job.file_name, "direction": job.direction})
    return job, data


def purge() -> int:
    """Delete the files of jobs past their day, and jobs past their month; how many jobs went."""
    at = now()
    old = select(SheetJob.id).where(SheetJob.expires_at < at)
    db.session.execute(delete(SheetPart).where(SheetPart.job_id.in_(old)))
    return changed_rows(delete(SheetJob).where(SheetJob.created_at < at - JOB_KEPT, SheetJob.expires_at < at))
