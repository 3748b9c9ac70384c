"""The picture of a share card, drawn: 5 to 4, as the mini-program's cards are, in the town's colours.

The font is the one that written documents are set in (it comes with a package); nothing of the machine is used.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, EDGE = 750, 600, 44
BAND, PHOTO = 108, 220
RIVER_900, RIVER_700, RIVER_50 = "#073b3a", "#0b5d5a", "#eef8f7"
CLAY, INK, INK_500, WHITE, PAPER = "#bf4a27", "#17211f", "#5d6c69", "#ffffff", "#f6f8f7"
TITLE_LINES = 3


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return ImageFont.truetype(str(folder / "NotoSansSC-Regular.otf"), size)


def draw(card: Mapping[str, Any], brand: str, photo: bytes | None) -> bytes:
    """A PNG. `card`: title, place, unit, promised, late, taken ("": nothing stands below the title);
    `photo`: the after-photo's small copy."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, BAND), fill=RIVER_700)
    pen.rectangle((0, BAND, WIDTH, BAND + 6), fill=RIVER_900)
    pen.text((EDGE, 30), "问题回音壁", font=_font(44), fill=WHITE)
    name = fitted(brand, _font(26), WIDTH - 2 * EDGE - 260)
    pen.text((WIDTH - EDGE, 58), name, font=_font(26), fill=RIVER_50, anchor="rm")
    bottom = BAND + 36
    for words in wrapped(card["title"], _font(46), WIDTH - 2 * EDGE, TITLE_LINES):
        pen.text((EDGE, bottom), words, font=_font(46), fill=INK)
        bottom += 62
    _below(image, pen, card, photo)
    made = io.BytesIO()
    image.quantize(192, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def _below(
    image: Image.Image, pen: ImageDraw.ImageDraw, card: Mapping[str, Any], photo: bytes | None
) -> None:
    room = WIDTH - 2 * EDGE
    if photo is not None:
        with Image.open(io.BytesIO(photo)) as opened:
            small = _square(opened.convert("RGB"), PHOTO)
        image.paste(small, (WIDTH - EDGE - PHOTO, HEIGHT - EDGE - PHOTO))
        room -= PHOTO + 24
    if not card["taken"]:
        return
    top = HEIGHT - EDGE - 150
    pen.text((EDGE, top), card["taken"], font=_font(58), fill=CLAY if card["late"] else RIVER_700)
    pen.text((EDGE, top + 76), card["promised"], font=_font(30), fill=INK_500)
    words = " · ".join(one for one in (card["place"], card["unit"]) if one)
    pen.text((EDGE, top + 116), fitted(words, _font(28), room), font=_font(28), fill=INK_500)


def _square(photo: Image.Image, side: int) -> Image.Image:
    width, height = photo.size
    least = min(width, height)
    left, upper = (width - least) // 2, (height - least) // 2
    return photo.crop((left, upper, left + least, upper + least)).resize((side, side))


def fitted(words: str, font: ImageFont.FreeTypeFont, room: float) -> str:
    """The words, cut with an ellipsis where they would be wider than `room` pixels."""
    if font.getlength(words) <= room:
        return words
    while words and font.getlength(words + "…") > room:
        words = words[:-1]
    return words + "…"


def wrapped(words: str, font: ImageFont.FreeTypeFont, room: float, most: int) -> list[str]:
    """Lines of at most `room` pixels; what does not go into `most` of them is cut. Chinese breaks anywhere."""
    lines: list[str] = []
    rest = words
    while rest and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(fitted(rest, font, room))
            break
        taken = next((n for n in range(len(rest), 0, -1) if font.getlength(rest[:n]) <= room), 1)
        lines.append(rest[:taken])
        rest = rest[taken:]
    return lines
