"""The database: session, column types, and where a transaction begins and ends.

One HTTP request is one transaction, committed once, at the edge (kernel/http.py); a worker's
or a command's unit is `run_unit()`. Services flush and never commit. On SQLite a unit that
writes begins with BEGIN IMMEDIATE: a deferred BEGIN that reads and then writes fails under
load (549 of 600, reference measurement), and readers must not queue behind writers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Flask, has_app_context
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from pymysql.constants import SERVER_STATUS
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, String, Text, event
from sqlalchemy.dialects.mysql import DATETIME, MEDIUMTEXT, VARCHAR
from sqlalchemy.engine import Connection, CursorResult, Dialect, Engine, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry, PoolResetState
from sqlalchemy.sql.dml import Delete, Update
from sqlalchemy.types import TypeDecorator

from backend.kernel import json as town_json

T = TypeVar("T")

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# What a whole unit is tried again for: deadlock, lock wait, Galera's certification failure at
# COMMIT, a node without quorum, a lost connection (reliability §3).
# 1305 is a deadlock in disguise: it took the whole transaction back, and with it the savepoint that
# the session then wants to return to.
RETRYABLE_CODES = frozenset({1213, 1205, 1180, 1047, 2006, 2013, 1305})
# The server is not there, is going, or has no room: nothing to repeat at once, but it will be back.
AWAY_CODES = frozenset({1040, 1053, 1927, 2002, 2003, 2006, 2013})
UNIT_TRIES = 4
#: a database on the same machine is not spoken to in TLS
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# A process that stands still in the middle of a unit (stopped, its machine paused) loses its rows after this.
IDLE_IN_UNIT_SECONDS = 60
# A connection that rested for longer is asked whether it still lives before it is used.
IDLE_SECONDS = 2.0


class _Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class _Session(FlaskSession):
    """Everything lies in one database: a session asks which engine that is once, not at every statement."""

    _engine: Engine | None = None

    def get_bind(
        self, mapper: Any = None, clause: Any = None, bind: Any = None, **more: Any
    ) -> Engine | Connection:
        """The application's engine, or what the caller names."""
        if bind is not None:
            return cast(Engine | Connection, bind)
        if self._engine is None:
            self._engine = self._db.engine
        return self._engine


db = SQLAlchemy(model_class=_Base, session_options={"expire_on_commit": False, "class_": _Session})

if TYPE_CHECKING:
    Model = _Base
else:
    Model = db.Model

BigId = BigInteger().with_variant(Integer, "sqlite")

_writing: ContextVar[bool] = ContextVar("writing", default=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment with microseconds: DATETIME(6) on MariaDB."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(
            DATETIME(fsp=6) if dialect.name in {"mysql", "mariadb"} else DateTime()
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was given to a UTC column")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class BinaryString(TypeDecorator[str]):
    """Text compared byte by byte: ids, codes, openids. unicode_ci would fold their case."""

    impl = String
    cache_ok = True

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(VARCHAR(self.length, collation="utf8mb4_bin"))
        return dialect.type_descriptor(String(self.length))


LongText = Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")


class JsonText(TypeDecorator[Any]):
    """Any JSON value as text that keeps Chinese readable."""

    impl = LongText
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else town_json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else town_json.loads(value)


def init_database(app: Flask, url: str, pool_size: int) -> None:
    """Bind the database at `url` to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    options: dict[str, Any] = {}
    if url.startswith("mysql"):
        options |= {
            "isolation_level": "READ COMMITTED",
            "pool_size": pool_size,
            "max_overflow": 2,
            "pool_recycle": 280,
            "pool_reset_on_return": None,  # see _end_what_is_open
            "connect_args": {
                "connect_timeout": 5,
                "read_timeout": 30,
                "write_timeout": 30,
                "init_command": f"SET SESSION idle_transaction_timeout = {IDLE_IN_UNIT_SECONDS}",
                # Else each connection holds all the machine's certificates, a megabyte, lest it be offered TLS.
                "ssl_disabled": make_url(url).host in LOOPBACK,
            },
        }
    else:
        options |= {"connect_args": {"timeout": 15}}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        _listen(db.engine)


def _listen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "checkin", _note_return)
        event.listen(engine, "reset", _end_what_is_open)
        event.listen(engine, "commit", _note_end)
        event.listen(engine, "rollback", _note_end)
        event.listen(engine, "checkout", partial(_ping_the_idle, engine.dialect))
    event.listen(engine, "begin", _forget_writes)
    event.listen(engine, "before_cursor_execute", _remember_writes)


def _note_return(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["returned_at"] = time.monotonic()


def _note_end(connection: Connection) -> None:
    if not connection.invalidated:  # one that died has nothing to give back
        connection.info["open"] = False


def _end_what_is_open(connection: Any, record: ConnectionPoolEntry, state: PoolResetState) -> None:
    """Roll back what a connection that is given back has not ended, and spare the others the question.

    The pool itself would send a ROLLBACK after every COMMIT: one in four of what a reading page asks. When a
    COMMIT was refused, the server's last word on what was written before still says that it is open.
    """
    if state.terminate_only or state.transaction_was_reset:
        return
    if record.info.get("open", True) or connection.server_status & SERVER_STATUS.SERVER_STATUS_IN_TRANS:
        connection.rollback()
        record.info["open"] = False


def _ping_the_idle(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
    """Ask a connection that has rested whether it still lives; the pool replaces it when it does not.

    Not at every checkout, as pool_pre_ping does: under load that is one question to the database for
    every two or three that matter. What dies in between is caught by the retry of the whole unit.
    """
    if time.monotonic() - record.info.get("returned_at", time.monotonic()) < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except Exception as error:
        raise DisconnectionError("the database closed a resting connection") from error


def _sqlite_connect(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin for us
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _forget_writes(connection: Connection) -> None:
    connection.info["wrote"] = False


def _remember_writes(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> None:
    connection.info["open"] = True
    if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
        connection.info["wrote"] = True


def write_at_commit(write: Callable[[list[Any]], None], rows: Iterable[Any]) -> None:
    """Have `write` called with these rows right before the unit's commit, once for all rows of the unit.

    For rows that nobody in the unit reads. Inside a savepoint they are written at once, so that they
    go with it; they are forgotten when the unit is rolled back.
    """
    session = db.session()
    if session.in_nested_transaction():
        write(list(rows))
        return
    if not session.in_transaction():
        session.begin()  # what is to be written makes this a unit that must be committed
    session.info.setdefault(_LATE, {}).setdefault(write, []).extend(rows)


_LATE = "written at commit"


@event.listens_for(db.session, "before_commit")
def _write_late(session: Session) -> None:
    for write, rows in session.info.pop(_LATE, {}).items():
        write(rows)


@event.listens_for(db.session, "after_transaction_end")
def _forget_late(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_LATE, None)
        session.info.pop(_MEMORY, None)


_MEMORY = "memory of the unit"


def unit_memory() -> dict[Any, Any]:
    """What a unit has found out and need not ask again; forgotten when its transaction ends."""
    memory: dict[Any, Any] = db.session().info.setdefault(_MEMORY, {})
    return memory


_before_units: list[Callable[[], None]] = []


def before_units(prepare: Callable[[], None]) -> None:
    """Have `prepare` called before each unit outside HTTP begins; it may use connections of its own."""
    _before_units[:] = [prepare]


@contextmanager
def now_writing(writing: bool) -> Iterator[None]:
    """Whether transactions begun inside will write; only SQLite cares."""
    token = _writing.set(writing)
    try:
        yield
    finally:
        _writing.reset(token)


def is_retryable(error: BaseException) -> bool:
    """Whether the whole unit may be tried again after this error."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return False
    code = error.orig.args[0] if error.orig.args else None
    return code in RETRYABLE_CODES or "database is locked" in str(error.orig)


def is_passing(error: BaseException) -> bool:
    """Whether the database is away or too busy for now: asked again later, the same may well work."""
    if isinstance(error, PoolTimeout) or is_retryable(error):
        return True
    orig = error.orig if isinstance(error, DBAPIError) else None
    return orig is not None and bool(orig.args) and orig.args[0] in AWAY_CODES


@contextmanager
def transaction(*, writing: bool = True) -> Iterator[None]:
    """One unit outside HTTP: commit at the end, roll back on any error.

    Raises RuntimeError when the session still holds unfinished writing of somebody else.
    """
    _end_reading("transaction()")
    for prepare in _before_units:
        prepare()
    db.session.expire_all()
    with now_writing(writing):
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def run_unit(unit: Callable[[], T], *, writing: bool = True) -> T:
    """Run `unit` in a transaction; the whole of it is tried again, a bounded number of times."""
    for attempt in range(1, UNIT_TRIES + 1):
        try:
            with transaction(writing=writing):
                return unit()
        except DBAPIError as error:
            if attempt == UNIT_TRIES or not is_retryable(error):
                raise
    raise AssertionError("unreachable")


def changed_rows(statement: Update | Delete) -> int:
    """Run an UPDATE or DELETE in the session's transaction; how many rows it changed."""
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount


@contextmanager
def outside_transaction() -> Iterator[None]:
    """End the reading transaction, so that a platform or a child process can be called.

    Raises RuntimeError when something was written: it would be committed too early.
    """
    _end_reading("outside_transaction()")
    yield


def _end_reading(what: str) -> None:
    session = db.session()
    if not session.in_transaction():
        return
    unfinished = session.new or session.dirty or session.deleted or session.info.get(_LATE)
    if unfinished or _has_written():
        raise RuntimeError(f"{what} was entered with unfinished writing in the session")
    session.commit()


def _has_written() -> bool:
    return bool(db.session.connection().info.get("wrote"))


def in_transaction() -> bool:
    """Whether this context's session holds a transaction."""
    return has_app_context() and db.session().in_transaction()


def assert_no_transaction(what: str) -> None:
    """Guard of every call to the outside: a slow platform must not hold rows or a connection."""
    if in_transaction():
        raise RuntimeError(f"{what} was called while a transaction is open")
