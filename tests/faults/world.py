"""People of a town that runs as processes: their sessions, their phones at the stand-in, and how they call.

Rows that no test is about (sessions, openids, grants) are written directly, before anything starts.
"""

from __future__ import annotations

import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from flask import Flask
from sqlalchemy import select

from backend.identity import sessions
from backend.identity.models import OrgUnit, Resident, Staff, StaffBinding, StaffRole, WeChatAccount
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.notifications import grants
from backend.places.models import Place
from backend.sandbox.people import Person
from backend.sandbox.state import State
from backend.sandbox.templates import of
from tests.support.town import Town, ask

LAMP = "0201"  # goes to 城管所 when a dispatcher says so; asks for no photo
POINT = {"lon": 117.21, "lat": 35.005}
TOWN_CODE = "dongwan"
UNIT = "urban"
RESIDENTS = 30
GRANTS = 8  # of each template; then the official account takes over
# The answer never came: nobody knows whether the call took effect.
LOST = (urllib.error.URLError, HTTPException, OSError)


#: What is printed at the end of the run, whether or not it passed.
SAID: list[str] = []
#: The figures of a storm, for the report that script/faults writes.
FIGURES: dict[str, object] = {}


@dataclass(frozen=True)
class Someone:
    """A person with a session and a phone. `id` is the resident's or the staff's."""

    kind: str
    id: int
    token: str
    phone: Person

    @property
    def headers(self) -> dict[str, str]:
        """What a call of theirs carries."""
        if self.kind == "staff":
            return {"Cookie": f"staff_session={self.token}", "X-Requested-With": "console"}
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class World:
    """A running town and the people in it."""

    town: Town
    inside: Flask
    unit_id: str = ""
    residents: list[Someone] = field(default_factory=list)
    staff: dict[str, list[Someone]] = field(default_factory=dict)

    def call(
        self, person: Someone, method: str, path: str, body: Any = None, key: str = ""
    ) -> tuple[int, Any]:
        """One call below /api/v1; one of LOST when no answer came."""
        headers = person.headers | ({"Idempotency-Key": key} if key else {})
        return ask(method, f"{self.town.url}/api/v1{path}", body, headers=headers, seconds=8)

    def report(self, resident: Someone, key: str, text: str = "村口的路灯不亮了") -> tuple[int, Any]:
        """Bring a report."""
        body = {"town": TOWN_CODE, "text": text, "category_code": LAMP, "point": POINT}
        return self.call(resident, "POST", "/resident/reports", body, key)

    def act(self, person: Someone, case_id: str, action: str, version: int, **given: Any) -> tuple[int, Any]:
        """Take an action on a case."""
        side = "resident/reports" if person.kind == "resident" else "staff/cases"
        path = f"/{side}/{case_id}/actions/{action}"
        return self.call(person, "POST", path, {"version": version, **given})

    def platform(self, path: str, body: Any = None, method: str = "") -> Any:
        """Pull a lever of the stand-in platform."""
        url = f"{self.town.env['SANDBOX_URL']}/sandbox/api/{path}"
        status, answer = ask(method or ("GET" if body is None else "POST"), url, body)
        assert status < 300, f"{path}: {status} {answer}"
        return answer

    def read(self, question: Callable[[], Any]) -> Any:
        """Ask the database within a reading unit of its own."""
        with self.inside.app_context():
            return run_unit(question, writing=False)

    def everyone(self) -> Iterator[Someone]:
        """Residents and staff."""
        yield from self.residents
        for people in self.staff.values():
            yield from people


def settle(world: World) -> None:
    """Give everybody a phone at the stand-in and a session. The stand-in must not be running yet."""
    state = State(world.town.folder / "sandbox" / "platform.db")
    try:
        with world.inside.app_context():
            ensure_node()
            run_unit(lambda: _settle(world, state))
    finally:
        state.close()


def _settle(world: World, state: State) -> None:
    for number in range(RESIDENTS):
        phone = _phone(f"citizen{number}", f"居民{number}（演示）", state)
        resident_id = _resident(phone)
        token = sessions.open_for_resident(resident_id, "mini").token
        world.residents.append(Someone("resident", resident_id, token, phone))
    at_work = (
        select(Staff.id, Staff.username, StaffRole.role)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .join(OrgUnit, OrgUnit.id == Staff.unit_id)
        .join(Place, (Place.id == Staff.town_id) & (Place.code == TOWN_CODE))
        .where(
            OrgUnit.code.in_(["hall", UNIT]),
            StaffRole.role.in_(["dispatcher", "department_clerk", "checker", "leader"]),
        )
        .order_by(Staff.username)
    )
    for staff_id, username, role in db.session.execute(at_work).all():
        phone = _phone(username, f"{username}（演示）", state)
        db.session.add(StaffBinding(staff_id=staff_id, resident_id=_resident(phone)))
        token = sessions.open_for_staff(staff_id).token
        world.staff.setdefault(role, []).append(Someone("staff", staff_id, token, phone))
    world.unit_id = str(
        db.session.scalars(
            select(OrgUnit.id)
            .join(Place, (Place.id == OrgUnit.town_id) & (Place.code == TOWN_CODE))
            .where(OrgUnit.code == UNIT)
        ).one()
    )
    db.session.flush()


def _phone(name: str, shown: str, state: State) -> Person:
    """A phone at the stand-in that follows the official account and has said yes to some messages."""
    person = Person(f"f-{name}", shown, "演示", "", "#0e7470", "15400009999")
    state.add_person(person, 100)
    for template in of("mini"):
        state.run("INSERT INTO grants VALUES (?, ?, ?)", (person.mini_openid, template.id, GRANTS))
    return person


def _resident(phone: Person) -> int:
    """The resident behind a phone, reachable through both of our accounts."""
    resident = Resident(id=new_id(), unionid=phone.unionid)
    db.session.add(resident)
    db.session.flush()
    for app, openid in (("mini", phone.mini_openid), ("official", phone.official_openid)):
        account = WeChatAccount(app=app, openid=openid, unionid=phone.unionid, resident_id=resident.id)
        account.followed = app == "official"
        db.session.add(account)
    for template in of("mini"):
        for _ in range(GRANTS):
            grants.add("mini", phone.mini_openid, template.id)
    return resident.id
