"""One contract for the store, held by the local disk through its own routes and by OSS against a stand-in."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask, Response
from werkzeug.serving import make_server

from backend.integrations.oss.factory import make_store
from backend.integrations.oss.local import LocalStore
from backend.integrations.oss.local_http import make_files_blueprint
from backend.integrations.oss.oss import OssStore
from backend.integrations.oss.protocol import ObjectMissing, PostTicket, Store, StoreError
from backend.kernel.clock import FrozenClock, SystemClock, now, use_clock
from backend.kernel.db import db, transaction
from backend.kernel.errors import AppError
from backend.kernel.settings import use_settings
from config.settings import Settings
from tests.contract.oss_stand_in import OssStandIn

KEY = "tmp/2026/03/5f2c.jpg"
PHOTO = b"\xff\xd8\xff" + b"photo" * 100


@dataclass
class Shelf:
    """A store, and how a phone reaches it."""

    store: Store
    base: str

    def upload(self, leave: PostTicket, data: bytes = PHOTO, **changes: str) -> requests.Response:
        """What wx.uploadFile does with a ticket."""
        url = leave.url if leave.url.startswith("http") else self.base + leave.url
        form = leave.fields | changes
        return requests.post(url, data=form, files={leave.file_field: ("a.jpg", data)}, timeout=5)

    def open(self, url: str) -> requests.Response:
        """What <image> does with an address."""
        return requests.get(url if url.startswith("http") else self.base + url, timeout=5)


def local_shelf(root: Path) -> tuple[Shelf, Callable[[], None]]:
    app, store = Flask("files"), LocalStore(root)
    app.register_blueprint(make_files_blueprint(store))

    @app.errorhandler(AppError)
    def refused(error: AppError) -> Response:
        return Response(error.code, status=error.status)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return Shelf(store, f"http://127.0.0.1:{server.server_port}"), stop


@pytest.fixture(params=["local", "oss"])
def shelf(
    request: pytest.FixtureRequest, in_town: Settings, tmp_path: Path, oss: OssStandIn
) -> Iterator[Shelf]:
    if request.param == "oss":
        yield Shelf(OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, oss.key_secret), "")
        return
    made, stop = local_shelf(tmp_path / "media")
    yield made
    stop()


def test_keep_read_move_delete(shelf: Shelf) -> None:
    store = shelf.store
    assert store.head(KEY) is None
    store.save(KEY, PHOTO, "image/jpeg")
    found = store.head(KEY)
    assert found is not None
    assert (found.size, found.content_type) == (len(PHOTO), "image/jpeg")
    store.move(KEY, "case/2026/a.jpg")
    assert store.head(KEY) is None
    assert store.read("case/2026/a.jpg") == PHOTO
    for _ in range(2):
        store.delete("case/2026/a.jpg")
    with pytest.raises(ObjectMissing):
        store.read("case/2026/a.jpg")
    with pytest.raises(ObjectMissing):
        store.move("case/2026/a.jpg", KEY)


def test_upload_by_ticket(shelf: Shelf) -> None:
    ticket = shelf.store.post_ticket(KEY, "image/jpeg", 10_000, 300)
    assert shelf.upload(ticket).status_code == 200
    assert shelf.store.read(KEY) == PHOTO
    assert shelf.upload(ticket).status_code == 409  # a ticket is good once


@pytest.mark.parametrize(
    ("changes", "data"),
    [
        ({"key": "tmp/2026/03/other.jpg"}, PHOTO),
        ({"Content-Type": "text/html"}, PHOTO),
        ({"policy": "e30=", "ticket": "forged.forged"}, PHOTO),
        ({}, b"x" * 10_001),
        ({}, b""),
    ],
)
def test_a_ticket_is_for_one_key_type_and_size(shelf: Shelf, changes: dict[str, str], data: bytes) -> None:
    ticket = shelf.store.post_ticket(KEY, "image/jpeg", 10_000, 300)
    wanted = {name: value for name, value in changes.items() if name in ticket.fields}
    assert 400 <= shelf.upload(ticket, data, **wanted).status_code < 500
    assert shelf.store.head(KEY) is None
    assert shelf.store.head("tmp/2026/03/other.jpg") is None


def test_a_ticket_ends(shelf: Shelf) -> None:
    use_clock(FrozenClock(now() - timedelta(minutes=10)))
    ticket = shelf.store.post_ticket(KEY, "image/jpeg", 10_000, 300)
    use_clock(SystemClock())
    assert shelf.upload(ticket).status_code == 403


def test_a_signed_address_opens_one_object(shelf: Shelf) -> None:
    shelf.store.save(KEY, PHOTO, "image/jpeg")
    url = shelf.store.read_url(KEY, 600)
    opened = shelf.open(url)
    assert (opened.status_code, opened.content, opened.headers["Content-Type"]) == (200, PHOTO, "image/jpeg")
    assert shelf.store.read_url(KEY, 600) == url  # so that the phone's cache holds
    for part in ("5f2c.jpg", "=1200", "files/"):  # another object, a longer life, another token
        altered = url.replace(part, {"5f2c.jpg": "5f2d.jpg", "=1200": "=9999", "files/": "files/A"}[part])
        if altered != url and not (
            part == "5f2c.jpg" and "/files/" in url
        ):  # the local name is only for show
            assert shelf.open(altered).status_code in {403, 404}


@pytest.mark.parametrize(
    "key",
    [
        "../secret",
        "a/../../b.jpg",
        "/etc/passwd",
        "a//b",
        "a/.hidden",
        "单/张.jpg",
        "a",
        "a/" + "b" * 300,
        "A/b.jpg",
    ],
)
def test_keys_nobody_would_choose(shelf: Shelf, key: str) -> None:
    for call in (
        lambda: shelf.store.save(key, b"x", "image/jpeg"),
        lambda: shelf.store.read_url(key, 60),
        lambda: shelf.store.post_ticket(key, "image/jpeg", 10, 60),
        lambda: shelf.store.delete(key),
    ):
        with pytest.raises(ValueError, match="storage key"):
            call()


def test_never_inside_a_transaction(shelf: Shelf) -> None:
    with transaction():
        db.session.connection()
        for call in (
            lambda: shelf.store.read(KEY),
            lambda: shelf.store.head(KEY),
            lambda: shelf.store.delete(KEY),
        ):
            with pytest.raises(RuntimeError, match="transaction is open"):
                call()


def test_half_an_upload_leaves_nothing(
    tmp_path: Path, in_town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(tmp_path)

    def full(descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        store.save(KEY, PHOTO, "image/jpeg")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_local_address_ends(tmp_path: Path, in_town: Settings) -> None:
    made, stop = local_shelf(tmp_path)
    made.store.save(KEY, PHOTO, "image/jpeg")
    use_clock(FrozenClock(now() - timedelta(hours=1)))
    url = made.store.read_url(KEY, 600)
    use_clock(SystemClock())
    assert made.open(url).status_code == 404
    stop()


def test_an_oss_address_is_signed_once_in_its_window(oss: OssStandIn, in_town: Settings) -> None:
    store = OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, oss.key_secret)
    signed: list[int] = []
    sign = store._bucket.sign_url

    def counting(method: str, key: str, expires: int, **more: bool) -> str:
        signed.append(expires)
        return f"{sign(method, key, expires, **more)}&n={len(signed)}"

    store._bucket.sign_url = counting
    clock = FrozenClock(now())
    use_clock(clock)
    first = store.read_url(KEY, 600)
    clock.advance(timedelta(seconds=599))
    assert store.read_url(KEY, 600) == first
    assert store.read_url("tmp/2026/03/other.jpg", 600) != first
    clock.advance(timedelta(seconds=2))
    assert store.read_url(KEY, 600) != first
    assert signed == [1200, 1200, 1200]  # good for the whole window after the last moment it is handed out
    use_clock(SystemClock())


def test_trouble_of_oss_is_told_apart(oss: OssStandIn, in_town: Settings) -> None:
    good = OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, oss.key_secret)
    oss.failing = 1
    with pytest.raises(StoreError) as busy:
        good.read(KEY)
    assert busy.value.temporary
    wrong = OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, "wrong-secret-value")
    with pytest.raises(StoreError, match="SignatureDoesNotMatch") as refused:
        wrong.save(KEY, PHOTO, "image/jpeg")
    assert not refused.value.temporary
    assert "wrong-secret-value" not in str(refused.value)
    away = OssStore("http://127.0.0.1:9", oss.region, oss.bucket, oss.key_id, oss.key_secret)
    with pytest.raises(StoreError, match="no answer") as silent:
        away.read(KEY)
    assert silent.value.temporary


def test_settings_choose_the_store(in_town: Settings) -> None:
    use_settings(in_town)
    assert isinstance(make_store(in_town), LocalStore)
    told = dataclasses.replace(
        in_town,
        store="oss",
        oss_endpoint="oss-cn-test.aliyuncs.com",
        oss_region="cn-test",
        oss_bucket="town-private",
        oss_access_key_id="id",
        oss_access_key_secret="secret",
    )
    store = make_store(told)
    assert isinstance(store, OssStore)
    assert store.upload_url == "https://town-private.oss-cn-test.aliyuncs.com/"
    assert store.read_url(KEY, 60).startswith(
        "https://town-private.oss-cn-test.aliyuncs.com/tmp/2026/03/5f2c.jpg?"
    )


# --- the sweep of tmp/ -----------------------------------------------------------------------------------------


def test_a_sweep_takes_what_is_old_below_one_folder(shelf: Shelf, oss: OssStandIn) -> None:
    written = now()
    for key in ("tmp/202603/a.jpg", "tmp/202603/b.jpg", "case/202603/a.jpg", "tmpfoo/a.jpg"):
        shelf.store.save(key, PHOTO, "image/jpeg")
    assert shelf.store.sweep("tmp/", written - timedelta(minutes=1), 100) == 0
    assert shelf.store.head("tmp/202603/a.jpg") is not None
    later = now() + timedelta(minutes=1)
    assert shelf.store.sweep("tmp/", later, 1) == 1  # no more than asked for
    assert shelf.store.sweep("tmp/", later, 100) == 1
    assert shelf.store.sweep("tmp/", later, 100) == 0
    assert shelf.store.read("case/202603/a.jpg") == PHOTO
    assert shelf.store.read("tmpfoo/a.jpg") == PHOTO


@pytest.mark.parametrize("prefix", ["", "/", "tmp", "../", "tmp/../case/"])
def test_a_sweep_of_everything_is_refused(shelf: Shelf, prefix: str) -> None:
    shelf.store.save(KEY, PHOTO, "image/jpeg")
    with pytest.raises(ValueError, match="storage prefix"):
        shelf.store.sweep(prefix, now() + timedelta(minutes=1), 100)
    assert shelf.store.read(KEY) == PHOTO


def test_a_sweep_goes_through_pages(oss: OssStandIn, in_town: Settings) -> None:
    store = OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, oss.key_secret)
    for number in range(2_300):  # three listings, three deletions
        oss.keep(f"tmp/202603/{number}.jpg", b"x", "image/jpeg")
    assert store.sweep("tmp/", now() + timedelta(minutes=1), 5_000) == 2_300
    assert oss.objects == {}


def test_a_sweep_takes_the_halves_of_a_crash(tmp_path: Path, in_town: Settings) -> None:
    (tmp_path / "tmp" / "202603").mkdir(parents=True)
    half = tmp_path / "tmp" / "202603" / ".part-abc"
    half.write_bytes(b"half")
    assert LocalStore(tmp_path).sweep("tmp/", now() + timedelta(minutes=1), 100) == 1
    assert not half.exists()
