"""Rows of 党的声音传万家: series, articles with their photos and recordings, the volumes of past years."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, JsonText, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; states.py says the same, and a test holds both equal
_ENDED = "'published', 'withdrawn', 'discarded'"
#: in article_villages: the article is for every village of the town
EVERYWHERE = 0


class ArticleSeries(Model):
    """A series of a town: 党的二十大精神, 政策明白纸. One that is switched off takes no new articles."""

    __tablename__ = "article_series"
    __table_args__ = (UniqueConstraint("town_id", "code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    code: Mapped[str] = mapped_column(BinaryString(32))
    name: Mapped[str] = mapped_column(String(30))
    position: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)


class Article(Model):
    """One article or broadcast. `html` holds the tags of clean_html.py and nothing else.

    What was published is not changed: it is withdrawn with a dated note, and may be written anew.
    """

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_has_date"),
        CheckConstraint("state <> 'scheduled' OR publish_at IS NOT NULL", name="scheduled_has_time"),
        Index("ix_articles_newest", "town_id", "state", "published_at", "id"),
        Index("ix_articles_series", "town_id", "state", "series_id", "published_at", "id"),
        Index("ix_articles_desk", "town_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="article")
    #: of its page and its share card
    code: Mapped[str] = mapped_column(BinaryString(12), unique=True)
    town_id: Mapped[int] = mapped_column(BigId)
    series_id: Mapped[int] = mapped_column(BigId, ForeignKey("article_series.id"))
    title: Mapped[str] = mapped_column(String(60))
    summary: Mapped[str] = mapped_column(String(200), default="")
    html: Mapped[str] = mapped_column(LongText)
    #: an article of an official account, read there; empty: none
    link: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    written_by: Mapped[int] = mapped_column(BigId)
    #: when it is to be published by itself
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: [{"on": "2026-11-22", "text": …}]: since when it is not shown, and why; since when again
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """The town speaks: what scopes are compared with."""
        return {"town": self.town_id}


class ArticleVillage(Model):
    """For which villages an article is; EVERYWHERE alone: for all of the town."""

    __tablename__ = "article_villages"
    __table_args__ = (Index("ix_article_villages_village", "village_id", "article_id"),)

    article_id: Mapped[int] = mapped_column(BigId, ForeignKey("articles.id"), primary_key=True)
    village_id: Mapped[int] = mapped_column(BigId, primary_key=True)


class ArticleFile(Model):
    """A photo or a recording of an article. Sizes in bytes, lengths in whole seconds."""

    __tablename__ = "article_files"
    __table_args__ = (
        CheckConstraint("role in ('cover','photo','audio')", name="role_known"),
        Index("ix_article_files_article", "article_id", "position", "id"),
        Index("ix_article_files_key", "file_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    article_id: Mapped[int] = mapped_column(BigId, ForeignKey("articles.id"))
    role: Mapped[str] = mapped_column(BinaryString(8))
    name: Mapped[str] = mapped_column(String(80), default="")
    media_type: Mapped[str] = mapped_column(BinaryString(40))
    file_key: Mapped[str] = mapped_column(BinaryString(120))
    thumb_key: Mapped[str] = mapped_column(BinaryString(120), default="")
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int] = mapped_column(Integer, default=0)
    height: Mapped[int] = mapped_column(Integer, default=0)
    seconds: Mapped[int] = mapped_column(Integer, default=0)
    sha256: Mapped[str] = mapped_column(BinaryString(64))
    position: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArticleVolume(Model):
    """What a year said, bound as one PDF by the worker. The newest one of a year counts."""

    __tablename__ = "article_volumes"
    __table_args__ = (
        CheckConstraint("state in ('waiting','ready','failed')", name="state_known"),
        Index("ix_article_volumes_town", "town_id", "year", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    year: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(BinaryString(12))
    #: the last day in Shanghai whose articles are in it
    until: Mapped[date] = mapped_column(Date)
    articles: Mapped[int] = mapped_column(Integer, default=0)
    size: Mapped[int] = mapped_column(Integer, default=0)
    file_key: Mapped[str] = mapped_column(BinaryString(120), default="")
    error: Mapped[str] = mapped_column(String(200), default="")
    asked_by: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
