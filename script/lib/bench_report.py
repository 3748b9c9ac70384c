"""What the bench says: the table on the screen, var/bench.json and docs/performance.md."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lib.bench_profile import Split
from lib.say import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"
#: Units of which more is better; of all others less is.
MORE_IS_BETTER = frozenset({"ratio"})


@dataclass
class Row:
    """One line of the table; `value` and `met` are None when it was not measured.

    `ours` and `ceiling` are what the value was made from (requests a second, or milliseconds).
    """

    name: str
    value: float | None
    goal: float
    unit: str
    met: bool | None
    ours: float | None = None
    ceiling: float | None = None
    note: str = ""


@dataclass
class Figure:
    """What one request costs: CPU milliseconds of web and database, and how many statements it runs."""

    name: str
    web: float
    database: float
    statements: int


def row(name: str, value: float, goal: float, unit: str, **more: float | str | None) -> Row:
    """A row that is met when its value is on the right side of its goal."""
    met = value >= goal if unit in MORE_IS_BETTER else value <= goal
    return Row(name, round(value, 3), goal, unit, met, **more)  # type: ignore[arg-type]


def markdown(rows: Sequence[Row], figures: Sequence[Figure], profiles: Mapping[str, Split]) -> str:
    """All tables."""
    parts = [_goals(rows), "## What a request costs\n\n" + _costs(figures), "## Where the time goes\n"]
    parts += [_shares(name, split) for name, split in profiles.items()]
    return "\n\n".join(parts) + "\n"


def _goals(rows: Sequence[Row]) -> str:
    lines = ["| | measured | ceiling | value | goal | met |", "|---|---:|---:|---:|---:|---|"]
    for one in rows:
        sign = "≥" if one.unit in MORE_IS_BETTER else "≤"
        value = "not measured" if one.value is None else f"{one.value:g} {one.unit}"
        word = {True: "yes", False: "**no**", None: "–"}[one.met]
        note = f" ({one.note})" if one.note else ""
        lines.append(
            f"| {one.name}{note} | {_number(one.ours)} | {_number(one.ceiling)} | {value} "
            f"| {sign} {one.goal:g} | {word} |"
        )
    return "\n".join(lines)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def _costs(figures: Sequence[Figure]) -> str:
    lines = ["| | web, CPU ms | database, CPU ms | together | statements |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {f.name} | {f.web:.2f} | {f.database:.2f} | {f.web + f.database:.2f} | {f.statements} |"
        for f in figures
    ]
    return "\n".join(lines)


def _shares(name: str, split: Split) -> str:
    lines = [
        f"{name}, in one process without a server: {split.milliseconds:.1f} ms.\n",
        "| own time of | share |",
        "|---|---:|",
    ]
    lines += [f"| {group} | {share:.0%} |" for group, share in split.shares.items()]
    lines += [
        f"| *of all: `{function}()` with what it calls* | {share:.0%} |"
        for function, share in split.wholes.items()
    ]
    return "\n".join(lines)


# By a part of the row's name; the first that fits is told.
CAUSES = {
    "POST a report, of": "SQLAlchemy builds, looks up and sends eleven statements in Python and keeps its own books of "
    "three new rows (its two shares in the table above), beside parsing, encryption and the receipt; the bare client "
    "sends strings that are ready.",
    "CPU ms of POST": "the database alone takes a good part of what is allowed for all (eleven statements, nine "
    "indexes of the case, a commit that waits for the disk); the rest is SQLAlchemy and the driver, both in Python.",
    "CPU ms of a change": "a change is answered with the whole page of the case: of its statements seven "
    "change the case and the others fill the page (a proposal alone takes four), each through SQLAlchemy and the "
    "driver in Python.",
    "CPU ms of queue": "the driver unpacks 21 rows of 17 columns in Python, which the bare route pays too; then "
    "SQLAlchemy, and a COMMIT for a reading request.",
    "CPU ms of public": "a round trip ends a transaction that only read one row.",
    "queue, ": "SQLAlchemy's share, the line of each case (words for dates, signed addresses) and the ETag come on top "
    "of what the bare route does.",
    "public look-up": "one statement of the bare route is so cheap that Flask's hooks, the limit, the log line and "
    "SQLAlchemy's session weigh as much.",
    "delivery": "messages share their transactions, but one process has one interpreter: a message takes three and a "
    "half milliseconds of it (the call alone more than one), its threads wait for each other, and each waits for the "
    "commit that marks its call as begun.",
    "p95 from change": "the worker has fallen behind what one process can do beside the load on the same two cores.",
    "worker, resident": "the worker imports the whole application, since any of its parts may owe a job, and what "
    "`flask` itself loads for every command (Alembic).",
    "median lag": "the worker has fallen behind what one process can do beside the load on the same two cores.",
}


def write_document(tables: str, rows: Sequence[Row], command: str, parts: Sequence[str] = ()) -> Path:
    """Write docs/performance.md, or of `parts` alone a page beside it: what was measured when on what, and why what is not met is not."""
    document = DOCUMENT.with_stem("-".join([DOCUMENT.stem, *parts]))
    missed = [one for one in rows if one.met is False]
    words = [
        HEAD.format(at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", command=command, load=os.getloadavg()[0]),
        tables,
    ]
    if missed:
        words.append("## What is not met, and why\n")
        words += [f"- {one.name}: {_cause(one)}" for one in missed]
    document.write_text("\n".join(words).rstrip() + "\n")
    return document


def _cause(missed: Row) -> str:
    return next((why for part, why in CAUSES.items() if part in missed.name), "no cause is known yet.")


HEAD = """# Performance

Written by `{command}` on {at}; the machine's load at the end was {load:.1f}. Two cores are shared by
the load generator, the web server (granian, two processes of four threads), MariaDB (every commit
waits for the disk) and whatever else runs. So absolute numbers say little: every goal is a ratio to a
ceiling measured in the same run, rounds of both taking turns, and the value is the median of the
rounds' ratios.

- `script/bench` takes a quarter of an hour, and ten minutes more the first time: it makes a town of
  770,000 cases with their timeline, clocks and photos in var/bench and keeps it.
- `script/bench --only delivery` measures a part alone; without the readings the large town is not needed.
- `script/bench --long` lets 50 changes a second flow for two minutes instead of twenty seconds.
- `script/bench --write` also writes this page, with `--only` one for those parts beside it. `--seconds` and `--rounds` say how long each round is.
- `flask demo load --scale district` makes the same 770,000 cases in any MariaDB.

*Ceiling* is what the same statements reach without the application: bare PyMySQL with as many clients
for POST, a bare Flask route on the same server that runs the same statements (the session's look-up
included) and dumps the rows with orjson for GET, a bare loop with as many threads for delivery.
*hellos* are multiples of what a bare Flask hello costs on the same server.
"""
