"""What everybody, a village's own people and the desk see of notices, as dicts for the schemas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.cases.views import action_lines
from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound
from backend.kernel.settings import settings
from backend.media.queries import url
from backend.notices import categories, file_queries, publishing, queries, reading, signing, watch_rules
from backend.notices.categories import AUDIENCES, FREQUENCIES, KINDS, Category
from backend.notices.models import Notice, NoticeFile, NoticeSignature
from backend.notices.objection_words import open_until
from backend.notices.states import NOTICE_TABLE, STEP_LABELS, TOWN_STEP_LABELS, WRITABLE
from backend.places.queries import places_named
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import timeline_of

FILE_STATES = {"ready": "可以查看", "drawing": "正在生成页面", "failed": "打不开，请重新上传"}


def lines(rows: Sequence[Notice]) -> list[dict[str, Any]]:
    """Notices as lists show them."""
    files = file_queries.counts(row.id for row in rows)
    names = places_named([row.village_id for row in rows if row.village_id is not None])
    return [
        _line(row, files.get(row.id, 0), names[row.village_id].name if row.village_id in names else "")
        for row in rows
    ]


def _line(row: Notice, files: int, village_name: str) -> dict[str, Any]:
    category = categories.of_town(row.town_id).categories.get(row.category)
    return {
        "id": row.id,
        "code": row.code,
        "kind": row.section,
        "kind_label": KINDS[row.section],
        "category": row.category,
        "category_label": category.label if category is not None else row.category,
        "title": row.title,
        "village_id": row.village_id,
        "village_name": village_name,
        "published_on": row.published_on,
        "shown_until": row.shown_until,
        "days_late": row.days_late,
        "version": 1 + row.supplements,
        "supplements": row.supplements,
        "period": row.period,
        "period_label": _period_label(row, category),
        "sheet_id": row.sheet_id,
        "audience": row.audience,
        "audience_label": AUDIENCES[row.audience],
        "attachments": files,
    }


def _period_label(row: Notice, category: Category | None) -> str:
    period = watch_rules.period_of(category.frequency, row.period) if category is not None else None
    return period.label if period is not None else row.period


def page(row: Notice) -> dict[str, Any]:
    """A published notice with everything that its reader may see; its sheet is the newest that stands."""
    versions = publishing.versions(row.id)
    newest = versions[-1]
    sheets = [one.sheet_id for one in versions if one.sheet_id is not None]
    files = [file for one in versions for file in file_queries.files_of(one.id)]
    return lines([row])[0] | {
        "sheet_id": sheets[-1] if sheets else None,
        "body": row.body,
        "attachments": [file_line(one) for one in files],
        "chain": chain(row, signing.signatures(row.id, row.round)),
        "versions": [_version(one) for one in versions],
        "hash": newest.hash,
        "objection_until": open_until(row.published_on) if row.published_on is not None else None,
        "objection_phone": categories.of_town(row.town_id).objection_phone,
        "reads": reading.total(row.id),
        "objections": queries.objection_counts(row.id),
        "share_url": f"{settings().public_base_url}/s/notice/{row.id}",
    }


def _version(row: Notice) -> dict[str, Any]:
    return {
        "number": row.number or 1,
        "on": row.published_on,
        "reason": row.reason,
        "body": row.body,
        "hash": row.hash,
        "sheet_id": row.sheet_id,
        "chain": chain(row, signing.signatures(row.id, row.round)),
    }


def canonical(row: Notice, number: int) -> str:
    """The text of a version whose SHA-256 is its hash. NotFound for a number that there is not."""
    for one in publishing.versions(row.id):
        if one.number == number and one.canonical is not None:
            return one.canonical
    raise NotFound("version_not_found", "没有这一版。")


def chain(row: Notice, signed: Sequence[NoticeSignature]) -> list[dict[str, Any]]:
    """Who signed what, on which day (OPEN-07)."""
    labels = STEP_LABELS if row.village_id is not None else TOWN_STEP_LABELS
    return [
        {
            "step": one.step,
            "step_label": labels[one.step],
            "name": one.name,
            "duty": one.duty,
            "on": one.signed_on,
            "opinion": one.opinion,
        }
        for one in signed
    ]


def file_line(file: NoticeFile) -> dict[str, Any]:
    """A file as the page shows it."""
    return {
        "id": file.id,
        "name": file.name,
        "type": file.form,
        "size": file.size,
        "url": url(file.file_key),
        "pages": [
            {"url": url(one["key"]), "width": one["width"], "height": one["height"]} for one in file.pages
        ],
        "page_count": file.page_count,
        "table": file.table,
        "state": file.state,
        "state_label": FILE_STATES[file.state],
    }


def category_lines(town_id: int) -> list[dict[str, Any]]:
    """What a town publishes, how often and for whom."""
    return [
        {
            "code": one.code,
            "label": one.label,
            "kind": one.kind,
            "kind_label": one.kind_label,
            "frequency": one.frequency,
            "frequency_label": FREQUENCIES[one.frequency],
            "audience": one.audience,
            "audience_label": AUDIENCES[one.audience],
            "sheet": one.sheet,
            "retention": one.retention,
        }
        for one in categories.of_town(town_id).categories.values()
    ]


def desk_lines(rows: Sequence[Notice]) -> list[dict[str, Any]]:
    """Notices as the desk lists them."""
    return [line | _desk(row) for row, line in zip(rows, lines(rows), strict=True)]


def _desk(row: Notice) -> dict[str, Any]:
    state = NOTICE_TABLE.state(row.state)
    waits_for_town = row.village_id is None and row.state == "submitted"
    return {
        "version": row.version,
        "number": row.number,
        "state": row.state,
        "state_label": "待审定" if waits_for_town else state.label,
        "tone": state.tone,
        "due_at": row.due_at,
        "corrects_id": row.corrects_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def desk_page(row: Notice, actor: Actor) -> dict[str, Any]:
    """One notice as the desk writes and signs it, with its history and the actions open now."""
    signed = signing.signatures(row.id)
    open_now = action_lines(row, actor)
    return desk_lines([row])[0] | {
        "body": row.body,
        "reason": row.reason,
        "hash": row.hash,
        "files": [file_line(one) for one in file_queries.files_of(row.id)],
        "chain": chain(row, [one for one in signed if one.round == row.round]),
        "earlier": chain(row, [one for one in signed if one.round != row.round]),
        "versions": [_version(one) for one in publishing.versions(row.id)] if row.listed else [],
        "reads": reading.total(row.id),
        "writable": row.state in WRITABLE,
        "may_supplement": bool(row.listed),
        "next_step": NOTICE_TABLE.state(row.state).next_step,
        "timeline": [_row(one) for one in timeline_of(row.kind, row.id, "staff")],
        "actions": open_now,
    }


def _row(row: TimelineEntry) -> dict[str, Any]:
    edge = NOTICE_TABLE.edge(row.action, row.from_state or "")
    return {
        "at": row.at,
        "title": edge.sentence("", to_citizen=False) if edge is not None else row.action,
        "actor_name": row.actor_name or "系统",
        "unit_name": row.unit_name,
        "note": row.note,
    }
