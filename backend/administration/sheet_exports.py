"""Kinds of sheets that are only written out: the queue, the operation log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError

from backend.administration import logbook
from backend.administration.policy import town_of
from backend.administration.sheet_cells import local
from backend.audit import queries as audit
from backend.cases import queue
from backend.cases.schemas import QueueQuerySchema
from backend.kernel.actor import Actor
from backend.kernel.clock import start_of_day
from backend.kernel.crypto import mask_phone
from backend.kernel.errors import Invalid
from backend.kernel.schemas import flatten
from backend.sheets.jobs import WRITE_CHUNK
from backend.sheets.kinds import Chunk, Column, Export, SheetKind, register
from backend.sheets.services import MOST_EXPORTED

SEEING = ("case.view", "case.handle")
_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")

QUEUE_COLUMNS = (
    Column("code", "查询码", width=16),
    Column("title", "事项", width=40),
    Column("category", "类别", width=18),
    Column("place", "地点", width=24),
    Column("urgency", "紧急程度", width=10),
    Column("state", "状态", width=12),
    Column("created", "上报时间", width=17),
    Column("due", "到期", width=17),
    Column("left", "剩余", width=14),
    Column("unit", "办理单位", width=20),
    Column("person", "办理人", width=12),
)


def _queue_params(given: Mapping[str, Any]) -> dict[str, Any]:
    """The queue's own filters, as its address has them; kept as text, read anew at run time."""
    try:
        QueueQuerySchema(exclude=("cursor", "limit")).load(dict(given))
    except ValidationError as error:
        raise Invalid(
            "bad_filters", "筛选条件不对，请刷新队列后再导出。", fields=flatten(error.messages)
        ) from error
    return {key: str(value) for key, value in given.items()}


def _wanted(filters: Mapping[str, Any]) -> dict[str, Any]:
    loaded: dict[str, Any] = QueueQuerySchema(exclude=("cursor", "limit")).load(dict(filters))
    return loaded


def _count_queue(actor: Actor, filters: Mapping[str, Any]) -> int:
    return queue.count(actor, _wanted(filters), MOST_EXPORTED + 1)


def _queue_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    """The next lines of the queue that the actor may see now."""
    page = queue.page(actor, _wanted(filters) | {"cursor": after, "limit": WRITE_CHUNK})
    return Chunk([_line(item) for item in page["items"]], page["next_cursor"])


def _line(item: Mapping[str, Any]) -> list[Any]:
    return [
        item["code_display"],
        _PHONE.sub(lambda found: mask_phone(found.group()), item["title"]),
        item["category_name"],
        item["place_label"],
        item["urgency_label"],
        item["state_label"],
        local(item["created_at"]),
        local(item["due_at"]),
        item["due_text"],
        item["unit_name"] or "",
        item["assignee_name"] or "",
    ]


LOG_COLUMNS = (
    Column("at", "时间", width=17),
    Column("who", "谁", width=14),
    Column("what", "做了什么", width=20),
    Column("subject", "对象", width=30),
    Column("changes", "改动", width=80),
)


def _log_params(given: Mapping[str, Any]) -> dict[str, Any]:
    known = {"what", "actor_id", "subject_kind", "subject_id", "from", "to"}
    wrong = sorted(set(given) - known)
    if wrong or any(not isinstance(v, str) or len(v) > 64 for v in given.values()):
        raise Invalid("bad_filters", "筛选条件不对，请刷新后再导出。")
    logbook_filters(given)
    return dict(given)


def logbook_filters(given: Mapping[str, Any]) -> dict[str, Any]:
    """The log's filters as its queries take them; dates are Shanghai's, `to` included. Raises Invalid."""
    wanted: dict[str, Any] = {k: given[k] for k in ("what", "subject_kind", "cursor") if given.get(k)}
    try:
        for key in ("actor_id", "subject_id"):
            if given.get(key):
                wanted[key] = int(given[key])
        if given.get("from"):
            wanted["since"] = start_of_day(_date(given["from"]))
        if given.get("to"):
            wanted["until"] = start_of_day(_date(given["to"]) + timedelta(days=1))
    except (ValueError, OverflowError) as error:
        raise Invalid("bad_filters", "筛选条件不对，请检查日期。", fields={"from": ["日期不对"]}) from error
    return wanted


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _count_log(actor: Actor, filters: Mapping[str, Any]) -> int:
    return audit.count_log(town_of(actor, "log.view"), logbook_filters(filters))


def _log_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    wanted = logbook_filters(filters) | {"cursor": after}
    page = audit.town_log(town_of(actor, "log.view"), wanted, WRITE_CHUNK)
    rows = []
    for entry in map(logbook.shown, page.items):
        changes = "；".join(
            f"{c['label']}：{c['old'] or '（空）'} → {c['new'] or '（空）'}" for c in entry["changes"]
        )
        rows.append([local(entry["at"]), entry["who"], entry["what_label"], entry["subject"], changes])
    return Chunk(rows, page.next_cursor)


def register_exports() -> None:
    """Make the kinds known; called once by the composition root."""
    register(
        SheetKind(
            "queue", "待办事项",
            written=Export(SEEING, QUEUE_COLUMNS, _count_queue, _queue_rows, _queue_params),
        )
    )  # fmt: skip
    register(
        SheetKind(
            "log", "操作日志",
            written=Export(("log.view",), LOG_COLUMNS, _count_log, _log_rows, _log_params),
        )
    )  # fmt: skip
