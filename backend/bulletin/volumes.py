"""A year bound as one PDF by the worker: read in one unit, set and stored with none open, noted in another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from backend import audit
from backend.bulletin import policy, ports, queries, series
from backend.bulletin.clean_html import text_of
from backend.bulletin.models import Article, ArticleVolume
from backend.bulletin.ports import VolumeEntry
from backend.bulletin.shown import surrogate
from backend.kernel.actor import Actor
from backend.kernel.clock import now, shanghai, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump
from backend.media.ports import store
from backend.outbox import Call, Failure, Handler, Job, enqueue, handles
from backend.places.queries import get_place

SUBJECT, JOB = "article_volume", "articles.volume"
WAITING, READY, FAILED = "waiting", "ready", "failed"
PDF = "application/pdf"
NO_TEXT = "本篇为公众号文章、照片或录音，请在小程序里查看。"


def ask(actor: Actor, year: int) -> ArticleVolume:
    """Owe a year's volume, up to today. Raises Invalid for a year without an article, Conflict while one is made."""
    town_id = policy.town_of(actor)
    if year > today().year or not queries.volume_count(town_id, year):
        sentence = f"{year} 年还没有发布过文章，没有可以合订的内容。"
        raise Invalid("volume_empty", sentence, fields={"year": [sentence]})
    if any(row.year == year and row.state == WAITING for row in queries.volumes(town_id, ready=False)):
        raise Conflict("volume_waiting", "这一年的合订本正在制作，请过一会儿再看。")
    row = ArticleVolume(
        id=new_id(),
        town_id=town_id,
        year=year,
        state=WAITING,
        until=min(today(), date(year, 12, 31)),
        articles=0,
        size=0,
        file_key="",
        error="",
        asked_by=actor.id,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "article_volume.ask", SUBJECT, row.id, {"name": f"{year} 年合订本"})
    enqueue(JOB, {"volume_id": str(row.id)}, key=f"{JOB}:{row.id}")
    return row


@handles(JOB)
class BindVolume(Handler):
    """Repeating sets the same pages again and replaces the same object."""

    lease_seconds = 300

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        row = db.session.get(ArticleVolume, int(job.payload["volume_id"]))
        if row is None or row.state != WAITING:
            return None
        data, key = contents(row), f"bulletin/volumes/{row.town_id}-{row.year}-{row.id}.pdf"

        def call() -> tuple[str, int, int]:
            from backend.bulletin.set_volume import pdf  # what sets pages is loaded by those who need it

            made = pdf(data)
            store().save(key, made, PDF)
            return key, len(made), int(data["count"])

        return Call(call)

    def complete(self, job: Job, result: Any) -> None:
        row = db.session.get(ArticleVolume, int(job.payload["volume_id"]), with_for_update=True)
        if row is None or result is None or row.state != WAITING:
            return
        row.file_key, row.size, row.articles = result
        row.state, row.finished_at = READY, now()
        bump(surrogate(row.town_id))

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        row = db.session.get(ArticleVolume, int(job.payload["volume_id"]), with_for_update=True)
        if row is not None and row.state == WAITING:
            row.state, row.finished_at = FAILED, now()
            row.error = "没有做成，请再试一次，还不行请告诉管理员。"


def contents(row: ArticleVolume) -> dict[str, Any]:
    """Everything the pages say, as plain values: series after series, then what other features bring."""
    first, last = date(row.year, 1, 1), row.until
    articles = queries.of_days(row.town_id, first, last + timedelta(days=1))
    chapters = [
        (one.name, [_entry(a) for a in articles if a.series_id == one.id])
        for one in series.of_town(row.town_id)
    ]
    chapters = [(label, entries) for label, entries in chapters if entries]
    chapters += ports.chapters(row.town_id, first, last)
    return {
        "town": get_place(row.town_id).name,
        "year": str(row.year),
        "until": _day(last),
        "count": len(articles),
        "chapters": [
            {"label": label, "entries": [_said(entry) for entry in entries]} for label, entries in chapters
        ],
    }


def _entry(article: Article) -> VolumeEntry:
    told = [line.strip() for line in text_of(article.html).splitlines() if line.strip()]
    published = shanghai(article.published_at or article.created_at).date()
    return VolumeEntry(article.title, published, article.summary, told or [article.link or NO_TEXT])


def _said(entry: VolumeEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "on": _day(entry.on),
        "source": entry.source,
        "paragraphs": list(entry.paragraphs),
    }


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
