"""Photos over HTTP: ticket, upload, complete, attach; each bad one has its own sentence."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from backend.kernel.actor import Actor
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from backend.kernel.errors import Invalid
from backend.media import checks, queries, services
from backend.media.models import MediaFile
from tests.factories import photos
from tests.support.people import Person

Residents = Callable[..., Person]


@pytest.fixture
def wang(resident_client: Residents) -> Person:
    return resident_client("wang")


def _ticket(person: Person, **more: Any) -> Any:
    body = {"purpose": "report", "content_type": "image/jpeg", "size": 1000, **more}
    return person.post("/resident/uploads", body)


def _send(person: Person, ticket: dict[str, Any], data: bytes) -> Any:
    photo = FileStorage(io.BytesIO(data), filename="照片.jpg")
    # encoded here: the test client would spool a large body to a file that it never closes
    boundary, body = encode_multipart({**ticket["fields"], ticket["file_field"]: photo})
    return person.client.post(
        ticket["url"], data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )


def _complete(person: Person, media_id: str) -> Any:
    return person.post(f"/resident/uploads/{media_id}/complete")


def _upload(person: Person, data: bytes) -> Any:
    """The three steps; the answer of the last one."""
    ticket = _ticket(person).json
    sent = _send(person, ticket, data)
    assert sent.status_code == 200, sent.text
    return _complete(person, ticket["id"])


def _stored(app: Flask) -> list[str]:
    root: Path = app.extensions["store"].root
    # an empty file in tmp/ says that a ticket was used
    return sorted(p.name for p in root.rglob("*") if p.is_file() and p.stat().st_size)


def test_a_photo_goes_all_the_way(app: Flask, wang: Person) -> None:
    answer = _upload(wang, photos.camera_photo(117.2045, 35.0055, size=(3000, 2000)))
    assert answer.status_code == 200, answer.text
    body = answer.json
    assert (body["width"], body["height"]) == (2048, 1365)
    # what the camera wrote is WGS-84; what the form is offered is GCJ-02
    assert body["position"] == pytest.approx({"lon": 117.2103, "lat": 35.0051}, abs=0.0006)
    shown = wang.client.get(body["url"], buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert "max-age" in shown.headers["Cache-Control"]
    assert not dict(Image.open(io.BytesIO(shown.data)).getexif())
    assert Image.open(io.BytesIO(wang.client.get(body["thumb_url"], buffered=True).data)).size == (400, 267)


def test_nothing_but_the_clean_copies_stays(app: Flask, wang: Person) -> None:
    before = _stored(app)
    body = _upload(wang, photos.photo()).json
    new = [name for name in _stored(app) if name not in before]
    assert new == [f"{body['id']}-s.jpg", f"{body['id']}.jpg"]


def test_asking_twice_gives_the_same_photo(app: Flask, wang: Person, db_session: Session) -> None:
    first = _upload(wang, photos.photo()).json
    again = _complete(wang, first["id"])
    assert (again.status_code, again.json["id"], again.json["url"]) == (200, first["id"], first["url"])
    assert db_session.scalars(select(MediaFile).where(MediaFile.state == "ready")).one().id == int(
        first["id"]
    )


def test_a_ticket_asked_for_twice_is_one_ticket(wang: Person) -> None:
    body = {"purpose": "report", "content_type": "image/jpeg", "size": 10}
    answers = [wang.post("/resident/uploads", body, headers={"Idempotency-Key": "same"}) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json == answers[1].json


REFUSED_TICKETS = [
    ({"content_type": "image/heic"}, 422, "photo_heic"),
    ({"content_type": "video/mp4"}, 422, "photo_not_image"),
    ({"content_type": "image/svg+xml"}, 422, "photo_not_image"),
    ({"size": checks.MAX_BYTES + 1}, 413, "photo_too_large"),
    ({"size": 0}, 422, "photo_empty"),
    ({"purpose": "portrait"}, 422, "purpose_unknown"),
]


@pytest.mark.parametrize(("more", "status", "code"), REFUSED_TICKETS)
def test_what_is_no_photo_gets_no_ticket(wang: Person, more: dict[str, Any], status: int, code: str) -> None:
    answer = _ticket(wang, **more)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["message"].endswith("。")


REFUSED_PHOTOS = [
    (b"MZ this is a program", 422, "photo_not_image"),
    (photos.heic(), 422, "photo_heic"),
    (photos.photo((1200, 900))[:2500], 422, "photo_broken"),
    (photos.photo((10_000, 6_000), quality=20), 422, "photo_too_many_pixels"),
    (photos.png_header_only(60_000, 60_000), 422, "photo_too_many_pixels"),
]


@pytest.mark.parametrize(
    ("data", "status", "code"), REFUSED_PHOTOS, ids=[code for *_, code in REFUSED_PHOTOS]
)
def test_a_bad_photo_is_refused_and_leaves_nothing(
    app: Flask, wang: Person, data: bytes, status: int, code: str
) -> None:
    before = _stored(app)
    answer = _upload(wang, data)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["fields"]["photo"]
    assert _stored(app) == before


def test_the_sentences_are_all_different(wang: Person) -> None:
    said = [_upload(wang, data).json["message"] for data, _, _ in REFUSED_PHOTOS[:4]]
    assert len(set(said)) == 4


def test_after_a_refusal_the_same_ticket_takes_a_better_photo(wang: Person) -> None:
    ticket = _ticket(wang).json
    _send(wang, ticket, b"not a photo at all")
    assert _complete(wang, ticket["id"]).status_code == 422
    assert _send(wang, ticket, photos.photo()).status_code == 200
    assert _complete(wang, ticket["id"]).status_code == 200


def test_too_many_bytes_are_not_taken(app: Flask, wang: Person) -> None:
    before = _stored(app)
    answer = _send(wang, _ticket(wang).json, b"\xff\xd8\xff" + b"0" * checks.MAX_BYTES)
    assert (answer.status_code, answer.json["code"]) == (413, "photo_too_large")
    assert _stored(app) == before


def test_a_ticket_that_was_altered_or_has_expired(app: Flask, wang: Person, clock: FrozenClock) -> None:
    ticket = _ticket(wang).json
    forged = {**ticket, "fields": {**ticket["fields"], "key": "case/202603/1.jpg"}}
    assert _send(wang, forged, photos.photo()).status_code == 422
    broken = {**ticket, "fields": {name: value[:-2] + "xx" for name, value in ticket["fields"].items()}}
    assert _send(wang, broken, photos.photo()).status_code == 403
    clock.advance(timedelta(minutes=31))
    assert _send(wang, ticket, photos.photo()).status_code == 403
    late = _complete(wang, ticket["id"])
    assert (late.status_code, late.json["code"]) == (409, "ticket_expired")


def test_completing_before_sending(wang: Person) -> None:
    answer = _complete(wang, _ticket(wang).json["id"])
    assert (answer.status_code, answer.json["code"]) == (409, "photo_not_uploaded")


def test_another_persons_photo_looks_like_none(wang: Person, resident_client: Residents) -> None:
    li = resident_client("li")
    media_id = _upload(wang, photos.photo()).json["id"]
    for answer in (
        _complete(li, media_id),
        li.delete(f"/resident/uploads/{media_id}"),
        _complete(li, "12345"),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "photo_unknown")
    assert _complete(li, "no-number").status_code == 404


def test_staff_upload_by_the_same_routes(staff_client: Callable[[str], Person]) -> None:
    worker = staff_client("chengguan")
    ticket = worker.post("/staff/uploads", {"purpose": "after", "content_type": "image/jpeg", "size": 9}).json
    assert _send(worker, ticket, photos.photo()).status_code == 200
    assert worker.post(f"/staff/uploads/{ticket['id']}/complete").status_code == 200


def test_visitors_may_not_upload(app: Flask) -> None:
    for path in ("/api/v1/resident/uploads", "/api/v1/staff/uploads"):
        answer = app.test_client().post(path, json={}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == 401


def test_a_photo_taken_back_is_wiped_from_the_store(
    app: Flask, wang: Person, run_jobs: Callable[[], Any], db_session: Session
) -> None:
    before = _stored(app)
    media_id = _upload(wang, photos.photo()).json["id"]
    assert wang.delete(f"/resident/uploads/{media_id}").status_code == 204
    assert wang.delete(f"/resident/uploads/{media_id}").status_code == 204
    assert _complete(wang, media_id).status_code == 404
    run_jobs()
    assert _stored(app) == before
    assert db_session.get_one(MediaFile, int(media_id)).wiped_at is not None


# --- attaching, purging: what other features and the worker call ---------------------------------


def _actor(person: Person) -> Actor:
    return Actor(kind="resident", id=int(person.me["id"]), name="居民")


def _attach(person: Person, ids: list[str], subject_id: int = 7, role: str = "before") -> list[MediaFile]:
    actor = _actor(person)
    return run_unit(lambda: services.attach(actor, [int(i) for i in ids], "report", subject_id, role))


def test_attached_photos_keep_their_order_and_forget_where_they_were_taken(
    app: Flask, wang: Person, db_session: Session
) -> None:
    ids = [_upload(wang, photos.camera_photo(117.2, 35.0)).json["id"] for _ in range(3)]
    _attach(wang, [ids[2], ids[0]])
    cards = queries.for_subject("report", 7)
    assert [str(c.id) for c in cards] == [ids[2], ids[0]]
    assert [c.role for c in cards] == ["before", "before"]
    rows = {str(r.id): (r.lon, r.state) for r in db_session.scalars(select(MediaFile))}
    assert rows[ids[0]] == rows[ids[2]] == (None, "attached")
    assert rows[ids[1]][1] == "ready"
    db_session.rollback()
    assert wang.delete(f"/resident/uploads/{ids[0]}").json["code"] == "photo_used"


def test_what_may_not_be_attached(
    app: Flask, wang: Person, resident_client: Residents, db_session: Session
) -> None:
    ready, used, other = (_upload(p, photos.photo()).json["id"] for p in (wang, wang, resident_client("li")))
    unsent, removed = _ticket(wang).json["id"], _upload(wang, photos.photo()).json["id"]
    wang.delete(f"/resident/uploads/{removed}")
    _attach(wang, [used], subject_id=1)
    refusals = {
        used: "photo_used", other: "photo_unknown", "999": "photo_unknown", removed: "photo_unknown",
        unsent: "photo_not_ready",
    }  # fmt: skip
    for media_id, code in refusals.items():
        with pytest.raises(Invalid) as caught:
            _attach(wang, [ready, media_id])
        assert caught.value.code == code
        assert "media_ids" in caught.value.fields
    with pytest.raises(Invalid) as caught:
        _attach(wang, [ready], role="after")
    assert caught.value.code == "photo_wrong_purpose"
    db_session.rollback()
    assert db_session.get_one(MediaFile, int(ready)).state == "ready", "a refusal attaches none of them"


def test_the_tenth_photo_is_refused(
    app: Flask, wang: Person, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ten() -> list[int]:
        actor = _actor(wang)
        ids = [services.open_ticket(actor, "report", "image/jpeg", 1).id for _ in range(10)]
        for media_id in ids:
            row = db_session.get_one(MediaFile, media_id)
            row.state, row.file_key, row.thumb_key, row.sha256 = (
                "ready",
                "photos/x/1.jpg",
                "photos/x/1-s.jpg",
                "0" * 64,
            )
            row.width = row.height = 1
        return ids

    ids = [str(i) for i in run_unit(ten)]
    with pytest.raises(Invalid, match="照片最多 9 张，现在有 10 张"):
        _attach(wang, ids)
    _attach(wang, ids[:9])
    # A later step of the same case may bring its own photos, within the bound of the whole.
    _attach(wang, ids[9:])
    monkeypatch.setattr(services, "MOST_IN_A_ROLE", 10)
    with pytest.raises(Invalid, match="这件事的照片已有 10 张，不能再加了"):
        _attach(wang, [str(run_unit(ten)[0])])


def test_photos_nobody_submitted_go_after_thirty_days(
    app: Flask, wang: Person, clock: FrozenClock, run_jobs: Callable[[], Any], db_session: Session
) -> None:
    before = _stored(app)
    kept, loose = (_upload(wang, photos.photo()).json["id"] for _ in range(2))
    _ticket(wang)
    _attach(wang, [kept])
    clock.advance(timedelta(hours=23))
    assert run_unit(services.purge_unattached) == 0
    clock.advance(timedelta(hours=2))
    assert run_unit(services.purge_unattached) == 1, "an upload that was never finished goes after a day"
    clock.advance(timedelta(days=28))
    assert run_unit(services.purge_unattached) == 0
    clock.advance(timedelta(days=1))
    assert run_unit(services.purge_unattached) == 1
    run_jobs()
    assert [n for n in _stored(app) if n not in before] == [f"{kept}-s.jpg", f"{kept}.jpg"]
    assert db_session.get_one(MediaFile, int(loose)).state == "removed"


def test_when_two_residents_become_one_the_photos_follow(
    app: Flask, wang: Person, db_session: Session
) -> None:
    media_id = _upload(wang, photos.photo()).json["id"]
    run_unit(lambda: services.merge_resident(4711, int(wang.me["id"])))
    assert db_session.get_one(MediaFile, int(media_id)).owner_id == 4711


def test_addresses_stay_equal_for_a_while_so_that_caches_work(
    app: Flask, wang: Person, clock: FrozenClock
) -> None:
    url = _upload(wang, photos.photo()).json["url"]
    with app.app_context():
        key = re.sub(r"^.*/", "", url)
        assert key.endswith(".jpg")
        first = queries.url("photos/202603/1.jpg")
        clock.advance(timedelta(seconds=30))
        assert queries.url("photos/202603/1.jpg") == first
        clock.advance(timedelta(hours=3))
        assert queries.url("photos/202603/1.jpg") != first
    assert wang.client.get(url).status_code == 404, "a signed address expires"
