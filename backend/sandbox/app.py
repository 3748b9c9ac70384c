"""Putting the stand-in together, and serving it on loopback."""

from __future__ import annotations

import logging
import threading
from typing import Any

from flask import Flask, Response, abort, redirect, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Response as AnyResponse

from backend.sandbox import checks, control, login, messages, pages
from backend.sandbox.config import LOOPBACK, SandboxConfig
from backend.sandbox.push import Pusher
from backend.sandbox.state import State


def create_sandbox(config: SandboxConfig) -> Flask:
    """The platform as a WSGI application; its event pusher is not started yet."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 12_000_000
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    memory = State(config.state_file)
    app.extensions["config"] = config
    app.extensions["state"] = memory
    app.extensions["pusher"] = Pusher(config, memory)
    for part in (login, messages, checks, control, pages):
        app.register_blueprint(part.blueprint)

    @app.before_request
    def only_this_machine() -> None:
        host = request.host.rsplit(":", 1)[0].strip("[]")
        if request.remote_addr not in LOOPBACK or host not in LOOPBACK:
            abort(403)  # also what a rebound DNS name gets

    @app.get("/")
    def front() -> AnyResponse:
        return redirect("/sandbox/")

    @app.get("/healthz")
    def healthy() -> Response:
        return Response("ok", mimetype="text/plain")

    return app


class _Handler(WSGIRequestHandler):
    """Keeps codes and tokens, which stand in the query, out of the log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        logging.getLogger("sandbox").info("%s %s %s", self.command, self.path.split("?", 1)[0], code)


class RunningSandbox:
    """A stand-in served by threads of this process; for tests, and the heart of `python -m backend.sandbox`."""

    def __init__(self, config: SandboxConfig, port: int = 0) -> None:
        self.app = create_sandbox(config)
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", port, self.app, threaded=True, request_handler=_Handler
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.state: State = self.app.extensions["state"]
        self._pusher: Pusher = self.app.extensions["pusher"]

    def start(self) -> RunningSandbox:
        """Serve in a thread."""
        self._pusher.start()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        self._pusher.start()
        try:
            self._server.serve_forever()
        finally:
            self._pusher.stop()
            self.state.close()

    def stop(self) -> None:
        """End; open connections are cut."""
        self._server.shutdown()
        self._server.server_close()
        self._pusher.stop()
        self.state.close()
