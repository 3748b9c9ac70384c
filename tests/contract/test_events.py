"""Events: what the stand-in pushes arrives at our callback, once, in one shape; the proxy in front of its pages."""

from __future__ import annotations

import dataclasses
import queue
import threading
from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from backend.integrations.wechat.callback import make_callback_blueprint
from backend.integrations.wechat.platform import RealPlatform, make_platform
from backend.integrations.wechat.protocol import PlatformEvent
from backend.kernel.db import init_database
from backend.sandbox.app import RunningSandbox
from backend.sandbox.config import SandboxConfig
from backend.sandbox.proxy import make_proxy_blueprint
from config.settings import Settings
from tests.contract.conftest import CLOSED, PROGRESS, TASK_OFFICIAL, Levers

TASK = {"thing1": "二组水渠堵塞", "thing2": "示例三村", "time3": "2026年3月12日 18:00", "phrase4": "重要"}


@dataclasses.dataclass
class Loop:
    """An application of one callback and one proxy, and a stand-in that pushes to it."""

    levers: Levers
    url: str
    arrived: queue.Queue[tuple[PlatformEvent, str]]
    refuse: threading.Event

    def next(self) -> tuple[PlatformEvent, str]:
        """The next event, or the test fails after five seconds."""
        return self.arrived.get(timeout=5)


@pytest.fixture
def loop(in_town: Settings, levers: Levers) -> Iterator[Loop]:
    arrived: queue.Queue[tuple[PlatformEvent, str]] = queue.Queue()
    refuse = threading.Event()

    def sink(event: PlatformEvent, key: str) -> None:
        if refuse.is_set():
            refuse.clear()
            raise RuntimeError("the database is away")
        arrived.put((event, key))

    app = Flask("loop")
    init_database(app, "sqlite://", 1)
    app.register_blueprint(make_callback_blueprint(in_town, sink))
    app.add_url_rule("/files/photo.jpg", "photo", lambda: b"\xff\xd8\xff a photo")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    url = f"http://127.0.0.1:{server.server_port}"
    config = SandboxConfig(
        app_url=url,
        callback_token=in_town.wechat_callback_token,
        callback_aes_key=in_town.wechat_callback_aes_key,
        media_check_seconds=0.01,
        push_retry_seconds=(0.01, 0.01),
    )
    own = RunningSandbox(config).start()
    app.register_blueprint(make_proxy_blueprint(own.url))
    thread.start()
    yield Loop(Levers(own.url), url, arrived, refuse)
    own.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture
def looped(loop: Loop, in_town: Settings) -> RealPlatform:
    return make_platform(dataclasses.replace(in_town, wechat_api_base=loop.levers.url))


def test_pop_up_of_one_and_of_two(loop: Loop) -> None:
    loop.levers.post("popup", person="resident1", tmplIds=[PROGRESS])
    loop.levers.post("popup", person="resident1", tmplIds=[PROGRESS, CLOSED], answer={CLOSED: "accept"})
    one, two = loop.next()[0], loop.next()[0]
    assert (one.app, one.kind, one.openid) == (
        "mini",
        "subscribe_msg_popup_event",
        loop.levers.person("resident1")["mini_openid"],
    )
    assert [(i["TemplateId"], i["SubscribeStatusString"]) for i in one.items] == [(PROGRESS, "accept")]
    assert [i["SubscribeStatusString"] for i in two.items] == ["reject", "accept"]


def test_change_follow_and_media(loop: Loop, looped: RealPlatform) -> None:
    loop.levers.post("switch-off", person="resident1", template_id=PROGRESS)
    changed = loop.next()[0]
    assert (changed.kind, changed.items[0]["SubscribeStatusString"]) == (
        "subscribe_msg_change_event",
        "reject",
    )
    loop.levers.post("people/resident1", followed=False)
    assert (loop.next()[0].kind, loop.levers.person("resident1")["followed"]) == ("unsubscribe", 0)
    loop.levers.post("people/resident1", followed=True)
    followed = loop.next()[0]
    assert (followed.app, followed.kind) == ("official", "subscribe")
    looped.code_to_session(loop.levers.code("resident1"))
    trace = looped.check_media(loop.levers.person("resident1")["mini_openid"], f"{loop.url}/nothing.jpg")
    verdict = loop.next()[0].raw
    assert (verdict["trace_id"], verdict["errcode"], verdict["version"]) == (trace, -1008, 2)
    loop.levers.fault("media_check_async", "risky")
    trace = looped.check_media(loop.levers.person("resident1")["mini_openid"], f"{loop.url}/files/photo.jpg")
    verdict = loop.next()[0].raw
    assert (verdict["trace_id"], verdict["errcode"], verdict["result"]["suggest"]) == (trace, 0, "risky")


@pytest.mark.parametrize(("blocked", "status"), [(False, "success"), (True, "failed:user block")])
def test_outcome_of_a_template_message(loop: Loop, looped: RealPlatform, blocked: bool, status: str) -> None:
    loop.levers.post("people/worker1", blocked=blocked)
    openid = loop.levers.person("worker1")["official_openid"]
    msgid = looped.send_template(openid, TASK_OFFICIAL, None, None, TASK, "c1")
    event = loop.next()[0]
    assert (event.app, event.kind, event.openid) == ("official", "TEMPLATESENDJOBFINISH", openid)
    assert (str(event.raw["MsgID"]), event.raw["Status"]) == (msgid, status)


def test_a_push_that_failed_comes_again_under_the_same_key(loop: Loop) -> None:
    loop.refuse.set()
    loop.levers.post("popup", person="resident1", tmplIds=[PROGRESS])
    event, _ = loop.next()
    assert event.kind == "subscribe_msg_popup_event"
    loop.levers.post("people/resident1", followed=False)
    loop.next()  # the next event is only tried when the one before it is settled
    first = loop.levers.get("events")["items"][-1]
    assert (first["state"], first["attempts"]) == ("delivered", 2)


def test_pages_under_the_applications_own_port(loop: Loop) -> None:
    page = requests.get(f"{loop.url}/sandbox/phone/resident1", timeout=5)
    assert page.status_code == 200
    assert page.cookies["sandbox_person"] == "resident1"
    assert "王秀兰" in page.text
    first = requests.get(f"{loop.url}/sandbox/api/phone/resident1", timeout=5)
    again = requests.get(
        f"{loop.url}/sandbox/api/phone/resident1", headers={"If-None-Match": first.headers["ETag"]}, timeout=5
    )
    assert again.status_code == 304


def test_the_proxy_keeps_nobodys_cookies(loop: Loop) -> None:
    requests.get(f"{loop.url}/sandbox/phone/worker1", timeout=5)
    assert "现在是这部手机" not in requests.get(f"{loop.url}/sandbox/", timeout=5).text


def test_login_through_the_proxy_stays_on_the_browsers_origin(loop: Loop, looped: RealPlatform) -> None:
    address = looped.authorize_url("http://localhost:1/m/back?x=1", "s").partition("#")[0]
    headers = {"Host": "localhost:1"}
    answer = requests.post(
        loop.url + address, data={"person": "resident1"}, headers=headers, allow_redirects=False, timeout=5
    )
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/m/back?x=1&code=")


def test_a_stand_in_that_is_away_says_so(loop: Loop) -> None:
    app = Flask("away")
    app.register_blueprint(make_proxy_blueprint("http://127.0.0.1:9"))
    answer = app.test_client().get("/sandbox/")
    assert answer.status_code == 502
    assert "没有回答" in answer.text


def test_the_proxy_goes_nowhere_else() -> None:
    with pytest.raises(ValueError, match="this machine"):
        make_proxy_blueprint("http://platform.example")
