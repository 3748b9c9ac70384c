"""The petition desk over HTTP: the queue, registration, a page with its persons masked, the same matter."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.db import db, run_unit
from backend.petitions.models import PetitionReading
from tests.factories.petition_cast import PetitionCast
from tests.factories.petition_forms import ID_NUMBER
from tests.fakes.platform import RecordingPlatform

VISIT = {
    "channel": "visit",
    "received_on": "2026-03-09",
    "topic": "land",
    "claim": "请求退还被占的承包地",
    "facts": "去年十月修路占了半亩",
    "reasons": "",
    "parties": [{"role": "petitioner", "name": "赵老太", "phone": "13800001111", "address": "湾尾村 3 号"}],
}


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def queue(cast: PetitionCast, username: str, view: str = "all") -> Any:
    answer = cast.desk(username).get(f"/staff/petitions?view={view}")
    assert answer.status_code == 200, answer.text
    return answer.json


def ids(cast: PetitionCast, username: str, view: str = "all") -> list[int]:
    return [int(line["id"]) for line in queue(cast, username, view)["items"]]


def test_a_visit_is_registered_over_http(cast: PetitionCast) -> None:
    """PET-01, PET-04: the day to be informed by runs from the visit."""
    answer = cast.desk("xinfang").post("/staff/petitions", VISIT)
    assert answer.status_code == 201, answer.text
    page = answer.json
    assert (page["state"], page["channel_label"], page["received_on"]) == ("registered", "来访", "2026-03-09")
    assert page["dates"] == [
        {"clock": "inform", "label": "告知期限", "due_on": "2026-03-24", "state": "running", "overdue": False}
    ]
    assert page["parties"][0]["name_masked"] == "赵○○"
    assert "13800001111" not in answer.text
    assert "湾尾村" not in answer.text


def test_a_wrong_check_digit_is_refused_with_its_field(cast: PetitionCast) -> None:
    """PET-02: never asked for, and right where somebody gives it."""
    parties = [VISIT["parties"][0] | {"id_number": "000000199003071051"}]  # type: ignore[index, operator]
    answer = cast.desk("xinfang").post("/staff/petitions", VISIT | {"parties": parties})
    assert answer.status_code == 422
    assert "parties.0.id_number" in answer.json["fields"]


def test_an_identity_number_is_kept_as_it_is_written_on_the_card(cast: PetitionCast) -> None:
    """PET-02: given at the desk with blanks and a small x."""
    parties = [VISIT["parties"][0] | {"id_number": "000000 19900307 105x"}]  # type: ignore[index, operator]
    made: Any = cast.desk("xinfang").post("/staff/petitions", VISIT | {"parties": parties})
    assert made.status_code == 201, made.text
    assert made.json["parties"][0]["has_id_number"]
    path = f"/staff/petitions/{made.json['id']}/contact"
    read: Any = cast.desk("xinfang").post(path, {"reason": "核对身份"})
    assert read.json["items"][0]["id_number"] == ID_NUMBER


def test_each_view_of_the_queue_shows_what_waits_for_whom(cast: PetitionCast) -> None:
    new = cast.petition_in("registered")
    given = cast.petition_in("handling")
    drafted = cast.petition_in("opinion_drafted")
    ended = cast.petition_in("guided")
    assert ids(cast, "xinfang", "todo") == [new]
    assert ids(cast, "chengguan", "todo") == [given]
    assert ids(cast, "lingdao", "todo") == [drafted]
    assert ids(cast, "xinfang") == [drafted, given, new]
    assert ids(cast, "xinfang", "ended") == [ended]
    assert ids(cast, "chengguan") == [drafted, given]
    assert ids(cast, "chengguan2") == []
    assert queue(cast, "xinfang")["counts"] == {"todo": 1, "handling": 2, "mine": 0, "all": 3, "ended": 1}


def test_a_page_follows_the_other(cast: PetitionCast) -> None:
    made = [cast.petition_in("registered") for _ in range(21)]
    first = queue(cast, "xinfang", "all")
    second = cast.desk("xinfang").get(f"/staff/petitions?view=all&cursor={first['next_cursor']}").json
    assert [int(line["id"]) for line in [*first["items"], *second["items"]]] == made[::-1]
    assert second["next_cursor"] is None


def test_a_unit_that_helps_sees_it(cast: PetitionCast, app: Flask) -> None:
    """PET-06: chengguan leads; a colleague of the unit that helps sees it and changes nothing."""
    petition_id = cast.petition_in("handling", assignee_unit_id=None)
    assert ids(cast, "chengguan2") == []
    helper = {"id": cast.unit("urban"), "name": "城管所", "staff_id": ""}
    cast.set(petition_id, helpers=[helper])
    assert ids(cast, "chengguan2") == [petition_id]
    assert [a["action"] for a in cast.seen("chengguan2", petition_id)["actions"]] == ["note"]


@pytest.mark.parametrize("username", ["chengguan2", "xxinfang"])
def test_nobody_else_finds_it(cast: PetitionCast, username: str) -> None:
    petition_id = cast.petition_in("handling")
    assert cast.desk(username).get(f"/staff/petitions/{petition_id}").status_code == 404
    assert ids(cast, username) == []


def test_a_reading_is_kept_with_its_hour(cast: PetitionCast, app: Flask) -> None:
    """§8.1 point 8: the petitioner can see which unit had it open."""
    petition_id = cast.petition_in("registered")
    cast.seen("xinfang", petition_id)
    with app.app_context():
        rows = run_unit(lambda: list(db.session.scalars(select(PetitionReading.unit_name))))
    assert rows == ["镇便民服务中心"]
    mine: Any = cast.resident("wang").get(f"/resident/petitions/{petition_id}").json
    assert [r["unit_name"] for r in mine["readings"]] == ["镇便民服务中心"]


def test_the_persons_are_read_with_a_reason_and_on_record(cast: PetitionCast, app: Flask) -> None:
    petition_id = cast.petition_in("handling")
    page = cast.seen("chengguan", petition_id)
    assert page["parties"][0]["name_masked"] == "王○○"
    assert page["may_read_contact"]
    refused = cast.desk("chengguan").post(f"/staff/petitions/{petition_id}/contact", {"reason": ""})
    assert refused.status_code == 422
    told: Any = cast.desk("chengguan").post(
        f"/staff/petitions/{petition_id}/contact", {"reason": "约时间丈量"}
    )
    assert told.json["items"][0]["name"] == "王小明"
    assert told.json["items"][0]["phone"] == "13800001234"
    with app.app_context():
        kept = select(AuditEntry.detail).where(AuditEntry.what == "petition.contact.read")
        assert not run_unit(lambda: db.session.scalars(kept).one()), "the reason may name somebody"
    readings = cast.resident("wang").get(f"/resident/petitions/{petition_id}").json["readings"]
    assert [r["reason"] for r in readings if not r["by_hour"]] == ["约时间丈量"]


def test_the_head_signs_and_does_not_read_the_persons(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("opinion_drafted")
    assert not cast.seen("lingdao", petition_id)["may_read_contact"]
    answer = cast.desk("lingdao").post(f"/staff/petitions/{petition_id}/contact", {"reason": "想看看"})
    assert answer.status_code == 403


def test_the_same_matter_is_linked_with_a_reason(cast: PetitionCast, app: Flask) -> None:
    """PET-07, PET-26: the count is the matter's."""
    earlier, later = cast.petition_in("answered", who="li"), cast.petition_in("registered")
    path, code = f"/staff/petitions/{later}/links", cast.of(earlier, "code")
    assert cast.desk("xinfang").post(path, {"code": code, "reason": ""}).status_code == 422
    unknown = cast.desk("xinfang").post(path, {"code": "AAAA-BBBB-CCCC", "reason": "同一块地"})
    assert (unknown.status_code, unknown.json["code"]) == (422, "code_unknown")
    page: Any = cast.desk("xinfang").post(path, {"code": code, "reason": "同一块地"}).json
    assert page["repeat_number"] == 1
    assert [(one["reason"], int(one["id"])) for one in page["links"]] == [("同一块地", earlier)]
    again = cast.desk("xinfang").post(path, {"code": code, "reason": "同一块地"})
    assert (again.status_code, again.json["code"]) == (409, "linked_already")
    with app.app_context():
        kept = select(AuditEntry.detail).where(AuditEntry.what == "petition.linked")
        assert run_unit(lambda: db.session.scalars(kept).one()) == {"earlier_id": str(earlier)}


def test_units_on_offer_have_somebody_who_can_handle(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("registered")
    found: Any = cast.desk("xinfang").get(f"/staff/petitions/{petition_id}/assignees").json
    assert [(u["unit_name"], [p["name"] for p in u["people"]]) for u in found["items"]] == [
        ("城管所", ["城管甲", "城管乙"])
    ]
