"""PostObject direct from the phone: what OSS takes, and every way in which it refuses, by its own code."""

from __future__ import annotations

import base64
import json
import re
import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import oss2
import pytest
import requests

from backend.integrations.oss.oss import OssStore
from backend.integrations.oss.protocol import PostTicket
from backend.kernel.clock import FrozenClock, SystemClock, now, use_clock
from config.settings import Settings
from tests.contract.oss_stand_in import OssStandIn

KEY = "tmp/202603/5f2c.jpg"
PHOTO = b"\xff\xd8\xff" + b"photo" * 100
MOST = 10_000


@pytest.fixture
def store(oss: OssStandIn, in_town: Settings) -> OssStore:
    return OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, oss.key_secret)


@pytest.fixture
def ticket(store: OssStore) -> PostTicket:
    return store.post_ticket(KEY, "image/jpeg", MOST, 300)


def send(ticket: PostTicket, data: bytes = PHOTO, **changes: str) -> tuple[int, str]:
    """wx.uploadFile: (status, OSS's code)."""
    answer = requests.post(
        ticket.url, data=ticket.fields | changes, files={"file": ("a.jpg", data)}, timeout=5
    )
    code = re.search(r"<Code>(\w+)</Code>", answer.text)
    return answer.status_code, code[1] if code else ""


def repolicied(ticket: PostTicket, change: Callable[[dict[str, Any]], None]) -> str:
    """The policy as somebody with the form but without the key would alter it."""
    policy = json.loads(base64.b64decode(ticket.fields["policy"]))
    change(policy)
    return base64.b64encode(json.dumps(policy).encode()).decode()


def test_a_good_form_is_taken(oss: OssStandIn, ticket: PostTicket) -> None:
    assert send(ticket) == (200, "")
    assert oss.objects == {KEY: (PHOTO, "image/jpeg")}


REFUSED: list[tuple[str, dict[str, str], bytes, tuple[int, str]]] = [
    ("another key", {"key": "case/202603/1.jpg"}, PHOTO, (403, "AccessDenied")),
    ("another type", {"Content-Type": "text/html"}, PHOTO, (403, "AccessDenied")),
    ("another answer", {"success_action_status": "204"}, PHOTO, (403, "AccessDenied")),
    ("overwriting", {"x-oss-forbid-overwrite": "false"}, PHOTO, (403, "AccessDenied")),
    ("a field more", {"x-oss-object-acl": "public-read"}, PHOTO, (403, "AccessDenied")),
    ("too big", {}, b"x" * (MOST + 1), (400, "EntityTooLarge")),
    ("nothing", {}, b"", (400, "EntityTooSmall")),
    ("another signature", {"x-oss-signature": "0" * 64}, PHOTO, (403, "SignatureDoesNotMatch")),
    ("another day", {"x-oss-date": "20250101T000000Z"}, PHOTO, (403, "InvalidAccessKeyId")),
    (
        "another key pair",
        {"x-oss-credential": "other/20260310/cn-test/oss/aliyun_v4_request"},
        PHOTO,
        (403, "InvalidAccessKeyId"),
    ),
    ("an old version", {"x-oss-signature-version": "OSS2"}, PHOTO, (400, "InvalidArgument")),
]


@pytest.mark.parametrize(
    ("changes", "data", "expected"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_form_is_good_for_what_it_says(
    oss: OssStandIn, ticket: PostTicket, changes: dict[str, str], data: bytes, expected: tuple[int, str]
) -> None:
    assert send(ticket, data, **changes) == expected
    assert oss.objects == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(expiration="2099-01-01T00:00:00.000Z"),
        lambda p: p["conditions"].remove(["content-length-range", 1, MOST]),
        lambda p: p["conditions"].append(["starts-with", "$key", ""]),
    ],
)
def test_a_policy_cannot_be_widened(
    oss: OssStandIn, ticket: PostTicket, change: Callable[[dict[str, Any]], None]
) -> None:
    assert send(ticket, policy=repolicied(ticket, change)) == (403, "SignatureDoesNotMatch")
    assert oss.objects == {}


def test_a_form_signed_with_another_secret(oss: OssStandIn, in_town: Settings) -> None:
    thief = OssStore(oss.endpoint, oss.region, oss.bucket, oss.key_id, "guessed-secret")
    assert send(thief.post_ticket(KEY, "image/jpeg", MOST, 300)) == (403, "SignatureDoesNotMatch")


def test_a_form_ends(store: OssStore, oss: OssStandIn) -> None:
    clock = FrozenClock(now())
    use_clock(clock)
    oss.now = clock.now
    ticket = store.post_ticket(KEY, "image/jpeg", MOST, 300)
    clock.advance(timedelta(seconds=299))
    assert send(ticket) == (200, "")
    other = store.post_ticket("tmp/202603/b.jpg", "image/jpeg", MOST, 300)
    clock.advance(timedelta(seconds=301))
    assert send(other) == (403, "AccessDenied")
    use_clock(SystemClock())


def test_a_form_is_good_once(oss: OssStandIn, ticket: PostTicket) -> None:
    assert send(ticket) == (200, "")
    assert send(ticket, PHOTO + b"another") == (409, "FileAlreadyExists")
    assert oss.objects[KEY] == (PHOTO, "image/jpeg")


def test_an_upload_that_stops_half_way_leaves_nothing(oss: OssStandIn, ticket: PostTicket) -> None:
    cut_off(ticket.url, ticket.fields, PHOTO)
    assert oss.objects == {}
    assert send(ticket) == (200, "")  # and its ticket is still good


def cut_off(url: str, fields: dict[str, str], data: bytes) -> None:
    """Send a multipart upload as far as the middle of the file, then hang up; returns once the server has let go."""
    prepared = requests.Request("POST", url, data=fields, files={"file": ("a.jpg", data)}).prepare()
    assert isinstance(prepared.body, bytes)
    half = prepared.body[: prepared.body.index(data) + len(data) // 2]
    address = urlsplit(url)
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
        f"Content-Type: {prepared.headers['Content-Type']}\r\nContent-Length: {len(prepared.body)}\r\n\r\n"
    )
    with socket.create_connection((str(address.hostname), address.port), timeout=5) as connection:
        connection.sendall(head.encode() + half)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass


# --- what oss2 itself signs ------------------------------------------------------------------------------------


def test_a_clock_that_is_wrong_is_told_apart(oss: OssStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.contract.oss_stand_in._real_now", lambda: now() + timedelta(minutes=16))
    bucket = oss2.Bucket(oss2.AuthV4(oss.key_id, oss.key_secret), oss.endpoint, oss.bucket, region=oss.region)
    with pytest.raises(oss2.exceptions.OssError) as late:
        bucket.put_object(KEY, PHOTO)
    assert late.value.code == "RequestTimeTooSkewed"


def test_an_unsigned_request_gets_nothing(oss: OssStandIn) -> None:
    oss.keep(KEY, PHOTO, "image/jpeg")
    for method in ("GET", "PUT", "DELETE"):
        answer = requests.request(method, f"{oss.endpoint}/{oss.bucket}/{KEY}", data=b"", timeout=5)
        assert answer.status_code == 403
    assert oss.objects[KEY] == (PHOTO, "image/jpeg")


def test_a_signed_address_is_for_reading_only(oss: OssStandIn, store: OssStore) -> None:
    oss.keep(KEY, PHOTO, "image/jpeg")
    url = store.read_url(KEY, 600)
    assert requests.get(url, timeout=5).content == PHOTO
    assert requests.put(url, data=b"other", timeout=5).status_code == 403
    assert requests.get(f"{url}&x-oss-process=image/resize,w_9000", timeout=5).status_code == 403
    assert (
        requests.get(re.sub(r"x-oss-signature=\w{4}", "x-oss-signature=0000", url), timeout=5).status_code
        == 403
    )
    assert oss.objects[KEY] == (PHOTO, "image/jpeg")
