"""Drafted, reviewed, confirmed, published: each step by another person, by name and date (OPEN-07, OPEN-08, OPEN-09)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import CheckConstraint, select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from backend.notices.models import Notice
from backend.notices.states import NOTICE_TABLE
from backend.notifications.models import InboxMessage
from tests.factories.identity import place_id
from tests.factories.notices import NoticeCast

Run = Callable[[], Any]


def test_four_people_sign_and_everybody_reads_who(cast: NoticeCast) -> None:
    notice = cast.drafted()
    assert (notice["state"], notice["kind"], notice["writable"]) == ("drafted", "village", True)
    assert cast.public().json["items"] == []
    assert cast.public(f"/{notice['id']}").status_code == 404
    cast.must(notice, "submit", "wenshu1")
    for who in ("fenliu", "cunzhang1", "shuji1"):
        assert cast.do(notice, "agree", who).status_code == 403, "the committee reviews, nobody else"
    assert cast.do(notice, "agree", "jiandu2").status_code == 404
    assert cast.do(notice, "confirm", "shuji1").status_code == 403, "not before it is reviewed"
    todo = cast.desk("jiandu1").get("/staff/notices").json["items"]
    assert [one["id"] for one in todo] == [notice["id"]]
    told = select(InboxMessage.title).where(InboxMessage.person_id == int(cast.desk("jiandu1").me["id"]))
    assert cast.within(lambda: list(db.session.scalars(told))) == ["有公开事项等您审查"]
    assert cast.do(notice, "agree", "jiandu1", note="").json["fields"]["note"]
    cast.must(notice, "agree", "jiandu1")
    assert cast.desk("jiandu1").get("/staff/notices").json["items"] == []
    cast.must(notice, "confirm", "shuji1")
    done = cast.must(notice, "publish", "cunzhang1")
    assert done["actions"] == []
    assert not done["writable"]
    page = cast.public(f"/{notice['id']}").json
    assert [(one["step"], one["name"], one["on"], one["opinion"]) for one in page["chain"]] == [
        ("submit", "文书甲", "2026-03-10", ""),
        ("agree", "监督甲", "2026-03-10", "属实，同意公开"),
        ("confirm", "书记甲", "2026-03-10", "联席会议同意公开"),
        ("publish", "村长甲", "2026-03-10", ""),
    ]
    assert page["chain"][1]["duty"].endswith("村务监督委员会成员")
    assert (page["shown_until"], page["objection_until"]) == ("2026-03-30", "2026-03-25")
    assert page["objection_phone"] == "0632-1234567"
    assert [one["id"] for one in cast.public().json["items"]] == [notice["id"]]
    assert cast.public(kind="finance").json["items"] == []
    assert cast.public(year="2025").json["items"] == []
    by_category = {
        one: len(cast.public(category=one).json["items"]) for one in ("village_consulted", "village_plan")
    }
    assert by_category == {"village_consulted": 1, "village_plan": 0}


def test_nobody_signs_twice_and_who_wrote_in_it_signs_as_its_drafter_alone(cast: NoticeCast) -> None:
    """OPEN-07: a dispatcher may draft and publish, but not the same notice."""
    notice = cast.drafted("fenliu")
    cast.must(notice, "submit", "fenliu")
    cast.must(notice, "agree", "jiandu1")
    cast.must(notice, "confirm", "shuji1")
    assert cast.do(notice, "publish", "fenliu").status_code == 403
    assert cast.must(notice, "publish", "fenliu2")["state"] == "published"
    second = cast.drafted("wenshu1")
    version = cast.seen(second, "fenliu")["version"]
    changed = cast.desk("fenliu").patch(
        f"/staff/notices/{second['id']}", {"version": version, "body": "改过的内容"}
    )
    assert changed.status_code == 200, changed.text
    cast.walked(second, "confirm")
    assert cast.do(second, "publish", "fenliu").status_code == 403, "who wrote in it does not publish it"
    stale = cast.do(second, "publish", "cunzhang1", version=1)
    assert (stale.status_code, stale.json["code"]) == (409, "changed_meanwhile")


def test_objected_to_it_goes_back_and_is_signed_anew(cast: NoticeCast) -> None:
    """OPEN-08: the committee's objection returns it, the drafter answers within five days."""
    notice = cast.walked(cast.drafted(), "submit")
    back = cast.must(notice, "object", "jiandu1", note="数字和台账对不上")
    assert (back["state"], back["writable"], back["chain"][-1]["step"]) == ("returned", True, "object")
    saved = cast.desk("wenshu1").patch(
        f"/staff/notices/{notice['id']}", {"version": back["version"], "body": "改正以后的内容"}
    )
    assert saved.status_code == 200, saved.text
    cast.must(notice, "submit", "wenshu1")
    cast.must(notice, "agree", "jiandu1")
    cast.must(notice, "return", "shuji1", note="标题要写清楚")
    done = cast.walked(notice)
    assert len(done["chain"]) == 4
    assert [one["step"] for one in done["earlier"]] == [
        "submit",
        "object",
        "submit",
        "agree",
        "return",
    ]
    shown = cast.public(f"/{notice['id']}").json
    assert [one["step"] for one in shown["chain"]] == ["submit", "agree", "confirm", "publish"]
    gone = cast.drafted()
    assert cast.must(gone, "withdraw", "wenshu1")["state"] == "withdrawn"


def test_published_it_is_not_written_again_and_is_corrected_by_a_dated_supplement(
    cast: NoticeCast, clock: FrozenClock
) -> None:
    """OPEN-05: the old stays readable, each version's hash is that of what everybody can fetch."""
    notice = cast.published()
    first = cast.public(f"/{notice['id']}").json
    version = cast.seen(notice, "wenshu1")["version"]
    path = f"/staff/notices/{notice['id']}"
    changed = cast.desk("wenshu1").patch(path, {"version": version, "body": "改了"})
    assert (changed.status_code, changed.json["code"]) == (409, "not_a_draft")
    assert cast.send(notice, b"%PDF-1.4", "a.pdf").status_code == 409
    for action in ("submit", "agree", "object", "confirm", "return", "publish", "withdraw"):
        assert cast.do(notice, action, "wenshu1").status_code in (403, 409), action
    assert cast.desk("wenshu1").post(f"{path}/supplements", {"reason": "", "body": "x"}).status_code == 422
    clock.advance(timedelta(days=3))
    made = cast.desk("wenshu1").post(f"{path}/supplements", {"reason": "里程写错了", "body": "应为三百米。"})
    assert made.status_code == 201, made.text
    twice = cast.desk("wenshu1").post(f"{path}/supplements", {"reason": "又", "body": "又"})
    assert (twice.status_code, twice.json["code"]) == (409, "supplement_running")
    assert cast.public(f"/{notice['id']}").json == first, "a correction on its way is nobody's to read"
    cast.walked(made.json)
    page = cast.public(f"/{notice['id']}").json
    assert [(one["number"], one["on"], one["reason"], one["body"]) for one in page["versions"]] == [
        (1, "2026-03-10", "", notice["body"]),
        (2, "2026-03-13", "里程写错了", "应为三百米。"),
    ]
    assert (page["supplements"], page["version"], page["hash"]) == (1, 2, page["versions"][1]["hash"])
    assert page["versions"][0] == first["versions"][0], "the first version stays as it was"
    assert [one["id"] for one in cast.public().json["items"]] == [notice["id"]], "a supplement is not listed"
    for one in page["versions"]:
        text = cast.public(f"/{notice['id']}/versions/{one['number']}").data
        assert hashlib.sha256(text).hexdigest() == one["hash"]
    assert json.loads(text)["before"] == first["hash"], "the versions are tied to each other"
    assert cast.public(f"/{notice['id']}/versions/3").status_code == 404


def test_after_its_days_it_is_archived_and_stays_readable(
    cast: NoticeCast, clock: FrozenClock, run_jobs: Run
) -> None:
    """OPEN-05: shown for the town's twenty days, fifteen at least."""
    notice = cast.published()
    clock.advance(timedelta(days=19))
    run_jobs()
    assert cast.seen(notice, "fenliu")["state"] == "published"
    clock.advance(timedelta(days=2))
    run_jobs()
    assert cast.seen(notice, "fenliu")["state"] == "archived"
    assert cast.public(f"/{notice['id']}").status_code == 200
    assert len(cast.public().json["items"]) == 1


def test_a_committee_has_three_to_five_and_nobody_of_the_villages_own(cast: NoticeCast) -> None:
    """OPEN-09: the head, the clerk, the secretary and their kin do not sit; without three there is no review."""
    found = next(
        one
        for one in cast.desk("fenliu").get("/staff/committees").json["items"]
        if one["village_id"] == str(cast.village)
    )
    assert found["complete"]
    assert [one["name"] for one in found["members"]] == ["监督甲", "委员0", "委员1"]
    given = {
        "village_id": str(cast.village),
        "name": "委员三",
        "from_on": "2026-03-01",
        "until_on": "2028-03-01",
        "kin": False,
    }
    desk = cast.desk("fenliu")
    assert desk.post("/staff/committees", given | {"kin": True}).json["code"] == "committee_kin"
    head = cast.desk("cunzhang1").me["id"]
    refused = desk.post("/staff/committees", given | {"staff_id": head})
    assert (refused.status_code, refused.json["code"]) == (409, "committee_excluded")
    assert desk.post("/staff/committees", given).status_code == 201
    last = desk.post("/staff/committees", given | {"name": "委员四"})
    assert last.status_code == 201
    assert desk.post("/staff/committees", given | {"name": "委员五"}).json["code"] == "committee_full"
    assert cast.desk("cunzhang1").post("/staff/committees", given).status_code == 403
    for one in (*found["members"][1:], last.json):
        assert desk.delete(f"/staff/committees/{one['id']}").status_code == 200
    notice = cast.walked(cast.drafted(), "submit")
    small = cast.do(notice, "agree", "jiandu1")
    assert (small.status_code, small.json["code"]) == (409, "committee_too_small")


def test_the_towns_own_notice_is_confirmed_by_the_leader_without_a_committee(cast: NoticeCast) -> None:
    notice = cast.drafted("fenliu", village_id=None)
    assert cast.draft("fenliu", village_id=None, audience="village").json["code"] == "audience_wrong"
    assert cast.draft("wenshu1", village_id=None).status_code == 404
    assert cast.draft("wenshu1", village_id=str(place_id(cast.app, "V02"))).status_code == 404
    cast.must(notice, "submit", "fenliu")
    cast.must(notice, "confirm", "lingdao")
    cast.must(notice, "publish", "fenliu2")
    shown = cast.public(f"/{notice['id']}").json
    assert [one["step_label"] for one in shown["chain"]] == ["镇拟定", "镇领导审定", "镇发布"]


def test_the_states_that_end_are_those_of_the_table() -> None:
    ended = {state.code for state in NOTICE_TABLE.states if not state.is_open}
    check = next(
        str(one.sqltext)
        for one in Notice.__table__.constraints  # type: ignore[attr-defined]
        if isinstance(one, CheckConstraint) and "closed_at" in str(one.sqltext)
    )
    assert {part.strip(" '") for part in check.split("(")[2].split(")")[0].split(",")} == ended
