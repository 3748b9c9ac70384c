"""Atom of everything public, newest first."""

from __future__ import annotations

from urllib.parse import urlencode

from backend.kernel import atom
from backend.kernel.clock import now, start_of_day
from backend.kernel.settings import settings
from backend.places import queries as places
from backend.search import everything
from backend.search.kinds import KINDS

MOST = 50


def newest(town_id: int, kind: str, village_id: int | None) -> bytes:
    """The feed of a town, of a kind or a village of it."""
    name = places.get_place(town_id).name
    asked = {"kind": kind, "village": "" if village_id is None else str(village_id)}
    query = urlencode({key: value for key, value in asked.items() if value})
    base = settings().public_base_url
    label = KINDS[kind].label if kind in KINDS else "公开信息"
    found = atom.begin(
        f"{base}/s/feed/{town_id}" + (f"?{query}" if query else ""),
        f"{name} · {label}",
        f"{base}/api/v1/public/news.atom" + (f"?{query}" if query else ""),
        f"{base}/m/",
        name,
    )
    lines = everything.latest(town_id, kind, village_id, MOST)
    moments = [start_of_day(line["on"]) for line in lines]
    atom.add(found, "updated", atom.moment(max(moments, default=now())))
    for line, at in zip(lines, moments, strict=True):
        address = f"{base}/s/{line['kind']}/{line['id']}"
        atom.add_entry(found, address, f"{line['kind_label']} · {line['title']}", at, at, line["excerpt"])
    return atom.finish(found)
