"""Villagers demand publication together: a tenth of them, each counted once, and nobody listed (OPEN-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from backend.notices import objection_personal
from backend.notices.publishing_request_models import PublishingRequest, PublishingRequestJoin
from backend.notices.publishing_request_rolls import ROLL, needed_of
from tests.factories.objection_cast import DEMANDED, ObjectionCast

OVER = timedelta(days=16)


@pytest.mark.parametrize(
    ("entitled", "needed"), [(0, 1), (1, 1), (10, 1), (11, 2), (96, 10), (100, 10), (101, 11)]
)
def test_a_tenth_of_the_villagers_is_rounded_up(entitled: int, needed: int) -> None:
    assert needed_of(entitled) == needed
    assert needed_of(entitled, ROLL) == max(needed, 10), "those who are confirmed are only some"


def joins(open_books: ObjectionCast) -> list[str]:
    return open_books.within(lambda: list(db.session.scalars(select(PublishingRequestJoin.holder))))


def join(open_books: ObjectionCast, who: str, request_id: Any) -> Any:
    return open_books.villager(who).post(f"/resident/publishing-requests/{request_id}/join")


def test_villagers_join_leave_and_are_enough(open_books: ObjectionCast, clock: FrozenClock) -> None:
    assert open_books.roll(21).json["items"][0]["needed"] == 3
    made = open_books.demand(run=False)
    path = f"/resident/publishing-requests/{made['id']}"
    assert (made["joined"], made["needed"], made["mine"], made["has_joined"]) == (1, 3, True, True)
    assert join(open_books, "li", made["id"]).status_code == 404, "nothing is public before the checks"
    open_books.run_jobs()
    assert open_books.request_page(made["id"])["text"] == DEMANDED
    seen = join(open_books, "li", made["id"]).json
    assert (seen["joined"], seen["has_joined"], seen["may_leave"]) == (2, True, True)
    assert join(open_books, "li", made["id"]).json["joined"] == 2, "each counts once"
    assert open_books.resident("li").delete(f"{path}/join").json["joined"] == 1
    assert open_books.resident("li").delete(f"{path}/join").json["joined"] == 1
    own = open_books.resident("wang").delete(f"{path}/join")
    assert (own.status_code, own.json["code"]) == (409, "own_request")
    for who in ("li", "zhao"):
        assert join(open_books, who, made["id"]).status_code == 200
    page = open_books.request_page(made["id"])
    assert (page["state"], page["joined"], page["due_on"]) == ("reached", 3, "2026-03-25")
    left = open_books.resident("li").delete(f"{path}/join")
    assert (left.status_code, left.json["code"]) == (409, "not_collecting")
    open_books.run_jobs()
    assert "联名人数够了" in open_books.told("wang")
    assert "联名人数够了" not in open_books.told("li"), "nobody knows who joined"
    held = joins(open_books)
    ids = [str(open_books.resident(who).me["id"]) for who in ("wang", "li", "zhao")]
    assert len(held) == 3
    assert not any(one in kept for one in ids for kept in held)


def test_a_fifth_of_the_representatives_is_enough(open_books: ObjectionCast) -> None:
    """OPEN-03: the second way. It is open once the village has said how many representatives it has."""
    unknown = open_books.demand("sun")
    assert unknown["representatives_needed"] is None
    roll = open_books.roll(1000, representatives=11).json["items"][0]
    assert (roll["representatives"], roll["representatives_needed"], roll["representatives_known"]) == (
        11,
        3,
        0,
    )
    assert open_books.roll(1001).json["items"][0]["representatives"] == 11, "left out it stays"
    assert open_books.roll(1001, representatives=0).status_code == 422
    assert open_books.representative("li", "cunzhang2").status_code == 404
    for who in ("li", "zhao", "qian"):
        assert open_books.representative(who).json["representative"] is True
    made = open_books.demand()
    assert (made["needed"], made["representatives_joined"], made["representatives_needed"]) == (101, 0, 3)
    join(open_books, "li", made["id"])
    assert join(open_books, "zhao", made["id"]).json["representatives_joined"] == 2
    assert join(open_books, "zhou", made["id"]).json["state"] == "collecting", "no representative"
    assert open_books.representative("zhao", on=False).json["representative"] is False
    assert join(open_books, "qian", made["id"]).json["representatives_joined"] == 2, (
        "who is none any more counts once"
    )
    open_books.representative("wang")
    assert open_books.representative("wang").json["representative"] is True, "again changes nothing"
    enough = join(open_books, "wu", made["id"]).json
    assert (enough["state"], enough["joined"], enough["representatives_joined"]) == ("reached", 6, 3)
    for who in ("li", "qian"):
        join(open_books, who, unknown["id"])
    assert open_books.request_page(unknown["id"])["state"] == "collecting", (
        "asked while the number was unknown"
    )


def test_only_confirmed_villagers_of_the_village_take_part(open_books: ObjectionCast) -> None:
    stranger = open_books.resident("sun").post("/resident/publishing-requests", {"text": DEMANDED})
    assert (stranger.status_code, stranger.json["code"]) == (403, "villagers_only")
    made = open_books.demand()
    open_books.villager("qian", "V02")
    for who in ("sun", "qian"):
        refused = open_books.resident(who).post(f"/resident/publishing-requests/{made['id']}/join")
        assert (refused.status_code, refused.json["code"]) == (403, "villagers_only")
    again = open_books.resident("wang").post("/resident/publishing-requests", {"text": DEMANDED})
    assert (again.status_code, again.json["code"]) == (409, "already_asking")
    assert open_books.roll(0).status_code == 422
    assert open_books.roll(20, "cunzhang2").status_code == 404
    assert open_books.roll(20, "fenliu").status_code == 403


def test_refused_it_goes_to_the_town_which_orders_publication(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    request_id = open_books.put_request(joined=9, needed=10)
    assert join(open_books, "wang", request_id).json["state"] == "reached"
    assert open_books.decide("cunzhang1", request_id, "refuse").status_code == 422, "a reason is needed"
    named = open_books.decide("cunzhang1", request_id, "refuse", note="请打13812345678问")
    assert (named.status_code, named.json["code"]) == (422, "personal_data")
    assert open_books.decide("fenliu", request_id, "refuse", note="不宜公开").status_code == 403
    assert open_books.decide("fenliu", request_id, "order", note="应当公开").status_code == 403
    assert open_books.decide("cunzhang2", request_id, "refuse", note="不宜公开").status_code == 404
    assert open_books.decide("cunzhang1", request_id, "refuse", note="还没有结算").json["state"] == "refused"
    listed = open_books.desk("fenliu").get("/staff/publishing-requests").json["items"]
    assert [one["action"] for one in listed[0]["actions"]] == ["order", "uphold"]
    assert (
        open_books.decide("fenliu", request_id, "order", note="请公开已结算的部分").json["state"] == "ordered"
    )
    page = open_books.request_page(request_id)
    assert (page["reason"], page["town_reason"]) == ("还没有结算", "请公开已结算的部分")
    assert (page["due_on"], page["overdue"]) == ("2026-03-25", False)
    clock.advance(OVER)
    open_books.run_jobs()
    late = open_books.request_page(request_id)
    assert (late["overdue"], late["days_late"]) == (True, 1)


def test_unanswered_in_time_the_town_may_order_at_once(open_books: ObjectionCast, clock: FrozenClock) -> None:
    request_id = open_books.put_request(joined=9, needed=10)
    join(open_books, "wang", request_id)
    assert open_books.decide("lingdao", request_id, "order", note="请公开").status_code == 403
    clock.advance(OVER)
    open_books.run_jobs()
    assert open_books.request_page(request_id)["overdue"] is True
    assert open_books.decide("lingdao", request_id, "order", note="请公开").json["state"] == "ordered"
    other = open_books.put_request(state="refused")
    assert (
        open_books.decide("lingdao", other, "uphold", note="涉及个人隐私").json["state"] == "refusal_upheld"
    )


def test_it_lapses_after_ninety_days_and_is_withdrawn_while_nobody_joined(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    open_books.roll(100)
    made = open_books.demand()
    path = f"/resident/publishing-requests/{made['id']}/withdrawal"
    join(open_books, "li", made["id"])
    version = open_books.of(PublishingRequest, made["id"], "version")
    assert open_books.resident("wang").post(path, {"version": version}).status_code == 403, "somebody joined"
    open_books.resident("li").delete(f"/resident/publishing-requests/{made['id']}/join")
    assert open_books.resident("li").post(path, {"version": version}).status_code == 404
    assert open_books.resident("wang").post(path, {"version": version}).json["state"] == "withdrawn"
    listed = open_books.app.test_client().get("/api/v1/public/publishing-requests?town=dongwan").get_json()
    assert listed["items"] == []
    again = open_books.demand()
    clock.advance(timedelta(days=91))
    open_books.run_jobs()
    assert open_books.request_page(again["id"])["state"] == "lapsed"


def test_what_is_kept_of_a_person_is_told_them_and_goes_with_them(open_books: ObjectionCast) -> None:
    open_books.roll(100)
    made = open_books.demand()
    join(open_books, "li", made["id"])
    kept = {"wang": (1, 1), "li": (0, 1), "zhao": (0, 0)}
    for who, counted in kept.items():
        person = int(open_books.resident(who).me["id"])
        copied = {one["code"]: len(one["records"]) for one in open_books.within(lambda p=person: objection_personal.copy(p))}  # fmt: skip
        assert (copied["publishing_requests"], copied["publishing_request_joins"]) == counted
    for who, joined in (("li", 1), ("wang", 0)):
        person = int(open_books.resident(who).me["id"])
        open_books.within(lambda p=person: objection_personal.let_go(p))
        assert open_books.of(PublishingRequest, made["id"], "joined") == joined
    assert joins(open_books) == []
    assert open_books.of(PublishingRequest, made["id"], "resident_id") is None
