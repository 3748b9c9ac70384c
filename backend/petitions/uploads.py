"""What may be sent with a petition, judged by its bytes: photos and PDF, each cleaned in a child process."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from backend.kernel.db import assert_no_transaction
from backend.kernel.errors import AppError, Invalid, TooLarge, Unavailable
from backend.media import checks

log = logging.getLogger(__name__)

MAX_BYTES = 20_000_000
CHILD_SECONDS = 30
PDF, PHOTO = "application/pdf", "image/jpeg"
SUFFIX = {PDF: "pdf", PHOTO: "jpg"}
UNNAMED = {PDF: "材料", PHOTO: "照片"}
NAME_MOST = 60
_ROOT = Path(__file__).resolve().parents[2]
_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class Clean:
    """A file without anything that its sender did not mean to send."""

    data: bytes
    media_type: str


def cleaned(data: bytes) -> Clean:
    """The photo or PDF, made anew. Must not be called while a transaction is open.

    Raises Invalid or TooLarge with the sentence for what is wrong (field ``file``), Unavailable when
    the machine has no room for another child at the moment.
    """
    if len(data) > MAX_BYTES:
        sentence = f"文件太大了，一个最多 {MAX_BYTES // 1_000_000} MB。可以分成几份，或者压缩后再上传。"
        raise TooLarge("file_too_large", sentence, fields={"file": ["太大了"]})
    if not data:
        raise _refused("file_empty", "这个文件是空的，请重新选择。")
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return Clean(_clean_pdf(data), PDF)
    try:
        checks.judge(data)
        return Clean(checks.decode(data).photo, PHOTO)
    except (Invalid, TooLarge) as refusal:
        if refusal.code == "photo_not_image":
            raise _refused("file_unknown", "只能上传照片或 PDF 文件，请换一个文件。") from None
        raise type(refusal)(refusal.code, refusal.message, fields={"file": [refusal.message]}) from None


def shown_name(name: str, media_type: str) -> str:
    """What the file is called from now on: without a path, not too long, with the suffix of what it is."""
    stem = PurePosixPath(name.replace("\\", "/")).stem.strip()
    stem = "".join(c for c in stem if c.isprintable())[:NAME_MOST]
    return f"{stem or UNNAMED[media_type]}.{SUFFIX[media_type]}"


def _clean_pdf(data: bytes) -> bytes:
    assert_no_transaction("opening a PDF")
    if not _one_at_a_time.acquire(timeout=CHILD_SECONDS):
        raise Unavailable("file_queue", "同时处理的文件太多了，请过一会儿再试。")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "backend.petitions.clean_pdf"],
            input=data,
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
        )
    except subprocess.TimeoutExpired:
        raise _fault("too_large") from None
    finally:
        _one_at_a_time.release()
    return _read(done)


def _read(done: subprocess.CompletedProcess[bytes]) -> bytes:
    line, _, pdf = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        if done.returncode < 0 or b"MemoryError" in done.stderr:
            raise _fault("too_large")
        log.warning("PDF reader failed", extra={"error": done.stderr[-400:].decode(errors="replace")})
        raise _fault("broken")
    head = json.loads(line)
    if "fault" in head:
        raise _fault(head["fault"])
    return pdf


def _fault(code: str) -> AppError:
    sentences = {
        "locked": "这个 PDF 设了密码，打不开。请去掉密码后再上传。",
        "too_many_pages": "这个 PDF 页数太多，最多 500 页，请分成几份。",
        "too_large": "这个 PDF 太大、太复杂，打不开。请分成几份，或者拍照上传。",
        "broken": "这个 PDF 不完整或已损坏，打不开，请重新导出或者拍照上传。",
    }
    return _refused(f"pdf_{code}", sentences[code])


def _refused(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"file": [sentence]})
