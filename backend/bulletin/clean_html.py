"""Rich text of articles: a short list of tags without a single attribute, so that nothing in it can act.

nh3 (ammonia) parses as a browser does and writes anew what it keeps; that is what makes a page safe. What
was meant to act is refused before, with the reason, instead of silently becoming something else.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import nh3

from backend.kernel.errors import Invalid

TAGS = frozenset(
    {"p", "br", "hr", "h2", "h3", "strong", "b", "em", "i", "u", "ul", "ol", "li", "blockquote",
     "table", "thead", "tbody", "tr", "th", "td"}
)  # fmt: skip
#: what these hold is no text of an article
_DROPPED = {"script", "style", "title", "noscript", "template"}
_ACTING = frozenset(
    {"script", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "base", "meta", "link",
     "svg", "math", "bgsound", "layer", "ilayer", "xml"}
)  # fmt: skip
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "background", "poster", "xlink:href"})
#: a browser reads over blanks and control characters within the name of a scheme
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_SCHEMES = ("javascript:", "vbscript:", "livescript:", "mocha:", "data:")
_BLOCK_ENDS = re.compile(r"<(?:br|hr|/p|/h2|/h3|/li|/blockquote|/tr)[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def clean(html: str) -> str:
    """The same text with the tags of TAGS alone, none of them with an attribute.

    Raises Invalid (field ``html``) for what is meant to act: scripts, embedded pages, forms, event handlers,
    addresses that run.
    """
    acting = _acting(html)
    if acting:
        sentence = f"正文里有不能放的内容：{acting}。请去掉后再保存，文字、标题、列表和表格可以保留。"
        raise Invalid("html_acts", sentence, fields={"html": [f"不能有{acting}"]})
    return nh3.clean(
        html, tags=set(TAGS), attributes={}, clean_content_tags=_DROPPED, link_rel=None, url_schemes=set()
    ).strip()


def text_of(html: str) -> str:
    """The words of cleaned HTML, a line for each paragraph: for search and for paper."""
    return unescape(_TAG.sub("", _BLOCK_ENDS.sub("\n", html))).strip()


def _acting(html: str) -> str:
    """What in it is meant to act, in words; empty when nothing is."""
    seen = _Seen()
    seen.feed(html)
    seen.close()
    return seen.acting


class _Seen(HTMLParser):
    """Looks for what acts. It need not see all of it: what it does not see, nh3 does not keep."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.acting = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTING:
            self.acting = self.acting or ("脚本" if tag == "script" else f"“{tag}”内容")
        for name, value in attrs:
            if name.startswith("on"):
                self.acting = self.acting or "点击或加载时运行的代码"
            if name in _ADDRESSES and _UNSEEN.sub("", value or "").lower().startswith(_SCHEMES):
                self.acting = self.acting or "会运行代码的链接"
