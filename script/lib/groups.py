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
from concurrent.futures import ThreadPoolExecutor
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


def run_side_by_side(groups: Sequence[Group], env: Mapping[str, str]) -> list[Result]:
    """Run groups that do not disturb each other at the same time; the first is seen at once, the others after it."""
    first, *others = groups
    with ThreadPoolExecutor(max(1, len(others))) as pool:
        beside = [pool.submit(run_group, group, env, shown=False) for group in others]
        results = [run_group(first, env)]
        for group, running in zip(others, beside, strict=True):
            results.append(running.result())
            say(f"── {group.name}, run beside {first.name} (budget {group.budget} s)")
            for number in range(len(group.commands)):
                sys.stdout.write(_log_of(group, number).read_text("utf-8", "replace"))
            sys.stdout.flush()
    return results


def run_group(group: Group, env: Mapping[str, str], *, shown: bool = True) -> Result:
    """Run every command of the group, also after one has failed; without `shown` its output is only kept."""
    if shown:
        say(f"── {group.name} (budget {group.budget} s)")
    begun = time.monotonic()
    total = Count()
    for number, command in enumerate(group.commands):
        deadline = begun + group.budget * PATIENCE
        total += _run(_log_of(group, number), command, env, deadline, shown)
    return Result(group, total, time.monotonic() - begun)


def _log_of(group: Group, number: int) -> Path:
    return RESULTS / f"{group.name}-{number}.log".replace(" ", "-")


def _run(log: Path, command: Command, env: Mapping[str, str], deadline: float, shown: bool) -> Count:
    RESULTS.mkdir(parents=True, exist_ok=True)
    report = log.with_suffix(".xml")
    report.unlink(missing_ok=True)
    words = [str(word) for word in command.words]
    if command.counts == "pytest":
        words += [f"--junitxml={report}", "-o", "junit_suite_name=" + log.stem]
    code = _stream(words, command, {**env, **command.env}, log, deadline, shown)
    if command.counts == "pytest":
        return _pytest_count(report, code)
    if command.counts == "node":
        return _node_count(COLOURS.sub("", log.read_text("utf-8", "replace")), code)
    return Count(passed=1) if code == 0 else Count(failed=1)


def _stream(
    words: Sequence[str], command: Command, env: Mapping[str, str], log: Path, deadline: float, shown: bool
) -> int:
    """Run with the output kept, and shown too if asked; kills the whole process group at the deadline."""
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
                if shown:
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
