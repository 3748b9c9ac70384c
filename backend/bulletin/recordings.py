"""What a recording must be, judged by its bytes: MP3, or MPEG-4 audio (.m4a); the name means nothing."""

from __future__ import annotations

import io
from dataclasses import dataclass

from tinytag import TinyTag, TinyTagException

from backend.kernel.errors import Invalid, TooLarge

MAX_BYTES = 10_000_000
MP3, M4A = "audio/mpeg", "audio/mp4"
SUFFIX = {MP3: "mp3", M4A: "m4a"}
LONGEST_SECONDS = 3 * 3600
_BRANDS = (b"M4A ", b"M4B ", b"mp42", b"mp41", b"isom", b"iso2", b"dash")


@dataclass(frozen=True)
class Recording:
    """What was recognised; `seconds` is its length, at least one."""

    media_type: str
    seconds: int


def judge(data: bytes) -> Recording:
    """Refuse what is no recording that a phone plays. Raises Invalid or TooLarge with the field ``file``."""
    if len(data) > MAX_BYTES:
        sentence = f"录音太大了，最多 {MAX_BYTES // 1_000_000} MB。请用 64 kbps 的 MP3，约 20 分钟。"
        raise TooLarge("audio_too_large", sentence, fields={"file": ["太大了"]})
    if not data:
        raise _refused("audio_empty", "这个文件是空的，请重新选择。")
    media_type = _type_of(data)
    if media_type is None:
        raise _refused("audio_unknown", "只能上传 MP3 或 M4A 录音，请换一个文件。")
    seconds = _seconds(data)
    if not 0 < seconds <= LONGEST_SECONDS:
        raise _refused("audio_broken", "这段录音打不开，可能没有传完，请重新选择。")
    return Recording(media_type, max(1, round(seconds)))


def _type_of(data: bytes) -> str | None:
    if data[4:8] == b"ftyp" and data[8:12] in _BRANDS:
        # A film has the same box: what holds a picture track is none of ours.
        return M4A if b"soun" in data and b"vide" not in data[:200_000] else None
    sound = data[_tag_length(data) :]
    return MP3 if _is_frame(sound) else None


def _tag_length(data: bytes) -> int:
    """How many bytes an ID3v2 tag at the beginning takes (its size has seven bits in each byte)."""
    if not data.startswith(b"ID3") or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _is_frame(sound: bytes) -> bool:
    """Whether an MPEG audio frame of layer III begins here: eleven bits, a version, a layer, a rate that exist."""
    if len(sound) < 4 or sound[0] != 0xFF or sound[1] & 0xE0 != 0xE0:
        return False
    version, layer = sound[1] >> 3 & 3, sound[1] >> 1 & 3
    bits, rate = sound[2] >> 4, sound[2] >> 2 & 3
    return version != 1 and layer == 1 and bits not in {0, 15} and rate != 3


def _seconds(data: bytes) -> float:
    try:
        return float(TinyTag.get(file_obj=io.BytesIO(data), tags=False).duration or 0)
    except (TinyTagException, ValueError, OverflowError, IndexError, KeyError, EOFError, RecursionError):
        return 0


def _refused(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"file": [sentence]})
