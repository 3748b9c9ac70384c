"""Atom (RFC 4287): feeds of what is public, for those who follow it without an account."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

from backend.kernel.openapi import said

ATOM = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml"
#: what a view that answers a feed says in the API document
ANSWER = said({"type": "string"}, MIMETYPE, "Atom")
#: what XML cannot hold, however it is written
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def begin(own_id: str, title: str, here: str, page: str, author: str) -> ElementTree.Element:
    """A feed: its own id, its title, where it is, the page it tells of, who publishes."""
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "zh-CN"})
    add(feed, "id", own_id)
    add(feed, "title", title)
    ElementTree.SubElement(feed, "link", {"rel": "self", "type": MIMETYPE, "href": here})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    add(ElementTree.SubElement(feed, "author"), "name", author)
    return feed


def add_entry(
    feed: ElementTree.Element,
    own_id: str,
    title: str,
    updated: datetime,
    published: datetime,
    words: str,
    page: str = "",
) -> None:
    """An entry; `own_id` is its page's address unless `page` is given. Moments are aware."""
    entry = ElementTree.SubElement(feed, "entry")
    add(entry, "id", own_id)
    add(entry, "title", title)
    add(entry, "updated", moment(updated))
    add(entry, "published", moment(published))
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page or own_id})
    add(entry, "content", words).set("type", "text")


def add(parent: ElementTree.Element, name: str, words: str) -> ElementTree.Element:
    """An element with text; what XML cannot hold is left out."""
    element = ElementTree.SubElement(parent, name)
    element.text = _NOT_XML.sub("", words)
    return element


def moment(at: datetime) -> str:
    """A moment as Atom writes it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def finish(feed: ElementTree.Element) -> bytes:
    """The whole document."""
    made: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made
