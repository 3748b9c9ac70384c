"""Numbers that grow when something public changes: what the kept pages of every process are checked by.

A name stands for what is shown together: "wall:<id of the town>". Names are few, some for each town and
never one for each entry, because a process reads all of them at once. Whoever changes what is public
calls bump() in the transaction of the change: page and number are there together, or neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, Integer, event, select
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from backend.kernel.db import BinaryString, Model, db, now_writing, write_at_commit

_BUMPED = "page numbers of the unit"


class PageNumber(Model):
    """How often something public has changed."""

    __tablename__ = "page_numbers"

    name: Mapped[str] = mapped_column(BinaryString(64), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


_numbers: Any = PageNumber.__table__
_ALL = select(_numbers.c.name, _numbers.c.number)
_heard = 0


def bump(*names: str) -> None:
    """Say that what `names` stand for changes with the unit under way.

    Written right before its commit, so that those who publish at once wait for each other no longer
    than a commit takes; in the order of the names, so that they do not wait for each other in a ring.
    """
    write_at_commit(_write, names)


def _write(names: Iterable[str]) -> None:
    for name in sorted(set(names)):
        db.session.execute(_upsert(db.session.get_bind().dialect.name), {"name": name, "number": 1})
    db.session().info[_BUMPED] = True


@cache
def _upsert(dialect: str) -> Any:
    if dialect == "sqlite":
        one_more = {"number": _numbers.c.number + 1}
        return sqlite.insert(_numbers).on_conflict_do_update(index_elements=["name"], set_=one_more)
    return mysql.insert(_numbers).on_duplicate_key_update(number=_numbers.c.number + 1)


@event.listens_for(db.session, "after_transaction_end")
def _hear(session: Session, ended: SessionTransaction) -> None:
    global _heard
    if ended.parent is None and session.info.pop(_BUMPED, False):
        _heard += 1


def heard() -> int:
    """Grows when a unit of this process has bumped: its own changes a process shows at once."""
    return _heard


def read(engine: Engine) -> dict[str, int]:
    """All numbers, in one statement on a connection of its own."""
    with now_writing(False), engine.connect() as connection:
        return _read(connection)


def _read(connection: Connection) -> dict[str, int]:
    return {row.name: row.number for row in connection.execute(_ALL)}
