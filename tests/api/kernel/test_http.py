"""The edge of HTTP: one error shape, one transaction, and a unit that is tried again whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from backend.kernel.db import (
    assert_no_transaction,
    db,
    is_retryable,
    outside_transaction,
    run_unit,
    transaction,
)
from backend.reports import services
from backend.workflow.models import Holiday
from tests.factories.cases import Cast, body

SHAPE = {"code", "message", "fields", "request_id", "details"}


def chinese(text: str) -> bool:
    return any("一" <= ch <= "鿿" for ch in text)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", "/api/v1/public/home", 405, "http_405"),
        ("GET", "/api/v1/public/home", 422, "invalid"),
        ("GET", "/api/v1/public/home?town=atlantis", 404, "town_unknown"),
        ("GET", "/api/v1/resident/me", 401, "login_needed"),
        ("GET", "/api/v1/staff/queue", 401, "login_needed"),
        ("GET", "/api/v1/public/progress/000000000000", 404, "code_unknown"),
    ],
)
def test_one_error_shape(client: FlaskClient, method: str, path: str, status: int, code: str) -> None:
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json.keys() == SHAPE
    assert chinese(answer.json["message"])
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]
    assert answer.mimetype == "application/json"
    assert (answer.headers.get("Allow") is not None) is (status == 405)


def test_a_body_beyond_all_bounds(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/public/feedback",
        data=b"x" * (21 * 1024 * 1024),
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert (answer.status_code, answer.json["message"]) == (413, "内容太大了。")


def test_a_request_id_is_taken_over_when_it_is_harmless(client: FlaskClient) -> None:
    for given, kept in (
        ("abcd-1234-efgh", True),
        ("x", False),
        ("no spaces allowed", False),
        ("a" * 65, False),
    ):
        answer = client.get("/healthz", headers={"X-Request-Id": given})
        assert (answer.headers["X-Request-Id"] == given) is kept
        assert len(answer.headers["X-Request-Id"]) >= 8


def test_answers_of_the_api_are_not_kept_by_anyone(cast: Cast) -> None:
    answer = cast.resident().get("/resident/me")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_chinese_is_sent_as_it_is(client: FlaskClient) -> None:
    assert "东湾办事".encode() in client.get("/api/v1/public/config?town=dongwan").data


def test_an_unexpected_error_tells_nothing_and_keeps_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wang, before = cast.resident(), cast.rows()

    def broken(*given: Any, **more: Any) -> None:
        raise ZeroDivisionError("secret of the house")

    monkeypatch.setattr(services, "enqueue", broken)  # the last thing that submitting does
    answer = wang.post("/resident/reports", body())
    assert answer.status_code == 500
    assert answer.json["message"] == "系统出了点问题，已经记下，请稍后再试。您填写的内容还在。"
    assert "secret" not in answer.text
    assert cast.rows() == before


class Deadlock(Exception):
    """What a driver raises, with MariaDB's number for a deadlock."""


@pytest.fixture
def trouble(app: Flask) -> Iterator[dict[str, int]]:
    """Let the next INSERTs of a case fail: trouble["times"] = 2, ["code"] = 1213."""
    planned = {"times": 0, "code": 1213, "seen": 0}

    def fail(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if statement.startswith("INSERT INTO reports"):
            planned["seen"] += 1
            if planned["times"] > 0:
                planned["times"] -= 1
                raise OperationalError(statement, {}, Deadlock(planned["code"], "found"))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    yield planned
    event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("code", [1213, 1205, 1180, 1047, 2006, 2013])
def test_a_deadlock_makes_the_whole_unit_run_again(cast: Cast, trouble: dict[str, int], code: int) -> None:
    cast.resident()
    before = cast.rows()
    trouble |= {"times": 3, "code": code}
    cast.submit()
    assert trouble["seen"] == 4
    more = {name: n - before[name] for name, n in cast.rows().items() if n != before[name]}
    assert more["cases"] == more["reports"] == more["timeline"] == more["idempotency_keys"] == 1
    assert more["work_clocks"] == 2


def test_it_is_not_tried_for_ever_nor_for_anything(cast: Cast, trouble: dict[str, int]) -> None:
    wang = cast.resident()
    before = cast.rows()
    for times, code, tries, status in ((9, 1213, 4, 503), (1, 1146, 1, 500)):
        trouble |= {"times": times, "code": code, "seen": 0}
        assert wang.post("/resident/reports", body()).status_code == status
        assert trouble["seen"] == tries
    trouble["times"] = 0
    assert cast.rows() == before


def test_what_is_worth_trying_again() -> None:
    assert is_retryable(OperationalError("", {}, Deadlock(1213)))
    assert is_retryable(OperationalError("", {}, Exception("database is locked")))
    assert not is_retryable(OperationalError("", {}, Deadlock(1146)))
    assert not is_retryable(ValueError(1213))


def holiday() -> None:
    db.session.add(Holiday(day=date(2030, 1, 1), working=False, name="元旦"))
    db.session.flush()


def holidays() -> int:
    return 1 if db.session.get(Holiday, date(2030, 1, 1)) else 0


def test_a_unit_outside_http_is_all_or_nothing(app: Flask) -> None:
    with app.app_context():

        def unit() -> None:
            holiday()
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            run_unit(unit)
        assert run_unit(holidays, writing=False) == 0
        run_unit(holiday)
        assert run_unit(holidays, writing=False) == 1


def test_nobody_calls_out_with_a_transaction_open(app: Flask) -> None:
    with app.app_context():
        with transaction(writing=False):
            holidays()
            with pytest.raises(RuntimeError, match="the platform was called while a transaction is open"):
                assert_no_transaction("the platform")
            with outside_transaction():
                assert_no_transaction("the platform")
        assert_no_transaction("the platform")


def test_what_was_written_is_not_committed_by_stepping_outside(app: Flask) -> None:
    with app.app_context():

        def unit() -> None:
            holiday()
            with outside_transaction():
                raise AssertionError("reached the outside")

        with pytest.raises(RuntimeError, match="unfinished writing"):
            run_unit(unit)

        def nested() -> None:
            holiday()
            with transaction():
                raise AssertionError("a unit within a unit")

        with pytest.raises(RuntimeError, match="unfinished writing"):
            run_unit(nested)
        assert run_unit(holidays, writing=False) == 0
