"""The database is away: people are asked to try again later, nobody is told of a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pymysql
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from backend.kernel.db import db

GONE = OperationalError("SELECT 1", {}, pymysql.err.OperationalError(2003, "Can't connect to MySQL server"))
FULL = PoolTimeout("QueuePool limit of size 8 overflow 2 reached")
BROKEN = OperationalError("SELECT 1", {}, pymysql.err.OperationalError(1054, "Unknown column"))


@pytest.fixture
def trouble(app: Flask) -> Iterator[list[Exception]]:
    """Whatever stands in this list is raised by the next statement."""
    waiting: list[Exception] = []

    def fail(*_: Any) -> None:
        if waiting:
            raise waiting[0]

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    yield waiting
    event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("error", [GONE, FULL])
def test_away_is_503_and_passes(client: FlaskClient, trouble: list[Exception], error: Exception) -> None:
    trouble.append(error)
    answer: Any = client.get("/api/v1/public/towns")
    assert (answer.status_code, answer.json["code"]) == (503, "try_later")
    trouble.clear()
    assert client.get("/api/v1/public/towns").status_code == 200


def test_a_fault_of_ours_is_not_called_away(client: FlaskClient, trouble: list[Exception]) -> None:
    trouble.append(BROKEN)
    assert client.get("/api/v1/public/towns").status_code == 500
