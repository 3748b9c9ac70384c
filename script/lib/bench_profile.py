"""Where the time of a request goes: cProfile in one process, own time added up by library."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# The first pattern that a file's path holds decides; `~` is what is written in C.
GROUPS = (
    ("sqlalchemy/orm", "SQLAlchemy, ORM"),
    ("flask_sqlalchemy", "SQLAlchemy, ORM"),
    ("sqlalchemy", "SQLAlchemy, Core"),
    ("pymysql", "driver (PyMySQL)"),
    ("marshmallow", "marshmallow, webargs, smorest"),
    ("webargs", "marshmallow, webargs, smorest"),
    ("flask_smorest", "marshmallow, webargs, smorest"),
    ("apispec", "marshmallow, webargs, smorest"),
    ("flask", "Flask, Werkzeug"),
    ("werkzeug", "Flask, Werkzeug"),
    ("segno", "QR code"),
    ("limits/", "rate limits"),
    ("/logging/", "logging"),
    ("kernel/logs", "logging"),
    ("identity/guards", "guard (ours)"),
    ("backend/kernel", "kernel (ours)"),
    ("backend/outbox", "outbox (ours)"),
    ("backend/workflow", "engine, clocks, chain (ours)"),
    ("backend/", "features (ours)"),
)
WARM_UP = 60
DATABASE = "waiting for the database"
WAITS = ("recv_into", "'recv'", "readinto", "poll", "select.")
# Functions whose whole time is of interest, whatever library it is spent in.
WHOLES = ("resident_guard", "staff_guard", "do_commit", "_claim")


@dataclass(frozen=True)
class Split:
    """Milliseconds of one request, and the share of each group and of some functions with all they call."""

    milliseconds: float
    shares: dict[str, float]
    wholes: dict[str, float]


def split(request: Callable[[], object], times: int) -> Split:
    """Run `request` so often under the profiler; the milliseconds are measured without it."""
    for _ in range(
        WARM_UP
    ):  # what a process keeps once it has served a while: prepared statements, parts of QRs
        request()
    begun = time.perf_counter()
    for _ in range(times):
        request()
    plain = (time.perf_counter() - begun) * 1000 / times
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(times):
        request()
    profile.disable()
    stats: Any = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # has no types
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for (file, _line, name), (_cc, _nc, taken, cumulated, callers) in stats.items():
        if (name in WHOLES and "site-packages" not in file) or name == "do_commit":
            whole[name] += cumulated
        if file != "~":
            own[_group(file)] += taken
        elif any(word in name for word in WAITS):
            own[DATABASE] += taken
        else:  # what is written in C belongs to whoever called it
            for (caller, _l, _n), figures in callers.items():
                own[_group(caller)] += figures[2]
    total = sum(own.values())
    shares = {name: spent / total for name, spent in own.most_common() if spent / total >= 0.005}
    return Split(plain, shares, {name: spent / total for name, spent in whole.items()})


def _group(file: str) -> str:
    return next((name for part, name in GROUPS if part in file), "Python's own library")
