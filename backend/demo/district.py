"""The same town a hundred times over: 770,000 cases with timeline, clocks and photos, for measuring.

A year of 7,700 cases is invented as for the demonstration and then copied inside the database, each
copy with ids, look-up codes and moments of its own. The chain of every copy is hashed anew and
verifies. What a copy does not have: timers in the outbox, and photo ids of its own in the timeline's
data (the commitment covers them), so its entries show no photos while the case itself does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, insert, literal, select, text

from backend.cases.models import Case
from backend.demo.load import Plan, load
from backend.demo.towns import BEIHE, NANSHAHE
from backend.kernel.db import UtcDateTime, db, run_unit
from backend.kernel.ids import CODE_LENGTH
from backend.media.models import MediaFile
from backend.places.queries import town_by_code
from backend.reports.models import Report
from backend.reports.states import TABLE
from backend.workflow import chain
from backend.workflow.models import TimelineEntry, WorkClock

BASE_CASES = 7_700
COPIES = 100
PLANS = (Plan(NANSHAHE, BASE_CASES, 1500, 20261122), Plan(BEIHE, 40, 12, 7))
# A copy's ids lie about four minutes of ids before the copy before it, its moments seven minutes.
IDS_APART = 1 << (22 + 18)
APART = timedelta(seconds=433)

_cases, _reports, _timeline, _clocks, _media = (
    model.__table__ for model in (Case, Report, TimelineEntry, WorkClock, MediaFile)
)


@dataclass(frozen=True)
class _Copy:
    """One copy to make: its number (1 …) and the ids of the cases that are copied."""

    number: int
    first: int
    last: int

    def id(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A copied row's id."""
        return column - literal(self.number * IDS_APART)

    def moment(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A copied row's moment."""
        seconds = self.number * int(APART.total_seconds())
        return func.timestampadd(text("SECOND"), -seconds, column)


def load_district(copies: int = COPIES, say: Callable[[str], None] = lambda line: None) -> int:
    """Invent the base year and copy it until the town has it `copies` times; how many cases were made.

    Takes up where an interrupted run ended; each copy is one unit. RuntimeError on SQLite, whose
    functions cannot hash.
    """
    if copies > 1 and db.engine.dialect.name == "sqlite":
        raise RuntimeError("copying needs MariaDB: SQLite cannot hash the chain of a copy")
    made = load(PLANS, say)
    first, last, present = run_unit(_base)
    done = present // BASE_CASES
    for number in range(done, copies):
        made += run_unit(lambda number=number: _make(_Copy(number, first, last)))  # type: ignore[misc]
        if number % 10 == 9:
            say(f"{(number + 1) * BASE_CASES} cases")
    return made


def _base() -> tuple[int, int, int]:
    """(lowest and highest id of the cases that were invented, how many cases the town has)."""
    town_id = town_by_code(NANSHAHE.code).id
    of_town = select(_cases.c.id).where(_cases.c.town_id == town_id)
    newest_first = of_town.order_by(_cases.c.id.desc())
    last, first = (
        db.session.execute(newest_first.limit(1).offset(skipped)).scalar_one()
        for skipped in (0, BASE_CASES - 1)
    )
    present = db.session.execute(select(func.count()).select_from(of_town.subquery())).scalar_one()
    return first, last, present


def _make(copy: _Copy) -> int:
    """Copy every row of the base cases; how many cases."""
    longest = db.session.execute(
        select(func.max(_cases.c.entry_count)).where(_cases.c.id.between(copy.first, copy.last))
    ).scalar_one()
    for seq in range(1, longest + 1):
        _copy_entries(copy, seq)
    _copy_cases(copy)
    for table, key in ((_reports, "case_id"), (_clocks, "subject_id"), (_media, "subject_id")):
        _insert(copy, table, table.c[key], {})
    return BASE_CASES


def _copy_entries(copy: _Copy, seq: int) -> None:
    """The entries of one number, each tied to the copied entry before it."""
    before: Any = literal(chain.START)
    source: Any = _timeline
    if seq > 1:
        earlier = _timeline.alias("earlier")
        before = earlier.c.chain
        source = _timeline.join(
            earlier,
            and_(
                earlier.c.subject_kind == _timeline.c.subject_kind,
                earlier.c.subject_id == copy.id(_timeline.c.subject_id),
                earlier.c.seq == seq - 1,
            ),
        )
    moment = func.date_format(copy.moment(_timeline.c.at), "%Y-%m-%dT%H:%i:%s.%f+00:00")
    said = (before, _timeline.c.seq, moment, _timeline.c.action, _timeline.c.to_state, _timeline.c.commitment)
    link = func.sha2(func.concat_ws("\n", *said), 256)
    _insert(copy, _timeline, _timeline.c.subject_id, {"chain": link}, source, _timeline.c.seq == seq)


def _copy_cases(copy: _Copy) -> None:
    """The cases, each with a code of its own and the head of its copied chain."""
    last = _timeline.alias("last")
    source = _cases.join(
        last,
        and_(
            last.c.subject_kind == _cases.c.kind,
            last.c.subject_id == copy.id(_cases.c.id),
            last.c.seq == _cases.c.entry_count,
        ),
    )
    # Hexadecimal digits are Crockford digits too; of 770,000 such codes two are alike once in a thousand loads.
    code = func.upper(func.left(func.sha2(copy.id(_cases.c.id), 256), CODE_LENGTH))
    _insert(copy, _cases, _cases.c.id, {"code": code, "chain_head": last.c.chain}, source)


def _insert(
    copy: _Copy,
    table: Any,
    subject: ColumnElement[Any],
    other: dict[str, ColumnElement[Any]],
    source: Any = None,
    *only: ColumnElement[bool],
) -> None:
    """Copy the rows of `table` that belong to the base cases; `other` columns become what it says."""
    assert isinstance(table, Table)
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.name in other:
            values[column.name] = other[column.name]
        elif column.primary_key or column is subject:
            values[column.name] = copy.id(column)
        elif isinstance(column.type, UtcDateTime):
            values[column.name] = copy.moment(column)
        elif column.name == "upload_key":
            values[column.name] = func.concat("demo/", copy.id(table.c.id))
        else:
            values[column.name] = column
    mine = select(*values.values()).select_from(table if source is None else source)
    mine = mine.where(subject.between(copy.first, copy.last), *only)
    if "subject_kind" in table.c:  # the first column of the index
        mine = mine.where(table.c.subject_kind == TABLE.kind)
    db.session.execute(insert(table).from_select(list(values), mine))
