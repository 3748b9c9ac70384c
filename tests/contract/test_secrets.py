"""No secret leaves in an exception, whatever the platform answers: it may echo what it was sent."""

from __future__ import annotations

import json
import threading
import traceback
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from backend.integrations.wechat.client import TownClient
from backend.integrations.wechat.platform import RealPlatform
from backend.integrations.wechat.protocol import WeChatError
from backend.integrations.wechat.tokens import Token
from config.settings import Settings

SECRET, TOKEN, CODE, OPENID = (
    "s3cret-of-the-app",
    "token-of-the-hour",
    "c0de-of-somebody",
    "oPersonPersonPerson",
)


class GivenToken:
    """A token that needs no fetching."""

    def current(self) -> Token:
        return Token(TOKEN, 1)

    def renew(self, used: Token) -> Token:
        return used


@pytest.fixture(scope="module")
def echo() -> Iterator[str]:
    """A platform that refuses everything by repeating it; /broken/… answers 500."""
    app = Flask("echo")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def repeat(path: str) -> Response:
        said = f"no: {request.full_path} {request.get_data(as_text=True)}"
        body = json.dumps({"errcode": 40013, "errmsg": said})
        return Response(body, status=500 if path.startswith("broken") else 200, mimetype="application/json")

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("base", ["{echo}", "{echo}/broken", "http://127.0.0.1:9"])
@pytest.mark.parametrize(
    "call",
    [
        lambda p: p.code_to_session(CODE),
        lambda p: p.web_user(CODE),
        lambda p: p.phone_number(CODE),
        lambda p: p.send_subscribe(OPENID, "template", None, {"thing1": "x"}),
        lambda p: p.check_text(OPENID, "x"),
        lambda p: p._mini._stable_token(False),
        lambda p: p.qr_code("a", "pages/index/index"),
    ],
)
def test_nothing_secret_in_an_error(
    in_town: Settings, echo: str, base: str, call: Callable[[RealPlatform], object]
) -> None:
    client = TownClient("wxapp", SECRET, base=base.format(echo=echo), tokens=GivenToken())
    platform = RealPlatform(client, client, web_base="/sandbox", state="formal")
    with pytest.raises(WeChatError) as refused:
        call(platform)
    told = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
    for secret in (SECRET, TOKEN, CODE, OPENID):
        assert secret not in told
