"""How long script/server takes to its first page, and how heavy what it serves is."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from lib.environment import free_port
from lib.install import STAMPS
from lib.say import ROOT, VAR
from tests.support.services import find_program

SECOND_START_SECONDS, FIRST_START_SECONDS = 60.0, 900.0
MP, H5 = (ROOT / "miniprogram" / "dist" / "build" / name for name in ("mp-weixin", "h5"))


class NotMeasured(Exception):
    """Says why there is no number."""


def second_start() -> float:
    """Seconds until script/server of this clone serves its first page, everything being built already."""
    if not (STAMPS / "town").exists() or not (VAR / "town.db").exists():
        raise NotMeasured("script/server has not been started in this clone yet")
    with (VAR / "server.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotMeasured("script/server is running in this clone") from None
    # What has changed since the last start is built now: that is the price of the change, not of a start.
    made = subprocess.run([ROOT / "script" / "server", "--setup-only"], env=_plain_environment(), check=False)
    if made.returncode != 0:
        raise NotMeasured("script/server --setup-only failed")
    return _seconds_to_first_page(ROOT, SECOND_START_SECONDS)


def first_start() -> float:
    """Seconds until script/server of a fresh clone serves its first page."""
    with tempfile.TemporaryDirectory(prefix="fresh-") as folder:
        clone = Path(folder) / "town"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        return _seconds_to_first_page(clone, FIRST_START_SECONDS)


def _plain_environment() -> dict[str, str]:
    """This process's environment without what would point script/server elsewhere."""
    elsewhere = {"PYTHONPATH", "VIRTUAL_ENV", "DATA_DIR", "DATABASE_URL"}
    return {name: value for name, value in os.environ.items() if name not in elsewhere}


def _seconds_to_first_page(clone: Path, patience: float) -> float:
    port = free_port()
    log = (VAR / "bench" / "start.log").open("wb")
    begun = time.monotonic()
    server = subprocess.Popen(
        [str(clone / "script" / "server")], cwd=clone, env={**_plain_environment(), "PORT": str(port)},
        stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        while time.monotonic() - begun < patience and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                    page.read()
                return time.monotonic() - begun
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise NotMeasured(f"no page within {patience:.0f} s, see {log.name}")
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGTERM)
            server.wait(60)
        log.close()


def main_package_kilobytes() -> float:
    """The mini-program's main package: everything built that is in no sub-package."""
    if not (MP / "app.json").exists():
        raise NotMeasured("the mini-program is not built (script/test mini-program builds it)")
    described = json.loads((MP / "app.json").read_text())
    packages = described.get("subPackages") or described.get("subpackages") or []
    outside = [MP / package["root"].rstrip("/") for package in packages]
    files = (path for path in MP.rglob("*") if path.is_file())
    return sum(f.stat().st_size for f in files if not any(o in f.parents for o in outside)) / 1024


def h5_first_load_kilobytes(base: str) -> float:
    """What a phone fetches to show the first page, each answer compressed."""
    if not (H5 / "index.html").exists():
        raise NotMeasured("the H5 pages are not built")
    chromium = os.environ.get("CHROMIUM") or find_program("chromium")
    bodies = _fetched_by(chromium, base) if chromium else _named_by_index()
    return sum(len(gzip.compress(body, 6)) for body in bodies) / 1024


def _fetched_by(chromium: str, base: str) -> list[bytes]:
    from playwright.sync_api import Response, sync_playwright

    answers: list[Response] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("response", lambda answer: answers.append(answer))
        page.goto(f"{base}/m/", wait_until="networkidle")
        bodies = [answer.body() for answer in answers if answer.status == 200]
        browser.close()
    return bodies


def _named_by_index() -> list[bytes]:
    """Without a browser: the page and what it names."""
    html = (H5 / "index.html").read_text()
    names = re.findall(r'(?:src|href)="/m/([^"]+\.(?:js|css))"', html)
    return [html.encode(), *((H5 / name).read_bytes() for name in names)]


def remove(folder: Path) -> None:
    """Leave nothing of an earlier bench."""
    shutil.rmtree(folder, ignore_errors=True)
