"""Draw the pictures that must be files: the map pin, the page icon and the preview of a shared page.

Run with Pillow and a Chinese font (Debian: fonts-noto-cjk); writes src/static/. Everything else is a line drawing in
src/components/icons.ts.
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

STATIC = Path(__file__).resolve().parent.parent / "src" / "static"
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
RIVER_900, RIVER_600, CLAY_600, WHITE = "#073b3a", "#0e7470", "#bf4a27", "#ffffff"
SCALE = 4


def pin() -> Image.Image:
    """Clay pin, 64 x 80, tip at the middle of the lower edge."""
    image = Image.new("RGBA", (64 * SCALE, 80 * SCALE))
    draw = ImageDraw.Draw(image)
    draw.polygon([(x * SCALE, y * SCALE) for x, y in ((5, 38), (59, 38), (32, 79))], fill=CLAY_600)
    draw.ellipse([2 * SCALE, SCALE, 62 * SCALE, 61 * SCALE], fill=CLAY_600, outline=WHITE, width=3 * SCALE)
    draw.ellipse([21 * SCALE, 20 * SCALE, 43 * SCALE, 42 * SCALE], fill=WHITE)
    return image.resize((64, 80), Image.Resampling.LANCZOS)


def ground(width: int, height: int) -> Image.Image:
    """The river's two colours from top to bottom."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    top, bottom = Image.new("RGB", (1, 1), RIVER_900), Image.new("RGB", (1, 1), RIVER_600)
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=Image.blend(top, bottom, y / height).getpixel((0, 0)))
    return image


def camera(draw: ImageDraw.ImageDraw, x: int, y: int, radius: int) -> None:
    """A camera in a clay circle round (x, y)."""
    draw.ellipse([x - radius, y - radius, x + radius, y + radius], fill=CLAY_600)
    unit, line = radius / 12, max(3, radius // 9)
    box = [x - 6.5 * unit, y - 3.5 * unit, x + 6.5 * unit, y + 5.5 * unit]
    draw.rounded_rectangle(box, radius=unit, outline=WHITE, width=line)
    draw.line([(x - 3 * unit, y - 3.5 * unit), (x - 1.8 * unit, y - 5.8 * unit)], fill=WHITE, width=line)
    draw.line([(x - 1.8 * unit, y - 5.8 * unit), (x + 1.8 * unit, y - 5.8 * unit)], fill=WHITE, width=line)
    draw.line([(x + 1.8 * unit, y - 5.8 * unit), (x + 3 * unit, y - 3.5 * unit)], fill=WHITE, width=line)
    draw.ellipse([x - 2.6 * unit, y - 1.6 * unit, x + 2.6 * unit, y + 3.6 * unit], outline=WHITE, width=line)


def icon() -> Image.Image:
    """Page icon, 128 x 128."""
    image = ground(512, 512)
    camera(ImageDraw.Draw(image), 256, 256, 180)
    return image.resize((128, 128), Image.Resampling.LANCZOS)


def share() -> Image.Image:
    """Preview of a shared public page, 5:4 as WeChat shows it; no town's name, so that each town may use it."""
    image = ground(1000, 800)
    draw = ImageDraw.Draw(image)
    camera(draw, 500, 290, 150)
    for words, size, y in (("随手拍", 120, 470), ("身边的事，有人管、看得见", 52, 640)):
        font = ImageFont.truetype(FONT, size, index=2)
        width = draw.textlength(words, font=font)
        draw.text(((1000 - width) / 2, y), words, font=font, fill=WHITE)
    return image.resize((500, 400), Image.Resampling.LANCZOS).quantize(64)


if __name__ == "__main__":
    STATIC.mkdir(parents=True, exist_ok=True)
    pin().save(STATIC / "pin.png", optimize=True)
    icon().quantize(64).save(STATIC / "icon.png", optimize=True)
    share().save(STATIC / "share.png", optimize=True)
