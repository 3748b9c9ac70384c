"""What script/bench measures: requests a second by wrk, sizes of what is built, memory, the second start."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lib.say import ROOT, StepFailed

SUB_PACKAGES = ("pages-work",)


@dataclass(frozen=True)
class Row:
    """One promise: what was measured, and whether it is kept. `goal` is a floor for ratios, else a ceiling."""

    name: str
    value: float
    goal: float
    unit: str
    met: bool


def at_least(name: str, value: float, goal: float, unit: str) -> Row:
    """A row that is met when the value reaches the goal."""
    return Row(name, round(value, 1), goal, unit, value >= goal)


def at_most(name: str, value: float, goal: float, unit: str) -> Row:
    """A row that is met when the value does not go beyond the goal."""
    return Row(name, round(value, 1), goal, unit, value <= goal)


def wrk(url: str, *, clients: int, seconds: int, script: Path | None = None) -> float:
    """Good answers a second by wrk; StepFailed when one answer in a hundred was none of 2xx or 3xx."""
    command = ["wrk", "-t", "2", "-c", str(clients), "-d", f"{seconds}s", "--timeout", "10s"]
    if script is not None:
        command += ["-s", str(script)]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=False)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    total = re.search(r"(\d+) requests in", done.stdout)
    if done.returncode != 0 or rate is None or total is None:
        raise StepFailed(f"wrk on {url} failed:\n{done.stdout}{done.stderr}")
    bad = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", done.stdout))
    bad += sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", done.stdout))
    if bad * 100 > int(total.group(1)):
        raise StepFailed(f"{bad} of {total.group(1)} answers of {url} were refusals:\n{done.stdout}")
    return float(rate.group(1)) * (1 - bad / max(1, int(total.group(1))))


def in_turns(
    rounds: int, ours: Callable[[], float], ceiling: Callable[[], float]
) -> tuple[float, float, float]:
    """Measure both in turns: (median of ours, median of the ceiling, median of the ratios in percent)."""
    pairs = [(ours(), ceiling()) for _ in range(rounds)]
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(two for _, two in pairs),
        statistics.median(100 * one / two for one, two in pairs),
    )


def resident_mb(pids: Sequence[int]) -> float:
    """Resident memory of the largest of these processes, in MB."""
    found = [0.0]
    for pid in pids:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except FileNotFoundError:
            continue  # it ended while we looked
        match = re.search(r"VmRSS:\s+(\d+) kB", status)
        found.append(int(match.group(1)) / 1024 if match else 0.0)
    return max(found)


def main_package_kb(built: Path) -> float:
    """What WeChat downloads before the first page: all but the sub-packages, in KB."""
    files = (path for path in built.rglob("*") if path.is_file())
    inside = (path for path in files if path.relative_to(built).parts[0] not in SUB_PACKAGES)
    return sum(path.stat().st_size for path in inside) / 1024


def first_load_kb(base: str) -> float:
    """What the H5 home page fetches when it is opened for the first time, gzipped, in KB; by Chromium."""
    from playwright.sync_api import sync_playwright

    bodies: list[bytes] = []
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        answers = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(f"{base}/m/", wait_until="networkidle")
        bodies = [answer.body() for answer in answers if answer.ok]
        browser.close()
    return sum(len(gzip.compress(body, 6)) for body in bodies) / 1024


def highest(look: Callable[[], float], seconds: float) -> float:
    """The highest value seen while looking twice a second."""
    end, found = time.monotonic() + seconds, 0.0
    while time.monotonic() < end:
        found = max(found, look())
        time.sleep(0.5)
    return found


def await_answer(url: str, seconds: float = 60) -> None:
    """Return once `url` can be fetched; StepFailed when time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise StepFailed(f"{url} does not answer")


def second_start_seconds(env: Mapping[str, str]) -> float:
    """From the command to the first page, of a script/server that has run before; stops it again."""
    begun = time.monotonic()
    with subprocess.Popen(
        [ROOT / "script" / "server"], env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as server:
        try:
            await_answer(f"http://127.0.0.1:{env['PORT']}/", 300)
            return time.monotonic() - begun
        finally:
            server.send_signal(signal.SIGTERM)


def report(rows: Sequence[Row], file: Path, notes: Sequence[str]) -> None:
    """Print the table and write var/bench.json."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2) + "\n")
    print()
    for row in rows:
        word = "met    " if row.met else "NOT MET"
        print(f"{word}  {row.name:<58}{row.value:>9.1f} {row.unit:<4} goal {row.goal:g}")
    print("\n" + "\n".join(notes))
    print(f"\nwritten to {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}", flush=True)


def cores() -> int:
    """How many cores all of it shares."""
    return os.cpu_count() or 1
