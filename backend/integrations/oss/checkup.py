"""`flask oss check`: whether photos can be taken in, kept, shown and cleared away, shown by doing each once."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

import requests

from backend.integrations.checkup import Line, look, missing, ok
from backend.integrations.oss.local import LocalStore
from backend.integrations.oss.oss import OssStore
from backend.integrations.oss.protocol import Store, StoreError
from backend.kernel.clock import now
from config.settings import Settings

SECONDS = 10
LEAST_FREE = 2 * 1024**3  # bytes; a photo takes about half a megabyte
PROBE = b"\xff\xd8\xff check"
KIND = "image/jpeg"


def check_store(settings: Settings, store: Store) -> Iterator[Line]:
    """Every line. Leaves nothing behind; outside any transaction."""
    key = f"tmp/check/{secrets.token_hex(8)}.jpg"
    if isinstance(store, OssStore):
        yield _endpoint(settings)
    elif isinstance(store, LocalStore):
        yield _disk(store)
    written = _try("write, read, delete", lambda: _round_trip(store, key))
    yield written
    if written.mark == "ok" and isinstance(store, OssStore):
        yield _try("upload from a phone (PostObject)", lambda: _upload(store, f"{key}.jpg"))
        yield _try("signed address", lambda: _signed(store, key))
        yield from _bucket(settings, store)


def _try(what: str, does: Callable[[], str | None]) -> Line:
    try:
        trouble = does()
    except StoreError as error:
        return missing(what, _meaning(str(error)))
    except requests.RequestException as error:
        return missing(what, f"no answer ({type(error).__name__})")
    return ok(what) if trouble is None else missing(what, trouble)


def _meaning(text: str) -> str:
    for code, words in (
        ("RequestTimeTooSkewed", "this machine's clock is wrong by more than 15 minutes"),
        ("InvalidAccessKeyId", "OSS_ACCESS_KEY_ID is unknown, or OSS_REGION is not the bucket's"),
        ("SignatureDoesNotMatch", "OSS_ACCESS_KEY_SECRET is wrong"),
        ("NoSuchBucket", "there is no such bucket at this endpoint"),
        ("AccessDenied", "this key may not: it needs oss:PutObject, GetObject, DeleteObject, ListObjects"),
    ):
        if code in text:
            return f"{words} ({text})"
    return text


def _round_trip(store: Store, key: str) -> str | None:
    store.save(key, PROBE, KIND)
    try:
        if store.read(key) != PROBE:
            return "what was read is not what was written"
        store.sweep("tmp/check/", now() - timedelta(days=1), 10)
    finally:
        store.delete(key)
    return None if store.head(key) is None else "what was deleted is still there"


def _upload(store: OssStore, key: str) -> str | None:
    ticket = store.post_ticket(key, KIND, 1000, 60)
    try:
        files = {ticket.file_field: ("check.jpg", PROBE)}
        answer = requests.post(ticket.url, data=ticket.fields, files=files, timeout=SECONDS)
        return None if answer.status_code == 200 else f"refused with {answer.status_code} {answer.text[:200]}"
    finally:
        store.delete(key)


def _signed(store: OssStore, key: str) -> str | None:
    store.save(key, PROBE, KIND)
    try:
        opened = requests.get(store.read_url(key, 60), timeout=SECONDS)
        if opened.status_code != 200:
            return f"refused with {opened.status_code}"
        bare = requests.get(store.read_url(key, 60).partition("?")[0], timeout=SECONDS)
        return "the bucket is open: an address without a signature works" if bare.status_code == 200 else None
    finally:
        store.delete(key)


def _endpoint(settings: Settings) -> Line:
    told = f"{settings.oss_bucket} at {settings.oss_endpoint} ({settings.oss_region})"
    if settings.oss_endpoint.startswith("http://"):
        return missing("bucket", f"{told} is not https: photos and signatures travel in the open")
    return ok("bucket", told)


def _disk(store: LocalStore) -> Line:
    if not os.access(store.root, os.W_OK):
        return missing("disk", f"{store.root} cannot be written")
    free = shutil.disk_usage(store.root).free
    if free < LEAST_FREE:
        return missing("disk", f"{free // 1024**2} MB free below {store.root}")
    return ok("disk", f"{store.root}, {free // 1024**3} GB free")


def _bucket(settings: Settings, store: OssStore) -> Iterator[Line]:
    """The bucket's own settings; a key that may not read them leaves them to be looked at."""
    try:
        facts = store.facts()
    except StoreError as error:
        yield look("bucket settings", f"this key may not read them ({error}): look in the console")
        return
    if facts.acl == "private":
        yield ok("access", "private")
    else:
        yield missing("access", f"{facts.acl}: set the bucket to private, photos are personal data")
    if settings.public_base_url in facts.posting_origins or "*" in facts.posting_origins:
        yield ok("CORS", "the H5 pages may upload")
    else:
        told = f"no rule lets {settings.public_base_url} POST: H5 pages cannot upload (the mini-program can)"
        yield missing("CORS", told)
    if any(prefix in {"", "tmp/"} for prefix in facts.expiring_prefixes):
        yield ok("lifecycle", "tmp/ is cleared by a rule, too")
    else:
        yield look(
            "lifecycle", "no rule clears tmp/; the worker does it every hour, a rule is the safety net"
        )
