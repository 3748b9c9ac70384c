"""A public copy of a photo: what was drawn over is pixelated beyond telling, and nothing but pixels is kept.

Pure: bytes in, bytes out. Only what media itself has re-encoded comes here (at most 2048 pixels a side), so no
child process is needed.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

#: how many blocks the longer side of a box is broken into: a face of 6 × 6 blocks is nobody's
BLOCKS = 6
QUALITY = 82
THUMB_SIDE = 480


@dataclass(frozen=True)
class Box:
    """A rectangle in parts of width and height, 0 to 1, from the upper left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class PublicCopy:
    """The copy and its small one, as JPEG without EXIF, comment or profile."""

    photo: bytes
    thumb: bytes
    width: int
    height: int


def public_copy(data: bytes, boxes: Iterable[Box]) -> PublicCopy:
    """The photo with these boxes pixelated, made anew from its pixels."""
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    for box in boxes:
        _cover(image, box)
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    small = bare.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return PublicCopy(_jpeg(bare), _jpeg(small), bare.width, bare.height)


def _cover(image: object, box: Box) -> None:
    from PIL import Image

    assert isinstance(image, Image.Image)
    left, top = int(box.x * image.width), int(box.y * image.height)
    right = min(image.width, max(left + 1, round((box.x + box.w) * image.width)))
    bottom = min(image.height, max(top + 1, round((box.y + box.h) * image.height)))
    part = image.crop((left, top, right, bottom))
    longer = max(part.size)
    blocks = (
        max(1, round(BLOCKS * part.width / longer)),
        max(1, round(BLOCKS * part.height / longer)),
    )
    coarse = part.resize(blocks, Image.Resampling.BOX)
    image.paste(coarse.resize(part.size, Image.Resampling.NEAREST), (left, top))


def _jpeg(image: object) -> bytes:
    from PIL import Image

    assert isinstance(image, Image.Image)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
