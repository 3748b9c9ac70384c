"""Cases on their way: a cast of people who are logged in on first use, and reports brought to any state.

`Cast.submit` and `Cast.act` speak HTTP. `Cast.bring_to` walks a report by the services, as fast as
rows can be written, for tests that are about what comes after.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.identity.models import OrgUnit, Staff, StaffRole
from backend.identity.roles import permissions_of
from backend.kernel.actor import Actor, Grant
from backend.kernel.clock import now, today
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.ids import new_id
from backend.media.models import MediaFile
from backend.places.models import Place
from backend.reports.services import Submission, act, submit
from tests.factories.places import IN_G01, town
from tests.support.people import Person, resident, staff

#: a street lamp: 城管所, two clerks, five working days, no photo demanded
LAMP = "0201"
#: rubbish: its grid's worker by rule, one working day, an after-photo demanded
RUBBISH = "0101"
TEXT = "路口的路灯不亮，晚上很黑"
#: beyond the town
BODY = "滕州市供电公司"
#: who takes which action on the way of a street lamp, and what they fill in
WAY: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "submitted": (),
    "accepted": (("fenliu", "accept", {}),),
    "dispatched": (("fenliu", "accept_and_dispatch", {"unit_id": "urban", "staff_id": "chengguan"}),),
    "handling": (("chengguan", "start", {}),),
    "handled": (("chengguan", "handle", {"note": "换了灯泡"}),),
    "closed": (("hecha", "pass_check", {"outcome": "resolved", "reply": "已经换好了"}),),
    "reopen_requested": (("wang", "dispute", {"note": "还是不亮"}),),
    "desk_asked": (("fenliu", "ask_citizen", {"note": "是哪一根灯杆？"}),),
    "handler_asked": (("chengguan", "ask_citizen", {"note": "是哪一根灯杆？"}),),
    "suspended": (
        ("chengguan", "ask_suspension", {"until": 100, "note": "等路面改造"}),
        ("lingdao", "approve_suspension", {"note": "路面改造以后一起换"}),
    ),
    "escalated": (("fenliu", "escalate", {"body": BODY, "external_number": "GD-2026-0310"}),),
    "not_accepted": (
        ("fenliu", "refuse", {"reason": "other_body", "body": BODY, "note": "高压线路由供电公司管"}),
    ),
    "withdrawn": (("wang", "withdraw", {}),),
    "merged": (("fenliu", "merge", {"into_code": "li", "note": "同一根灯杆"}),),
}
_BEFORE = {
    "submitted": None,
    "accepted": "submitted",
    "dispatched": "submitted",
    "handling": "dispatched",
    "handled": "handling",
    "closed": "handled",
    "reopen_requested": "closed",
    "desk_asked": "submitted",
    "handler_asked": "handling",
    "suspended": "handling",
    "escalated": "accepted",
    "not_accepted": "submitted",
    "withdrawn": "submitted",
    "merged": "submitted",
}
#: a session at the desk ends after half an hour without use
FRESH = timedelta(minutes=20)
_numbers = itertools.count(1)


def steps_to(state: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Who does what, from the submission to that state."""
    before = _BEFORE[state]
    return [*(steps_to(before) if before else []), *WAY[state]]


def body(**changes: Any) -> dict[str, Any]:
    """A report as the form sends it."""
    lon, lat = IN_G01
    whole = {"town": "dongwan", "text": TEXT, "category_code": LAMP, "point": {"lon": lon, "lat": lat}}
    return whole | changes


@dataclass
class Cast:
    """Everyone who takes part."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)

    def resident(self, name: str = "wang") -> Person:
        """A resident, logged in through the mini-program."""
        if name not in self.people:
            self.people[name] = resident(self.app, name)
        return self.people[name]

    def desk(self, username: str) -> Person:
        """A member of staff at the desk; logs in again when the clock was moved on."""
        if username not in self.people or now() - self.since[username] > FRESH:
            self.people[username], self.since[username] = staff(self.app, username), now()
        return self.people[username]

    def submit(self, name: str = "wang", **changes: Any) -> dict[str, Any]:
        """Bring a report over HTTP; the receipt."""
        answer = self.resident(name).post("/resident/reports", body(**changes))
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json
        return receipt

    def post(self, username: str, case_id: Any, action: str, **given: Any) -> Any:
        """An action at the desk with the present version unless one is given; the answer."""
        given.setdefault("version", self.version(case_id))
        return self.desk(username).post(f"/staff/cases/{case_id}/actions/{action}", given)

    def ask(self, name: str, case_id: Any, action: str, **given: Any) -> Any:
        """An action of a resident; the answer."""
        given.setdefault("version", self.version(case_id))
        return self.resident(name).post(f"/resident/reports/{case_id}/actions/{action}", given)

    def act(self, username: str, case_id: Any, action: str, **given: Any) -> dict[str, Any]:
        """An action at the desk that must succeed; the case as staff see it."""
        answer = self.post(username, case_id, action, **given)
        assert answer.status_code == 200, answer.text
        case: dict[str, Any] = answer.json
        return case

    def bring_to(self, state: str, *, who: str = "wang", **changes: Any) -> int:
        """A street lamp's report in that state, written by the services; its id."""
        person = self.resident(who)
        actor = _resident(person)
        earlier = self.resident("li") if state == "merged" else None
        with self.app.app_context():

            def walk() -> int:
                lead = submit(_resident(earlier), _submission(dict(changes))) if earlier else None
                case = submit(actor, _submission(changes))
                for username, action, given in steps_to(state):
                    someone = actor if username == "wang" else _actor(username)
                    filled = _filled(given)
                    if lead is not None and "into_code" in filled:
                        filled["into_code"] = lead.code
                    if action == "handle":
                        filled["media_ids"] = [_photo(someone.id, "after", "staff")]
                    act(case, action, someone, case.version, filled)
                return case.id

            return run_unit(walk)

    def version(self, case_id: Any) -> int:
        """The present version of a case."""
        return int(self.column(case_id, "version"))

    def column(self, case_id: Any, name: str) -> Any:
        """One column of a case, as it is in the database."""
        with self.app.app_context(), transaction(writing=False):
            return db.session.scalar(select(getattr(Case, name)).where(Case.id == int(case_id)))

    def change(self, case_id: Any, **columns: Any) -> None:
        """Set columns of a case behind everybody's back, for figures and filters."""

        def unit() -> None:
            case = load_locked(int(case_id))
            assert case is not None
            for name, value in columns.items():
                setattr(case, name, value)

        with self.app.app_context():
            run_unit(unit)

    def photo(self, person: Person, purpose: str = "report", kind: str = "resident") -> str:
        """A photo that has been uploaded and checked, as a row; no bytes. Its id."""
        return self.photo_of(int(person.me["id"]), purpose, kind)

    def photo_of(self, owner_id: int, purpose: str = "report", kind: str = "resident") -> str:
        """The same, for somebody whose id is known."""
        with self.app.app_context():
            return str(run_unit(lambda: _photo(owner_id, purpose, kind)))

    def unit(self, code: str) -> str:
        """The id of a unit of the first town, as the API takes it."""
        with self.app.app_context(), transaction(writing=False):
            return str(_unit_id(code))

    def rows(self) -> dict[str, int]:
        """How many rows each table has, sessions and keys of the people aside."""
        aside = {"login_sessions", "residents", "wechat_accounts", "alembic_version"}
        with self.app.app_context(), transaction(writing=False):
            counts = (
                select(func.count()).select_from(table).scalar_subquery().label(table.name)
                for table in db.metadata.sorted_tables
                if table.name not in aside
            )
            return dict(db.session.execute(select(*counts)).one()._mapping)


def _submission(changes: dict[str, Any]) -> Submission:
    lon, lat = changes.pop("at", IN_G01)
    plain: dict[str, Any] = {
        "town_id": town(changes.pop("town", "dongwan")).id,
        "text": TEXT,
        "category_code": LAMP,
        "lon": lon,
        "lat": lat,
        "place_id": None,
        "address": "",
        "contact_name": "",
        "contact_phone": "",
    }
    return Submission(**(plain | changes))


def _resident(person: Person) -> Actor:
    return Actor(kind="resident", id=int(person.me["id"]), name="居民", channel="mini")


def _actor(username: str) -> Actor:
    row = db.session.scalars(select(Staff).where(Staff.username == username)).one()
    held = db.session.execute(
        select(StaffRole.role, StaffRole.place_id, Place.level)
        .join(Place, Place.id == StaffRole.place_id)
        .where(StaffRole.staff_id == row.id)
    ).all()
    unit = db.session.get(OrgUnit, row.unit_id)
    return Actor(
        kind="staff",
        id=row.id,
        name=row.name,
        town_id=row.town_id,
        unit_id=row.unit_id,
        unit_name=unit.name if unit else "",
        grants=tuple(Grant(permissions_of(h.role), h.level, h.place_id) for h in held),
        channel="console",
    )


def _filled(given: dict[str, Any]) -> dict[str, Any]:
    """Codes and user names as the ids that the API takes, days from today as a date."""
    filled = dict(given)
    if "until" in filled:
        filled["until"] = today() + timedelta(days=filled["until"])
    if "unit_id" in filled:
        filled["unit_id"] = _unit_id(filled["unit_id"])
    if "staff_id" in filled:
        filled["staff_id"] = db.session.scalar(select(Staff.id).where(Staff.username == filled["staff_id"]))
    return filled


def _unit_id(code: str) -> int:
    return db.session.scalars(
        select(OrgUnit.id).where(OrgUnit.code == code, OrgUnit.town_id == town().id)
    ).one()


def _photo(owner_id: int, purpose: str, kind: str) -> int:
    moment, number = now(), next(_numbers)
    row = MediaFile(
        id=new_id(),
        owner_kind=kind,
        owner_id=owner_id,
        purpose=purpose,
        state="ready",
        content_type="image/jpeg",
        declared_size=1000,
        upload_key=f"tmp/{number}.jpg",
        file_key=f"photos/{number}.jpg",
        thumb_key=f"photos/{number}-s.jpg",
        size=1000,
        width=640,
        height=480,
        sha256="0" * 64,
        created_at=moment,
        expires_at=moment + timedelta(minutes=30),
        completed_at=moment,
    )
    db.session.add(row)
    db.session.flush()
    return row.id
