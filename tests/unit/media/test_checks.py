"""What a photo must be: judged by its bytes, opened by a child, with a sentence for each refusal."""

from __future__ import annotations

import io
import resource

import pytest
from PIL import Image

from backend.kernel.errors import AppError
from backend.media import checks
from tests.factories import photos

REFUSED_BY_ITS_BYTES = [
    (b"", "photo_empty"),
    (b"<html><script>alert(1)</script>", "photo_not_image"),
    (b"%PDF-1.7 and so on", "photo_not_image"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_not_image"),
    (photos.heic(), "photo_heic"),
    (b"\xff\xd8\xff" + b"\0" * checks.MAX_BYTES, "photo_too_large"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED_BY_ITS_BYTES)
def test_no_photo_is_refused_before_anything_opens_it(data: bytes, code: str) -> None:
    with pytest.raises(AppError) as caught:
        checks.judge(data)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No application here, so no transaction either."""
    monkeypatch.setattr(checks, "assert_no_transaction", lambda what: None)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("WEBP", "RGB"),
        ("GIF", "P"),
    ],
)
def test_every_kind_becomes_a_jpeg_and_a_thumbnail(outside: None, kind: str, mode: str) -> None:
    data = photos.photo((3000, 1500), kind, mode)
    checks.judge(data)
    done = checks.decode(data)
    picture, thumb = Image.open(io.BytesIO(done.photo)), Image.open(io.BytesIO(done.thumb))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (2048, 1024))
    assert (done.width, done.height) == (2048, 1024)
    assert thumb.size == (400, 200)
    blue, green = picture.getpixel((10, 10)), picture.getpixel((10, 1000))
    assert isinstance(blue, tuple)
    assert isinstance(green, tuple)
    if mode == "L":
        assert abs(blue[0] - green[0]) > 10
    else:
        assert blue[2] > blue[1]
        assert green[1] > green[2]


def test_the_position_is_read_and_everything_else_is_left_behind(outside: None) -> None:
    done = checks.decode(photos.camera_photo(117.1437, 35.0204))
    assert done.position == pytest.approx((117.1437, 35.0204), abs=1e-5)
    for data in (done.photo, done.thumb):
        kept = Image.open(io.BytesIO(data))
        assert not dict(kept.getexif())
        assert "comment" not in kept.info
        assert b"Exif" not in data
        assert "示例手机".encode() not in data


def test_the_picture_is_turned_upright(outside: None) -> None:
    done = checks.decode(photos.camera_photo(117.1, 35.0, orientation=6))
    assert (done.width, done.height) == (480, 640)
    upright = Image.open(io.BytesIO(done.photo))
    right, left = upright.getpixel((470, 300)), upright.getpixel((10, 300))
    assert isinstance(right, tuple)
    assert isinstance(left, tuple)
    assert right[2] > right[1], "the sky lies to the right of a camera turned by 90°"
    assert left[1] > left[2]


@pytest.mark.parametrize("position", [(0.0, 0.0)])
def test_a_nonsense_position_is_none(outside: None, position: tuple[float, float]) -> None:
    assert checks.decode(photos.camera_photo(*position)).position is None


def test_transparent_drawings_stand_on_white(outside: None) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(checks.decode(out.getvalue()).photo)).getpixel((25, 25)) == (255, 255, 255)


REFUSED_BY_THE_CHILD = [
    (photos.photo((10_000, 6_000), quality=20), "photo_too_many_pixels"),
    (photos.png_header_only(50_000, 50_000), "photo_too_many_pixels"),
    (photos.png_header_only(2_000, 2_000), "photo_broken"),
    (photos.photo((1200, 900))[:3000], "photo_broken"),
    (b"\xff\xd8\xff\xe0 only the first bytes are right", "photo_not_image"),
]


@pytest.mark.parametrize(
    ("data", "code"), REFUSED_BY_THE_CHILD, ids=[code for _, code in REFUSED_BY_THE_CHILD]
)
def test_what_cannot_be_opened_has_its_own_sentence(outside: None, data: bytes, code: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(AppError) as caught:
        checks.decode(data)
    assert caught.value.code == code
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40 * 1024, f"this process grew by {grown} kB"


def test_a_child_that_never_answers_is_ended(outside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "CHILD_SECONDS", 0.01)
    with pytest.raises(AppError) as caught:
        checks.decode(photos.photo((4000, 3000)))
    assert caught.value.code == "photo_too_many_pixels"


def test_when_all_children_are_busy_one_is_asked_to_wait(
    outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "CHILD_SECONDS", 0.01)
    for _ in range(checks.CHILDREN):
        checks._children.acquire()
    try:
        with pytest.raises(AppError) as caught:
            checks.decode(photos.photo())
        assert (caught.value.code, caught.value.status) == ("photo_queue", 503)
    finally:
        for _ in range(checks.CHILDREN):
            checks._children.release()
