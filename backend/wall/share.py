"""Pages to share: /w (the list) and /w/<code> (an entry) with title, preview and picture.

They can be read as they are, by an old phone or a search engine; a browser with script goes on to the
H5 page at once. Outside the API, so in no API document.
"""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from sqlalchemy import Row, select

from backend.kernel.clock import shanghai
from backend.kernel.db import db, outside_transaction
from backend.kernel.http import anyone
from backend.kernel.ids import read_code
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.kernel.settings import settings
from backend.kernel.share_page import share_page
from backend.media.ports import StoreError, store
from backend.wall import public_queries as wall
from backend.wall import share_picture
from backend.wall.models import WallPhoto
from backend.wall.public_schemas import PublicWallFilterSchema
from backend.wall.states import PUBLISHED

blueprint = Blueprint("wall_share", __name__)
blueprint.before_request(anyone)
LISTED = 30
PREVIEW = 80
RATE = "120/minute"
HEADER, BUTTON = "问题回音壁", "打开看进展、追问"
H5_LIST, H5_ENTRY = "/m/pages-wall/home/index", "/m/pages-wall/entry/index"


@blueprint.get("/w")
@public_page(query=PublicWallFilterSchema)
@limit(RATE, name="wall.share")
def list_page() -> Response:
    """The wall of a town, or what of it was asked for, to share."""
    given = _asked()
    town = wall.town(given["town"])
    depend_on(wall.surrogate(town.id))
    rows = wall.entries(wall.wanted(town.id, given), None, LISTED).items
    name = wall.town_name(town.id)
    query = urlencode({"town": town.code, **{k: v for k, v in given.items() if v and k != "town"}})
    items = "".join(
        f'<li><a href="/w/{row.code}">{escape(row.title)}</a><br><small>{escape(_when(row))}</small></li>'
        for row in rows
    )
    feed = f"/api/v1/public/wall.atom?{query}"
    head = f'<link rel="alternate" type="application/atom+xml" title="问题回音壁" href="{escape(feed)}">'
    body = f"<h1>{escape(name)} · 问题回音壁</h1><p>反映了什么，办成什么样，都在这里。</p><ul>{items or '<li>还没有公开的回音。</li>'}</ul>"
    return share_page(
        HEADER,
        f"{name} · 问题回音壁",
        "反映了什么，办成什么样，谁都能看，谁都能追问。",
        f"{settings().public_base_url}/m/static/share.png",
        f"{settings().public_base_url}/w?{query}",
        f"{H5_LIST}?{query}",
        BUTTON,
        body,
        head,
    )


def _asked() -> dict[str, Any]:
    """The filters; a link that somebody has cut short shows the whole list, not an error."""
    schema = PublicWallFilterSchema()
    wrong = schema.validate(request.args.to_dict())
    given = {name: value for name, value in request.args.items() if name not in wrong}
    return dict(schema.load(given))


@blueprint.get("/w/<code>")
@public_page()
@limit(RATE, name="wall.share")
def entry_page(code: str) -> Response:
    """An entry to share."""
    row = _row(code)
    feed = f"/api/v1/public/wall/{row.id}/atom"
    head = f'<link rel="alternate" type="application/atom+xml" title="追问和答复" href="{feed}">'
    if row.state != PUBLISHED:
        notes = "".join(f"<p>{escape(str(one['on']))} {escape(str(one['text']))}</p>" for one in row.notes)
        title, preview, body, head = (
            "这条回音已经撤下",
            "",
            f"<h1>这条回音已经撤下</h1>{notes}",
            '<meta name="robots" content="noindex">',
        )
    else:
        title, preview = row.title, f"{row.done[:PREVIEW]}"
        body = (
            f"<h1>{escape(row.title)}</h1><small>{escape(_when(row))}</small>"
            f"<h2>反映的事</h2><p>{escape(row.matter)}</p><h2>办了什么</h2><p>{escape(row.done)}</p>"
            f'<img alt="" src="/w/picture/{row.code}.png">'
        )
    return share_page(
        HEADER,
        title,
        preview,
        wall.share_picture(row.code),
        wall.share_url(row.code),
        f"{H5_ENTRY}?id={row.id}",
        BUTTON,
        body,
        head,
    )


@blueprint.get("/w/picture/<code>.png")
@public_page()
@limit(RATE, name="wall.picture")
def picture(code: str) -> Response:
    """The picture of the entry's share card."""
    row = _row(code)
    shown = row.state == PUBLISHED
    key = _photo_key(row.id) if shown else None
    card = {
        "title": row.title if shown else "这条回音已经撤下",
        "place": row.village_name if shown else "",
        "unit": row.unit_name if shown else "",
        "taken": wall.taken_words(row.days_taken) if shown else "",
        "promised": wall.promised_words(row.days_promised),
        "late": row.on_time is not None and not row.on_time,
    }
    brand = wall.town_name(row.town_id)
    photo = None
    if key is not None:
        with outside_transaction():
            try:
                photo = store().read(key)
            except StoreError:
                photo = None  # a card without a photo is a card; the next one is drawn in a minute
    return Response(share_picture.draw(card, brand, photo), mimetype="image/png")


def _row(code: str) -> Row[Any]:
    row = wall.known(code=read_code(code))
    depend_on(wall.surrogate(row.town_id))
    return row


def _photo_key(entry_id: int) -> str | None:
    photos = WallPhoto.__table__.c
    found = db.session.execute(
        select(photos.thumb_key).where(
            photos.entry_id == entry_id, photos.role == "after", photos.faces_checked_at.is_not(None)
        )
    ).scalar_one_or_none()
    return None if found is None else str(found)


def _when(row: Row[Any]) -> str:
    parts = (
        row.village_name,
        row.unit_name,
        wall.taken_words(row.days_taken),
        wall.promised_words(row.days_promised),
        f"{shanghai(row.published_at):%Y-%m-%d} 公开",
    )
    return " · ".join(part for part in parts if part)
