"""Photos and recordings of an article: judged, made anew, stored with no transaction open, then noted.

What is stored and then not kept goes by an outbox job that looks whether anything shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from backend import audit
from backend.bulletin import recordings, services
from backend.bulletin.models import Article, ArticleFile
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, outside_transaction, run_unit
from backend.kernel.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from backend.kernel.ids import new_id
from backend.media import checks
from backend.media.ports import StoreError, store
from backend.outbox import Handler, Job, enqueue, handles

SWEEP = "articles.file.sweep"
COVER, PHOTO, AUDIO = "cover", "photo", "audio"
ROLES = {COVER: 1, PHOTO: 9, AUDIO: 1}
LABELS = {COVER: "封面", PHOTO: "照片", AUDIO: "录音"}
#: by then whoever put the bytes there has kept them, or failed
KEPT_BY = timedelta(hours=1)


@dataclass(frozen=True)
class _Made:
    """What is to be stored."""

    data: bytes
    thumb: bytes
    media_type: str
    suffix: str
    width: int = 0
    height: int = 0
    seconds: int = 0


def add(actor: Actor, article_id: int, role: str, name: str, data: bytes) -> Article:
    """Keep a photo or a recording with a draft; a cover or a recording takes the place of the one before.

    Opens its own units. Raises NotFound, Conflict, Invalid, TooLarge, Unavailable with sentences.
    """
    if role not in ROLES:
        raise Invalid("role_unknown", "请说明这是封面、照片还是录音。", fields={"role": ["不在可选范围内"]})
    services.writable(actor, article_id)
    with outside_transaction():
        made = _recording(data) if role == AUDIO else _photo(data)
        stem = f"bulletin/{now():%Y%m}/{new_id()}"
        keys = [f"{stem}.{made.suffix}", *([f"{stem}-s.jpg"] if made.thumb else [])]
        run_unit(lambda: enqueue(SWEEP, {"keys": keys}, key=f"{SWEEP}:{keys[0]}", not_before=now() + KEPT_BY))
        _store(keys, made)
    return run_unit(lambda: _keep(actor, article_id, role, name, made, keys))


def _photo(data: bytes) -> _Made:
    try:
        checks.judge(data)
        photo = checks.decode(data)
    except (Invalid, TooLarge) as refusal:
        raise type(refusal)(refusal.code, refusal.message, fields={"file": [refusal.message]}) from None
    return _Made(photo.photo, photo.thumb, "image/jpeg", "jpg", photo.width, photo.height)


def _recording(data: bytes) -> _Made:
    found = recordings.judge(data)
    return _Made(data, b"", found.media_type, recordings.SUFFIX[found.media_type], seconds=found.seconds)


def _store(keys: list[str], made: _Made) -> None:
    try:
        store().save(keys[0], made.data, made.media_type)
        if made.thumb:
            store().save(keys[1], made.thumb, "image/jpeg")
    except StoreError as error:
        raise Unavailable("store_unavailable", "文件暂时存不下来，请稍后再试，您填写的内容还在。") from error


def _keep(actor: Actor, article_id: int, role: str, name: str, made: _Made, keys: list[str]) -> Article:
    article = services.writable(actor, article_id)
    held = [one for one in services.files_of(article.id) if one.role == role]
    if ROLES[role] == 1:
        for one in held:
            _drop(one)
    elif len(held) >= ROLES[role]:
        sentence = f"{LABELS[role]}最多 {ROLES[role]} 张，请先去掉一张。"
        raise Conflict("too_many_files", sentence)
    highest = db.session.scalar(
        select(func.max(ArticleFile.position)).where(ArticleFile.article_id == article.id)
    )
    db.session.add(
        ArticleFile(
            id=new_id(),
            article_id=article.id,
            role=role,
            name=name[:80] or LABELS[role],
            media_type=made.media_type,
            file_key=keys[0],
            thumb_key=keys[1] if made.thumb else "",
            size=len(made.data),
            width=made.width,
            height=made.height,
            seconds=made.seconds,
            sha256=hashlib.sha256(made.data).hexdigest(),
            position=(highest or 0) + 1,
            created_at=now(),
        )
    )
    services.written(article)
    audit.record(actor, "article.file", services.SUBJECT, article.id, {"role": LABELS[role]})
    db.session.flush()
    return article


def remove(actor: Actor, article_id: int, file_id: int) -> Article:
    """Take a file out of a draft. Raises NotFound, Conflict."""
    article = services.writable(actor, article_id)
    row = db.session.get(ArticleFile, file_id)
    if row is None or row.article_id != article.id:
        raise NotFound("file_not_found", "没有找到这个文件，可能已经去掉了。")
    _drop(row)
    services.written(article)
    audit.record(actor, "article.file.remove", services.SUBJECT, article.id, {"role": LABELS[row.role]})
    db.session.flush()
    return article


def _drop(row: ArticleFile) -> None:
    db.session.execute(delete(ArticleFile).where(ArticleFile.id == row.id))
    keys = [key for key in (row.file_key, row.thumb_key) if key]
    enqueue(SWEEP, {"keys": keys}, key=f"{SWEEP}:gone:{row.id}")


@handles(SWEEP)
class SweepHandler(Handler):
    """Delete stored files that no article shows. Repeating is harmless."""

    def prepare(self, job: Job) -> Callable[[], None] | None:
        keys = [str(key) for key in job.payload["keys"]]
        shown = db.session.scalar(select(ArticleFile.id).where(ArticleFile.file_key.in_(keys)).limit(1))
        if shown is not None:
            return None

        def call() -> None:
            for key in keys:
                store().delete(key)

        return call
