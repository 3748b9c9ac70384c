"""Drawn pictures for the demonstration: street scenes with a trouble in them, and the same without it.

Nobody's photo and nobody in them: ground, houses, trees and the thing itself, made small and
grained so that they look like pictures of places. The same seed draws the same picture.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

CANVAS = (960, 720)
SIZE = (720, 540)
THUMB = 360
HORIZON = 300
VARIANTS = 3
QUALITY = 78

Draw = ImageDraw.ImageDraw
Box = tuple[float, float, float, float]
SKIES = (("#a9cdea", "#e6f0f6"), ("#c7d3dc", "#eef0ee"), ("#8fb9de", "#f3ead9"))
GROUNDS = ("#b7a98c", "#a8b08a", "#b5aea4")
WALLS = ("#d9cbb5", "#c9b8a6", "#e3ddd2", "#b9a08a")
ROOFS = ("#8c4a3a", "#6e5a52", "#9a5b45")


@dataclass(frozen=True)
class Picture:
    """A JPEG, its thumbnail, and the size of the former."""

    photo: bytes
    thumb: bytes
    width: int
    height: int


def draw_scene(kind: str, variant: int, *, after: bool) -> Picture:
    """One picture of SCENES; ``after`` shows the place put right."""
    rng = random.Random(f"{kind} {variant}")
    image = _background(rng, variant)
    SCENES[kind](ImageDraw.Draw(image), random.Random(f"{kind} {variant} thing"), after)
    image = _aged(image, rng, after)
    photo = _jpeg(image)
    image.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS)
    return Picture(photo, _jpeg(image), *SIZE)


def _background(rng: random.Random, variant: int) -> Image.Image:
    top, bottom = SKIES[variant % len(SKIES)]
    sky = Image.linear_gradient("L").resize(CANVAS)
    image = Image.composite(Image.new("RGB", CANVAS, bottom), Image.new("RGB", CANVAS, top), sky)
    draw = ImageDraw.Draw(image)
    for x in range(-60, CANVAS[0], 190):
        _house(draw, rng, x + rng.randint(-20, 20), rng)
    draw.rectangle((0, HORIZON, CANVAS[0], CANVAS[1]), fill=GROUNDS[variant % len(GROUNDS)])
    left, right = 330 + rng.randint(-60, 60), 560 + rng.randint(-60, 60)
    draw.polygon(
        [(left + 60, HORIZON), (right - 60, HORIZON), (right + 330, 720), (left - 330, 720)], fill="#8d8b87"
    )
    for step in range(6):
        y = HORIZON + 20 + step * step * 14
        width = 2 + step * 2
        middle = (left + right) / 2
        draw.polygon(
            [
                (middle - width, y),
                (middle + width, y),
                (middle + width * 1.6, y + 14 + 6 * step),
                (middle - width * 1.6, y + 14 + 6 * step),
            ],
            fill="#c9c6bd",
        )
    for _ in range(60):
        x, y = rng.randint(0, CANVAS[0]), rng.randint(HORIZON + 10, CANVAS[1])
        draw.line((x, y, x + rng.randint(4, 14), y - rng.randint(1, 5)), fill="#8f9a70", width=2)
    return image


def _house(draw: Draw, rng: random.Random, x: int, _: random.Random) -> None:
    wide, high = rng.randint(120, 190), rng.randint(70, 130)
    top = HORIZON - high
    draw.rectangle((x, top, x + wide, HORIZON + 6), fill=rng.choice(WALLS))
    draw.polygon(
        [(x - 12, top), (x + wide + 12, top), (x + wide - 14, top - 34), (x + 14, top - 34)],
        fill=rng.choice(ROOFS),
    )
    for left in range(x + 18, x + wide - 30, 52):
        draw.rectangle((left, top + 22, left + 26, top + 50), fill="#5f7382", outline="#e8e4da", width=3)
    if rng.random() < 0.6:
        crown = x + wide + 6
        draw.rectangle((crown, HORIZON - 60, crown + 8, HORIZON + 8), fill="#6b523a")
        for _i in range(7):
            cx, cy, r = crown + rng.randint(-24, 30), HORIZON - 80 + rng.randint(-30, 26), rng.randint(16, 30)
            draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=rng.choice(("#5d7f45", "#6d8f4f", "#4f7040")))


def _aged(image: Image.Image, rng: random.Random, after: bool) -> Image.Image:
    """Made smaller (which smooths the edges), with a camera's grain; the later picture is in other light."""
    small = image.resize(SIZE, Image.Resampling.BILINEAR)
    grain = Image.frombytes("L", (SIZE[0] // 2, SIZE[1] // 2), rng.randbytes(SIZE[0] // 2 * (SIZE[1] // 2)))
    grained = Image.blend(small, grain.resize(SIZE, Image.Resampling.BICUBIC).convert("RGB"), 0.035)
    tint = Image.new("RGB", SIZE, "#fff1d6" if after else rng.choice(("#ffffff", "#eef4ff")))
    return ImageChops.multiply(grained, tint)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _rubbish(draw: Draw, rng: random.Random, after: bool) -> None:
    x, y = rng.randint(150, 320), rng.randint(500, 560)
    draw.rectangle((x - 70, y - 120, x - 10, y + 20), fill="#3f6f52", outline="#2c4f3a", width=4)
    draw.rectangle((x - 76, y - 132, x - 4, y - 118), fill="#2f5a41")
    if after:
        draw.ellipse((x + 30, y + 6, x + 260, y + 34), fill="#a9a69f")
        return
    for _ in range(70):
        cx, cy = x + rng.gauss(120, 75), y + rng.gauss(0, 26)
        w, h = rng.randint(14, 48), rng.randint(12, 36)
        colour = rng.choice(("#e9e7e1", "#2d3436", "#5b6ea0", "#c0553f", "#d8c25a", "#6f8f5a", "#f4f4f4"))
        if rng.random() < 0.5:
            draw.ellipse((cx, cy - h, cx + w, cy), fill=colour)
        else:
            draw.polygon(
                [(cx, cy), (cx + w, cy - 4), (cx + w - 6, cy - h), (cx + 4, cy - h + 6)], fill=colour
            )


def _lamp(draw: Draw, rng: random.Random, after: bool) -> None:
    draw.rectangle((0, 0, *CANVAS), fill="#1c2634")
    draw.rectangle((0, HORIZON, CANVAS[0], CANVAS[1]), fill="#242a2c")
    for x in range(-20, CANVAS[0], 170):
        top = HORIZON - rng.randint(70, 120)
        draw.rectangle((x, top, x + 130, HORIZON), fill="#2b3442")
        if rng.random() < 0.5:
            draw.rectangle((x + 30, top + 24, x + 56, top + 50), fill="#d9b45b")
    draw.polygon([(390, HORIZON), (520, HORIZON), (860, 720), (60, 720)], fill="#30363a")
    x = rng.randint(560, 660)
    if after:
        for r, colour in ((250, "#3a3d36"), (180, "#57543f"), (110, "#8a7c4c")):
            draw.ellipse((x - 90 - r, 560 - r // 3, x - 90 + r, 560 + r // 3), fill=colour)
        draw.polygon([(x - 112, 128), (x - 68, 128), (x + 60, 560), (x - 240, 560)], fill="#4f4a38")
    draw.rectangle((x, 110, x + 14, 620), fill="#8b949b")
    draw.line((x + 6, 116, x - 90, 116), fill="#8b949b", width=10)
    draw.rectangle((x - 118, 112, x - 62, 130), fill="#fff3c4" if after else "#4a5157")


def _manhole(draw: Draw, rng: random.Random, after: bool) -> None:
    x, y = rng.randint(400, 520), rng.randint(520, 570)
    draw.ellipse((x - 150, y - 62, x + 150, y + 62), fill="#6f6d69")
    if after:
        draw.ellipse((x - 130, y - 52, x + 130, y + 52), fill="#54524f", outline="#3b3a38", width=6)
        for offset in range(-90, 91, 30):
            draw.line((x + offset, y - 34, x + offset, y + 34), fill="#3f3e3c", width=5)
        return
    draw.ellipse((x - 130, y - 52, x + 130, y + 52), fill="#15161a", outline="#3b3a38", width=6)
    draw.arc((x - 118, y - 44, x + 118, y + 50), 200, 340, fill="#33353b", width=6)
    draw.polygon([(x + 120, y - 10), (x + 230, y - 44), (x + 262, y - 8), (x + 150, y + 34)], fill="#55534f")


def _pothole(draw: Draw, rng: random.Random, after: bool) -> None:
    x, y = rng.randint(420, 520), rng.randint(520, 570)
    shape = [(x + rng.randint(-14, 14) + 190 * cx, y + rng.randint(-8, 8) + 70 * cy) for cx, cy in _ROUND]
    if after:
        draw.polygon(shape, fill="#5f5e5c")
        return
    draw.polygon(shape, fill="#6a5f50")
    draw.polygon([(x + (px - x) * 0.72, y + 6 + (py - y) * 0.66) for px, py in shape], fill="#4a5358")
    draw.polygon([(x + (px - x) * 0.5, y + 8 + (py - y) * 0.4) for px, py in shape], fill="#8a98a0")
    for _ in range(9):
        start = (x + rng.randint(-190, 190), y + rng.randint(-70, 70))
        draw.line(
            (*start, start[0] + rng.randint(-90, 90), start[1] + rng.randint(-24, 24)),
            fill="#5d5a55",
            width=3,
        )


def _ditch(draw: Draw, rng: random.Random, after: bool) -> None:
    water = "#6d93a5" if after else "#5c6650"
    draw.polygon([(120, 720), (330, HORIZON + 6), (430, HORIZON + 6), (560, 720)], fill="#8f8d88")
    draw.polygon([(190, 720), (350, HORIZON + 20), (412, HORIZON + 20), (490, 720)], fill=water)
    for _ in range(10 if after else 46):
        y = rng.randint(HORIZON + 60, 700)
        share = (y - HORIZON) / (720 - HORIZON)
        x = 380 - 40 * share + rng.uniform(-130, 110) * share
        if after:
            draw.line((x - 20, y, x + 20, y), fill="#9bb9c6", width=2)
        else:
            size = 6 + 26 * share * rng.random()
            colour = rng.choice(("#d8d5c9", "#7f8f4f", "#a15a42", "#c9c08a", "#3c4038"))
            draw.ellipse((x - size, y - size / 3, x + size, y + size / 3), fill=colour)


def _stall(draw: Draw, rng: random.Random, after: bool) -> None:
    x, y = rng.randint(520, 600), 560
    if after:
        draw.line((x - 120, 700, x - 20, 430), fill="#e9e3c8", width=8)
        return
    draw.rectangle((x, y - 90, x + 280, y + 60), fill="#7a6248")
    draw.rectangle((x + 10, y - 210, x + 18, y - 60), fill="#999999")
    draw.rectangle((x + 262, y - 210, x + 270, y - 60), fill="#999999")
    for index in range(7):
        draw.polygon(
            [
                (x - 14 + index * 44, y - 210),
                (x + 30 + index * 44, y - 210),
                (x + 38 + index * 44, y - 160),
                (x - 22 + index * 44, y - 160),
            ],
            fill="#c94f3d" if index % 2 else "#f1ece2",
        )
    for _ in range(40):
        cx, cy = x + rng.randint(14, 262), y - 92 + rng.randint(-16, 10)
        draw.ellipse(
            (cx - 12, cy - 12, cx + 12, cy + 12),
            fill=rng.choice(("#d9772f", "#8fae3e", "#c23b34", "#e3c14d")),
        )


def _sign(draw: Draw, rng: random.Random, after: bool) -> None:
    x = rng.randint(560, 640)
    tilt = 0 if after else rng.choice((-90, 80))
    draw.line((x, 620, x + tilt, 330), fill="#8b949b", width=14)
    top = (x + tilt, 300)
    face = [
        (top[0] - 110, top[1] - 60),
        (top[0] + 110, top[1] - 60 + tilt // 3),
        (top[0] + 110, top[1] + 60 + tilt // 3),
        (top[0] - 110, top[1] + 60),
    ]
    draw.polygon(face, fill="#2f6db0" if after else "#7f93a6")
    draw.line((*face[0], *face[1], *face[2], *face[3], *face[0]), fill="#f0f0f0", width=5)
    for row in range(3):
        draw.line(
            (top[0] - 80, top[1] - 26 + row * 26, top[0] + 80, top[1] - 26 + row * 26 + tilt // 4),
            fill="#dfe7ee",
            width=8,
        )
    if not after:
        draw.line(
            (top[0] - 60, top[1] - 50, top[0] + 10, top[1] + 10, top[0] - 20, top[1] + 56),
            fill="#39434d",
            width=5,
        )


def _tree(draw: Draw, rng: random.Random, after: bool) -> None:
    x = rng.randint(600, 680)
    draw.rectangle((x, 300 if not after else 480, x + 44, 640), fill="#5f4833")
    if after:
        draw.ellipse((x - 4, 468, x + 48, 494), fill="#b08d62")
        return
    for _ in range(26):
        cx, cy, r = x + 20 + rng.gauss(0, 90), 240 + rng.gauss(0, 60), rng.randint(30, 56)
        draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=rng.choice(("#7d7a3f", "#8c7f48", "#6c7440")))
    draw.line((x + 10, 360, 150, 520), fill="#5f4833", width=22)
    for _ in range(16):
        cx, cy, r = 190 + rng.gauss(0, 60), 530 + rng.gauss(0, 26), rng.randint(18, 34)
        draw.ellipse((cx - r, cy - r, cx + r, cy + r), fill=rng.choice(("#7d7a3f", "#8c7f48", "#6c7440")))
    draw.line((0, 190, 960, 240), fill="#30343a", width=4)


def _land(draw: Draw, rng: random.Random, after: bool) -> None:
    draw.polygon([(40, 470), (470, 450), (560, 690), (0, 700)], fill="#8f9a5a" if after else "#9b7b52")
    if after:
        for row in range(9):
            draw.line((30 + row * 52, 690, 70 + row * 46, 468), fill="#6f8a3f", width=7)
        return
    for _ in range(5):
        cx, cy, r = rng.randint(90, 430), rng.randint(520, 640), rng.randint(50, 110)
        draw.pieslice(
            (cx - r, cy - r // 2, cx + r, cy + r // 2 + 20),
            180,
            360,
            fill=rng.choice(("#86663f", "#a08560", "#77583a")),
        )
    for _ in range(60):
        cx, cy = rng.randint(60, 500), rng.randint(500, 680)
        draw.rectangle(
            (cx, cy, cx + rng.randint(6, 18), cy + rng.randint(5, 12)),
            fill=rng.choice(("#b0553f", "#c8beb0", "#8a857c")),
        )


_ROUND = [
    (-1, 0),
    (-0.8, -0.5),
    (-0.3, -0.9),
    (0.3, -0.95),
    (0.8, -0.6),
    (1, 0),
    (0.75, 0.6),
    (0.2, 0.95),
    (-0.5, 0.8),
]

SCENES: dict[str, Callable[[Draw, random.Random, bool], None]] = {
    "rubbish": _rubbish,
    "lamp": _lamp,
    "manhole": _manhole,
    "pothole": _pothole,
    "ditch": _ditch,
    "stall": _stall,
    "sign": _sign,
    "tree": _tree,
    "land": _land,
}
