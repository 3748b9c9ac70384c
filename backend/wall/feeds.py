"""Atom (RFC 4287) of the wall and of one entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from backend.kernel import atom
from backend.kernel.clock import start_of_day
from backend.kernel.settings import settings
from backend.wall import public_queries as wall

FEED_MOST = 50


def of_list(town: Any, query: str, rows: Sequence[Row[Any]], updated: datetime | None = None) -> bytes:
    """The newest entries. `query` is what the feed was asked by: another query is another feed."""
    base, name = settings().public_base_url, wall.town_name(town.id)
    feed = atom.begin(
        f"{base}/w/feed/{town.code}" + (f"?{query}" if query else ""),
        f"{name} · 问题回音壁",
        f"{base}/api/v1/public/wall.atom" + (f"?{query}" if query else ""),
        f"{base}/w?town={town.code}",
        name,
    )
    moments = [_updated(row) for row in rows]
    atom.add(feed, "updated", atom.moment(max(moments, default=updated or town.loaded_at)))
    for row in rows:
        atom.add_entry(
            feed, wall.share_url(row.code), row.title, _updated(row), row.published_at, _words(row)
        )
    return atom.finish(feed)


def of_entry(row: Row[Any], questions: Sequence[dict[str, Any]]) -> bytes:
    """An entry and the questions on it, for those who follow it without an account."""
    base, page = settings().public_base_url, wall.share_url(row.code)
    feed = atom.begin(
        f"{page}#feed",
        row.title,
        f"{base}/api/v1/public/wall/{row.id}/atom",
        page,
        wall.town_name(row.town_id),
    )
    dates = [one[name] for one in questions for name in ("asked_on", "answered_on") if one[name]]
    atom.add(feed, "updated", atom.moment(max([_updated(row), *map(start_of_day, dates)])))
    for one in questions:
        asked = start_of_day(one["asked_on"])
        changed = start_of_day(one["answered_on"]) if one["answered_on"] else asked
        words = f"追问：{one['text']}\n" + (f"答复：{one['answer']}" if one["answer"] else one["state_label"])
        title = f"追问 · {one['state_label']}"
        atom.add_entry(feed, f"{page}#question-{one['id']}", title, changed, asked, words, page)
    atom.add_entry(feed, page, row.title, _updated(row), row.published_at, _words(row))
    return atom.finish(feed)


def _updated(row: Row[Any]) -> datetime:
    moment: datetime = row.republished_at or row.published_at
    return moment


def _words(row: Row[Any]) -> str:
    told = (
        row.village_name,
        row.unit_name,
        wall.taken_words(row.days_taken),
        wall.promised_words(row.days_promised),
    )
    last = " · ".join(one for one in told if one)
    return f"反映的事：{row.matter}\n办了什么：{row.done}\n{last}"
