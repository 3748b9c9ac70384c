"""Photos and recordings: judged by their bytes, stored beside nothing else, gone when nothing shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.bulletin import recordings
from backend.bulletin.models import ArticleFile
from backend.integrations.oss.protocol import ObjectMissing
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, transaction
from tests.factories.bulletin import BulletinCast, m4a, mp3
from tests.factories.photos import camera_photo
from tests.factories.places import IN_G01

Run = Callable[[], Any]
PHOTO = camera_photo(*IN_G01)


def rows(cast: BulletinCast) -> list[ArticleFile]:
    with cast.app.app_context(), transaction(writing=False):
        return list(db.session.scalars(select(ArticleFile).order_by(ArticleFile.position)))


def fetch(cast: BulletinCast, address: str, **headers: str) -> Any:
    """What an address opens; read whole, and closed."""
    with cast.app.test_client().get(address, headers=headers) as answer:
        assert answer.data is not None
        return answer


def test_a_recording_and_photos_are_read_and_heard_by_everybody(
    cast: BulletinCast, clock: FrozenClock, run_jobs: Run
) -> None:
    article = cast.drafted(html="")
    first = cast.send(article, "audio", mp3(2), "一.mp3")
    assert first.status_code == 201, first.text
    for role in ("photo", "photo", "cover"):
        assert cast.send(article, role, PHOTO).status_code == 201
    seen = cast.send(article, "audio", mp3(5), "二.mp3").json
    assert [(one["role"], one["name"]) for one in seen["files"]] == [
        ("photo", "file"), ("photo", "file"), ("cover", "file"), ("audio", "二.mp3"),
    ]  # fmt: skip
    gone = cast.desk("fenliu").delete(f"/staff/articles/{article['id']}/files/{seen['files'][0]['id']}")
    assert (gone.status_code, len(gone.json["files"])) == (200, 3)
    dropped = first.json["files"][0]
    cast.must(article, "publish")
    page = cast.page(article).json
    assert (page["audio"]["seconds"], page["audio"]["type"]) == (5, "audio/mpeg")
    heard = fetch(cast, page["audio"]["url"], Range="bytes=0-99")
    assert (heard.status_code, heard.mimetype, len(heard.data)) == (206, "audio/mpeg", 100)
    assert len(page["photos"]) == 1
    line = cast.read("articles")["items"][0]
    assert line["has_audio"]
    assert line["cover"]["width"] > 0
    assert fetch(cast, line["cover"]["thumb_url"]).mimetype == "image/jpeg"
    refused = cast.send(article, "photo", PHOTO)
    assert (refused.status_code, refused.json["code"]) == (409, "not_a_draft")
    kept = {row.file_key for row in rows(cast)}
    clock.advance(timedelta(hours=2))
    run_jobs()
    for key in kept:
        assert cast.app.extensions["store"].head(key) is not None
    assert fetch(cast, dropped["url"]).status_code == 404, "what was replaced is gone"


def test_what_is_no_photo_and_no_recording_is_refused_and_leaves_nothing(cast: BulletinCast) -> None:
    article = cast.drafted()
    for role, data, code in (
        ("audio", b"", "audio_empty"),
        ("audio", b"<html><script>alert(1)</script></html>", "audio_unknown"),
        ("audio", b"ID3\x04\x00\x00\x00\x00\x00\x00<script>alert(1)</script>", "audio_unknown"),
        ("audio", b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio_unknown"),
        ("audio", m4a(handler=b"vide"), "audio_unknown"),
        ("audio", PHOTO, "audio_unknown"),
        ("audio", b"\x00\x00\x00\x18ftypM4A " + b"soun", "audio_broken"),
        ("audio", mp3() + bytes(recordings.MAX_BYTES), "audio_too_large"),
        ("photo", mp3(), "photo_not_image"),
        ("cover", b"<svg onload=alert(1)>", "photo_not_image"),
        ("page", mp3(), "role_unknown"),
    ):
        answer = cast.send(article, role, data)
        assert answer.json["code"] == code, (role, data[:20])
        assert answer.status_code in {413, 422}
    assert rows(cast) == []
    assert cast.desk("fenliu").post(f"/staff/articles/{article['id']}/files").json["code"] == "file_missing"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (mp3(2), recordings.Recording("audio/mpeg", 2)),
        (b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + mp3(3), recordings.Recording("audio/mpeg", 3)),
        (m4a(7), recordings.Recording("audio/mp4", 7)),
    ],
)
def test_what_a_phone_plays_is_known_by_its_bytes(data: bytes, found: recordings.Recording) -> None:
    assert recordings.judge(data) == found


def test_a_tenth_photo_is_one_too_many(cast: BulletinCast) -> None:
    article = cast.drafted()
    for _ in range(9):
        assert cast.send(article, "photo", PHOTO).status_code == 201
    assert cast.send(article, "photo", PHOTO).json["code"] == "too_many_files"


def test_a_file_that_no_article_kept_is_swept(cast: BulletinCast, clock: FrozenClock, run_jobs: Run) -> None:
    """The machine stops between storing and noting: the bytes do not stay for ever."""
    article = cast.drafted()
    assert cast.send(article, "audio", mp3()).status_code == 201
    key = rows(cast)[0].file_key
    with cast.app.app_context(), transaction():
        db.session.delete(db.session.scalars(select(ArticleFile)).one())
    clock.advance(timedelta(hours=2))
    run_jobs()
    with cast.app.app_context(), pytest.raises(ObjectMissing):
        cast.app.extensions["store"].read(key)
