"""What a connection is asked when it is given back to the pool: nothing, unless something is still open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from backend.kernel.clock import now
from backend.kernel.db import IDLE_IN_UNIT_SECONDS, db, run_unit
from backend.outbox.models import OutboxPause

PAUSE = (
    "INSERT INTO outbox_pauses (channel, strikes, error_class, reason, since) VALUES ('c', 1, 'x', '', NOW())"
)


@pytest.fixture
def one_connection(app: Flask) -> Iterator[None]:
    """The pool is empty, so that its first connection comes again and again."""
    with app.app_context():
        assert db.engine.dialect.name == "mysql", "this group runs on MariaDB (TEST_DATABASE=mariadb)"
        db.session.remove()
        db.engine.dispose()
        yield


def rollbacks(connection: Connection) -> tuple[int, int]:
    """Which connection this is at the server, and how many times it was rolled back."""
    number = connection.scalar(text("SELECT CONNECTION_ID()"))
    count = connection.execute(text("SHOW SESSION STATUS LIKE 'Com_rollback'")).one()[1]
    return int(number or 0), int(count)


def test_after_a_commit_it_is_asked_nothing(one_connection: None) -> None:
    with db.engine.connect() as connection:
        before = rollbacks(connection)
        connection.commit()
    for _ in range(3):
        with db.engine.connect() as connection:
            assert rollbacks(connection) == before
            connection.commit()


def test_what_was_only_read_is_ended(one_connection: None) -> None:
    with db.engine.connect() as connection:
        number, before = rollbacks(connection)
    with db.engine.connect() as connection:
        assert rollbacks(connection) == (number, before + 1)


def test_what_was_written_past_sqlalchemy_is_rolled_back(one_connection: None) -> None:
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.commit()  # the last word that SQLAlchemy knows of this connection
    raw = db.engine.raw_connection()
    raw.cursor().execute(PAUSE)
    raw.close()
    with db.engine.connect() as connection:
        assert connection.execute(select(OutboxPause.channel)).all() == []


def test_one_that_died_is_replaced_by_the_next_try(one_connection: None) -> None:
    found: list[int] = []

    def unit() -> None:
        number = int(db.session.scalar(text("SELECT CONNECTION_ID()")) or 0)
        found.append(number)
        if len(found) == 1:
            with db.engine.connect() as other:
                other.execute(text(f"KILL CONNECTION {number}"))
        assert db.session.execute(select(OutboxPause.channel)).all() == []

    run_unit(unit)
    assert len(found) == 2
    assert found[0] != found[1]


def test_a_session_that_is_left_writes_nothing(one_connection: None) -> None:
    db.session.add(OutboxPause(channel="left", strikes=1, error_class="x", reason="", since=now()))
    db.session.flush()
    db.session.remove()
    with db.engine.connect() as connection:
        assert connection.execute(select(OutboxPause.channel)).all() == []


def test_who_stands_still_in_a_unit_loses_its_rows(one_connection: None) -> None:
    """A worker that was stopped while it took jobs must not keep them from the others for hours."""
    with db.engine.connect() as still, db.engine.connect() as other:
        assert still.scalar(text("SELECT @@idle_transaction_timeout")) == IDLE_IN_UNIT_SECONDS
        still.execute(text("SET SESSION idle_transaction_timeout = 1"))
        still.execute(text(PAUSE))
        other.execute(text(PAUSE))  # the same key: waits until the first is gone
        other.rollback()
        with pytest.raises(OperationalError):
            still.execute(text("SELECT 1"))
        still.invalidate()
