"""Photos for the story: the demonstration's scenes, one of them knowing where it was taken."""

from __future__ import annotations

import io

from PIL import Image

from backend.demo.scenes import draw_scene
from tests.factories.photos import camera_photo


def scene(name: str, variant: int, *, after: bool = False, place: tuple[float, float] | None = None) -> bytes:
    """A JPEG of a scene with its trouble, or without it; `place`: longitude and latitude (WGS-84) in its EXIF."""
    image = Image.open(io.BytesIO(draw_scene(name, variant, after=after).photo))
    options = {"exif": Image.open(io.BytesIO(camera_photo(*place))).info["exif"]} if place else {}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88, **options)
    return out.getvalue()
