"""What is written at the commit: once for all of a unit, in its transaction, and never without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from backend.kernel.db import db, outside_transaction, run_unit, transaction
from backend.kernel.ids import ensure_node
from backend.outbox import enqueue
from backend.outbox.models import OutboxJob


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        ensure_node(1)
        yield
        db.session.rollback()


def owed() -> list[str]:
    """The lanes of what is owed, in its order."""
    return list(
        run_unit(
            lambda: db.session.scalars(select(OutboxJob.lane).order_by(OutboxJob.id)).all(), writing=False
        )
    )  # type: ignore[arg-type]


def test_a_unit_that_only_owes_is_committed() -> None:
    with transaction():
        enqueue("test", {}, lane="a")
    assert owed() == ["a"]


def test_all_of_a_unit_is_one_statement_in_its_order() -> None:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with transaction():
            for lane in "abc":
                enqueue("test", {}, lane=lane)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert sum("outbox_jobs" in one for one in seen) == 1
    assert owed() == ["a", "b", "c"]


def test_what_is_rolled_back_is_not_owed() -> None:
    def unit() -> None:
        enqueue("test", {}, lane="gone")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_unit(unit)
    with transaction():
        enqueue("test", {}, lane="kept")
    assert owed() == ["kept"]


def test_a_savepoint_takes_with_it_what_was_owed_inside() -> None:
    with transaction():
        enqueue("test", {}, lane="before")
        savepoint = db.session.begin_nested()
        enqueue("test", {}, lane="inside")
        assert db.session.scalar(select(func.count()).select_from(OutboxJob)) >= 1
        savepoint.rollback()
        enqueue("test", {}, lane="after")
    assert owed() == ["before", "after"]


def test_nobody_calls_the_outside_with_something_owed() -> None:
    enqueue("test", {}, lane="a")
    with pytest.raises(RuntimeError, match="unfinished writing"), outside_transaction():
        raise AssertionError("the block must not be entered")
    db.session.rollback()
    assert owed() == []
