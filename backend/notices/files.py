"""PDFs, Excel tables and photos of a notice: judged, made anew, stored with no transaction open, then noted.

A PDF is drawn page by page by the worker, so that a phone shows it within the page; a table is read once and shown
as rows. What is stored and then not kept goes by an outbox job that looks whether anything shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from sqlalchemy import delete, func, select

from backend import audit
from backend.finance import workbook
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, outside_transaction, run_unit
from backend.kernel.errors import Conflict, NotFound, TooLarge, Unavailable
from backend.kernel.ids import new_id
from backend.media.ports import StoreError, store
from backend.notices import ports, services, texts
from backend.notices.models import Notice, NoticeFile
from backend.outbox import Handler, Job, enqueue, handles

SWEEP, DRAW = "notices.file.sweep", "notices.file.draw"
PDF, EXCEL, PHOTO = "pdf", "excel", "photo"
LABELS = {PDF: "PDF", EXCEL: "Excel 表", PHOTO: "照片"}
#: by then whoever put the bytes there has kept them, or failed
KEPT_BY = timedelta(hours=1)
MOST, LARGEST = 12, 20_000_000
NAME_MOST = 70
_SUFFIX = {"application/pdf": "pdf", "image/jpeg": "jpg"}


@dataclass(frozen=True)
class _Made:
    """What is to be stored."""

    form: str
    data: bytes
    media_type: str
    suffix: str
    table: list[list[str]] | None = None


def add(actor: Actor, notice_id: int, name: str, data: bytes) -> Notice:
    """Keep a file with a draft. Opens its own units.

    Raises NotFound, Conflict, TooLarge, Unavailable, Invalid with the reason, or with the cells of a table that
    hold somebody's numbers; nothing is kept then.
    """
    services.writable(actor, notice_id)
    with outside_transaction():
        made = _made(data)
        key = f"notices/{now():%Y%m}/{new_id()}.{made.suffix}"
        run_unit(lambda: enqueue(SWEEP, {"keys": [key]}, key=f"{SWEEP}:{key}", not_before=now() + KEPT_BY))
        try:
            store().save(key, made.data, made.media_type)
        except StoreError as error:
            raise Unavailable(
                "store_unavailable", "文件暂时存不下来，请稍后再试，您填写的内容还在。"
            ) from error
    return run_unit(lambda: _keep(actor, notice_id, name, made, key))


def _made(data: bytes) -> _Made:
    if len(data) > LARGEST:
        sentence = f"文件太大了，一个最多 {LARGEST // 1_000_000} MB。可以分成几份，或者压缩后再上传。"
        raise TooLarge("file_too_large", sentence, fields={"file": ["太大了"]})
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        table = workbook.table_of(data)
        texts.demand_clean_table(table)
        return _Made(EXCEL, data, workbook.CONTENT_TYPE, "xlsx", table)
    clean, media_type = ports.cleaned(data)
    suffix = _SUFFIX[media_type]
    return _Made(PDF if suffix == "pdf" else PHOTO, clean, media_type, suffix)


def _keep(actor: Actor, notice_id: int, name: str, made: _Made, key: str) -> Notice:
    notice = services.writable(actor, notice_id)
    count, highest = db.session.execute(
        select(func.count(), func.max(NoticeFile.position)).where(NoticeFile.notice_id == notice.id)
    ).one()
    if count >= MOST:
        raise Conflict("too_many_files", f"附件最多 {MOST} 个，请先去掉一个。")
    row = NoticeFile(
        id=new_id(),
        notice_id=notice.id,
        form=made.form,
        name=_shown_name(name, made),
        media_type=made.media_type,
        file_key=key,
        size=len(made.data),
        sha256=hashlib.sha256(made.data).hexdigest(),
        state="drawing" if made.form == PDF else "ready",
        pages=[],
        page_count=0,
        table=made.table,
        position=(highest or 0) + 1,
        created_at=now(),
    )
    db.session.add(row)
    if made.form == PDF:
        enqueue(DRAW, {"file_id": str(row.id)}, key=f"{DRAW}:{row.id}")
    services.written(notice, actor)
    audit.record(actor, "notice.file", services.SUBJECT, notice.id, {"kind": LABELS[made.form]})
    db.session.flush()
    return notice


def _shown_name(name: str, made: _Made) -> str:
    """What the file is called: without a path, not too long, with the suffix of what it is."""
    stem = PurePosixPath(name.replace("\\", "/")).stem.strip()
    stem = "".join(c for c in stem if c.isprintable())[:NAME_MOST]
    texts.demand_clean({"file": stem})
    return f"{stem or LABELS[made.form]}.{made.suffix}"


def remove(actor: Actor, notice_id: int, file_id: int) -> Notice:
    """Take a file out of a draft. Raises NotFound, Conflict."""
    notice = services.writable(actor, notice_id)
    row = db.session.get(NoticeFile, file_id)
    if row is None or row.notice_id != notice.id:
        raise NotFound("file_not_found", "没有找到这个文件，可能已经去掉了。")
    keys = [row.file_key, *(page["key"] for page in row.pages)]
    db.session.execute(delete(NoticeFile).where(NoticeFile.id == row.id))
    enqueue(SWEEP, {"keys": keys}, key=f"{SWEEP}:gone:{row.id}")
    services.written(notice, actor)
    audit.record(actor, "notice.file.remove", services.SUBJECT, notice.id, {"kind": LABELS[row.form]})
    db.session.flush()
    return notice


@handles(SWEEP)
class SweepHandler(Handler):
    """Delete stored files that no notice shows. Repeating is harmless."""

    def prepare(self, job: Job) -> Callable[[], None] | None:
        keys = [str(key) for key in job.payload["keys"]]
        wanted = select(NoticeFile.id).where(NoticeFile.file_key.in_(keys))
        if db.session.scalar(wanted.limit(1)) is not None:
            return None

        def call() -> None:
            for key in keys:
                store().delete(key)

        return call
