"""Which addresses an article may lead to: articles of official accounts, nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit

from backend.kernel.errors import Invalid

HOST = "mp.weixin.qq.com"
LINK_MOST = 500


def checked(link: str) -> str:
    """The link itself, or nothing. Raises Invalid (field ``link``) for any other address."""
    link = link.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        known = (parts.scheme, parts.netloc) == ("https", HOST)
    except ValueError:
        known = False
    if not known or not parts.path.startswith("/s") or not link.isascii() or not link.isprintable():
        sentence = f"只能填公众号文章的链接，以 https://{HOST}/s 开头。"
        raise Invalid("link_not_official", sentence, fields={"link": [sentence]})
    if set(link) & set("\\\"'<>` "):
        raise Invalid(
            "link_not_official", "链接里有不该有的符号，请重新复制。", fields={"link": ["链接不对"]}
        )
    return link
