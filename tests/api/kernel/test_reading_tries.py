"""A page that notes who read it may meet a writer: from its second try it queues as writers do."""

from __future__ import annotations

import sqlite3

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from backend.kernel import db


def test_the_second_try_of_a_reading_takes_the_writers_lock(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_writer: list[bool] = []

    def view() -> dict[str, str]:
        as_writer.append(db._writing.get())
        if len(as_writer) == 1:
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))
        return {"status": "ok"}

    endpoint = next(rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == "/healthz")
    monkeypatch.setitem(app.view_functions, endpoint, view)
    assert app.test_client().get("/healthz").status_code == 200
    assert as_writer == [False, True]
