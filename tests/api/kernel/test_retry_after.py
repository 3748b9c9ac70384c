"""A refusal for calling too often says in Retry-After when to try again."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.support.people import Person

CONSOLE = {"X-Requested-With": "console"}


def test_too_often_says_for_how_long(resident_client: Callable[[str], Person]) -> None:
    """Ten in a minute are let through; the eleventh waits until the minute is over."""
    wang = resident_client("wang")
    answers = [wang.post("/resident/petition-visits/1/cancel", {}) for _ in range(11)]
    assert [a.status_code for a in answers] == [404] * 10 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert "Retry-After" not in answers[0].headers


def test_a_locked_name_says_how_long_the_lock_holds(app: Flask) -> None:
    """SEC-04: fifteen minutes from the fifth failure on."""
    body = {"username": "nobody", "password": "wrong password"}
    for _ in range(5):
        app.test_client().post("/api/v1/staff/session", json=body, headers=CONSOLE)
    locked = app.test_client().post("/api/v1/staff/session", json=body, headers=CONSOLE)
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
