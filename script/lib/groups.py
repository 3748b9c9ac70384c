"""Test groups: each a list of commands, with counts read from what the runners wrote."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lib.install import PYTHON
from lib.say import ROOT, VAR, say

RESULTS = VAR / "test" / "results"
# A group that takes five times its budget hangs; it is ended and counts as failed.
PATIENCE = 5
JEST = re.compile(r"^Tests:\s+(.*?)\d+ total", re.MULTILINE)
VITEST = re.compile(r"^\s*Tests\s+(.*?)\(\d+\)", re.MULTILINE)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Count:
    """How many tests ended how."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


@dataclass
class Command:
    """One command of a group; `counts` says how its tests are counted."""

    words: Sequence[str | Path]
    cwd: Path = ROOT
    env: Mapping[str, str] = field(default_factory=dict)
    counts: str = "pytest"  # pytest · node · one (the command itself is the test)


@dataclass
class Group:
    """What is run together, and how many seconds it may take."""

    name: str
    budget: int
    commands: list[Command]


@dataclass
class Result:
    """What became of a group."""

    group: Group
    count: Count
    seconds: float


def pytest(*folders: str, env: Mapping[str, str] | None = None, extra: Sequence[str] = ()) -> list[Command]:
    """pytest on those of `folders` that have tests."""
    present = [folder for folder in folders if any((ROOT / folder).rglob("test_*.py"))]
    if not present:
        return []
    return [Command([PYTHON, "-m", "pytest", *extra, *present], env=dict(env or {}))]


def run_group(group: Group, env: Mapping[str, str]) -> Result:
    """Run every command of the group, also after one has failed."""
    say(f"── {group.name} (budget {group.budget} s)")
    begun = time.monotonic()
    total = Count()
    for number, command in enumerate(group.commands):
        deadline = begun + group.budget * PATIENCE
        total += _run(f"{group.name}-{number}".replace(" ", "-"), command, env, deadline)
    return Result(group, total, time.monotonic() - begun)


def _run(name: str, command: Command, env: Mapping[str, str], deadline: float) -> Count:
    RESULTS.mkdir(parents=True, exist_ok=True)
    report, log = RESULTS / f"{name}.xml", RESULTS / f"{name}.log"
    report.unlink(missing_ok=True)
    words = [str(word) for word in command.words]
    if command.counts == "pytest":
        words += [f"--junitxml={report}", "-o", "junit_suite_name=" + name]
    code = _stream(words, command, {**env, **command.env}, log, deadline)
    if command.counts == "pytest":
        return _pytest_count(report, code)
    if command.counts == "node":
        return _node_count(COLOURS.sub("", log.read_text("utf-8", "replace")), code)
    return Count(passed=1) if code == 0 else Count(failed=1)


def _stream(
    words: Sequence[str], command: Command, env: Mapping[str, str], log: Path, deadline: float
) -> int:
    """Run with the output both shown and kept; kills the whole process group at the deadline."""
    process = subprocess.Popen(
        words, cwd=command.cwd, env=dict(env), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip

    def too_late() -> None:
        say(f"{words[0]} takes too long: ended")
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(max(1.0, deadline - time.monotonic()), too_late)
    timer.start()
    try:
        assert process.stdout is not None
        with log.open("wb") as kept:
            for line in process.stdout:
                kept.write(line)
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
        return process.wait()
    finally:
        timer.cancel()
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def _pytest_count(report: Path, code: int) -> Count:
    if not report.exists():
        return Count(failed=1)
    count = Count()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        whole, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        count += Count(max(0, whole - failed - skipped), failed, skipped)
    # Broken collection, an internal error, or no test at all: never a pass.
    return count + Count(failed=1) if code != 0 and count.failed == 0 else count


def _node_count(output: str, code: int) -> Count:
    count = Count()
    for summary in [*JEST.findall(output), *VITEST.findall(output)]:
        for number, word in re.findall(r"(\d+) (passed|failed|skipped|todo)", summary):
            count += Count(**{"skipped" if word == "todo" else word: int(number)})
    if count == Count():
        return Count(passed=1) if code == 0 else Count(failed=1)
    return count + Count(failed=1) if code != 0 and count.failed == 0 else count


def table(results: Sequence[Result]) -> str:
    """Groups with counts and seconds, for the end of the run."""
    lines = [f"{'group':<24}{'passed':>8}{'failed':>8}{'skipped':>8}{'seconds':>9}{'budget':>8}"]
    for result in results:
        count, over = result.count, "  over budget" if result.seconds > result.group.budget else ""
        lines.append(
            f"{result.group.name:<24}{count.passed:>8}{count.failed:>8}{count.skipped:>8}"
            f"{result.seconds:>9.1f}{result.group.budget:>8}{over}"
        )
    return "\n".join(lines)
