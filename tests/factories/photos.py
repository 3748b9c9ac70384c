"""Pictures as phones send them, drawn on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageDraw

_GPS_IFD = 0x8825
_ORIENTATION = 0x0112
_MODEL = 0x0110


def photo(size: tuple[int, int] = (640, 480), kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    """A picture with something in it: top half blue, bottom half green."""
    image = Image.new("RGB", size, "#3a7bd5")
    ImageDraw.Draw(image).rectangle((0, size[1] // 2, size[0], size[1]), fill="#1f5c12")
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def camera_photo(
    lon: float, lat: float, *, orientation: int = 1, size: tuple[int, int] = (640, 480)
) -> bytes:
    """A JPEG as a camera writes it: position, orientation, model and a comment inside."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    exif[_MODEL] = "示例手机"
    exif.get_ifd(_GPS_IFD).update({1: "N", 2: _sexagesimal(lat), 3: "E", 4: _sexagesimal(lon)})
    return photo(size, exif=exif.tobytes(), comment=b"taken by nobody")


def _sexagesimal(value: float) -> tuple[float, float, float]:
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    return (float(degrees), float(minutes), round((value - degrees - minutes / 60) * 3600, 4))


def png_header_only(width: int, height: int) -> bytes:
    """A PNG that claims to be huge and holds next to nothing: a bomb's head."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + _chunk(b"IEND", b"")
    )


def heic() -> bytes:
    """The first bytes of an iPhone's HEIC file."""
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
