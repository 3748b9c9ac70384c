"""What lists, counts, exports and files hold: nothing that lies out of a person's scope, whatever route gives it.

Three cases in two villages of 东湾镇 and one in the other town, each with a word of its own in its text.
Who sees which is written down here, person by person; every route that takes no parameter is asked.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from backend.identity.models import StaffRole
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.ids import ensure_node, show_code
from backend.outbox.worker import drain
from tests.api.media.test_uploads import _upload as upload_photo
from tests.factories import reports
from tests.factories.identity import Caller, desk, place_id, unit_id, worker
from tests.factories.places import IN_G01, IN_G03, IN_XIWAN
from tests.fakes.platform import RecordingPlatform
from tests.support import people
from tests.support.permissions import ROUTES
from tests.support.permissions.scene import parameters_of

#: Who sees which of the cases: "lamp1" lies in V01 and is chengguan's, "lamp2" in V02 and chengguan2's, "rubbish1"
#: in V01 and went to its grid's worker by rule, "other" in the other town.
SEES: dict[str, set[str]] = {
    "fenliu": {"lamp1", "lamp2", "rubbish1"},
    "fenliu2": {"lamp1", "lamp2", "rubbish1"},
    "hecha": {"lamp1", "lamp2", "rubbish1"},
    "lingdao": {"lamp1", "lamp2", "rubbish1"},
    "cunzhang1": {"lamp1", "rubbish1"},
    "cunzhang2": {"lamp2"},
    "chengguan": {"lamp1"},
    "chengguan2": {"lamp2"},
    "wangge1": {"rubbish1"},
    "wangge2": set(),
    "wangge3": set(),
    "guanli": set(),
    "xfenliu": {"other"},
    "xhecha": {"other"},
    "xwangge": set(),
    "xguanli": set(),
}
LISTS = [
    name
    for name, route in ROUTES.items()
    if name.startswith("GET ") and route.audience == "staff" and not parameters_of(name)
]
XIWANS = "X101"  # the only category of the other town
EXPORT = "/staff/sheets/exports/queue"


@dataclass
class Matters:
    """The cases, and what each of them can be recognised by."""

    app: Flask
    reports: dict[str, reports.Report]
    foreign: dict[str, set[str]]  # town → ids of what is another town's

    def marks(self, name: str) -> set[str]:
        """What betrays a case: its id, its code, the word in its text."""
        report = self.reports[name]
        return {report.id, report.code, show_code(report.code), f"记号{name}"}

    def leaks(self, username: str, content: str) -> set[str]:
        """What a person was shown and must not see."""
        hidden = self.reports.keys() - SEES[username]
        town = "xiwan" if username.startswith("x") else "dongwan"
        found = {mark for name in hidden for mark in self.marks(name) if mark in content}
        return found | {f"{row} of the other town" for row in self.foreign[town] if row in content}

    def seen(self, content: str) -> set[str]:
        """The cases that stand in a list, by their ids."""
        return {
            name for name, report in self.reports.items() if report.code in content or report.id in content
        }


@pytest.fixture
def matters(app: Flask, platform: RecordingPlatform) -> Matters:
    def bring(name: str, person: str, **more: Any) -> reports.Report:
        return reports.submit(app, person, text=f"记号{name} 不好了", **more)

    made = {
        "lamp1": bring("lamp1", "wang"),
        "lamp2": bring("lamp2", "li", point=IN_G03),
        "rubbish1": bring("rubbish1", "zhao", category=reports.RUBBISH),
        "other": bring("other", "sun", point=IN_XIWAN, category=XIWANS, town="xiwan"),
    }
    with app.app_context():
        drain()
    for name, clerk in (("lamp1", "chengguan"), ("lamp2", "chengguan2")):
        given = reports.with_ids(app, {"unit": "urban", "staff": clerk})
        assert reports.act(desk(app, "fenliu"), made[name], "accept_and_dispatch", **given).status_code == 200
    with app.app_context():
        drain()
    return Matters(app, made, _foreign_rows(app))


def _foreign_rows(app: Flask) -> dict[str, set[str]]:
    """By town, the ids of every row that belongs to the other one."""
    towns = {code: place_id(app, code, town=code) for code in ("dongwan", "xiwan")}
    found: dict[str, set[str]] = {code: set() for code in towns}
    with app.app_context(), transaction(writing=False):
        for table in db.metadata.sorted_tables:
            if {"id", "town_id"} <= set(table.c.keys()) and table.name not in {"places", "towns"}:
                for row in db.session.execute(select(table.c.id, table.c.town_id)):
                    for code, town in towns.items():
                        if row.town_id is not None and row.town_id != town:
                            found[code].add(str(row.id))
    assert min(map(len, found.values())) > 5
    return found


def content_of(answer: Any) -> str:
    """An answer's text; of an Excel file the text of all its parts."""
    data: bytes = answer.data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(packed.read(part).decode("utf-8", "replace") for part in packed.namelist())
    return data.decode("utf-8", "replace")


def test_no_list_no_count_and_no_search_shows_what_is_out_of_scope(matters: Matters) -> None:
    leaks = {}
    for username in sorted(SEES):
        caller = desk(matters.app, username)
        for name in LISTS:
            path = name.removeprefix("GET /api/v1")
            answers = [caller.get(path)]
            if path.endswith(("/queue", "/search")):
                answers += [caller.get(path, query_string={"q": f"记号{other}"}) for other in matters.reports]
            for answer in answers:
                assert answer.status_code < 500, name
                if found := matters.leaks(username, content_of(answer)):
                    leaks[f"{username}: {name}"] = found
    assert leaks == {}


def test_lists_and_counts_hold_exactly_what_is_in_scope(matters: Matters) -> None:
    for username, sees in SEES.items():
        caller = desk(matters.app, username)
        queue = caller.get("/staff/queue")
        if queue.status_code == 403:
            assert not sees, username
            continue
        assert matters.seen(queue.text) == sees, username
        counts: Any = caller.get("/staff/queue/counts").json
        assert sum(counts["states"].values()) == len(sees), username
        tasks = caller.get("/staff/tasks")
        if tasks.status_code == 200:
            assert matters.seen(tasks.text) == sees, username
        board: Any = caller.get("/staff/board").json
        if "open" in board:
            assert (board["open"], board["received"]) == (len(sees), len(sees)), username
            assert sum(state["n"] for state in board["by_state"]) == len(sees), username


def test_an_export_holds_exactly_what_its_asker_sees(matters: Matters) -> None:
    made: dict[str, Any] = {}
    for username, sees in SEES.items():
        asked: Any = desk(matters.app, username).post(EXPORT, {"filters": {}}, key="export")
        if asked.status_code == 403:
            assert not sees, username
            continue
        assert asked.status_code == 201, asked.text
        made[username] = asked.json["id"]
    with matters.app.app_context():
        drain()
    assert len(made) > 10
    for username, job_id in made.items():
        file = desk(matters.app, username).post(f"/staff/sheets/jobs/{job_id}/file", key="file")
        assert file.status_code == 200, file.text
        assert file.data.startswith(b"PK"), "no Excel file"
        content = content_of(file)
        assert matters.leaks(username, content) == set(), username
        assert {name for name in matters.reports if f"记号{name}" in content} == SEES[username], username


def test_a_phone_shows_no_more_than_the_desk(matters: Matters) -> None:
    for username in ("chengguan", "wangge1", "wangge2"):
        phone = worker(matters.app, username)
        for name in LISTS:
            answer = phone.get(name.removeprefix("GET /api/v1"))
            assert matters.leaks(username, content_of(answer)) == set(), f"{username}: {name}"
        assert matters.seen(phone.get("/staff/tasks").text) == SEES[username]


def test_residents_see_their_own(matters: Matters) -> None:
    for name, report in matters.reports.items():
        mine = report.resident.get("/resident/reports")
        assert matters.seen(mine.text) == {name}
        inbox = report.resident.get("/resident/inbox").text
        assert not any(f"记号{other}" in inbox for other in matters.reports if other != name)


# --- roles: they never add up, and what is taken away is gone at once ------------------------------------------


def _roles(app: Flask, username: str, *held: tuple[str, str, str | None]) -> Caller:
    """Give somebody these roles (role, place, unit) and no other; their desk."""
    caller = desk(app, username)
    wanted = [
        {"role": role, "place_id": place_id(app, place), "unit_id": unit_id(app, within) if within else None}
        for role, place, within in held
    ]

    def unit() -> None:
        db.session.execute(delete(StaffRole).where(StaffRole.staff_id == caller.id))
        db.session.add_all(StaffRole(staff_id=caller.id, **one) for one in wanted)

    with app.app_context():
        ensure_node()
        run_unit(unit)
    return caller


def test_two_roles_with_two_scopes_do_not_add_up(matters: Matters) -> None:
    """A dispatcher of V01 who may look at the whole town dispatches in V01 alone."""
    both = _roles(matters.app, "fenliu2", ("dispatcher", "V01", None), ("village_head", "dongwan", None))
    assert matters.seen(both.get("/staff/queue").text) == {"lamp1", "lamp2", "rubbish1"}
    statuses = {}
    for name, text in (("here", IN_G01), ("there", IN_G03)):
        report = reports.submit(matters.app, f"neighbour-{name}", point=text)
        statuses[name] = [
            reports.act(both, report, "accept").status_code,
            both.get(f"/staff/cases/{report.id}").status_code,
            both.post(f"/staff/cases/{report.id}/contact", {"reason": "约上门时间"}).status_code,
        ]
    assert statuses["here"] == [200, 200, 200]
    assert statuses["there"][1] == 200
    assert {statuses["there"][0], statuses["there"][2]} <= {403, 404}
    messages = both.get("/staff/messages")  # message.view comes with the dispatcher's role, so with V01
    assert messages.status_code == 200
    assert matters.seen(messages.text) <= {"lamp1", "rubbish1"}


def test_a_role_for_one_units_cases_shows_that_units(matters: Matters) -> None:
    narrow = _roles(matters.app, "fenliu2", ("leader", "dongwan", "urban"))
    assert matters.seen(narrow.get("/staff/queue").text) == {"lamp1", "lamp2"}
    counts: Any = narrow.get("/staff/queue/counts").json
    assert sum(counts["states"].values()) == 2


def test_a_role_taken_away_is_gone_at_the_next_request(matters: Matters) -> None:
    caller = desk(matters.app, "fenliu")
    path = f"/staff/cases/{matters.reports['lamp1'].id}"
    assert caller.get("/staff/queue").status_code == caller.get(path).status_code == 200
    _roles(matters.app, "fenliu")
    assert caller.get("/staff/queue").status_code == 403
    assert caller.get(path).status_code in {403, 404}
    _roles(matters.app, "fenliu", ("dispatcher", "V02", None))
    assert matters.seen(caller.get("/staff/queue").text) == {"lamp2"}
    assert caller.get(path).status_code == 404


# --- files -----------------------------------------------------------------------------------------------------


def test_the_doors_of_files_are_known(app: Flask) -> None:
    """A new door to files needs its own test of who may open it."""
    doors = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/files")}
    assert doors == {"/files/<token>/<name>", "/files/upload"}


def test_a_photo_is_opened_by_its_signed_address_alone(
    app: Flask,
    platform: RecordingPlatform,
    clock: FrozenClock,
    resident_client: Callable[[str], people.Person],
    photo_bytes: bytes,
) -> None:
    wang = resident_client("wang")
    photo = upload_photo(wang, photo_bytes)
    assert photo.status_code == 200, photo.text
    report = reports.submit(app, "wang", media_ids=[photo.json["id"]])
    seen: Any = desk(app, "fenliu").get(f"/staff/cases/{report.id}").json
    addresses = {part for part in json.dumps(seen).split('"') if part.startswith("/files/")}
    assert addresses, "the case shows no photo"
    stranger = app.test_client()
    for address in addresses:
        with stranger.get(address) as opened:
            assert opened.status_code == 200
        _, _, token, name = address.split("/")
        for wrong in (
            f"/files/{token[:-2]}xx/{name}",
            f"/files/x{token[1:]}/{name}",
            f"/files/{name}/{name}",
        ):
            assert stranger.get(wrong).status_code == 404, wrong
    clock.advance(timedelta(days=2))
    assert {stranger.get(address).status_code for address in addresses} == {404}
    listed: Any = desk(app, "xfenliu").get(f"/staff/cases/{report.id}")
    assert (listed.status_code, "/files/" in listed.text) == (404, False)


@pytest.fixture
def photo_bytes() -> bytes:
    from tests.factories.photos import photo

    return photo()
