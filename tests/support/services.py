"""MariaDB and Redis on private ports and folders, for the tests and the bench.

Standard library only: script/test uses it before anything is installed. Commands as measured in
a container without systemd; the server's own service, if there is one, is left alone.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APT_PACKAGES = {
    "mariadbd": "mariadb-server",
    "mariadb": "mariadb-client",
    "redis-server": "redis-server",
    "nginx": "nginx-light",
    "wrk": "wrk",
    "chromium": "chromium fonts-noto-cjk",
}
START_SECONDS = 30.0


class ServiceError(Exception):
    """A service could not be installed or started; the message says which and why."""


def find_program(name: str) -> str | None:
    """Where the program is; servers live in /usr/sbin, which is not on everyone's PATH."""
    return shutil.which(
        name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    )


def install(*programs: str) -> list[str]:
    """Install the missing ones of `programs` by apt when root; returns those that are still missing."""
    missing = [name for name in programs if find_program(name) is None]
    if not missing:
        return []
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return missing
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "-qq"]
    packages = " ".join(APT_PACKAGES[name] for name in missing).split()
    for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise ServiceError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return [name for name in missing if find_program(name) is None]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once somebody listens on `port`; ServiceError when the process ends or time is up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    tail = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
    raise ServiceError(f"{process.args!r} does not listen on port {port}.\n{tail}")


def _spawn(command: Sequence[str | Path], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@dataclass
class MariaDB:
    """A MariaDB of our own in `home`. `durable=False` skips the fsync at each commit, for mere tests."""

    home: Path
    port: int = 0
    durable: bool = True
    buffer_pool: str = "256M"
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> MariaDB:
        """Start it, making its files first if there are none; returns when it listens."""
        server = find_program("mariadbd")
        if server is None:
            raise ServiceError("mariadbd is not installed (apt-get install mariadb-server).")
        self.port = self.port or free_port()
        data = self.home / "data"
        log = self.home / "mariadb.log"
        user = self._prepare(data)
        self.process = _spawn(
            [
                server, "--no-defaults", *user, f"--datadir={data}", f"--socket={self.home / 'm.sock'}",
                f"--pid-file={self.home / 'm.pid'}", f"--port={self.port}", "--bind-address=127.0.0.1",
                "--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci",
                f"--innodb-flush-log-at-trx-commit={1 if self.durable else 0}",
                f"--innodb-buffer-pool-size={self.buffer_pool}", "--innodb-log-file-size=128M",
                "--skip-name-resolve", "--max-connections=600", "--transaction-isolation=READ-COMMITTED",
            ],
            log,
        )  # fmt: skip
        wait_for_port(self.port, self.process, log)
        return self

    def _prepare(self, data: Path) -> list[str]:
        self.home.mkdir(parents=True, exist_ok=True)
        # Left as root on purpose: the user mysql could not reach a clone below somebody's home.
        user = ["--user=root"] if os.geteuid() == 0 else []
        if not (data / "mysql").exists():
            install_db = find_program("mariadb-install-db")
            if install_db is None:
                raise ServiceError("mariadb-install-db is not installed (apt-get install mariadb-server).")
            done = subprocess.run(
                [
                    install_db, "--no-defaults", f"--datadir={data}", *user,
                    "--auth-root-authentication-method=normal", "--skip-test-db",
                ],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode != 0:
                raise ServiceError(f"mariadb-install-db failed:\n{done.stdout}{done.stderr}")
        return user

    def database(self, name: str) -> str:
        """Make an empty database and return its DATABASE_URL."""
        self.sql(
            f"DROP DATABASE IF EXISTS `{name}`; "
            f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
        )
        return self.url(name)

    def url(self, name: str) -> str:
        """The DATABASE_URL of a database that is there."""
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{name}?charset=utf8mb4"

    def sql(self, statements: str) -> str:
        """Run statements as root by the command-line client; returns what it printed."""
        client = find_program("mariadb")
        if client is None:
            raise ServiceError("The client `mariadb` is not installed (apt-get install mariadb-client).")
        done = subprocess.run(
            [
                client, "--no-defaults", "--host=127.0.0.1", f"--port={self.port}", "--user=root",
                "--skip-column-names", "--batch", "--execute", statements,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            raise ServiceError(f"{statements[:200]}: {done.stderr}")
        return done.stdout

    def flush_at_each_commit(self, really: bool) -> None:
        """Whether a commit waits for the disk; without it a commit still outlives a kill of the server."""
        self.sql(f"SET GLOBAL innodb_flush_log_at_trx_commit = {1 if really else 2}")

    def kill(self) -> None:
        """kill -9, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        """Shut it down in order."""
        _end(self.process, 30)


@dataclass
class Redis:
    """A Redis of our own in `home`."""

    home: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Redis:
        """Start it; returns when it listens."""
        server = find_program("redis-server")
        if server is None:
            raise ServiceError("redis-server is not installed (apt-get install redis-server).")
        self.port = self.port or free_port()
        self.home.mkdir(parents=True, exist_ok=True)
        log = self.home / "redis.log"
        self.process = _spawn(
            [
                server, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.home, "--save", "",
                "--appendonly", "no",
            ],
            log,
        )  # fmt: skip
        wait_for_port(self.port, self.process, log)
        return self

    @property
    def url(self) -> str:
        """Its REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def stop(self) -> None:
        """Shut it down in order."""
        _end(self.process, 10)


def _end(process: subprocess.Popen[bytes] | None, seconds: float) -> None:
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
