"""People for tests: residents, desks, workers' phones. Each is a Caller that carries its login.

They are logged in by the services, which costs no password hash; the logins themselves are tested
over HTTP in tests/api/identity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.identity import guards, merging, sessions
from backend.identity.models import OrgUnit, Staff, StaffBinding
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from backend.places.models import Place


def id_in(answer: TestResponse) -> str:
    """The id of what a call has made."""
    said: Any = answer.json
    return str(said["id"])


@dataclass
class Caller:
    """Someone who calls the API. `id` is the resident's or the staff's id."""

    client: FlaskClient
    id: int
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, *, key: str | None = None, **options: Any) -> TestResponse:
        """One call under /api/v1; `key` is the Idempotency-Key."""
        headers = {**self.headers, **options.pop("headers", {})}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json={} if json is None else json, **options)

    def patch(self, path: str, json: Any, **options: Any) -> TestResponse:
        return self.call("PATCH", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.call("DELETE", path, **options)


def visitor(app: Flask) -> Caller:
    """Someone who is not logged in."""
    return Caller(app.test_client(), 0)


def resident(app: Flask, person: str = "zhang", app_kind: str = "mini") -> Caller:
    """The resident with openid `mini-<person>` and unionid `union-<person>`, logged in."""

    def log_in() -> tuple[int, str]:
        account = merging.account_for(app_kind, f"{app_kind}-{person}", f"union-{person}")
        return account.resident_id, sessions.open_for_resident(account.resident_id, app_kind).token

    resident_id, token = _unit(app, log_in)
    return Caller(app.test_client(), resident_id, {"Authorization": f"Bearer {token}"})


def desk(app: Flask, username: str) -> Caller:
    """A member of staff of the loaded towns, signed in at the console."""

    def sign_in() -> tuple[int, str]:
        staff_id = _staff_id(username)
        return staff_id, sessions.open_for_staff(staff_id).token

    staff_id, token = _unit(app, sign_in)
    client = app.test_client()
    client.set_cookie(guards.STAFF_COOKIE, token, path="/api/v1/staff")
    return Caller(client, staff_id, {guards.CONSOLE_HEADER: guards.CONSOLE_VALUE})


def worker(app: Flask, username: str) -> Caller:
    """A member of staff on the phone: a resident's session, bound to the account."""
    caller = resident(app, f"worker-{username}")

    def bind() -> int:
        staff_id = _staff_id(username)
        bound = select(StaffBinding).where(StaffBinding.staff_id == staff_id)
        if db.session.execute(bound).first() is None:
            db.session.add(StaffBinding(staff_id=staff_id, resident_id=caller.id))
        return staff_id

    return Caller(caller.client, _unit(app, bind), caller.headers)


def place_id(app: Flask, code: str, town: str = "dongwan") -> int:
    """The id of a place of the loaded towns; two towns may use one code."""
    query = select(Place.id).where(Place.code == code, Place.town_id == _town_id(town))
    return int(_unit(app, lambda: db.session.execute(query).scalar_one()))


def unit_id(app: Flask, code: str, town: str = "dongwan") -> int:
    """The id of a unit of the loaded towns."""
    query = select(OrgUnit.id).where(OrgUnit.code == code, OrgUnit.town_id == _town_id(town))
    return int(_unit(app, lambda: db.session.execute(query).scalar_one()))


def _town_id(code: str) -> Any:
    return select(Place.id).where(Place.level == "town", Place.code == code).scalar_subquery()


def _staff_id(username: str) -> int:
    return db.session.execute(select(Staff.id).where(Staff.username == username)).scalar_one()


def _unit(app: Flask, unit: Any) -> Any:
    with app.app_context():
        ensure_node()
        return run_unit(unit)
