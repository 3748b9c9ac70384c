"""Photos at our own API, with the local disk and with OSS behind it: what goes wrong has its sentence, nothing is lost.

What lies under tmp/ is what a phone sent; what lies under case/ has been opened and written anew.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from PIL import Image
from werkzeug.serving import make_server

from backend.integrations.oss.oss import OssStore
from backend.integrations.oss.protocol import StoreError
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from backend.media import services
from tests.contract.oss_stand_in import InMemory, OssStandIn
from tests.contract.test_oss_forms import cut_off
from tests.factories import photos
from tests.support.people import Person


@dataclass
class Way:
    """A phone, our API, and the store behind it."""

    app: Flask
    person: Person
    base: str

    def ticket(self, **more: Any) -> dict[str, Any]:
        body = {"purpose": "report", "content_type": "image/jpeg", "size": 1000, **more}
        return dict(self.person.post("/resident/uploads", body).json)

    def send(self, ticket: dict[str, Any], data: bytes, /, **changes: str) -> requests.Response:
        """What wx.uploadFile does."""
        files = {ticket["file_field"]: ("照片.jpg", data)}
        return requests.post(self.address(ticket), data=ticket["fields"] | changes, files=files, timeout=5)

    def address(self, ticket: dict[str, Any]) -> str:
        url = str(ticket["url"])
        return url if url.startswith("http") else self.base + url

    def complete(self, ticket: dict[str, Any]) -> Any:
        return self.person.post(f"/resident/uploads/{ticket['id']}/complete")

    def open(self, url: str) -> requests.Response:
        return requests.get(url if url.startswith("http") else self.base + url, timeout=5)

    def lying(self, prefix: str) -> dict[str, int]:
        """Key → size of what lies below a prefix."""
        store = self.app.extensions["store"]
        if isinstance(store, OssStore):
            held: OssStandIn = self.app.extensions["oss_stand_in"]
            return {k: len(data) for k, (data, _) in held.objects.items() if k.startswith(prefix)}
        return {
            str(p.relative_to(store.root)): p.stat().st_size
            for p in (store.root / prefix).rglob("*")
            if p.is_file()
        }


@pytest.fixture(params=["local", "oss"])
def way(
    request: pytest.FixtureRequest,
    app: Flask,
    clock: FrozenClock,
    oss: OssStandIn,
    resident_client: Callable[[str], Person],
) -> Iterator[Way]:
    wang, kept = resident_client("wang"), app.extensions["store"]
    for prefix in ("tmp/", "case/"):
        kept.sweep(prefix, clock.now() + timedelta(days=9999), 10_000)
    oss.now = clock.now  # the tickets are signed at the frozen moment
    app.extensions["oss_stand_in"] = oss
    if request.param == "oss":
        app.extensions["store"] = OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, oss.key_secret)
        yield Way(app, wang, "")
        app.extensions["store"] = kept
        return
    plain, app.request_class = app.request_class, InMemory
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Way(app, wang, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()
    app.request_class = plain


def test_it_comes_to_the_case_only_when_it_was_opened(way: Way) -> None:
    ticket = way.ticket()
    key = ticket["fields"]["key"]
    assert key.startswith("tmp/")
    assert way.send(ticket, photos.camera_photo(117.2, 35.0)).status_code == 200
    assert (list(way.lying("tmp/")), way.lying("case/")) == ([key], {})
    done = way.complete(ticket)
    assert done.status_code == 200, done.text
    assert sorted(way.lying("case/")) == sorted(f"case/202603/{ticket['id']}{end}.jpg" for end in ("", "-s"))
    assert way.lying("tmp/") == {key: 0}, "the bytes with the camera's notes are gone, the place stays taken"
    shown = way.open(done.json["url"])
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    image = Image.open(io.BytesIO(shown.content))
    assert not dict(image.getexif())
    assert "exif" not in image.info


REFUSED = [
    ("wrong type", b"MZ this is a program", "photo_not_image", "这不是一张照片，请换一张。"),
    ("half of it", photos.photo((1200, 900))[:2500], "photo_broken", "不完整，可能没有传完"),
    ("a bomb", photos.png_header_only(60_000, 60_000), "photo_too_many_pixels", "像素太多"),
]


@pytest.mark.parametrize(("data", "code", "sentence"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_what_is_refused_never_comes_to_the_case(way: Way, data: bytes, code: str, sentence: str) -> None:
    ticket = way.ticket()
    assert way.send(ticket, data).status_code == 200
    refused = way.complete(ticket)
    assert (refused.status_code, refused.json["code"]) == (422, code)
    assert sentence in refused.json["message"]
    assert (way.lying("tmp/"), way.lying("case/")) == ({}, {})
    assert way.send(ticket, photos.photo()).status_code == 200, "the same ticket takes a better one"
    assert way.complete(ticket).status_code == 200


@pytest.mark.parametrize(
    ("changes", "data"),
    [
        ({"key": "case/202603/1.jpg"}, b"\xff\xd8\xff"),
        ({"Content-Type": "text/html"}, b"\xff\xd8\xff"),
        ({}, b"\xff\xd8\xff" + b"0" * 15_000_000),
        ({"ticket": "forged.forged", "policy": "e30="}, b"\xff\xd8\xff"),
        ({"ticket": "e30.AAAA", "x-oss-signature": "0" * 64}, b"\xff\xd8\xff"),
    ],
    ids=["wrong key", "wrong type", "too big", "tampered policy", "tampered signature"],
)
def test_a_ticket_that_is_bent_stores_nothing(way: Way, changes: dict[str, str], data: bytes) -> None:
    ticket = way.ticket()
    given = {name: value for name, value in changes.items() if name in ticket["fields"]}
    answer = way.send(ticket, data, **given)
    assert 400 <= answer.status_code < 500
    assert (way.lying("tmp/"), way.lying("case/")) == ({}, {})
    asked = way.complete(ticket)
    assert (asked.status_code, asked.json["code"]) == (409, "photo_not_uploaded")
    assert asked.json["message"] == "照片还没有传上来，请重新选择这张照片。"


def test_a_ticket_that_ended(way: Way, clock: FrozenClock) -> None:
    ticket = way.ticket()
    clock.advance(timedelta(minutes=31))
    assert way.send(ticket, photos.photo()).status_code == 403
    asked = way.complete(ticket)
    assert (asked.status_code, asked.json["code"]) == (409, "ticket_expired")
    assert "凭证已过期，请重新选择这张照片" in asked.json["message"]
    assert way.lying("tmp/") == {}


def test_a_ticket_used_twice_changes_nothing(way: Way) -> None:
    ticket, first, other = way.ticket(), photos.photo((900, 600)), photos.photo((40, 40))
    assert way.send(ticket, first).status_code == 200
    assert way.send(ticket, other).status_code == 409, "before it was looked at"
    done = way.complete(ticket).json
    assert (done["width"], done["height"]) == (900, 600)
    assert way.send(ticket, other).status_code == 409, "and after"
    again = way.complete(ticket)
    assert (again.status_code, again.json["id"], again.json["width"]) == (200, done["id"], 900)
    assert Image.open(io.BytesIO(way.open(again.json["url"]).content)).size == (900, 600)


def test_an_upload_that_stops_half_way(way: Way) -> None:
    ticket = way.ticket()
    cut_off(way.address(ticket), ticket["fields"], photos.photo((1200, 900)))
    assert way.lying("tmp/") == {}
    asked = way.complete(ticket)
    assert (asked.status_code, asked.json["code"]) == (409, "photo_not_uploaded")
    assert way.send(ticket, photos.photo()).status_code == 200, "the ticket is still good"
    assert way.complete(ticket).status_code == 200


def test_a_crash_before_the_commit_loses_nothing(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = way.ticket()
    way.send(ticket, photos.photo())

    def dies(*about: Any) -> None:
        raise RuntimeError("the machine went away")

    with monkeypatch.context() as patch:
        patch.setattr(services, "_kept", dies)
        assert way.complete(ticket).status_code == 500
    assert way.complete(ticket).status_code == 200


def test_a_store_that_is_away_says_so_and_can_be_asked_again(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = way.ticket()
    way.send(ticket, photos.photo())

    def away(*about: Any) -> None:
        raise StoreError("no answer", temporary=True)

    with monkeypatch.context() as patch:
        patch.setattr(type(way.app.extensions["store"]), "read", away)
        asked = way.complete(ticket)
        assert (asked.status_code, asked.json["code"]) == (503, "store_unavailable")
        assert "您填写的内容还在" in asked.json["message"]
    with monkeypatch.context() as patch:
        saves = type(way.app.extensions["store"]).save

        def only_the_case(store: Any, key: str, data: bytes, kind: str) -> None:
            if key.startswith("tmp/"):
                raise StoreError("no answer", temporary=True)
            saves(store, key, data, kind)

        patch.setattr(type(way.app.extensions["store"]), "save", only_the_case)
        assert way.complete(ticket).status_code == 200, "the photo is safe; the sweep takes the upload"
    assert len([size for size in way.lying("tmp/").values() if size]) == 1


def test_what_nobody_waits_for_is_swept_after_a_day(way: Way, clock: FrozenClock) -> None:
    kept, lost = way.ticket(), way.ticket()
    for ticket in (kept, lost):
        assert way.send(ticket, photos.photo()).status_code == 200
    assert way.complete(kept).status_code == 200
    with way.app.app_context():
        if isinstance(way.app.extensions["store"], OssStore):
            clock.advance(timedelta(hours=23))
            assert services.sweep_tmp() == 0
        # The disk's own dates are the machine's, not the frozen clock's: years ahead of it.
        clock.advance(timedelta(days=3650))
        assert services.sweep_tmp() == 2
        assert services.sweep_tmp() == 0
        assert run_unit(services.purge_unattached) == 2
    assert way.lying("tmp/") == {}
    assert len(way.lying("case/")) == 2, "what was checked is the wiping job's to delete"
