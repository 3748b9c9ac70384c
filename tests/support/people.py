"""People who are logged in: residents through the platform's login, staff by a session at the desk."""

from __future__ import annotations

import itertools
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.identity import sessions
from backend.identity.guards import CONSOLE_HEADER, CONSOLE_VALUE, STAFF_COOKIE
from backend.identity.models import Staff
from backend.kernel.db import db, run_unit

_logins = itertools.count(1)


class Person:
    """A client that sends somebody's session with every call; `person.me` is what the login answered."""

    def __init__(self, client: FlaskClient, headers: dict[str, str], me: dict[str, Any]) -> None:
        self.client, self.headers, self.me = client, headers, me

    def get(self, path: str, **options: Any) -> Any:
        """GET below /api/v1."""
        return self._send("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        """POST below /api/v1; with an Idempotency-Key of its own unless one is given or it changes a state."""
        return self._send("POST", path, json={} if json is None else json, **options)

    def patch(self, path: str, json: Any, **options: Any) -> Any:
        """PATCH below /api/v1."""
        return self._send("PATCH", path, json=json, **options)

    def put(self, path: str, json: Any, **options: Any) -> Any:
        """PUT below /api/v1."""
        return self._send("PUT", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Any:
        """DELETE below /api/v1."""
        return self._send("DELETE", path, **options)

    def _send(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> Any:
        key = {} if "/actions/" in path else {"Idempotency-Key": f"test-{next(_logins)}"}
        sent = {**key, **self.headers, **(headers or {})}
        return self.client.open("/api/v1" + path, method=method, headers=sent, **options)


def resident(app: Flask, person: str) -> Person:
    """Log `person` in as the mini-program does; needs the RecordingPlatform."""
    client = app.test_client()
    answer = client.post("/api/v1/public/sessions/mini", json={"code": f"code-of-{person}#{next(_logins)}"})
    assert answer.status_code in {200, 201}, answer.text
    told: Any = answer.json
    return Person(client, {"Authorization": f"Bearer {told['token']}"}, told["resident"])


def staff(app: Flask, username: str) -> Person:
    """A session at the desk for a member of staff of tests/town (staff.csv), without the slow password."""
    with app.app_context():

        def opened() -> tuple[str, int, str]:
            row = db.session.scalars(select(Staff).where(Staff.username == username)).one()
            return sessions.open_for_staff(row.id).token, row.id, row.name

        token, staff_id, name = run_unit(opened)
    client = app.test_client()
    client.set_cookie(STAFF_COOKIE, token, domain="localhost")
    return Person(client, {CONSOLE_HEADER: CONSOLE_VALUE}, {"id": str(staff_id), "name": name})
