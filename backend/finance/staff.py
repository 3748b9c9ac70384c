"""Routes for those who draft, sign and watch: sheets, Excel in and out, the page for the board."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Response, g, request

from backend.audit.services import record
from backend.finance import jobs, parts, queries, schemas, services, workbook, writing
from backend.finance.access import get_job_for, get_sheet_for, get_village_for
from backend.finance.entries import FOOT, Content, Entry, month_label
from backend.finance.policy import DRAFT, READERS
from backend.finance.states import DONE, IMPORT, PRINT
from backend.identity.guards import desk_only, requires, staff_guard
from backend.kernel.errors import Invalid, NotFound, TooLarge
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import is_id, parse_id
from backend.kernel.limits import limit
from backend.places.queries import get_place

blueprint = Blueprint(
    "staff_finance", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="村级收支公开表"
)
FILE = {"type": "string", "format": "binary"}
PDF = "application/pdf"
ONE_FILE: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "village_id", "month"],
                "properties": {
                    "file": FILE,
                    "village_id": {"type": "string"},
                    "month": {"type": "string"},
                    "version": {"type": "string", "description": "of the open sheet that is replaced"},
                    "name": {"type": "string"},
                },
            }
        }
    },
}


@blueprint.get("/finance-sheets")
@requires(*READERS)
@blueprint.arguments(schemas.FinanceSheetsQuerySchema, location="query")
@blueprint.response(200, schemas.FinanceSheetsSchema)
def listed(wanted: dict[str, Any]) -> dict[str, Any]:
    """The sheets within reach, newest first."""
    return queries.of_desk(g.actor, wanted["village"], wanted["cursor"])


@blueprint.post("/finance-sheets")
@idempotent
@requires(DRAFT)
@blueprint.arguments(schemas.FinanceMonthSchema)
@blueprint.response(201, schemas.FinanceDeskSheetSchema)
def begin(given: dict[str, Any]) -> dict[str, Any]:
    """Begin a month; of a month that is sealed already, its correction."""
    return queries.desk_page(g.actor, services.begin(g.actor, given["village_id"], given["month"]))


@blueprint.get("/finance-sheets/template")
@requires(DRAFT)
@blueprint.arguments(schemas.FinanceTemplateQuerySchema, location="query")
@blueprint.response(200, FILE, content_type=workbook.CONTENT_TYPE)
@limit("30/minute")
def template(wanted: dict[str, Any]) -> Response:
    """The empty Excel of a month: village, month and last month's balance stand there already."""
    village = get_village_for(g.actor, wanted["village"], write=True)
    services.demand_month(wanted["month"])
    before = services.sealed_before(village.id, wanted["month"])
    opening = None if before is None else before.closing_fen
    name = f"{village.name}{month_label(wanted['month'])}收支公开表模板.xlsx"
    return _download(name, workbook.CONTENT_TYPE, writing.template(village.name, wanted["month"], opening))


@blueprint.get("/finance-sheets/<sheet_id>")
@requires(*READERS)
@blueprint.response(200, schemas.FinanceDeskSheetSchema)
def read(sheet_id: str) -> dict[str, Any]:
    """The whole sheet, and how each entry stands in public."""
    return queries.desk_page(g.actor, get_sheet_for(g.actor, parse_id(sheet_id)))


@blueprint.route("/finance-sheets/<sheet_id>", methods=["PUT"])
@requires(DRAFT)
@blueprint.arguments(schemas.FinanceSaveSchema)
@blueprint.response(200, schemas.FinanceDeskSheetSchema)
def save(given: dict[str, Any], sheet_id: str) -> dict[str, Any]:
    """Put this into an open sheet, in the place of what was there; refused whole when it does not balance."""
    sheet = get_sheet_for(g.actor, parse_id(sheet_id), write=True)
    lines = tuple(Entry(no=no, **_stripped(line)) for no, line in enumerate(given["lines"], start=1))
    foot = {key: given["foot"].get(key, "").strip() for key in FOOT}
    content = Content(sheet.month, lines, foot=foot, **given["head"])
    return queries.desk_page(g.actor, services.save(g.actor, sheet.id, given["version"], content))


def _stripped(line: dict[str, Any]) -> dict[str, Any]:
    return {key: value.strip() if isinstance(value, str) else value for key, value in line.items()}


@blueprint.get("/finance-sheets/<sheet_id>/export")
@requires(*READERS)
@blueprint.response(200, FILE, content_type=workbook.CONTENT_TYPE)
@desk_only
@limit("30/minute")
def export(sheet_id: str) -> Response:
    """The sheet as Excel, with its people; it imports back as the same sheet. The fetching is audited."""
    sheet = get_sheet_for(g.actor, parse_id(sheet_id))
    village = get_place(sheet.village_id).name
    record(g.actor, "finance_sheet.export", services.SUBJECT, sheet.id, {"month": sheet.month})
    name = f"{village}{month_label(sheet.month)}收支公开表.xlsx"
    return _download(name, workbook.CONTENT_TYPE, writing.export(village, services.content_of(sheet)))


@blueprint.post("/finance-imports")
@idempotent
@requires(DRAFT)
@desk_only
@blueprint.doc(requestBody=ONE_FILE)
@blueprint.response(201, schemas.FinanceJobSchema)
@limit("20/minute")
def start_import() -> dict[str, Any]:
    """Send a village's Excel in: read and checked by the worker, written whole or not at all."""
    sent = request.files.get("file")
    if sent is None:
        raise Invalid("file_missing", "请选择一个文件。", fields={"file": ["请选择一个文件。"]})
    data = sent.read(workbook.LARGEST_FILE + 1)
    if len(data) > workbook.LARGEST_FILE:
        raise TooLarge("sheet_too_large", f"文件太大了，最多 {workbook.LARGEST_FILE // 1_000_000} MB。")
    village, version = request.form.get("village_id", ""), request.form.get("version") or None
    if not is_id(village):
        raise Invalid("village_missing", "请选择村。", fields={"village_id": ["请选择村。"]})
    if version is not None and not (version.isascii() and version.isdigit() and len(version) < 9):
        raise Invalid("bad_version", "请刷新后再导入。", fields={"version": ["不是版本号"]})
    name = request.form.get("name", "") or sent.filename or ""
    month = request.form.get("month", "")
    seen = None if version is None else int(version)
    return queries.job_card(jobs.start_import(g.actor, int(village), month, name, data, seen))


@blueprint.get("/finance-imports/<job_id>")
@requires(DRAFT)
@blueprint.response(200, schemas.FinanceJobSchema)
def read_import(job_id: str) -> dict[str, Any]:
    """How far one's own import is; what was wrong, by cell."""
    return queries.job_card(get_job_for(g.actor, parse_id(job_id), IMPORT))


@blueprint.post("/finance-sheets/<sheet_id>/print")
@idempotent
@requires(*READERS)
@blueprint.response(201, schemas.FinanceJobSchema)
@limit("20/minute")
def start_print(sheet_id: str) -> dict[str, Any]:
    """Have the A3 page for the board in the village made (OPEN-06)."""
    return queries.job_card(jobs.start_print(g.actor, parse_id(sheet_id)))


@blueprint.get("/finance-prints/<job_id>")
@requires(*READERS)
@blueprint.response(200, schemas.FinanceJobSchema)
def read_print(job_id: str) -> dict[str, Any]:
    """How far one's own print is."""
    return queries.job_card(get_job_for(g.actor, parse_id(job_id), PRINT))


@blueprint.get("/finance-prints/<job_id>/file")
@requires(*READERS)
@blueprint.response(200, FILE, content_type=PDF)
@limit("30/minute")
def fetch_print(job_id: str) -> Response:
    """The page, for 24 hours."""
    job = get_job_for(g.actor, parse_id(job_id), PRINT)
    data = parts.get(job.id) if job.state == DONE else None
    if data is None:
        raise NotFound("file_gone", "文件还没有做好，或者已经过了 24 小时，请重新打印。")
    return _download(job.file_name, PDF, data)


def _download(name: str, media_type: str, data: bytes) -> Response:
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
