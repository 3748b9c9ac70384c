"""Pages to share: /s/<kind>/<id> (any public text) and /v/<id> (a village). Outside the API, so in no API document."""

from __future__ import annotations

from html import escape

from flask import Blueprint, Response

from backend.kernel.errors import NotFound
from backend.kernel.http import anyone
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.page_cache import depend_on, public_page
from backend.kernel.settings import settings
from backend.kernel.share_page import share_page
from backend.search import everything, village_home
from backend.search.services import surrogate

blueprint = Blueprint("search_share", __name__)
blueprint.before_request(anyone)
RATE = "120/minute"
MISSING = NotFound("not_public", "没有找到这一条，可能已经撤下，或者链接写错了。")


@blueprint.get("/s/<kind>/<subject_id>")
@public_page()
@limit(RATE, name="search.share")
def one(kind: str, subject_id: str) -> Response:
    """A public text to share."""
    found = everything.one(kind, parse_id(subject_id))
    if found is None:
        raise MISSING
    town_id, line, text = found
    depend_on(surrogate(town_id))
    told = " · ".join(part for part in (line["village_name"], f"{line['on']:%Y-%m-%d}") if part)
    return share_page(
        line["kind_label"],
        line["title"],
        line["excerpt"],
        f"{settings().public_base_url}/m/static/share.png",
        f"{settings().public_base_url}/s/{kind}/{line['id']}",
        f"/m{line['path']}",
        "打开看全文",
        f"<h1>{escape(line['title'])}</h1><small>{escape(told)}</small><p>{escape(text)}</p>",
    )


@blueprint.get("/v/<village_id>")
@public_page()
@limit(RATE, name="search.share")
def village(village_id: str) -> Response:
    """A village's page to share."""
    card = village_home.village(parse_id(village_id))
    depend_on(surrogate(card.places["town"]))
    home = village_home.home(card)
    lists = "".join(
        f"<h2>{escape(part['kind_label'])}</h2><ul>"
        + "".join(
            f'<li><a href="/s/{line["kind"]}/{line["id"]}">{escape(line["title"])}</a></li>'
            for line in part["items"]
        )
        + "</ul>"
        for part in home["newest"]
    )
    said = f"{home['town_name']}{card.name}：村里公开了什么、商量了什么、办成了什么。"
    return share_page(
        home["town_name"],
        f"{card.name} · 村级主页",
        said,
        f"{settings().public_base_url}/m/static/share.png",
        home["share_url"],
        f"/m/{village_home.PAGE}?id={card.id}",
        "打开村级主页",
        f"<h1>{escape(card.name)}</h1><p>{escape(said)}</p>{lists or '<p>还没有公开的内容。</p>'}",
    )
