"""A page to share: it can be read as it is, by an old phone or a search engine; a browser with script goes on
to the H5 page at once. Title, preview and picture are for those to whom the link is sent.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from flask import Response

#: the page says where it opens, so that one script, known by its hash, fits all
SCRIPT = "location.replace(document.body.dataset.open)"
_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; script-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
STYLE = (
    "body{margin:0;background:#f6f8f7;color:#17211f;font:17px/1.7 'PingFang SC','Noto Sans CJK SC',"
    "'Microsoft YaHei',sans-serif}header{background:#0b5d5a;color:#fff;padding:16px 20px}main{max-width:680px;"
    "margin:0 auto;padding:20px}h1{font-size:24px;line-height:1.4}h2{font-size:17px;color:#0b5d5a;margin:24px 0 4px}"
    "p{margin:0 0 8px;white-space:pre-wrap}small{color:#5d6c69}img{width:100%;border-radius:10px}"
    "a{color:#0b5d5a}li{margin:10px 0}a.open{display:inline-block;margin-top:20px;padding:12px 22px;"
    "border-radius:10px;background:#0e7470;color:#fff;text-decoration:none}"
)


def share_page(
    header: str,
    title: str,
    preview: str,
    picture_url: str,
    url: str,
    opens: str,
    button: str,
    body: str,
    head: str = "",
) -> Response:
    """The page. `body` and `head` are HTML of ours, everything else is text; `opens` is the H5 page."""
    said = (
        f'<meta name="description" content="{escape(preview)}"><meta property="og:type" content="article">'
        f'<meta property="og:title" content="{escape(title)}"><meta property="og:url" content="{escape(url)}">'
        f'<meta property="og:description" content="{escape(preview)}">'
        f'<meta property="og:image" content="{escape(picture_url)}">'
    )
    page = (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{said}{head}'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body data-open="{escape(opens)}">'
        f'<header>{escape(header)}</header><main>{body}<p><a class="open" href="{escape(opens)}">{escape(button)}</a></p>'
        f"</main><script>{SCRIPT}</script></body></html>"
    )
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response
