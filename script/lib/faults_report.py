"""Writes what a long storm came to into docs/reliability.md, between two markers."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lib.say import ROOT

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- storm: written by script/faults -->", "<!-- end of storm -->"


def write(result: dict[str, Any], minutes: float) -> None:
    """Put the result in the place of the earlier one; ValueError when the page has lost its markers."""
    page = PAGE.read_text("utf-8")
    before, found, rest = page.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"{PAGE.name} needs {BEGIN} and {END}")
    PAGE.write_text(f"{before}{BEGIN}\n\n{section(result, minutes)}\n{END}{after}", "utf-8")


def section(result: dict[str, Any], minutes: float) -> str:
    """Machine, commit, seed, and the table."""
    figures, tests = result["figures"], result["tests"]
    bad = tests["failed"] + tests["error"]
    verdict = f"all {tests['passed']} held" if not bad else f"**{bad} FAILED**, {tests['passed']} held"
    head = [
        (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {_commit()}, seed {figures.get('seed')}, "
            f"{minutes:g} minutes, {_machine()}. Assertions: {verdict}."
        ),
        "",
        f"Again: `script/faults --minutes {minutes:g} --seed {figures.get('seed')}`.",
        "",
        "| what | how many |",
        "|---|---|",
    ]
    return "\n".join([*head, *(f"| {name} | {value} |" for name, value in _rows(figures)), ""])


def _rows(figures: dict[str, Any]) -> list[tuple[str, Any]]:
    done, ends = figures.get("done", {}), figures.get("ends", {})
    said = [
        ("changes of state acknowledged, reports among them", _both(figures, "changes", "reports")),
        ("different actions among them", len(figures.get("actions", {}))),
        ("kill -9 of a web process", done.get("web")),
        ("kill -9 of a worker", done.get("worker")),
        ("SIGSTOP of a worker beyond its lease, then SIGCONT", done.get("stop")),
        ("kill -9 of mariadbd, then started again", done.get("database")),
        ("platform: HTTP 500 · answer lost after the message was taken (each injected)", figures.get("faults")),
        ("tries that nobody answered, and how many of them had come true", _both(figures, "unanswered", "true_without_answer")),
        ("calls refused, by answer", _counts(figures.get("refused", {}))),
        ("acknowledged changes lost", _zero(figures, "verified")),
        ("timelines verified (states, versions, clocks, chain)", figures.get("verified")),
        ("messages owed to somebody who can be reached", figures.get("owed")),
        ("of these, by how they ended", _counts(ends)),
        ("messages at the platform", figures.get("arrived")),
        ("beyond one each (duplicates), all explained by an outcome that was unknown", figures.get("doubles")),
        ("outcomes that were unknown (answer lost, worker or database died in the call)", figures.get("unknowns")),
        ("finishes of woken workers refused, because the lease was somebody else's", figures.get("fenced")),
        ("seconds until nothing was owed any more", figures.get("drained")),
    ]  # fmt: skip
    return [(name, "not reached" if value is None else value) for name, value in said]


def _both(figures: dict[str, Any], first: str, second: str) -> str | None:
    return f"{figures[first]} · {figures[second]}" if {first, second} <= figures.keys() else None


def _counts(counts: dict[str, int]) -> str:
    return " · ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "none"


def _zero(figures: dict[str, Any], proof: str) -> int | None:
    """0 once the assertions behind it were reached; they fail at the first one lost."""
    return 0 if proof in figures else None


def _commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return said.stdout.strip() or "unknown"


def _machine() -> str:
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.machine(),
    )
    memory = next(
        (int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    return f"{os.cpu_count()} cores ({cpu}), {memory / 2**20:.0f} GB"


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text("utf-8").splitlines() if file.exists() else []
