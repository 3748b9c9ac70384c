"""A visit that somebody asks for: to the grid's worker, seen by those who need it, deleted after its time (PI-08)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select, text

from backend.audit.models import AuditEntry
from backend.care import personal, states
from backend.care.models import _ENDED, HelpRequest
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.settings import settings, use_settings
from backend.notifications.models import InboxMessage
from backend.rights import retention
from backend.workflow.models import TimelineEntry
from tests.api.care.conftest import ASKING, Home
from tests.factories.identity import Caller, desk, worker

SEEN = "老人精神不错，缺降压药，已联系卫生室"


def test_the_tables_of_rows_and_states_agree() -> None:
    assert states.TABLE.problems() == []
    assert ", ".join(f"'{one}'" for one in states.ENDED) == _ENDED


def _waiting(phone: Caller) -> int:
    """What the home page counts for this worker."""
    return int(phone.get("/resident/me").json["staff"]["open_visits"])


def test_it_goes_to_the_grids_worker_who_visits_and_the_household_reads_what_was_written(home: Home) -> None:
    request_id = home.ask()
    mine = home.own(request_id)
    assert (mine["state_label"], mine["visitor"], mine["actions"]) == ("已安排人", "网格丙", ["cancel"])
    phone = worker(home.app, "wangge3")
    line = phone.get("/staff/help-requests?view=mine").json["items"][0]
    assert (line["village_name"], line["mine"], line["overdue"]) == ("湾尾村", True, False)
    assert not {"reason_label", "place", "phone", "text", "for_whom_label"} & line.keys(), (
        "neither why nor who"
    )
    with home.app.app_context(), transaction(writing=False):
        told = db.session.scalars(select(InboxMessage).where(InboxMessage.person_kind == "staff")).all()
    assert [one.title for one in told] == ["有一次上门要您去"]
    assert not any(word in told[0].text for word in ("老人", "村东头", "138"))
    seen = phone.get(f"/staff/help-requests/{request_id}").json
    assert (seen["phone"], seen["reason_label"][:4], seen["workers"]) == ("13812345678", "家里老人", [])
    assert [one["action"] for one in seen["actions"]] == ["visit"]
    assert _waiting(phone) == 1
    path = f"/staff/help-requests/{request_id}/actions/visit"
    missing = phone.post(path, {"version": seen["version"]})
    assert (missing.status_code, list(missing.json["fields"])) == (422, ["visit_note"])
    done = phone.post(path, {"version": seen["version"], "visit_note": SEEN})
    assert (done.status_code, done.json["state"]) == (200, "visited")
    assert _waiting(phone) == 0
    mine = home.own(request_id)
    assert (mine["visit_note"], mine["actions"]) == (SEEN, ["close"])
    assert home.titles("wang") == ["已经上门看望", "已经安排人上门"]
    closed = home.resident("wang").post(
        f"/resident/help-requests/{request_id}/actions/close", {"version": mine["version"]}
    )
    assert (closed.json["state"], closed.json["delete_on"]) == ("closed", "2026-06-08")


def test_nobody_is_guessed_where_a_village_has_several_grids_and_only_its_head_assigns(home: Home) -> None:
    request_id = home.ask(village="V01")
    assert home.own(request_id)["state_label"] == "等待安排"
    head_id = desk(home.app, "cunzhang1").id
    with home.app.app_context(), transaction(writing=False):
        told = db.session.execute(select(InboxMessage.person_id, InboxMessage.title)).all()
    assert told == [(head_id, "有一次上门要安排")]
    for who in ("wangge1", "wangge3", "cunzhang2", "xfenliu", "guanli", "lingdao", "chengguan"):
        assert home.desk(who).get(f"/staff/help-requests/{request_id}").status_code in {403, 404}, who
    listed = home.desk("cunzhang1").get("/staff/help-requests").json["items"]
    assert [one["id"] for one in listed] == [request_id]
    assert home.desk("cunzhang2").get("/staff/help-requests").json["items"] == []
    seen = home.desk("cunzhang1").get(f"/staff/help-requests/{request_id}").json
    assert {one["name"] for one in seen["workers"]} == {"网格甲", "网格乙"}
    stranger = home.do("cunzhang1", request_id, "assign", staff_id=str(desk(home.app, "wangge3").id))
    assert (stranger.status_code, stranger.json["code"]) == (422, "worker_unknown")
    ids = {one["name"]: one["id"] for one in seen["workers"]}
    assert home.do("cunzhang1", request_id, "assign", staff_id=ids["网格甲"]).status_code == 200
    assert home.do("cunzhang1", request_id, "visit", visit_note=SEEN).status_code == 403
    assert home.desk("wangge1").get(f"/staff/help-requests/{request_id}").status_code == 200
    assert home.do("cunzhang1", request_id, "assign", staff_id=ids["网格乙"]).status_code == 200
    before, after = "wangge1", "wangge2"
    assert home.desk(before).get(f"/staff/help-requests/{request_id}").status_code == 404, "no longer needed"
    assert home.do(after, request_id, "visit", visit_note=SEEN).status_code == 200
    assert home.do(after, request_id, "visit_again", visit_note="又去了一次").status_code == 200
    assert home.do("cunzhang1", request_id, "close").json["state"] == "closed"
    assert home.do("cunzhang1", request_id, "assign", staff_id=ids["网格甲"]).status_code == 409


def test_it_is_its_residents_own_and_taken_back_at_any_moment(home: Home) -> None:
    request_id = home.ask()
    assert home.resident("zhao").get(f"/resident/help-requests/{request_id}").status_code == 404
    path = f"/resident/help-requests/{request_id}/actions/cancel"
    assert home.resident("zhao").post(path, {"version": 2}).status_code == 404
    assert home.resident("wang").post(path, {"version": 1}).status_code == 409
    assert home.resident("wang").post(path, {"version": 2}).json["state"] == "cancelled"
    assert home.desk("wangge3").get("/staff/help-requests?view=mine").json["items"] == []
    wrong = home.resident("wang").post(
        "/resident/help-requests", ASKING | {"village_id": "999", "phone": "1"}
    )
    assert wrong.status_code == 422
    assert "phone" in wrong.json["fields"]


def test_who_opened_it_is_noted_and_its_words_are_nowhere_in_the_clear(home: Home) -> None:
    request_id = home.ask()
    home.desk("wangge3").get(f"/staff/help-requests/{request_id}")
    home.do("wangge3", request_id, "visit", visit_note=SEEN)
    with home.app.app_context(), transaction(writing=False):
        noted = select(AuditEntry.what).where(AuditEntry.subject_id == int(request_id))
        assert {"care.read", "care.visit"} <= set(db.session.scalars(noted))
        stored = [str(row) for row in db.session.execute(text("SELECT * FROM help_requests")).all()]
        rows = db.session.scalars(select(TimelineEntry).filter_by(subject_kind="help_request")).all()
        assert [(one.note, one.data) for one in rows] == [(None, {})] * len(rows), "the timeline has no words"
    for word in ("alone", "family", "村东头", "13812345678", "腿脚", "降压药"):
        assert not any(word in one for one in stored), word


def test_nobody_came_in_time_and_the_worker_is_told_again(home: Home, clock: FrozenClock) -> None:
    home.ask()
    clock.advance(timedelta(days=4))
    home.run_jobs()
    line = home.desk("wangge3").get("/staff/help-requests?view=mine").json["items"][0]
    assert line["overdue"] is True
    with home.app.app_context(), transaction(writing=False):
        told = db.session.scalars(select(InboxMessage.title).where(InboxMessage.person_kind == "staff")).all()
    assert sorted(told) == ["上门超期了", "有一次上门要您去"]


def test_what_was_seen_is_deleted_after_its_time_whole(home: Home, clock: FrozenClock) -> None:
    ended, under_way = home.ask(), home.ask("zhao")
    home.do("wangge3", ended, "visit", visit_note=SEEN)
    home.do("wangge3", ended, "close")

    def due() -> int:
        with home.app.app_context():
            found = run_unit(retention.due, writing=False)
            return next(one.many for one in found if one.rule.code == "help_requests")

    clock.advance(timedelta(days=89))
    assert due() == 0
    before = settings()
    use_settings(replace(before, care_days=30))
    try:
        assert due() == 1, "a town may keep it for less"
    finally:
        use_settings(before)
    clock.advance(timedelta(days=2))
    assert due() == 1
    assert home.row(ended) is not None, "a dry run erases nothing"
    with home.app.app_context():
        retention.run()
        with transaction(writing=False):
            kept = db.session.scalars(select(HelpRequest.id)).all()
            assert [str(one) for one in kept] == [under_way]
            lines = select(func.count()).select_from(TimelineEntry)
            assert db.session.scalar(lines.where(TimelineEntry.subject_id == int(ended))) == 0


def test_all_of_it_is_in_ones_copy_and_goes_when_one_asks(home: Home) -> None:
    request_id, agreed = home.ask(), home.agree().json["id"]
    home.do("wangge3", request_id, "visit", visit_note=SEEN)
    person = int(home.resident("wang").me["id"])
    with home.app.app_context():
        sections = {one["code"]: one["records"] for one in run_unit(lambda: personal.copy(person))}
        facts = dict(sections["help_requests"][0]["facts"])
        assert (facts["上门的情况"], facts["电话"], len(sections["care_agreements"])) == (
            SEEN,
            "13812345678",
            1,
        )
        gone = run_unit(lambda: personal.let_go(person))
    assert gone == {"help_request": [int(request_id)], "care_agreement": [int(agreed)]}
    assert home.row(request_id) is None
    assert home.visits() == []
