"""Withdraw, delete, close: told before, confirmed, done once, and the chain of the case still verifies (PI-07, PI-08)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.cases.models import Case
from backend.identity.models import LoginSession, Resident, WeChatAccount
from backend.identity.services import handle_platform_event
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit, transaction
from backend.notifications.models import InboxMessage
from backend.reports.models import CallBack, Report
from backend.rights.models import Deletion
from backend.rights.words import DEEDS
from backend.workflow.chain import verify
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import chain_of
from tests.factories.cases import TEXT, Cast

RunJobs = Callable[[], Counter[str]]
PHONE = "13800000017"
#: in G01, and not in the middle of it
EXACT = (117.2104, 35.0047)


def plan(cast: Cast, deed: str, case_id: int | None = None, who: str = "wang") -> dict[str, Any]:
    query = {"deed": deed} | ({"case_id": str(case_id)} if case_id else {})
    answer = cast.resident(who).get("/resident/rights/plan", query_string=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json
    return told


def do(
    cast: Cast, deed: str, case_id: int | None = None, confirm: str | None = None, who: str = "wang"
) -> Any:
    body = {"deed": deed, "confirm": confirm or plan(cast, deed, case_id, who)["confirm"]}
    return cast.resident(who).post(
        "/resident/rights/deeds", body | ({"case_id": str(case_id)} if case_id else {})
    )


def report(cast: Cast, case_id: int) -> Any:
    with cast.app.app_context(), transaction(writing=False):
        row = db.session.get_one(Report, case_id)
        db.session.expunge(row)
        return row


def full_case(cast: Cast, state: str = "closed") -> int:
    case_id = cast.bring_to(state, at=EXACT, contact_name="王小明", contact_phone=PHONE, address="小卖部对面")
    if state == "handling":
        cast.ask("wang", case_id, "supplement", note="我家门口那盏")
    return case_id


@pytest.mark.parametrize("deed", sorted(set(DEEDS) - {"delete_case"}))
def test_every_deed_says_what_goes_and_what_stays_by_which_law(cast: Cast, deed: str) -> None:
    told = plan(cast, deed)
    assert told["goes"]
    assert told["confirm"]
    for stay in told["stays"]:
        assert all(stay[name] for name in ("what", "why", "source", "until")), stay


def test_nothing_is_done_without_the_plans_own_confirmation(cast: Cast, clock: FrozenClock) -> None:
    case_id = full_case(cast)
    told = plan(cast, "delete_case", case_id)["confirm"]
    for deed, confirm in [("delete_all", told), ("delete_case", "made-up.token"), ("close_account", told)]:
        answer = do(cast, deed, case_id if deed == "delete_case" else None, confirm)
        assert (answer.status_code, answer.json["code"]) == (409, "confirm_again")
    assert do(cast, "delete_case", case_id, told, who="li").status_code == 409, "another's confirmation"
    clock.advance(timedelta(minutes=31))
    assert do(cast, "delete_case", case_id, told).json["message"].startswith("确认已过期")
    assert report(cast, case_id).contact_name == "王小明"


def test_a_case_being_handled_is_not_deleted_and_says_so(cast: Cast) -> None:
    case_id = full_case(cast, "handling")
    told = plan(cast, "delete_case", case_id)
    assert told["confirm"] == ""
    assert told["refused"].startswith("这件事还在办理")
    closing = plan(cast, "close_account")
    assert TEXT[:6] in closing["refused"]
    assert "1 件事正在办理" in closing["refused"]


def test_a_deleted_case_loses_its_person_and_keeps_its_matter(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = full_case(cast, "handling")
    cast.act("chengguan", case_id, "handle", note="换了灯泡", media_ids=[photo_of(cast)])
    cast.act("hecha", case_id, "pass_check", outcome="resolved", reply="已经换好了")
    cast.ask("wang", case_id, "rate", score="basically", comment="来得有点晚")
    run_jobs()
    told = plan(cast, "delete_case", case_id)
    done = do(cast, "delete_case", case_id, told["confirm"])
    assert done.status_code == 200, done.text
    assert done.json["erased"]["timeline_note"] >= 1
    row = report(cast, case_id)
    assert (row.contact_name, row.contact_phone, row.address, row.rating_comment) == (None, None, None, None)
    assert (row.point_lon, row.point_lat) != EXACT
    assert row.text == TEXT, "the matter is kept"
    assert row.reply == "已经换好了"
    assert cast.column(case_id, "resident_id") is None
    assert TEXT[:6] not in cast.column(case_id, "title")
    again = do(cast, "delete_case", case_id, told["confirm"])
    assert (again.status_code, again.json["erased"]) == (200, {}), "sent twice is done once"
    assert cast.resident().get(f"/resident/reports/{case_id}").status_code == 404
    with cast.app.app_context(), transaction(writing=False):
        assert verify(chain_of("report", case_id, "staff")) is None
        own = db.session.scalars(
            select(TimelineEntry).where(
                TimelineEntry.subject_id == case_id, TimelineEntry.actor_kind == "resident"
            )
        ).all()
        assert {e.actor_id for e in own} == {0}
        assert [e.note for e in own if e.note] == []
        head = db.session.scalar(select(Case.chain_head).where(Case.id == case_id))
        assert chain_of("report", case_id, "staff")[-1].chain == head
        inbox = db.session.scalar(
            select(func.count()).select_from(InboxMessage).where(InboxMessage.person_kind == "resident")
        )
    assert inbox == 0


def photo_of(cast: Cast) -> str:
    return cast.photo(cast.desk("chengguan"), "after", "staff")


def test_what_is_stored_only_is_not_shown_to_staff_nor_handled(cast: Cast) -> None:
    case_id = full_case(cast)
    assert TEXT in cast.desk("fenliu").get(f"/staff/cases/{case_id}").text
    assert do(cast, "delete_case", case_id).status_code == 200
    seen = cast.desk("fenliu").get(f"/staff/cases/{case_id}")
    assert TEXT not in seen.text
    assert "换了灯泡" not in seen.text
    assert "已经换好了" not in seen.text
    assert seen.json["actions"] == []
    refused = cast.post("fenliu", case_id, "note", note="再记一笔")
    assert (refused.status_code, refused.json["code"]) == (409, "stored_only")


def test_what_was_said_on_the_way_is_in_the_copy_and_goes_with_the_person(cast: Cast) -> None:
    case_id = full_case(cast, "handling")
    copy = cast.resident().get("/resident/rights/data").text
    assert "我家门口那盏" in copy
    cast.act("chengguan", case_id, "handle", note="换了灯泡", media_ids=[photo_of(cast)])
    cast.act("hecha", case_id, "pass_check", outcome="resolved", reply="已经换好了")
    add_call_back(cast, case_id)
    assert "说灯太暗" in cast.resident().get("/resident/rights/data").text
    assert do(cast, "delete_case", case_id).json["erased"]["words"] == 1
    with cast.app.app_context(), transaction(writing=False):
        assert db.session.scalars(select(CallBack.note)).all() == [None]
    assert "说灯太暗" not in cast.desk("fenliu").get(f"/staff/cases/{case_id}").text


def add_call_back(cast: Cast, case_id: int) -> None:
    with cast.app.app_context():

        def unit() -> None:
            moment = now()
            case = db.session.get_one(Case, case_id)
            row = CallBack(
                case_id=case_id,
                town_id=case.town_id,
                reason="sample",
                state="done",
                owed_at=moment,
                due_at=moment,
                note="说灯太暗",
            )
            db.session.add(row)

        run_unit(unit)


def test_contact_consent_taken_back_also_of_open_cases(cast: Cast) -> None:
    wang = cast.resident()
    wang.patch("/resident/me", {"phone": PHONE})
    opened = full_case(cast, "handling")
    erased = do(cast, "withdraw_contact").json["erased"]
    assert erased == {"phone": 1, "contact": 1}
    assert report(cast, opened).contact_phone is None
    assert report(cast, opened).address == "小卖部对面", "the place is the matter itself"
    assert wang.get("/resident/me").json["phone_masked"] is None
    assert do(cast, "withdraw_contact").json["erased"] == {}, "again is no error"


def test_the_exact_place_of_closed_cases_becomes_the_middle_of_its_grid(cast: Cast) -> None:
    closed, opened = full_case(cast), full_case(cast, "handling")
    assert do(cast, "withdraw_location").json["erased"] == {"location": 1}
    row = report(cast, closed)
    assert (row.point_lon, row.point_lat) != EXACT
    assert row.coarse_at is not None
    assert row.address is None
    assert (report(cast, opened).point_lon, report(cast, opened).point_lat) == EXACT


def test_all_consents_at_once_and_the_matter_goes_on(cast: Cast) -> None:
    wang = cast.resident()
    wang.post("/resident/me/consent", {"version": "2026-01"})
    case_id = full_case(cast, "handling")
    assert do(cast, "withdraw_consent").status_code == 200
    me = wang.get("/resident/me").json
    assert (me["consent_version"], me["notify"], me["phone_masked"]) == (None, False, None)
    assert cast.act("chengguan", case_id, "handle", note="换了", media_ids=[photo_of(cast)])


def test_delete_all_keeps_what_is_open_and_says_so(cast: Cast) -> None:
    closed, opened = full_case(cast), full_case(cast, "handling")
    told = plan(cast, "delete_all")
    assert told["refused"] == ""
    assert told["stays"][0]["what"] == "正在办理的 1 件事"
    assert do(cast, "delete_all").status_code == 200
    assert cast.column(closed, "resident_id") is None
    assert cast.column(opened, "resident_id") == int(cast.resident().me["id"])


def test_a_closed_account_leaves_nobody_behind(cast: Cast, run_jobs: RunJobs) -> None:
    case_id = full_case(cast)
    run_jobs()
    wang = cast.resident()
    wang.post("/resident/rights/copies")
    wang.post("/resident/rights/requests", {"kind": "explain", "town": "dongwan", "text": "为什么这样办"})
    wang.patch("/resident/rights/person", {"nickname": "老王", "phone": PHONE})
    assert do(cast, "close_account").status_code == 200
    assert wang.get("/resident/me").status_code == 401, "every session has ended"
    with cast.app.app_context(), transaction(writing=False):
        resident = db.session.get_one(Resident, int(wang.me["id"]))
        assert (resident.phone, resident.nickname, resident.unionid) == (None, None, None)
        assert resident.anonymised_at is not None
        for model in (WeChatAccount, InboxMessage):
            column = model.resident_id if model is WeChatAccount else model.person_id
            assert db.session.scalar(select(func.count()).where(column == resident.id)) == 0
        alive = select(func.count()).where(
            LoginSession.resident_id == resident.id, LoginSession.revoked_at.is_(None)
        )
        assert db.session.scalar(alive) == 0
    assert cast.column(case_id, "resident_id") is None
    assert report(cast, case_id).text == TEXT
    cast.people.pop("wang")
    anew = cast.resident()
    assert anew.me["id"] != wang.me["id"]
    assert anew.get("/resident/reports").json["items"] == []


def test_an_account_closed_at_wechat_is_closed_here(cast: Cast) -> None:
    closed, opened = full_case(cast), full_case(cast, "handling")
    with cast.app.app_context():

        def unit() -> None:
            row = db.session.scalars(
                select(WeChatAccount).where(WeChatAccount.resident_id == int(cast.resident().me["id"]))
            ).first()
            assert row is not None
            event = {
                "app": row.app,
                "kind": "user_authorization_cancellation",
                "openid": row.openid,
                "raw": {},
            }
            assert handle_platform_event(event)

        run_unit(unit)
    assert cast.column(closed, "resident_id") is None
    assert report(cast, opened).contact_name is None


def test_every_erasing_is_logged_without_content(cast: Cast) -> None:
    case_id = full_case(cast)
    do(cast, "delete_case", case_id)
    with cast.app.app_context(), transaction(writing=False):
        lines = db.session.scalars(select(Deletion)).all()
    assert {(one.rule, one.because) for one in lines} == {("own.delete_case", "request")}
    assert {"contact", "location", "case_person"} <= {one.kind for one in lines}
    for one in lines:
        assert one.many == len(one.id_hashes)
        assert str(case_id) not in str(one.id_hashes)
