"""What everybody and the desk see of the bulletin, as dicts for the schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from backend.bulletin import queries
from backend.bulletin import series as series_of
from backend.bulletin.models import Article, ArticleFile, ArticleSeries, ArticleVolume
from backend.bulletin.states import ARTICLE_TABLE, DRAFTED, PUBLISHED
from backend.cases.views import action_lines
from backend.identity.queries import staff_cards
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai
from backend.kernel.settings import settings
from backend.media.queries import url
from backend.places.queries import places_named
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import timeline_of

VOLUME_LABELS = {"waiting": "正在制作", "ready": "做好了", "failed": "没有做成"}


def lines(rows: Sequence[Article]) -> list[dict[str, Any]]:
    """Published articles as lists show them."""
    files, series = queries.files_of([row.id for row in rows]), _series(rows)
    return [_line(row, series[row.series_id], files.get(row.id, [])) for row in rows]


def _series(rows: Sequence[Article]) -> dict[int, ArticleSeries]:
    towns = {row.town_id for row in rows}
    return {one.id: one for town_id in towns for one in series_of.of_town(town_id)}


def _line(row: Article, series: ArticleSeries, files: Sequence[ArticleFile]) -> dict[str, Any]:
    covers = [one for one in files if one.role == "cover"] or [one for one in files if one.role == "photo"]
    return {
        "id": row.id,
        "code": row.code,
        "series": series.code,
        "series_label": series.name,
        "title": row.title,
        "summary": row.summary,
        "cover": _photo(covers[0]) if covers else None,
        "published_at": row.published_at,
        "published_on": shanghai(row.published_at).date() if row.published_at is not None else None,
        "has_audio": any(one.role == "audio" for one in files),
        "link": row.link,
    }


def _photo(file: ArticleFile) -> dict[str, Any]:
    return {
        "url": url(file.file_key),
        "thumb_url": url(file.thumb_key),
        "width": file.width,
        "height": file.height,
    }


def public_page(row: Article) -> dict[str, Any]:
    """The page of an article; of one that is not shown any more title, dates and notes alone."""
    shown = row.state == PUBLISHED
    files = queries.files_of([row.id]).get(row.id, []) if shown else []
    audio = next((one for one in files if one.role == "audio"), None)
    line = _line(row, _series([row])[row.series_id], files)
    if not shown:
        line |= {"summary": "", "link": ""}
    return line | {
        "html": row.html if shown else "",
        "photos": [_photo(one) for one in files if one.role == "photo"],
        "audio": _audio(audio) if audio is not None else None,
        "villages": _village_names(row),
        "state": row.state if shown else "withdrawn",
        "withdrawn": None if shown else _last_note(row),
        "notes": _notes(row),
        "share_url": f"{settings().public_base_url}/s/article/{row.id}",
    }


def _audio(file: ArticleFile) -> dict[str, Any]:
    return {"url": url(file.file_key), "seconds": file.seconds, "size": file.size, "type": file.media_type}


def _last_note(row: Article) -> dict[str, Any] | None:
    newest = _notes(row)[-1:]
    return {"on": newest[0]["on"], "reason": newest[0]["text"]} if newest else None


def _notes(row: Article) -> list[dict[str, Any]]:
    return [{"on": date.fromisoformat(note["on"]), "text": note["text"]} for note in row.notes]


def _village_names(row: Article) -> list[str]:
    ids = queries.villages_of([row.id]).get(row.id, [])
    names = places_named(ids)
    return [names[one].name for one in ids if one in names]


def desk_lines(rows: Sequence[Article]) -> list[dict[str, Any]]:
    """Articles as the desk lists them."""
    files, series = queries.files_of([row.id for row in rows]), _series(rows)
    villages = queries.villages_of([row.id for row in rows])
    people = staff_cards(row.written_by for row in rows)
    names = places_named([one for few in villages.values() for one in few])
    return [
        _line(row, series[row.series_id], files.get(row.id, []))
        | _desk(row, [names[one].name for one in villages.get(row.id, [])], people)
        for row in rows
    ]


def _desk(row: Article, villages: Sequence[str], people: Mapping[int, Any]) -> dict[str, Any]:
    state = ARTICLE_TABLE.state(row.state)
    writer = people.get(row.written_by)
    return {
        "version": row.version,
        "state": row.state,
        "state_label": state.label,
        "tone": state.tone,
        "village_names": list(villages),
        "publish_at": row.publish_at,
        "writer_name": writer.name if writer is not None else "",
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def desk_page(row: Article, actor: Actor) -> dict[str, Any]:
    """One article as the desk writes it, with its history and the actions open now."""
    files = queries.files_of([row.id]).get(row.id, [])
    return desk_lines([row])[0] | {
        "series_id": row.series_id,
        "html": row.html,
        "villages": [str(one) for one in queries.villages_of([row.id]).get(row.id, [])],
        "files": [_file(one) for one in files],
        "notes": _notes(row),
        "writable": row.state == DRAFTED,
        "timeline": [_row(one) for one in timeline_of(row.kind, row.id, "staff")],
        "actions": action_lines(row, actor),
    }


def _file(file: ArticleFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "role": file.role,
        "name": file.name,
        "type": file.media_type,
        "size": file.size,
        "seconds": file.seconds,
        "width": file.width,
        "height": file.height,
        "url": url(file.file_key),
        "thumb_url": url(file.thumb_key) if file.thumb_key else "",
    }


def _row(row: TimelineEntry) -> dict[str, Any]:
    edge = ARTICLE_TABLE.edge(row.action, row.from_state or "")
    return {
        "at": row.at,
        "title": edge.sentence("", to_citizen=False) if edge is not None else row.action,
        "actor_name": row.actor_name or "系统",
        "unit_name": row.unit_name,
        "note": row.note,
    }


def series_lines(town_id: int, *, all_of_them: bool) -> list[dict[str, Any]]:
    """The series of a town with how many articles each has; those switched off for the desk, or while they have any."""
    counted = series_of.counts(town_id)
    return [
        series_line(row, counted.get(row.id, 0))
        for row in series_of.of_town(town_id)
        if all_of_them or row.active or counted.get(row.id)
    ]


def series_line(row: ArticleSeries, articles: int) -> dict[str, Any]:
    """One series."""
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "position": row.position,
        "active": row.active,
        "version": row.version,
        "articles": articles,
    }


def volume_lines(rows: Sequence[ArticleVolume]) -> list[dict[str, Any]]:
    """Volumes with the addresses of their PDFs."""
    return [volume_line(row) for row in rows]


def volume_line(row: ArticleVolume) -> dict[str, Any]:
    """One volume."""
    return {
        "id": row.id,
        "year": row.year,
        "until": row.until,
        "articles": row.articles,
        "size": row.size,
        "url": url(row.file_key) if row.state == "ready" else "",
        "state": row.state,
        "state_label": VOLUME_LABELS[row.state],
        "error": row.error,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }
