"""Routes of Excel in and out: kinds, templates, jobs, files. What a kind allows stands with the kind."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, g, request
from sqlalchemy import select

from backend.administration import sheet_schemas as schemas
from backend.identity.guards import desk_only, staff_guard
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Forbidden, NotFound, TooLarge
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.sheets import reading, services, writing
from backend.sheets.kinds import SheetKind, all_kinds, kind_of
from backend.sheets.models import SheetJob

blueprint = Blueprint(
    "staff_sheets", __name__, url_prefix="/api/v1/staff/sheets", guard=staff_guard, description="导入导出"
)
SHOWN_JOBS = 50
FILE = {"type": "string", "format": "binary"}


@blueprint.get("/kinds")
@blueprint.response(200, schemas.KindsSchema)
def kinds() -> dict[str, Any]:
    """What one may import and export."""
    lines = [_kind_line(kind) for kind in all_kinds()]
    return {"items": [line for line in lines if line["may_import"] or line["may_export"]]}


def _kind_line(kind: SheetKind) -> dict[str, Any]:
    taken, written = kind.taken, kind.written
    return {
        "code": kind.code,
        "label": kind.label,
        "may_import": taken is not None and services.may_use(g.actor, taken.permission),
        "may_export": written is not None and services.may_use(g.actor, written.permission),
        "whole": taken is not None and taken.whole,
        "most": taken.most if taken is not None else 0,
        "note": kind.note,
        "columns": [
            {"title": c.title, "required": c.required, "hint": c.hint or "、".join(c.choices)}
            for c in kind.columns
        ],
    }


@blueprint.get("/kinds/<kind>/template")
@blueprint.response(200, FILE, content_type=writing.CONTENT_TYPE)
@desk_only
@limit("30/minute")
def template(kind: str) -> Response:
    """The empty sheet of a kind, with its columns explained."""
    found = kind_of(kind)
    if found is None or found.taken is None:
        raise NotFound
    if not services.may_use(g.actor, found.taken.permission):
        raise Forbidden
    return _download(f"{found.label}模板.xlsx", writing.template(found))


@blueprint.get("/jobs")
@blueprint.response(200, schemas.JobsSchema)
def jobs() -> dict[str, Any]:
    """One's own imports and exports, newest first."""
    rows = db.session.execute(
        select(SheetJob)
        .where(SheetJob.staff_id == g.actor.id)
        .order_by(SheetJob.created_at.desc(), SheetJob.id.desc())
        .limit(SHOWN_JOBS)
    ).scalars()
    return {"items": [_job(row) for row in rows]}


@blueprint.post("/imports/<kind>")
@idempotent
@desk_only
@blueprint.doc(requestBody={"required": True, "content": {writing.CONTENT_TYPE: {"schema": FILE}}})
@blueprint.arguments(schemas.FileNameSchema, location="query")
@blueprint.response(201, schemas.JobSchema)
@limit("20/minute")
def start_import(given: dict[str, Any], kind: str) -> dict[str, Any]:
    """Send a sheet in: read and checked by the worker, written only after a confirmation. The body is the file."""
    if (request.content_length or 0) > reading.LARGEST_FILE:
        raise TooLarge(
            "sheet_too_large", f"文件太大了，最多 {reading.LARGEST_FILE // 1_000_000} MB。请分成几个文件。"
        )
    return _job(services.start_import(g.actor, kind, given["name"], request.get_data()))


@blueprint.post("/exports/<kind>")
@idempotent
@desk_only
@blueprint.arguments(schemas.ExportSchema)
@blueprint.response(201, schemas.JobSchema)
@limit("20/minute")
def start_export(given: dict[str, Any], kind: str) -> dict[str, Any]:
    """Have a sheet written by the worker, within one's own reach at the time it is written."""
    return _job(services.start_export(g.actor, kind, given["filters"]))


@blueprint.get("/jobs/<job_id>")
@blueprint.response(200, schemas.JobSchema)
def read_job(job_id: str) -> dict[str, Any]:
    """How far one of one's own jobs has come."""
    return _job(services.own_job(g.actor, parse_id(job_id)))


@blueprint.post("/jobs/<job_id>/confirm")
@desk_only
@blueprint.arguments(schemas.ConfirmSchema)
@blueprint.response(200, schemas.JobSchema)
def confirm(given: dict[str, Any], job_id: str) -> dict[str, Any]:
    """Have what was checked written: all rows, or with `partial` those that are right."""
    return _job(services.confirm(g.actor, parse_id(job_id), partial=given["partial"]))


@blueprint.post("/jobs/<job_id>/cancel")
@desk_only
@blueprint.response(200, schemas.JobSchema)
def cancel(job_id: str) -> dict[str, Any]:
    """Give up a job that has written nothing."""
    return _job(services.cancel(g.actor, parse_id(job_id)))


@blueprint.post("/jobs/<job_id>/file")
@desk_only
@blueprint.response(200, FILE, content_type=writing.CONTENT_TYPE)
@limit("30/minute")
def fetch_file(job_id: str) -> Response:
    """The file of one's own job, for 24 hours: what was exported, or what was wrong. The fetching is audited."""
    job, data = services.file_of(g.actor, parse_id(job_id))
    name = job.file_name if job.direction == "export" else f"错误_{job.file_name}"
    return _download(name, data)


def _download(name: str, data: bytes) -> Response:
    answer = Response(data, mimetype=writing.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _job(job: SheetJob) -> dict[str, Any]:
    kind = kind_of(job.kind)
    alive = now() < job.expires_at
    faulty = job.direction == "import" and bool(job.summary.get("wrong"))
    whole = kind is not None and kind.taken is not None and kind.taken.whole
    return {
        "id": job.id,
        "direction": job.direction,
        "kind": job.kind,
        "kind_label": kind.label if kind is not None else job.kind,
        "state": job.state,
        "state_label": services.STATE_LABELS[job.state],
        "done": job.done,
        "total": job.total,
        "file_name": job.file_name,
        "summary": job.summary,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "expires_at": job.expires_at,
        "has_file": alive
        and job.state != services.CANCELLED
        and (faulty or (job.direction == "export" and job.state == services.DONE)),
        "may_confirm": alive
        and (
            job.state == services.CHECKED
            or (job.state == services.FAULTY and not whole and bool(job.summary.get("right")))
        ),
    }
