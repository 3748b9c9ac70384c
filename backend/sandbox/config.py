"""What the stand-in is started with."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MINI_APPID: Final = "wxsandboxmini00001"
OFFICIAL_APPID: Final = "wxsandboxoffi00001"
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
#: A string (kept) or a comment (dropped): uni-app allows comments in its pages.json.
COMMENT: Final = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
CALLBACK_PATH: Final = "/api/v1/wechat/callback"


@dataclass(frozen=True)
class SandboxConfig:
    """``app_url`` is our own application on this machine: events are pushed to it. ``public_url`` is what browsers call
    it, when that differs; a login returns to one of the two, and nowhere else.

    An empty secret means that any non-empty secret is taken. Without a callback token nothing is pushed; without an
    AES key events are pushed plain. ``state_file`` None keeps everything in memory.
    """

    app_url: str = "http://127.0.0.1:8000"
    public_url: str = ""
    state_file: Path | None = None
    mini_secret: str = ""
    official_secret: str = ""
    callback_token: str = ""
    callback_aes_key: str = ""
    pages_file: Path | None = None
    media_check_seconds: float = 1.0
    push_retry_seconds: tuple[float, ...] = (0.3, 2.0)

    @property
    def own_urls(self) -> tuple[str, ...]:
        """Where our application is, without a slash at the end."""
        return tuple(url for url in (self.app_url, self.public_url) if url)

    def secret_of(self, appid: str) -> str | None:
        """The secret of a reserved appid ("" for any), or None for an appid that is not ours to play."""
        return {MINI_APPID: self.mini_secret, OFFICIAL_APPID: self.official_secret}.get(appid)

    def pages(self) -> frozenset[str] | None:
        """The mini-program's real pages by pages.json; None when there is none to read: then any page is taken."""
        if self.pages_file is None or not self.pages_file.is_file():
            return None
        text = COMMENT.sub(lambda found: found[1] or "", self.pages_file.read_text("utf-8"))
        try:
            tree = json.loads(text)
        except ValueError:
            return None  # half-written by an editor; the next look reads it again
        found = {page["path"] for page in tree.get("pages", [])}
        for package in tree.get("subPackages", tree.get("subpackages", [])):
            found |= {f"{package['root'].rstrip('/')}/{page['path']}" for page in package.get("pages", [])}
        return frozenset(found)
