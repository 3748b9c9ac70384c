"""Atom (RFC 4287) of the wall and of one entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from sqlalchemy import Row

from backend.kernel.clock import start_of_day
from backend.kernel.settings import settings
from backend.wall import public_queries as wall

ATOM = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml"
FEED_MOST = 50
#: what XML cannot hold, however it is written
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def of_list(town: Any, query: str, rows: Sequence[Row[Any]], updated: datetime | None = None) -> bytes:
    """The newest entries. `query` is what the feed was asked by: another query is another feed."""
    base, name = settings().public_base_url, wall.town_name(town.id)
    feed = _feed(
        f"{base}/w/feed/{town.code}" + (f"?{query}" if query else ""),
        f"{name} · 问题回音壁",
        f"{base}/api/v1/public/wall.atom" + (f"?{query}" if query else ""),
        f"{base}/w?town={town.code}",
        name,
    )
    moments = [_updated(row) for row in rows]
    _add(feed, "updated", _moment(max(moments, default=updated or town.loaded_at)))
    for row in rows:
        _entry(feed, wall.share_url(row.code), row.title, _updated(row), row.published_at, _words(row))
    return _bytes(feed)


def of_entry(row: Row[Any], questions: Sequence[dict[str, Any]]) -> bytes:
    """An entry and the questions on it, for those who follow it without an account."""
    base, page = settings().public_base_url, wall.share_url(row.code)
    feed = _feed(
        f"{page}#feed",
        row.title,
        f"{base}/api/v1/public/wall/{row.id}/atom",
        page,
        wall.town_name(row.town_id),
    )
    dates = [one[name] for one in questions for name in ("asked_on", "answered_on") if one[name]]
    _add(feed, "updated", _moment(max([_updated(row), *map(start_of_day, dates)])))
    for one in questions:
        asked = start_of_day(one["asked_on"])
        changed = start_of_day(one["answered_on"]) if one["answered_on"] else asked
        words = f"追问：{one['text']}\n" + (f"答复：{one['answer']}" if one["answer"] else one["state_label"])
        title = f"追问 · {one['state_label']}"
        _entry(feed, f"{page}#question-{one['id']}", title, changed, asked, words, page)
    _entry(feed, page, row.title, _updated(row), row.published_at, _words(row))
    return _bytes(feed)


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


def _feed(own_id: str, title: str, here: str, page: str, author: str) -> ElementTree.Element:
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "zh-CN"})
    _add(feed, "id", own_id)
    _add(feed, "title", title)
    ElementTree.SubElement(feed, "link", {"rel": "self", "type": MIMETYPE, "href": here})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _add(ElementTree.SubElement(feed, "author"), "name", author)
    return feed


def _entry(
    feed: ElementTree.Element,
    own_id: str,
    title: str,
    updated: datetime,
    published: datetime,
    words: str,
    page: str = "",
) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _add(entry, "id", own_id)
    _add(entry, "title", title)
    _add(entry, "updated", _moment(updated))
    _add(entry, "published", _moment(published))
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page or own_id})
    _add(entry, "content", words).set("type", "text")


def _add(parent: ElementTree.Element, name: str, words: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name)
    element.text = _NOT_XML.sub("", words)
    return element


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _bytes(feed: ElementTree.Element) -> bytes:
    made: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made
