"""What has to be running for a town to be open: the same for script/server, the tests and the bench."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from lib.install import PYTHON
from lib.supervise import Program

WEB_PROCESSES = 2


def flask(*words: str) -> list[str | Path]:
    """A command of the application, `flask <words>`."""
    return [PYTHON, "-m", "flask", "--app", "backend.wsgi", *words]


def granian(port: int, app: str) -> list[str | Path]:
    """The server as deployed: two processes with four threads each, as measured for two cores."""
    return [
        PYTHON.parent / "granian", "--interface", "wsgi", "--host", os.environ.get("HOST", "127.0.0.1"),
        "--port", str(port), "--workers", str(WEB_PROCESSES), "--blocking-threads", "4", "--backlog", "1024",
        "--no-access-log", "--respawn-failed-workers", "--workers-kill-timeout", "10", app,
    ]  # fmt: skip


def web(port: int, env: Mapping[str, str]) -> Program:
    """The web server."""
    return Program("web", granian(port, "backend.wsgi:app"), {**env, "WEB_PROCESSES": str(WEB_PROCESSES)})


def worker(env: Mapping[str, str]) -> Program:
    """One worker: sends what is owed, fires the timers."""
    return Program("worker", [PYTHON, "-m", "backend.work"], env)


def platform(env: Mapping[str, str]) -> Program:
    """The stand-in WeChat platform, on the port that the settings name."""
    port = env["SANDBOX_URL"].rsplit(":", 1)[1]
    return Program("platform", [PYTHON, "-m", "backend.sandbox", "--port", port], env)


def programs(port: int, env: Mapping[str, str]) -> list[Program]:
    """All of them, in the order in which they start."""
    stand_in = [platform(env)] if env.get("SANDBOX") == "on" else []
    return [*stand_in, web(port, env), worker(env)]
