"""Which village owes what, said to its clerk and head, to the town, and to everybody (OPEN-04, OPEN-10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from backend.notices import watch_pages, watch_services
from backend.notifications.models import InboxMessage
from tests.factories.identity import place_id
from tests.factories.objection_cast import ObjectionCast

MONTHLY = "finance_sheet"
FEBRUARY = {"category": MONTHLY, "period": "2026-02"}


def late(books: ObjectionCast) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What everybody reads: by village, category and period."""
    found = books.app.test_client().get("/api/v1/public/notices/watch?town=dongwan")
    assert found.status_code == 200, found.text
    read = found.get_json()
    return {(one["village_name"], one["category"], one["period"]): one for one in read["items"]}


def lines(books: ObjectionCast, who: str) -> list[str]:
    """The texts in the inbox of a member of staff."""
    staff_id = int(books.desk(who).me["id"])
    told = select(InboxMessage.text).where(
        InboxMessage.person_kind == "staff", InboxMessage.person_id == staff_id
    )
    return books.within(lambda: list(db.session.scalars(told.order_by(InboxMessage.id))))


def test_nothing_is_owed_before_the_town_begins(open_books: ObjectionCast) -> None:
    assert late(open_books) == {}
    assert open_books.desk("fenliu").get("/staff/notices/watch").json["items"] == []


def test_late_is_public_with_its_days_until_it_is_published(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    open_books.notice(category=MONTHLY, period="2026-01", published_on=date(2026, 2, 12))
    assert {key: one["days_late"] for key, one in late(open_books).items() if key[1] == MONTHLY} == {
        ("湾头村", MONTHLY, "2026-01"): 2
    } | {("湾尾村", MONTHLY, "2026-01"): 28}
    clock.advance(timedelta(days=3))
    assert late(open_books)["湾头村", MONTHLY, "2026-02"]["days_late"] == 3
    open_books.notice(category=MONTHLY, period="2026-02")
    assert late(open_books)["湾头村", MONTHLY, "2026-02"]["state"] == "published_late"
    counted = open_books.app.test_client().get("/api/v1/public/notices/watch?town=dongwan").get_json()
    home = open_books.app.test_client().get(f"/api/v1/public/villages/{place_id(open_books.app, 'V02')}/home")
    assert home.get_json()["owed"] >= 2
    mine = next(one for one in counted["villages"] if one["village_name"] == "湾头村")
    assert (mine["late"] >= 2, mine["on_time"]) == (True, 0)


def test_what_is_late_is_read_page_by_page_and_by_village(
    open_books: ObjectionCast, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPEN-10: however much a town owes, a page is bounded; nothing is missed or met twice, also over midnight."""
    monkeypatch.setattr(watch_pages, "MOST", 3)
    open_books.notice(category=MONTHLY, period="2026-01", published_on=date(2026, 2, 12))
    clock.advance(timedelta(days=40))
    open_books.notice(category=MONTHLY, period="2026-02")

    def read(**query: Any) -> dict[str, Any]:
        given = {"town": "dongwan", **query}
        answer = open_books.app.test_client().get("/api/v1/public/notices/watch", query_string=given)
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def walk(**query: Any) -> list[dict[str, Any]]:
        page = read(**query)
        assert page["villages"]
        seen: list[dict[str, Any]] = list(page["items"])
        while page["next_cursor"]:
            assert len(page["items"]) == 3
            page = read(**query, cursor=page["next_cursor"])
            assert page["villages"] == [], "on the first page only"
            seen += page["items"]
        assert page["count"] == len(seen)
        return seen

    def keys(items: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        return [(one["village_name"], one["category"], one["period"]) for one in items]

    whole, counted = walk(), read()["villages"]
    assert len(set(keys(whole))) == len(whole) == sum(one["late"] + one["missing"] for one in counted) > 6
    missing, late_ones = walk(state="missing"), walk(state="published_late")
    assert keys(missing + late_ones) == keys(whole), "what is not there stands first"
    days = [one["days_late"] for one in missing]
    assert days == sorted(days, reverse=True)
    assert [one["days_late"] for one in late_ones] == sorted(
        (one["days_late"] for one in late_ones), reverse=True
    )
    mine = walk(village=open_books.village)
    assert keys(mine) == [one for one in keys(whole) if one[0] == "湾头村"]
    assert [one["village_name"] for one in read(village=open_books.village)["villages"]] == ["湾头村"]
    second = read()["next_cursor"]
    clock.advance(timedelta(days=1))
    assert keys(read(cursor=second)["items"]) == keys(whole)[3:6], "a night between two pages changes nothing"
    for wrong in ({"state": "on_time"}, {"village": "abc"}, {"cursor": "nonsense"}):
        asked = {"town": "dongwan", **wrong}
        answer = open_books.app.test_client().get("/api/v1/public/notices/watch", query_string=asked)
        assert answer.status_code == 422, wrong


def test_clerk_and_head_are_reminded_once_for_each_stage(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    open_books.notice(category=MONTHLY, period="2026-01", published_on=date(2026, 2, 9))

    def mornings(days: int) -> None:
        for _ in range(days):
            open_books.within(watch_services.remind)
            clock.advance(timedelta(days=1))

    mornings(1)
    february = [text for text in lines(open_books, "wenshu1") if "2026年2月" in text]
    assert len(february) == 1, "on the day itself it is due soon"
    assert lines(open_books, "cunzhang1") == lines(open_books, "wenshu1")
    assert all("湾头村" not in text for text in lines(open_books, "wenshu2"))
    mornings(3)
    february = [text for text in lines(open_books, "wenshu1") if "2026年2月" in text]
    assert len(february) == 2, "and late once, not every morning"
    assert any("没有按时公开" in text for text in lines(open_books, "fenliu"))


def test_the_town_orders_what_is_late_and_everybody_reads_it(
    open_books: ObjectionCast, clock: FrozenClock
) -> None:
    open_books.notice(category=MONTHLY, period="2026-01", published_on=date(2026, 2, 9))
    order = {"village_id": str(open_books.village), "note": "请三天内公开2月收支", **FEBRUARY}
    path = "/staff/notices/watch/orders"
    early = open_books.desk("fenliu").post(path, order)
    assert (early.status_code, early.json["code"]) == (409, "not_owed")
    clock.advance(timedelta(days=2))
    assert open_books.desk("cunzhang1").post(path, order).status_code == 403
    assert open_books.desk("xfenliu").post(path, order).status_code == 404
    made = open_books.desk("fenliu").post(path, order)
    assert (made.status_code, made.json["ordered_on"]) == (201, "2026-03-12")
    twice = open_books.desk("lingdao").post(path, order)
    assert (twice.status_code, twice.json["code"]) == (409, "already_ordered")
    shown = late(open_books)["湾头村", MONTHLY, "2026-02"]
    assert (shown["ordered_on"], shown["order_note"]) == ("2026-03-12", "请三天内公开2月收支")
    assert any("请三天内公开2月收支" in text for text in lines(open_books, "shuji1"))
    owed = open_books.desk("wenshu1").get("/staff/notices/watch").json["items"]
    assert {one["village_id"] for one in owed} == {str(place_id(open_books.app, "V01"))}
    mine = next(one for one in owed if one["period"] == "2026-02")
    assert (len(mine["orders"]), mine["may_order"]) == (1, False)
