"""The child process that opens photos: bytes on stdin, a clean JPEG and a thumbnail on stdout.

Run as ``python -m backend.media.decode``. It limits its own memory and CPU time before it touches
an image, imports nothing of the application, and ends after one photo: a bomb or a 60-megapixel
photo ends a child, never the web process.

Answer: one line of JSON, then (when ``"ok"``) the JPEG's bytes and the thumbnail's.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
from typing import Any

MAX_JPEG_PIXELS = 50_000_000  # cameras of 48 megapixels; a JPEG is decoded at a fraction of its size
MAX_OTHER_PIXELS = 30_000_000  # screenshots and drawings; these are decoded whole
MEMORY_BYTES = 700 * 1024 * 1024
CPU_SECONDS = 20
SIDE = 2048
THUMB_SIDE = 400
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # JPEG covers the phones' multi-picture files (MPO)
_ORIENTATION = 0x0112
_GPS = 0x8825


def main() -> None:
    """Limit, decode, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        head, photo, thumb = decode(sys.stdin.buffer.read())
    except MemoryError:
        head, photo, thumb = {"fault": "too_many_pixels"}, b"", b""
    head |= {"photo": len(photo), "thumb": len(thumb)}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + photo + thumb)


def decode(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """(head, photo, thumbnail); head is {"ok", "width", "height", "position"} or {"fault"}.

    Faults: ``not_image``, ``too_many_pixels``, ``broken`` (cut off or damaged).
    The position is [lon, lat] as the camera wrote it (WGS-84), or None.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # our own limit, checked below, before any pixel is decoded
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return {"fault": "not_image"}, b"", b""
    most = MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_OTHER_PIXELS
    if image.width * image.height > most:
        return {"fault": "too_many_pixels"}, b"", b""
    try:
        position, orientation = _camera_notes(image)
        image.draft("RGB", (SIDE, SIDE))
        image.load()
        image = _flat(image)
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError):
        return {"fault": "broken"}, b"", b""
    turned = Image.Exif()
    turned[_ORIENTATION] = orientation
    image.info = {"exif": turned.tobytes()}
    image = ImageOps.exif_transpose(image)
    image.info = {}
    photo = _jpeg(image)
    width, height = image.size
    image.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return {"ok": True, "width": width, "height": height, "position": position}, photo, _jpeg(image)


def _camera_notes(image: Any) -> tuple[list[float] | None, int]:
    """(position, orientation); a damaged EXIF block is no reason to refuse a good picture."""
    try:
        exif = image.getexif()
        return _position(exif.get_ifd(_GPS)), int(exif.get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error):
        return None, 1


def _flat(image: Any) -> Any:
    """RGB on white: a transparent drawing has no black holes afterwards."""
    from PIL import Image

    if image.mode == "RGB":
        return image
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image.thumbnail(
            (SIDE, SIDE), Image.Resampling.LANCZOS
        )  # first smaller: the copies below are whole images
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")


def _jpeg(image: Any) -> bytes:
    """The bytes without any EXIF, comment or profile: nothing but pixels goes on."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _position(gps: Any) -> list[float] | None:
    """[lon, lat] in degrees; None when absent or nonsense."""
    try:
        lat = _degrees(gps[2]) * (-1 if gps.get(1) == "S" else 1)
        lon = _degrees(gps[4]) * (-1 if gps.get(3) == "W" else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):
        return None
    return [lon, lat]


def _degrees(parts: Any) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if value != value:
        raise ValueError("not a number")
    return value


if __name__ == "__main__":
    main()
