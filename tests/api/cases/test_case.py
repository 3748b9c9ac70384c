"""One case: who may open it, what a clash looks like, the contact, who else is looking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from tests.factories.cases import Cast
from tests.factories.places import IN_G03

SECRET = {"contact_name": "王小明", "contact_phone": "13800001234", "address": "示例路 1 号"}


@pytest.mark.parametrize("path", ["", "/presence", "/contact", "/assignees", "/actions/note"])
def test_missing_and_forbidden_look_alike(cast: Cast, path: str) -> None:
    case_id = cast.bring_to("submitted", at=IN_G03)

    def asked(username: str, number: object) -> tuple[int, dict[str, object]]:
        desk, address = cast.desk(username), f"/staff/cases/{number}{path}"
        given = {"contact": {"reason": "要问路"}, "note": {"version": 1, "note": "看看"}}
        filled = given.get(path.rpartition("/")[2])
        answer = desk.get(address) if path in {"", "/assignees"} else desk.post(address, filled)
        return answer.status_code, {k: v for k, v in answer.json.items() if k != "request_id"}

    other_town = asked("xfenliu", case_id)
    assert other_town[0] == 404
    assert other_town == asked("fenliu", 1) == asked("fenliu", 2**63 - 1)
    for nonsense in ("nonsense", 2**63, "9" * 30):
        assert asked("fenliu", nonsense)[0] == 404


def test_a_village_head_sees_their_village_only(cast: Cast) -> None:
    case_id = cast.bring_to("submitted", at=IN_G03)
    assert cast.desk("cunzhang2").get(f"/staff/cases/{case_id}").status_code == 200
    assert cast.desk("cunzhang1").get(f"/staff/cases/{case_id}").status_code == 404
    # seeing is not doing
    assert cast.post("cunzhang2", case_id, "accept").status_code == 403
    assert cast.desk("cunzhang2").get(f"/staff/cases/{case_id}").json["actions"] == []


def test_another_residents_report_does_not_exist(cast: Cast) -> None:
    case_id = cast.bring_to("closed")
    answers = [
        cast.resident("li").get(f"/resident/reports/{case_id}"),
        cast.resident("li").get("/resident/reports/1"),
        cast.resident("li").get("/resident/reports/nonsense"),
        cast.ask("li", case_id, "supplement", note="我来补充"),
    ]
    assert [a.status_code for a in answers] == [404] * 4
    assert cast.resident("li").get("/resident/reports").json["items"] == []


def test_who_was_slower_learns_who_did_what_and_when(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("submitted")
    seen = cast.version(case_id)
    clock.advance(timedelta(minutes=3))
    cast.act("fenliu", case_id, "accept_and_dispatch", unit_id=cast.unit("urban"))
    late = cast.post("fenliu2", case_id, "accept", version=seen)
    assert late.status_code == 409
    assert late.json["code"] == "changed_meanwhile"
    assert late.json["message"] == "这件事刚刚有了变化：现在是“待接单”。请看一眼再决定，您填写的内容还在。"
    assert late.json["details"] == {
        "current_version": seen + 1,
        "state": "dispatched",
        "state_label": "待接单",
        "changed_by": "镇便民服务中心 分流甲",
        "changed_at": "2026-03-10T02:03:00Z",
        "change": "已受理，交给城管所",
    }


def test_a_resident_never_learns_which_clerk(cast: Cast) -> None:
    case_id = cast.bring_to("submitted")
    seen = cast.version(case_id)
    cast.act("fenliu", case_id, "accept")
    cast.act("fenliu", case_id, "note", note="内部的话")
    late = cast.ask("wang", case_id, "supplement", version=seen, note="在小卖部门口")
    assert late.status_code == 409
    details = late.json["details"]
    assert (details["changed_by"], details["change"]) == ("镇便民服务中心", "已受理")
    assert "分流甲" not in late.text
    assert "内部" not in late.text


def test_a_resident_is_told_of_the_rule_and_of_themselves(cast: Cast, run_jobs) -> None:  # type: ignore[no-untyped-def]
    receipt = cast.submit(category_code="0101", text="垃圾没人收")
    run_jobs()
    late = cast.ask("wang", receipt["id"], "supplement", version=1, note="在小卖部门口")
    assert (late.status_code, late.json["details"]["changed_by"]) == (409, "镇里")
    cast.ask("wang", receipt["id"], "supplement", note="在小卖部门口")
    again = cast.ask("wang", receipt["id"], "supplement", version=2, note="又想起来一点")
    assert again.json["details"]["changed_by"] == "您"


def test_an_action_on_a_closed_case(cast: Cast) -> None:
    case_id = cast.bring_to("closed")
    answer = cast.post("fenliu", case_id, "accept")
    assert answer.status_code == 409
    assert answer.json["code"] == "action_not_open"
    assert answer.json["message"] == "这件事现在是“已办结”，不能这样操作。"
    details = answer.json["details"]
    assert details["change"] == "核查通过，已办结"
    assert details["changed_by"] == "镇便民服务中心 核查甲"
    assert details["open_actions"] == [
        {"action": "note", "label": "内部备注"},
        {"action": "reopen", "label": "主动重办"},
        {"action": "call_back", "label": "记录回访"},
    ]
    assert cast.post("fenliu", case_id, "explode").status_code == 409


def test_the_contact_is_masked_and_its_reading_is_audited(cast: Cast) -> None:
    case_id = cast.bring_to("handling", **SECRET)
    seen = cast.desk("fenliu").get(f"/staff/cases/{case_id}")
    assert seen.json["contact"] == {"name_masked": "王○○", "phone_masked": "138****1234", "under_14": False}
    assert "13800001234" not in seen.text
    assert "王小明" not in seen.text
    read = cast.desk("chengguan").post(f"/staff/cases/{case_id}/contact", {"reason": "约时间上门"})
    assert read.json == {"name": "王小明", "phone": "13800001234"}
    with cast.app.app_context():
        row = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "case.contact.read")).one()
        assert (row.actor_id, row.subject_id) == (int(cast.desk("chengguan").me["id"]), case_id)
        assert row.detail == {"reason": "约时间上门"}
    # neither the checker nor the leader needs it; without a reason nobody gets it
    for username in ("hecha", "lingdao"):
        refused = cast.desk(username).post(f"/staff/cases/{case_id}/contact", {"reason": "想看看"})
        assert refused.status_code == 403
    missing = cast.desk("fenliu").post(f"/staff/cases/{case_id}/contact", {"reason": " "})
    assert missing.status_code == 422
    # a colleague of the handler may not see the case at all
    assert (
        cast.desk("chengguan2").post(f"/staff/cases/{case_id}/contact", {"reason": "帮忙"}).status_code == 404
    )
    with cast.app.app_context():
        audited = select(AuditEntry).where(AuditEntry.what == "case.contact.read")
        assert len(db.session.scalars(audited).all()) == 1


def test_personal_data_is_not_readable_in_the_database(cast: Cast) -> None:
    case_id = cast.bring_to("closed", **SECRET)
    with cast.app.app_context():
        for table, words in (
            ("reports", (*SECRET.values(), "已经换好了")),
            ("timeline", ("换了灯泡", "分流甲")),
        ):
            raw = db.session.connection().exec_driver_sql(f"SELECT * FROM {table}").fetchall()  # noqa: S608
            assert raw
            assert not [word for word in words if word in str(raw)], table
    assert cast.resident().get(f"/resident/reports/{case_id}").json["address"] == "示例路 1 号"


def test_who_else_is_looking(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("submitted")
    path = f"/staff/cases/{case_id}/presence"
    assert cast.desk("fenliu").post(path).json == {"viewers": []}
    first = {"name": "分流甲", "unit_name": "镇便民服务中心"}
    assert cast.desk("fenliu2").post(path).json == {"viewers": [first]}
    assert cast.desk("fenliu2").get(f"/staff/cases/{case_id}").json["viewers"] == [first]
    clock.advance(timedelta(seconds=61))
    assert cast.desk("fenliu2").post(path).json == {"viewers": []}
    assert cast.desk("fenliu").post(path).json["viewers"][0]["name"] == "分流乙"


def test_whom_a_case_can_be_given_to(cast: Cast) -> None:
    case_id = cast.bring_to("submitted")
    offered = cast.desk("fenliu").get(f"/staff/cases/{case_id}/assignees").json["items"]
    assert [(i["unit_name"], [p["name"] for p in i["people"]]) for i in offered] == [
        ("湾头村第1网格", ["网格甲"]),
        ("湾头村第2网格", ["网格乙"]),
        ("湾尾村第3网格", ["网格丙"]),
        ("城管所", ["城管甲", "城管乙"]),
    ]


@pytest.mark.parametrize(
    ("unit", "person", "code"),
    [
        ("hall", None, "unit_empty"),  # nobody there handles
        ("urban", "wangge1", "person_unknown"),  # of another unit
        ("urban", "hecha", "person_unknown"),
        ("xiwan", None, "unit_unknown"),  # of another town
        ("none", None, "unit_unknown"),
    ],
)
def test_a_case_is_given_only_to_those_who_can_take_it(
    cast: Cast, unit: str, person: str | None, code: str
) -> None:
    case_id = cast.bring_to("submitted")
    desk, before = cast.desk("fenliu"), cast.rows()
    if unit == "xiwan":
        west = cast.bring_to("submitted", town="xiwan", category_code="X101", at=(117.11, 35.01))
        unit_id = cast.desk("xfenliu").get(f"/staff/cases/{west}/assignees").json["items"][0]["unit_id"]
        before = cast.rows()
    else:
        unit_id = "1" if unit == "none" else cast.unit(unit)
    given = {"unit_id": unit_id} | ({"staff_id": cast.desk(person).me["id"]} if person else {})
    before = cast.rows()
    answer = desk.post(
        f"/staff/cases/{case_id}/actions/accept_and_dispatch", {"version": cast.version(case_id), **given}
    )
    assert answer.status_code == 422, answer.text
    assert answer.json["code"] == code
    # the engine had already written the state, the timeline row and its effect: all of it is undone
    assert cast.rows() == before
    assert (cast.column(case_id, "state"), cast.column(case_id, "version")) == ("submitted", 1)
