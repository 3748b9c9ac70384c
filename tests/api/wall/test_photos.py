"""Photos on the wall: public copies without anything but pixels, faces pixelated and looked for by two people."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from backend.integrations.oss.protocol import ObjectMissing
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, transaction
from backend.media.models import MediaFile
from backend.media.pixelate import BLOCKS, Box, public_copy
from backend.wall.models import WallPhoto
from tests.factories.photos import camera_photo
from tests.factories.places import IN_G01
from tests.factories.wall import WallCast

FACE = {"x": 0.0, "y": 0.0, "w": 0.5, "h": 0.5}


def put(wall: WallCast, entry_id: int, media_id: int, **more: Any) -> Any:
    given = {"media_id": str(media_id), "role": "before", "boxes": [FACE], "faces_checked": True} | more
    return wall.desk("fenliu").post(f"/staff/wall/{entry_id}/photos", given)


def rows(app: Flask) -> list[WallPhoto]:
    with app.app_context(), transaction(writing=False):
        return list(db.session.scalars(select(WallPhoto)))


def stored(app: Flask, key: str) -> bytes:
    with app.app_context():
        data: bytes = app.extensions["store"].read(key)
        return data


def test_the_copy_is_pixelated_and_the_original_untouched(wall: WallCast) -> None:
    case_id = wall.closed()
    media_id, entry_id = wall.photo_on(case_id), wall.drafted(case_id)
    with wall.app.app_context(), transaction(writing=False):
        key = db.session.get_one(MediaFile, media_id).file_key or ""
    original = stored(wall.app, key)
    answer = put(wall, entry_id, media_id)
    assert answer.status_code == 200, answer.text
    photo = answer.json["photos"][0]
    assert (photo["role"], photo["boxes"], photo["faces_checked"]) == ("before", [FACE], True)
    made = Image.open(io.BytesIO(stored(wall.app, rows(wall.app)[0].file_key))).convert("RGB")
    face = made.crop((0, 0, 320, 240)).resize((BLOCKS, BLOCKS))
    assert made.size == (640, 480)
    tones = {made.getpixel((x, 100)) for x in range(8, 40)}
    assert max(tone[0] for tone in tones) - min(tone[0] for tone in tones) < 12, "stripes are still seen"
    kept = {made.getpixel((x, 400)) for x in range(8, 40)}
    assert max(tone[1] for tone in kept) - min(tone[1] for tone in kept) > 100, (
        "what was not covered is as it was"
    )
    assert face is not None
    assert stored(wall.app, key) == original


def test_nothing_but_pixels_is_in_the_copy() -> None:
    made = public_copy(camera_photo(*IN_G01), [Box(0.2, 0.2, 0.1, 0.1)])
    for data in (made.photo, made.thumb):
        image = Image.open(io.BytesIO(data))
        assert not image.getexif()
        assert not {"exif", "comment", "icc_profile"} & image.info.keys()
        assert b"taken by nobody" not in data


@pytest.mark.parametrize(
    "box", [Box(0, 0, 1, 1), Box(0.99, 0.99, 0.01, 0.01), Box(0.9, 0.9, 0.9, 0.9), Box(0, 0, 0.001, 1)]
)
def test_a_box_at_any_place_is_covered(box: Box) -> None:
    assert public_copy(camera_photo(*IN_G01), [box]).width == 640


def test_a_photo_that_nobody_looked_at_is_not_submitted(wall: WallCast) -> None:
    case_id = wall.closed()
    media_id, entry_id = wall.photo_on(case_id), wall.drafted(case_id)
    assert put(wall, entry_id, media_id, faces_checked=False).status_code == 200
    answer = wall.do("fenliu", entry_id, "submit")
    assert (answer.status_code, answer.json["code"]) == (422, "faces_unchecked")
    assert list(answer.json["fields"]) == ["photos.before"]
    assert put(wall, entry_id, media_id).status_code == 200
    wall.must("fenliu", entry_id, "submit")


def test_the_second_person_looks_at_the_photos_too(wall: WallCast) -> None:
    case_id = wall.closed()
    media_id, entry_id = wall.photo_on(case_id), wall.drafted(case_id)
    put(wall, entry_id, media_id)
    wall.must("fenliu", entry_id, "submit")
    blind = wall.do("lingdao", entry_id, "approve")
    assert (blind.status_code, list(blind.json["fields"])) == (422, ["photos_seen"])
    wall.must("lingdao", entry_id, "approve", photos_seen="yes")


def test_only_photos_of_the_case_and_only_while_it_is_a_draft(wall: WallCast) -> None:
    case_id = wall.closed()
    media_id, entry_id = wall.photo_on(case_id), wall.drafted(case_id)
    foreign = put(wall, entry_id, wall.photo_on(wall.closed()))
    assert (foreign.status_code, foreign.json["code"]) == (422, "photo_unknown")
    wall.must("fenliu", entry_id, "submit")
    assert put(wall, entry_id, media_id).json["code"] == "not_a_draft"
    assert wall.desk("cunzhang1").post(f"/staff/wall/{entry_id}/photos", {}).status_code == 403
    bad = put(wall, entry_id, media_id, boxes=[FACE | {"x": 1.5}])
    assert bad.status_code == 422


def test_a_copy_that_is_replaced_or_taken_out_goes_from_the_store(wall: WallCast, clock: FrozenClock) -> None:
    case_id = wall.closed()
    media_id, entry_id = wall.photo_on(case_id), wall.drafted(case_id)
    put(wall, entry_id, media_id)
    first = rows(wall.app)[0].file_key
    put(wall, entry_id, media_id, boxes=[])
    second = rows(wall.app)[0].file_key
    clock.advance(timedelta(hours=2))
    wall.run_jobs()
    with pytest.raises(ObjectMissing):
        stored(wall.app, first)
    assert stored(wall.app, second)
    answer = wall.desk("fenliu").delete(f"/staff/wall/{entry_id}/photos/before")
    assert answer.json["photos"] == []
    wall.run_jobs()
    with pytest.raises(ObjectMissing):
        stored(wall.app, second)


def test_the_copies_of_a_discarded_draft_go(wall: WallCast) -> None:
    case_id = wall.closed()
    media_id, entry_id = wall.photo_on(case_id), wall.drafted(case_id)
    put(wall, entry_id, media_id)
    key = rows(wall.app)[0].thumb_key
    wall.must("fenliu", entry_id, "discard")
    wall.run_jobs()
    with pytest.raises(ObjectMissing):
        stored(wall.app, key)
