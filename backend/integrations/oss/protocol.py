"""The store of photos and files, as the rest of the house sees it.

Keys are chosen by the server, never by a phone. ``post_ticket`` and ``read_url`` only sign and may be called at any
time; every other method reaches outside and must not be called while a transaction is open (in a request: inside
``outside_transaction()``). The local store holds to the same rule, so that switching to OSS by settings changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

KEY = re.compile(r"^[a-z0-9][a-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+$")
MAX_KEY_LENGTH = 200


@dataclass(frozen=True)
class PostTicket:
    """Leave to send one object by one multipart POST: ``fields`` first, then the file under ``file_field``, last.

    ``expires_at`` is aware UTC.
    """

    url: str
    fields: dict[str, str]
    expires_at: datetime
    file_field: str = "file"
    method: str = field(default="POST")


@dataclass(frozen=True)
class ObjectInfo:
    """What the store knows of an object; ``size`` in bytes. The content type is only what the sender claimed."""

    key: str
    size: int
    content_type: str
    etag: str


class StoreError(Exception):
    """The store did not do it. ``temporary`` tells whether trying again can help."""

    def __init__(self, text: str, *, temporary: bool) -> None:
        super().__init__(text)
        self.temporary = temporary


class UploadRefused(StoreError):
    """What was sent is not what its ticket allows. ``why`` names the one thing that does not fit."""

    def __init__(self, why: Literal["other_photo", "empty", "too_large", "used"], text: str) -> None:
        super().__init__(text, temporary=False)
        self.why = why


class ObjectMissing(StoreError):
    """There is no object under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no object under {key}", temporary=False)
        self.key = key


class Store(Protocol):
    """Local disk or OSS; chosen by settings through ``make_store``."""

    def post_ticket(self, key: str, content_type: str, max_bytes: int, ttl_seconds: int) -> PostTicket:
        """Sign leave to upload exactly this key, this content type, 1..max_bytes bytes, once. Offline."""
        ...

    def save(self, key: str, data: bytes, content_type: str) -> None:
        """Write an object whole, or not at all; an older one under the key is replaced."""
        ...

    def read(self, key: str) -> bytes:
        """The bytes of an object. Raises ObjectMissing."""
        ...

    def head(self, key: str) -> ObjectInfo | None:
        """Size and claimed type, or None when there is no such object."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; removing one that is not there is no error."""
        ...

    def move(self, src: str, dst: str) -> None:
        """Rename within the store. Raises ObjectMissing. Doing it again after it succeeded raises ObjectMissing too."""
        ...

    def sweep(self, prefix: str, before: datetime, most: int) -> int:
        """Delete at most ``most`` objects below ``prefix`` (ends with /) last written before that moment (aware).

        Returns how many. Safe to repeat.
        """
        ...

    def read_url(self, key: str, ttl_seconds: int) -> str:
        """A signed address that opens this object for about ``ttl_seconds``; equal within a window, so caches work.

        The local store answers with a path from the root of the site, OSS with an absolute https address. Offline.
        """
        ...


def checked_prefix(prefix: str) -> str:
    """The prefix itself if it names a folder of ours. Raises ValueError: an empty one would be the whole store."""
    if not prefix.endswith("/") or ".." in prefix or not KEY.match(f"{prefix}x"):
        raise ValueError(f"not a storage prefix: {prefix!r}")
    return prefix


def checked_key(key: str) -> str:
    """The key itself if it is one the server could have chosen. Raises ValueError otherwise."""
    if len(key) > MAX_KEY_LENGTH or ".." in key or not KEY.match(key):
        raise ValueError(f"not a storage key: {key!r}")
    return key
