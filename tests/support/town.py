"""A whole town as deployed: granian, a worker and the stand-in platform as processes of their own.

Used by the end-to-end tests, the fault tests and the bench. Every town has its own folder, ports
and keys, so that several can stand side by side.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

from lib.environment import free_port, town_environment  # noqa: E402
from lib.programs import flask, platform, web, worker  # noqa: E402
from lib.supervise import Program  # noqa: E402

START_SECONDS = 60.0
STOP_SECONDS = 15.0


class TownError(AssertionError):
    """The town did not come up, or a command of it failed."""


@dataclass
class Town:
    """One town in `folder`. Call prepare(), then start(); stop() ends every process."""

    folder: Path
    database_url: str | None = None
    town_config: Path = ROOT / "config"
    more: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    programs: dict[str, Program] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        env = town_environment(port=self.port, sandbox_port=free_port(), data_dir=self.folder)
        env |= {"DATA_DIR": str(self.folder), "TOWN_CONFIG": str(self.town_config)}
        env |= {"PUBLIC_BASE_URL": self.url, "WECHAT_WEB_BASE": f"{self.url}/sandbox"}
        env.pop("DATABASE_URL", None)
        if self.database_url:
            env["DATABASE_URL"] = self.database_url
        self.env = {**env, **self.more}
        self.programs = {
            "web": web(self.port, self.env),
            "worker": worker(self.env),
            "platform": platform(self.env),
        }

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def flask(self, *words: str, seconds: float = 300) -> str:
        """Run a command of the application; its output, or TownError with it."""
        done = subprocess.run(
            [str(word) for word in flask(*words)],
            cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise TownError(f"flask {' '.join(words)} failed:\n{done.stdout[-4000:]}")
        return done.stdout

    def prepare(self, *, demo: tuple[str, ...] | None = None) -> Town:
        """Database and town data; with `demo` also the demonstration (its options)."""
        self.flask("db", "upgrade")
        self.flask("town", "load")
        if demo is not None:
            self.flask("demo", "load", *demo)
        return self

    def start(self, *names: str) -> Town:
        """Start all programs, or the named ones; returns when the web server is ready."""
        for name in names or ("platform", "web", "worker"):
            self.programs[name].log = self.folder / f"{name}.log"
            self.programs[name].start()
        if not names or "web" in names:
            self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Return once /healthz answers; TownError with the server's last words when time is up."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.programs["web"].running:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)  # nothing tells us that somebody has begun to listen
        raise TownError("the web server does not answer:\n" + self.last_words("web"))

    def last_words(self, name: str) -> str:
        """The end of a program's log."""
        log = self.folder / f"{name}.log"
        return log.read_text("utf-8", "replace")[-3000:] if log.exists() else "(no log)"

    def kill(self, name: str) -> None:
        """kill -9 to a program and all its children."""
        program = self.programs[name]
        program.signal(signal.SIGKILL)
        if program.process is not None:
            program.process.wait()

    def stop(self) -> None:
        """End every program in order; what does not end by itself is killed."""
        running = [program for program in self.programs.values() if program.running]
        for program in running:
            program.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for program in running:
            program.end(max(0.1, deadline - time.monotonic()))


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    children = [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]
    return [pid, *(member for child in children for member in family(child))]


def ask(
    method: str,
    url: str,
    body: Any = None,
    *,
    token: str = "",
    headers: Mapping[str, str] | None = None,
    seconds: float = 15.0,
) -> tuple[int, Any]:
    """One HTTP call with a JSON body: (status, parsed answer). Connection errors are the caller's."""
    sent = {"Content-Type": "application/json", **(headers or {})}
    if token:
        sent["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(
        url, method=method, headers=sent, data=None if body is None else json.dumps(body).encode()
    )
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return answer.status, _parsed(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, _parsed(refused.read())


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode("utf-8", "replace")


assert os.name == "posix", "process groups and /proc are needed"
