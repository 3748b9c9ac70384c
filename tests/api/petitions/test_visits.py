"""A visit announced on the phone (PET-18): asked for, confirmed, changed, cancelled; five come for others, no sixth."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.notifications.models import InboxMessage
from tests.factories.petition_cast import PetitionCast
from tests.fakes.platform import RecordingPlatform

FIVE = ["王小明", "李四", "赵六", "孙七", "周八"]
VISIT = {
    "town": "dongwan",
    "visit_on": "2026-03-11",
    "slot": "08:30-12:00",
    "topic": "land",
    "matter": "承包地被占的事",
    "name": "王小明",
    "phone": "13800001234",
}


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def ask(cast: PetitionCast, who: str = "wang", **changes: Any) -> Any:
    return cast.resident(who).post("/resident/petition-visits", VISIT | changes)


def asked(cast: PetitionCast, **changes: Any) -> str:
    answer = ask(cast, **changes)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def mine(cast: PetitionCast, who: str = "wang") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cast.resident(who).get("/resident/petition-visits").json["items"]
    return found


def decide(cast: PetitionCast, visit_id: str, decision: str, version: int = 1, **given: Any) -> Any:
    body = {"version": version, "decision": decision, **given}
    return cast.desk("xinfang").post(f"/staff/petition-visits/{visit_id}/decision", body)


def told(cast: PetitionCast) -> list[tuple[str, str, str]]:
    with cast.app.app_context():
        rows = run_unit(lambda: list(db.session.scalars(select(InboxMessage).order_by(InboxMessage.id))))
        return [(r.person_kind, r.title + r.text, r.page) for r in rows]


def test_the_days_are_working_days_from_tomorrow_on(cast: PetitionCast) -> None:
    """Tuesday 10 March 2026: from Wednesday on, no weekend, thirty days at most."""
    times = cast.resident("wang").get("/resident/petition-visits/times?town=dongwan").json
    assert times["days"][:4] == ["2026-03-11", "2026-03-12", "2026-03-13", "2026-03-16"]
    assert times["days"][-1] <= "2026-04-09"
    assert times["slots"] == ["08:30-12:00", "14:00-17:00"]
    elsewhere = cast.resident("wang").get("/resident/petition-visits/times?town=xiwan").json
    assert (elsewhere["days"], elsewhere["slots"]) == ([], [])


def test_five_come_for_others_and_no_sixth(cast: PetitionCast) -> None:
    """PET-18: the rule in plain words, with its article."""
    refused = ask(cast, representatives=[*FIVE, "吴九"])
    assert (refused.status_code, refused.json["code"]) == (422, "too_many_representatives")
    assert list(refused.json["fields"]) == ["representatives"]
    for words in ("不超过五人", "第二十条"):
        assert words in refused.json["message"]
    assert mine(cast) == []
    assert ask(cast, representatives=FIVE).status_code == 201
    assert (mine(cast)[0]["people"], mine(cast)[0]["representatives"]) == (5, FIVE)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"visit_on": "2026-03-10"}, "visit_on"),
        ({"visit_on": "2026-03-14"}, "visit_on"),
        ({"visit_on": "2026-04-10"}, "visit_on"),
        ({"slot": "03:00-04:00"}, "slot"),
        ({"topic": "none"}, "topic"),
        ({"phone": "1"}, "phone"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    cast: PetitionCast, change: dict[str, str], field: str
) -> None:
    answer = ask(cast, **change)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert mine(cast) == []


def test_the_office_confirms_and_the_resident_hears_of_it(cast: PetitionCast) -> None:
    visit_id = asked(cast)
    assert mine(cast)[0]["state_label"] == "等镇信访办确认"
    (line,) = cast.desk("xinfang").get("/staff/petition-visits").json["items"]
    assert (line["id"], line["name_masked"], line["can_decide"]) == (visit_id, "王○○", True)
    confirmed = decide(cast, visit_id, "confirm", answer="请带上承包合同")
    assert confirmed.status_code == 200, confirmed.text
    assert (mine(cast)[0]["state_label"], mine(cast)[0]["answer"]) == ("已确认", "请带上承包合同")
    words = told(cast)
    assert {kind for kind, _, _ in words} == {"staff", "resident"}
    assert (
        "resident",
        "您的预约有新消息您的预约已经确认，请点开查看时间。",
        "pages-petition/visits/index",
    ) in words
    for _, text, _ in words:
        for secret in ("王小明", "承包地", "土地"):
            assert secret not in text


def test_the_office_gives_another_time(cast: PetitionCast) -> None:
    visit_id = asked(cast)
    assert decide(cast, visit_id, "change").json["code"] == "day_missing"
    bad = decide(cast, visit_id, "change", visit_on="2026-03-15", slot="08:30-12:00")
    assert bad.json["code"] == "bad_time"
    moved = decide(cast, visit_id, "change", visit_on="2026-03-16", slot="14:00-17:00")
    assert moved.status_code == 200, moved.text
    assert (mine(cast)[0]["visit_on"], mine(cast)[0]["slot"]) == ("2026-03-16", "14:00-17:00")
    late = decide(cast, visit_id, "confirm", version=1)
    assert (late.status_code, late.json["code"]) == (409, "changed_meanwhile")


def test_the_office_cancels_with_a_reason_and_the_resident_without(cast: PetitionCast) -> None:
    by_office, by_resident = asked(cast), asked(cast, slot="14:00-17:00")
    assert decide(cast, by_office, "cancel").json["code"] == "reason_missing"
    assert decide(cast, by_office, "cancel", answer="当天开会，请另选").status_code == 200
    gone = cast.resident("wang").post(f"/resident/petition-visits/{by_resident}/cancel", {})
    assert gone.status_code == 200, gone.text
    assert {v["state_label"] for v in mine(cast)} == {"镇信访办已取消", "已取消"}
    again = decide(cast, by_resident, "confirm", version=2)
    assert (again.status_code, again.json["code"]) == (409, "visit_cancelled")


def test_a_third_open_one_waits_and_what_is_over_is_over(cast: PetitionCast, clock: FrozenClock) -> None:
    first = asked(cast)
    asked(cast, slot="14:00-17:00")
    assert ask(cast, visit_on="2026-03-12").json["code"] == "visits_open"
    clock.advance(timedelta(days=2))
    assert ask(cast, visit_on="2026-03-16").status_code == 201
    assert decide(cast, first, "confirm").json["code"] == "visit_over"
    assert (
        cast.desk("xinfang").get("/staff/petition-visits?view=past").json["items"][0]["state_label"] == "已过"
    )


def test_it_is_nobody_elses_and_every_opening_is_audited(cast: PetitionCast) -> None:
    visit_id = asked(cast)
    assert mine(cast, "li") == []
    assert cast.resident("li").post(f"/resident/petition-visits/{visit_id}/cancel", {}).status_code == 404
    for who, status in (("fenliu", 403), ("chengguan", 403), ("xxinfang", 404)):
        assert cast.desk(who).get(f"/staff/petition-visits/{visit_id}").status_code == status, who
    opened = cast.desk("xinfang").get(f"/staff/petition-visits/{visit_id}").json
    assert (opened["name"], opened["phone"], opened["matter"]) == ("王小明", "13800001234", "承包地被占的事")
    with cast.app.app_context():
        query = select(AuditEntry).where(AuditEntry.what == "petition_visit.read")
        assert len(run_unit(lambda: db.session.scalars(query).all())) == 1


def test_it_stands_in_ones_own_copy(cast: PetitionCast) -> None:
    """PI-07"""
    asked(cast)
    person = cast.resident("wang")
    assert "承包地被占的事" in person.get("/resident/rights/data").text
