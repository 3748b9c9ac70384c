"""The store on the local disk: DATA_DIR/media, files written whole or not at all, signed addresses under /files/."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import tempfile
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path

from backend.integrations.oss.protocol import (
    ObjectInfo,
    ObjectMissing,
    PostTicket,
    UploadRefused,
    checked_key,
    checked_prefix,
)
from backend.kernel.clock import now
from backend.kernel.db import assert_no_transaction
from backend.kernel.signing import sign, unsign

READ = "files.read"
UPLOAD = "files.upload"
URL_PREFIX = "/files"


class LocalStore:
    """Objects as files below ``root``. The content type is told by the key's suffix, which the server chose."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)

    def post_ticket(self, key: str, content_type: str, max_bytes: int, ttl_seconds: int) -> PostTicket:
        """A ticket for POST /files/upload; see Store."""
        lifetime = timedelta(seconds=ttl_seconds)
        promise = {"key": checked_key(key), "type": content_type, "max": max_bytes}
        fields = {"key": key, "Content-Type": content_type, "ticket": sign(UPLOAD, promise, lifetime)}
        return PostTicket(f"{URL_PREFIX}/upload", fields, expires_at=now() + lifetime)

    def save(self, key: str, data: bytes, content_type: str) -> None:
        """Write to a neighbour file, flush to disk, rename; see Store."""
        assert_no_transaction("store.save")
        self._write(key, data)

    def accept(self, ticket: str, key: str, content_type: str, data: bytes) -> None:
        """Take an upload that came with a ticket.

        Raises BadToken (altered, expired), UploadRefused (another key or type, empty, too large, already there).
        """
        promise = unsign(UPLOAD, ticket)
        if promise["key"] != key or promise["type"] != content_type:
            raise UploadRefused("other_photo", "the ticket is for another key or type")
        if not data:
            raise UploadRefused("empty", "no bytes came")
        if len(data) > promise["max"]:
            raise UploadRefused("too_large", f"{len(data)} bytes, the ticket allows {promise['max']}")
        if self._path(key).exists():
            raise UploadRefused("used", "the object is already there")
        self._write(key, data)

    def _write(self, key: str, data: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def read(self, key: str) -> bytes:
        """See Store."""
        assert_no_transaction("store.read")
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            raise ObjectMissing(key) from None

    def head(self, key: str) -> ObjectInfo | None:
        """See Store; the etag is the MD5 of the bytes, as OSS answers for a plain upload."""
        assert_no_transaction("store.head")
        path = self._path(key)
        if not path.is_file():
            return None
        digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest().upper()
        return ObjectInfo(key, path.stat().st_size, self.content_type(key), digest)

    def delete(self, key: str) -> None:
        """See Store."""
        assert_no_transaction("store.delete")
        self._path(key).unlink(missing_ok=True)

    def move(self, src: str, dst: str) -> None:
        """See Store; atomic, both lie on one disk."""
        assert_no_transaction("store.move")
        target = self._path(dst)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.replace(self._path(src), target)
        except FileNotFoundError:
            raise ObjectMissing(src) from None

    def sweep(self, prefix: str, before: datetime, most: int) -> int:
        """See Store; halves that a crash left behind (.part-) go with the rest."""
        assert_no_transaction("store.sweep")
        folder, gone = self.root / checked_prefix(prefix), 0
        old = (p for p in folder.rglob("*") if p.is_file() and p.stat().st_mtime < before.timestamp())
        for path in islice(old, most):
            path.unlink(missing_ok=True)
            gone += 1
        return gone

    def read_url(self, key: str, ttl_seconds: int) -> str:
        """/files/<token>/<file name>; lives between one and two ttl, so that it stays equal within a window."""
        window = int(now().timestamp()) // ttl_seconds
        return self._signed_until(key, (window + 2) * ttl_seconds)

    @staticmethod
    @lru_cache(maxsize=8192)
    def _signed_until(key: str, ends: int) -> str:
        """Signed once in its window: a page of the queue shows twenty of them, again and again."""
        token = sign(READ, {"key": checked_key(key)}, timedelta(seconds=ends - now().timestamp()))
        return f"{URL_PREFIX}/{token}/{key.rsplit('/', 1)[1]}"

    def open_signed(self, token: str) -> Path:
        """The file a signed address opens. Raises BadToken, ObjectMissing."""
        key = unsign(READ, token)["key"]
        path = self._path(key)
        if not path.is_file():
            raise ObjectMissing(key)
        return path

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)

    @staticmethod
    def content_type(key: str) -> str:
        """The type a key's suffix stands for."""
        return mimetypes.guess_type(key)[0] or "application/octet-stream"
