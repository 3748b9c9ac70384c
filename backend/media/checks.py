"""What a photo must be, judged by its bytes; every refusal has a sentence of its own."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from backend.kernel.db import assert_no_transaction
from backend.kernel.errors import AppError, Invalid, TooLarge, Unavailable

log = logging.getLogger(__name__)

MAX_PHOTOS = 9
MAX_BYTES = 15_000_000
TYPES: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif")
HEIC_TYPES: tuple[str, ...] = ("image/heic", "image/heif")
CHILD_SECONDS = 30
CHILDREN = 2

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_ROOT = Path(__file__).resolve().parents[2]
_children = threading.BoundedSemaphore(CHILDREN)


@dataclass(frozen=True)
class Decoded:
    """A clean photo; ``position`` is (lon, lat) in WGS-84 as the camera wrote it."""

    photo: bytes
    thumb: bytes
    width: int
    height: int
    position: tuple[float, float] | None


def not_a_photo() -> AppError:
    return _refused("photo_not_image", "这不是一张照片，请换一张。")


def heic() -> AppError:
    sentence = (
        "这是 HEIC 格式的照片，暂时打不开。请在“设置-相机-格式”里选“兼容性最佳”后重拍，或者截一张图上传。"
    )
    return _refused("photo_heic", sentence)


def empty() -> AppError:
    return _refused("photo_empty", "这张照片是空的，请重新选择。")


def broken() -> AppError:
    return _refused("photo_broken", "这张照片不完整，可能没有传完，请重新选择。")


def too_many_pixels() -> AppError:
    return _refused(
        "photo_too_many_pixels", "照片太大了，像素太多，打不开。请在相机里调小尺寸，或者截一张图上传。"
    )


def too_many_bytes() -> AppError:
    sentence = f"照片太大了，一张最多 {MAX_BYTES // 1_000_000} MB。请选“压缩”后再上传。"
    return TooLarge("photo_too_large", sentence, fields={"photo": ["太大了"]})


def judge(data: bytes) -> None:
    """Refuse by the first bytes what is no photo; the name and the claimed type mean nothing."""
    if not data:
        raise empty()
    if len(data) > MAX_BYTES:
        raise too_many_bytes()
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        raise heic()
    known = data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")) or (
        data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    )
    if not known:
        raise not_a_photo()


def decode(data: bytes) -> Decoded:
    """Open and re-encode the photo in a child of its own.

    Raises Invalid with the sentence for what is wrong, Unavailable when the machine has no room
    for another child at the moment. Must not be called while a transaction is open.
    """
    assert_no_transaction("decoding a photo")
    if not _children.acquire(timeout=CHILD_SECONDS):
        raise Unavailable("photo_queue", "同时处理的照片太多了，请过一会儿再试，照片不用重新选。")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "backend.media.decode"],
            input=data,
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
        )
    except subprocess.TimeoutExpired:
        raise too_many_pixels() from None
    finally:
        _children.release()
    return _read(done)


def _read(done: subprocess.CompletedProcess[bytes]) -> Decoded:
    line, _, rest = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        # killed by its own limits (CPU, memory): what it was given was made to be large
        if done.returncode < 0 or b"MemoryError" in done.stderr:
            raise too_many_pixels()
        log.warning("photo decoder failed", extra={"error": done.stderr[-400:].decode(errors="replace")})
        raise broken()
    head = json.loads(line)
    faults = {"not_image": not_a_photo, "too_many_pixels": too_many_pixels, "broken": broken}
    if "fault" in head:
        refusal = faults[head["fault"]]
        raise refusal()
    position = head["position"]
    return Decoded(
        photo=rest[: head["photo"]],
        thumb=rest[head["photo"] : head["photo"] + head["thumb"]],
        width=head["width"],
        height=head["height"],
        position=(position[0], position[1]) if position else None,
    )


def _refused(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"photo": [sentence]})
