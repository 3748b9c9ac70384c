"""The demonstration's articles, with drawn pictures and one recording; most published, one scheduled, one a draft.

The recording was spoken by a machine (espeak-ng) and lies beside this file. Nobody is sent a message.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import delete, select

from backend.bulletin import recordings, series, services
from backend.bulletin.models import Article, ArticleFile
from backend.demo.bulletin_texts import ARTICLES, SERIES, Written
from backend.demo.side_ways import with_roles
from backend.integrations.oss.protocol import Store
from backend.kernel.actor import Actor
from backend.kernel.clock import SHANGHAI, FrozenClock, now, today, use_clock
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.outbox.models import OutboxJob
from backend.places import queries as places
from backend.subscriptions.services import SPREAD
from backend.workflow.models import TimelineEntry

MORNING = time(9, 10)
SIZE, THUMB = (960, 540), (400, 225)
#: sky, ground, what stands on it
PALETTES = {
    "field": ("#dcebf7", "#c9a94b", "#8a6d1f"),
    "village": ("#e6eef4", "#b9c8a6", "#a3432f"),
    "table": ("#f3ece0", "#d8c3a0", "#7a5230"),
    "clinic": ("#e4f1ef", "#bcd9d3", "#2e7d6b"),
    "house": ("#f1eadf", "#cdbb9a", "#9a4a2f"),
    "phone": ("#e6e9f5", "#c2c9e6", "#3b4a8c"),
    "stove": ("#efe4df", "#d9b8a8", "#b2452a"),
}


@dataclass(frozen=True)
class Kept:
    """A file as it lies in the store."""

    media_type: str
    file_key: str
    thumb_key: str
    size: int
    sha256: str
    seconds: int = 0


def make_files(store: Store) -> dict[str, Kept]:
    """Draw the covers and keep them with the recordings. No transaction may be open."""
    kept = {}
    for name in PALETTES:
        cover, thumb = _drawn(name, SIZE), _drawn(name, THUMB)
        keys = f"bulletin/demo/{name}.jpg", f"bulletin/demo/{name}-s.jpg"
        store.save(keys[0], cover, "image/jpeg")
        store.save(keys[1], thumb, "image/jpeg")
        kept[name] = Kept("image/jpeg", *keys, len(cover), hashlib.sha256(cover).hexdigest())
    for name in {one.sound for one in ARTICLES if one.sound}:
        data = importlib.resources.files("backend.demo").joinpath(f"sounds/{name}.mp3").read_bytes()
        found, key = recordings.judge(data), f"bulletin/demo/{name}.mp3"
        store.save(key, data, found.media_type)
        digest = hashlib.sha256(data).hexdigest()
        kept[name] = Kept(found.media_type, key, "", len(data), digest, found.seconds)
    return kept


def _drawn(name: str, size: tuple[int, int]) -> bytes:
    """Sky, ground, a sun, and three blocks for what the article is about."""
    sky, ground, thing = PALETTES[name]
    width, height = size
    image = Image.new("RGB", size, sky)
    draw = ImageDraw.Draw(image)
    draw.ellipse([width * 0.72, height * 0.12, width * 0.84, height * 0.12 + width * 0.12], fill="#f2c14e")
    draw.polygon([(0, height * 0.7), (width, height * 0.58), (width, height), (0, height)], fill=ground)
    for left, top, right in ((0.12, 0.42, 0.3), (0.34, 0.5, 0.46), (0.52, 0.36, 0.64)):
        draw.rectangle([width * left, height * top, width * right, height * 0.74], fill=thing)
        middle, eaves = width * (left + right) / 2, width * 0.02
        roof = [(width * left - eaves, height * top), (middle, height * (top - 0.12))]
        draw.polygon([*roof, (width * right + eaves, height * top)], fill=thing)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def bring_bulletin(town_id: int, actors: Mapping[str, Actor], kept: Mapping[str, Kept]) -> int:
    """Write all of it; how many articles there are then."""
    desk = with_roles(next(actor for name, actor in actors.items() if name.endswith("dispatcher")))
    ids = {code: series.add(desk, {"code": code, "name": name}).id for code, name in SERIES}
    villages = [village.id for village in places.children(town_id, "village")]
    told = [_tell(desk, one, ids[one.series], villages, kept) for one in ARTICLES]
    _say_nothing(told)
    return len(told)


def _tell(
    desk: Actor, one: Written, series_id: int, villages: list[int], kept: Mapping[str, Kept]
) -> Article:
    given: dict[str, Any] = {"title": one.title, "summary": one.summary, "html": one.html}
    given |= {"series_id": series_id, "villages": [villages[n] for n in one.villages if n < len(villages)]}
    with _at(_moment(max(one.days_ago or 0, 0))):
        article = services.draft(desk, given)
        for role, name in (("cover", one.picture), ("audio", one.sound)):
            if name:
                _attach(article, role, kept[name])
        if one.days_ago is not None and one.days_ago >= 0:
            services.act(desk, article.id, "publish", article.version, {})
    if one.days_ago is not None and one.days_ago < 0:
        given = {"publish_at": _moment(one.days_ago)}
        services.act(desk, article.id, "schedule", article.version, given)
    return article


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """That moment, as far as the program's clock knows."""
    replaced = use_clock(FrozenClock(moment))
    try:
        yield
    finally:
        use_clock(replaced)


def _moment(days_ago: int) -> datetime:
    """A morning in Shanghai; what is told of today happened before now."""
    at = datetime.combine(today() - timedelta(days=days_ago), MORNING, SHANGHAI)
    return min(at, now()) if days_ago >= 0 else at


def _attach(article: Article, role: str, file: Kept) -> None:
    width, height = SIZE if role == "cover" else (0, 0)
    db.session.add(
        ArticleFile(
            id=new_id(),
            article_id=article.id,
            role=role,
            name="念给您听" if role == "audio" else "封面",
            media_type=file.media_type,
            file_key=file.file_key,
            thumb_key=file.thumb_key,
            size=file.size,
            width=width,
            height=height,
            seconds=file.seconds,
            sha256=file.sha256,
            position=1,
            created_at=now(),
        )
    )
    db.session.flush()


def _say_nothing(articles: list[Article]) -> None:
    """What was enqueued because of it goes again; what is scheduled stays."""
    db.session.flush()
    ids = [article.id for article in articles]
    rows = db.session.scalars(
        select(TimelineEntry.id).where(
            TimelineEntry.subject_kind == services.SUBJECT, TimelineEntry.subject_id.in_(ids)
        )
    )
    keys = [f"timeline:{entry_id}" for entry_id in rows]
    db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))


def no_news() -> None:
    """Nobody is told of what the wall, topics and articles of the demonstration would have been news of."""
    db.session.flush()
    db.session.execute(delete(OutboxJob).where(OutboxJob.kind == SPREAD))
