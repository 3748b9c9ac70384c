"""Encrypting anew under the newest key of the ring while the service runs, and never losing the old one.

The ring (FIELD_KEYS) is newest first: the first key writes, all of them read. Rotating goes through
every encrypted column in batches; each row is changed only if it still holds what was read
(compare and set), so that a writer in between is never overwritten. Progress is kept with each
batch: killed in the middle, the next run goes on. See docs/adr/0010-keys.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Text, and_, column, func, or_, select, table, true, update
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.expression import ColumnClause, TableClause
from sqlalchemy.types import TypeDecorator

from backend.kernel import json
from backend.kernel.clock import now
from backend.kernel.crypto import EncryptedText, blind_index, prefix, seal, unseal
from backend.kernel.db import BinaryString, Model, UtcDateTime, changed_rows, db, run_unit
from backend.kernel.settings import settings

BATCH = 200
MOST_PASSES = 5


class KeyMissing(Exception):
    """The ring lacks a key that stored values need; nothing was changed."""


class KeyText(TypeDecorator[Any]):
    """A row's key as JSON: its columns in order."""

    impl = BinaryString(255)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class FieldKey(Model):
    """A key's name that values were written with; `retired_at` once nothing needs it and the ring lacks it."""

    __tablename__ = "field_keys"

    name: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeyRotation(Model):
    """How far one column is on its way to one key. `missed`: rows that somebody wrote meanwhile."""

    __tablename__ = "key_rotations"

    target: Mapped[str] = mapped_column(BinaryString(80), primary_key=True)
    column_name: Mapped[str] = mapped_column(BinaryString(96), primary_key=True)
    last_key: Mapped[list[Any] | None] = mapped_column(KeyText())
    changed: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Sealed:
    """One encrypted column, to be read as it is stored."""

    rows: TableClause
    keys: tuple[ColumnClause[Any], ...]
    value: ColumnClause[Any]
    context: str

    @property
    def name(self) -> str:
        return f"{self.rows.name}.{self.value.name}"


@dataclass(frozen=True)
class BlindColumn:
    """A blind index beside the encrypted column that it finds."""

    source: Sealed
    index: ColumnElement[Any]
    purpose: str


class SealedFiles(Protocol):
    """Files that are encrypted in the store, as whoever keeps them tells of them; `name` as of a column."""

    name: str

    def per_prefix(self) -> dict[str, int]:
        """crypto.prefix() of those days → how many files are under it. Within a unit."""
        ...

    def stale(self, last: int | None, most: int) -> list[int]:
        """Ids of files that are not under the present prefix, in order, behind `last`. Within a unit."""
        ...

    def reseal(self, file_id: int) -> bool:
        """Bring one file under the newest key, in units of its own; False when it has to be met again."""
        ...


_blind: dict[str, tuple[str, str]] = {}
_files: dict[str, SealedFiles] = {}


def has_sealed_files(kept: SealedFiles) -> None:
    """Say that there are files under the ring's keys; an application is made more than once in tests."""
    _files[kept.name] = kept


def has_blind_index(encrypted: str, index: str, purpose: str) -> None:
    """Say that `table.column` can be looked up by the column `index` of the same table."""
    _blind[encrypted] = (index, purpose)


def _index_of(encrypted: str) -> list[str]:
    return [_blind[encrypted][0]] if encrypted in _blind else []


def sealed_columns() -> list[Sealed]:
    """Every encrypted column there is, by name."""
    found = []
    for mapped in db.metadata.sorted_tables:
        for one in mapped.columns:
            if isinstance(one.type, EncryptedText):
                keys = tuple(column(key.name, key.type) for key in mapped.primary_key.columns)
                value = column(one.name, Text())
                index = [column(name, Text()) for name in _index_of(f"{mapped.name}.{one.name}")]
                rows = table(mapped.name, *keys, value, *index)
                found.append(Sealed(rows, keys, value, one.type.context))
    return sorted(found, key=lambda s: s.name)


def blind_columns() -> list[BlindColumn]:
    """The blind indexes that are kept beside a value, and so can be made anew."""
    sealed = {one.name: one for one in sealed_columns()}
    return [
        BlindColumn(sealed[name], sealed[name].rows.c[index], purpose)
        for name, (index, purpose) in sorted(_blind.items())
    ]


def values_per_key() -> dict[str, dict[str, int]]:
    """Key name → column → how many values need it, files among them. Reads every encrypted column."""
    found: dict[str, dict[str, int]] = {}
    for one in sealed_columns():
        rest = func.substr(one.value, 4)  # after the cipher's two letters and a dot
        key = func.substr(rest, 1, func.instr(rest, ".") - 1).label("key_name")
        rows = db.session.execute(
            select(key, func.count()).select_from(one.rows).where(one.value.is_not(None)).group_by("key_name")
        )
        for name, many in rows:
            found.setdefault(str(name), {})[one.name] = int(many)
    for kept in _files.values():
        for prefixed, many in kept.per_prefix().items():
            columns = found.setdefault(prefixed.split(".")[1], {})
            columns[kept.name] = columns.get(kept.name, 0) + many
    return found


def demand_ring() -> None:
    """Refuse a ring that lacks a key which stored values need; note the newest key as in use.

    Cheap as long as nothing is missing: the names in use are kept. When one is missing, or none was
    noted yet, every value is counted once. Raises KeyMissing.
    """
    ring = settings().field_keys
    noted = {row.name: row.retired_at for row in db.session.scalars(select(FieldKey))}
    unaccounted = [name for name, retired in noted.items() if retired is None and ring.get(name) is None]
    if unaccounted or not noted:
        counted = values_per_key()
        refuse_missing(counted)
        for name in counted.keys() - noted.keys():
            _note(name)
        for name in unaccounted:
            db.session.execute(update(FieldKey).where(FieldKey.name == name).values(retired_at=now()))
        noted |= dict.fromkeys(counted)
    newest = ring.newest[0]
    if newest not in noted:
        _note(newest)
    elif noted[newest] is not None:
        db.session.execute(update(FieldKey).where(FieldKey.name == newest).values(retired_at=None))
    db.session.flush()


def refuse_missing(counted: dict[str, dict[str, int]]) -> None:
    """Raise KeyMissing, naming each key the ring lacks and how many values need it."""
    ring = settings().field_keys
    missing = {name: columns for name, columns in counted.items() if ring.get(name) is None}
    if missing:
        told = "; ".join(
            f"{name!r} is needed by {sum(columns.values())} values ({', '.join(sorted(columns))})"
            for name, columns in sorted(missing.items())
        )
        raise KeyMissing(
            f"FIELD_KEYS lacks a key: {told}. Put the old key back at the end of the ring; "
            "nothing was changed and nothing is lost as long as the key exists."
        )


def _note(name: str) -> None:
    db.session.add(FieldKey(name=name, first_used_at=now()))


@dataclass(frozen=True)
class Step:
    """One batch that was committed."""

    column: str
    changed: int
    missed: int


def rotate(batch: int = BATCH) -> Iterator[Step]:
    """Bring every value, blind index and file under the newest keys; opens its own units, a batch each.

    Raises KeyMissing before anything is changed. Passes again over columns where a writer was faster.
    """
    run_unit(lambda: refuse_missing(values_per_key()), writing=False)
    for one in sealed_columns():
        for _ in range(MOST_PASSES):
            yield from _column(_Pass(_target(), one.name), _reseal(one), batch)
            if run_unit(lambda: _left(one), writing=False) == 0:  # noqa: B023
                break
    for blind in blind_columns():
        name = f"{blind.source.rows.name}.{blind.index.name}"
        pass_over = _Pass(f"blind:{settings().blind_index_keys.newest[0]}", name)
        yield from _column(pass_over, _reindex(blind), batch)
    for kept in _files.values():
        yield from _sealed_files(kept, batch)


def _sealed_files(kept: SealedFiles, batch: int) -> Iterator[Step]:
    """A file at a time: what was done is seen from the file's own row, so that a kill loses at most one file's work."""
    over, last = _Pass(_target(), kept.name), None
    while ids := run_unit(lambda: kept.stale(last, batch), writing=False):  # noqa: B023
        changed = sum(kept.reseal(one) for one in ids)
        last = ids[-1]
        yield run_unit(lambda: _note_files(over, last, changed, len(ids) - changed))  # noqa: B023
    run_unit(lambda: _note_files(over, None, 0, 0))


def _note_files(over: _Pass, last: int | None, changed: int, missed: int) -> Step:
    row = _progress_of(over)
    row.changed, row.missed = row.changed + changed, row.missed + missed
    row.last_key, row.finished_at = (None, now()) if last is None else ([last], None)
    db.session.flush()
    return Step(over.name, changed, missed)


@dataclass(frozen=True)
class _Pass:
    """One column on its way to one key."""

    target: str
    name: str


Key = tuple[Any, ...]
Batch = Callable[[Key | None, int], tuple[list[Key], int, int]]
"""(the last key done, how many) → the keys looked at, in order, how many were changed, how many missed."""


def _column(over: _Pass, work: Batch, batch: int) -> Iterator[Step]:
    while True:
        step, finished = run_unit(lambda: _one_batch(over, work, batch))
        if step is not None:
            yield step
        if finished:
            return


def _one_batch(over: _Pass, work: Batch, batch: int) -> tuple[Step | None, bool]:
    row = _progress_of(over)
    if row.finished_at is not None:  # a pass before this one: begin again
        row.last_key = row.finished_at = None
    keys, changed, missed = work(tuple(row.last_key) if row.last_key else None, batch)
    row.changed, row.missed = row.changed + changed, row.missed + missed
    if keys:
        row.last_key = list(keys[-1])
    finished = len(keys) < batch
    if finished:
        row.finished_at = now()
    db.session.flush()
    return (Step(over.name, changed, missed) if keys else None), finished


def _progress_of(over: _Pass) -> KeyRotation:
    row = db.session.get(KeyRotation, (over.target, over.name), with_for_update=True)
    if row is None:
        row = KeyRotation(target=over.target, column_name=over.name, changed=0, missed=0, started_at=now())
        db.session.add(row)
    return row


def _target() -> str:
    return prefix()


def _stale(one: Sealed) -> ColumnElement[bool]:
    return one.value.is_not(None) & ~one.value.startswith(prefix(), autoescape=True)


def _left(one: Sealed) -> int:
    return int(db.session.execute(select(func.count()).select_from(one.rows).where(_stale(one))).scalar_one())


def _reseal(one: Sealed) -> Batch:
    def work(last: Key | None, batch: int) -> tuple[list[Key], int, int]:
        query = select(*one.keys, one.value).where(_stale(one), _behind(one, last))
        rows = db.session.execute(query.order_by(*one.keys).limit(batch)).all()
        changed = 0
        for *key, stored in rows:
            anew = seal(unseal(stored, one.context), one.context)
            changed += _set(one, tuple(key), stored, {one.value.name: anew})
        return [tuple(row[:-1]) for row in rows], changed, len(rows) - changed

    return work


def _reindex(blind: BlindColumn) -> Batch:
    one = blind.source

    def work(last: Key | None, batch: int) -> tuple[list[Key], int, int]:
        query = select(*one.keys, one.value, blind.index).where(one.value.is_not(None))
        query = query.where(blind.index.is_not(None), _behind(one, last))  # who is not to be found stays so
        rows = db.session.execute(query.order_by(*one.keys).limit(batch)).all()
        changed = old = 0
        for *key, stored, held in rows:
            index = blind_index(blind.purpose, unseal(stored, one.context))
            if index != held:
                old += 1
                changed += _set(one, tuple(key), stored, {blind.index.name: index})
        return [tuple(row[:-2]) for row in rows], changed, old - changed

    return work


def _behind(one: Sealed, last: Key | None) -> ColumnElement[bool]:
    """The rows whose keys come after the last one done, column by column."""
    if last is None:
        return true()
    steps = []
    for n, (key, done) in enumerate(zip(one.keys, last, strict=True)):
        same = [earlier == value for earlier, value in zip(one.keys[:n], last[:n], strict=True)]
        steps.append(and_(*same, key > done))
    return or_(*steps)


def _set(one: Sealed, key: Key, stored: str, values: dict[str, str]) -> int:
    """Compare and set: only while the row holds what was read; 1 when it did."""
    same = one.value == stored
    if db.session.get_bind().dialect.name != "sqlite":
        same = one.value.collate("utf8mb4_bin") == stored
    found = (held == value for held, value in zip(one.keys, key, strict=True))
    return changed_rows(update(one.rows).where(*found, same).values(**values))
