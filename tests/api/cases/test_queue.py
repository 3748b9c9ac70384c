"""The staff's queue: whose cases it holds, its filters, its pages, and how little it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from backend.cases.schemas import QueueItemSchema, QueuePageSchema, TaskSchema
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db
from tests.factories.cases import RUBBISH, Cast
from tests.factories.places import IN_G02, IN_G03, IN_XIWAN, place


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [int(item["id"]) for item in answer.json["items"]]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that the database is asked meanwhile."""
    with app.app_context():
        engine = db.engine
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def spread(cast: Cast) -> dict[str, int]:
    """Cases in both villages, in the other town, and in several states; newest last."""
    return {
        "g01": cast.bring_to("submitted"),
        "g02": cast.bring_to("dispatched", at=IN_G02),
        "g03": cast.bring_to("handling", at=IN_G03),
        "closed": cast.bring_to("closed"),
        "west": cast.bring_to("submitted", town="xiwan", category_code="X101", at=IN_XIWAN),
    }


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("fenliu", ["closed", "g03", "g02", "g01"]),
        ("hecha", ["closed", "g03", "g02", "g01"]),
        ("lingdao", ["closed", "g03", "g02", "g01"]),
        ("cunzhang1", ["closed", "g02", "g01"]),  # the village's own
        ("cunzhang2", ["g03"]),
        ("chengguan", ["closed", "g03", "g02"]),  # what was given to them, and what they handled
        ("chengguan2", []),  # a colleague of the same unit: nothing that somebody has already
        ("wangge1", []),
        ("xfenliu", ["west"]),
    ],
)
def test_whose_cases(cast: Cast, spread: dict[str, int], username: str, seen: list[str]) -> None:
    assert ids(cast.desk(username).get("/staff/queue")) == [spread[name] for name in seen]


def test_the_queue_and_the_case_agree_on_who_may_see(cast: Cast, spread: dict[str, int]) -> None:
    for username in ("fenliu", "cunzhang1", "cunzhang2", "chengguan", "chengguan2", "xfenliu"):
        desk = cast.desk(username)
        listed = set(ids(desk.get("/staff/queue")))
        for case_id in spread.values():
            status = desk.get(f"/staff/cases/{case_id}").status_code
            assert status == (200 if case_id in listed else 404), (username, case_id)


def test_what_one_has_handled_stays_in_sight(cast: Cast) -> None:
    case_id = cast.bring_to("handled")
    cast.change(case_id, assignee_staff_id=int(cast.desk("wangge1").me["id"]), assignee_unit_id=None)
    assert ids(cast.desk("chengguan").get("/staff/queue")) == [case_id]
    assert cast.desk("chengguan").get(f"/staff/cases/{case_id}").status_code == 200


def test_those_who_read_no_cases_get_no_queue(cast: Cast) -> None:
    assert cast.desk("guanli").get("/staff/queue").status_code == 403
    assert cast.desk("guanli").get("/staff/queue/counts").status_code == 403


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        ("state=handling", ["g03"]),
        ("state=nowhere", []),
        ("category=0201", ["closed", "g03", "g02", "g01"]),
        (f"category={RUBBISH}", []),
        ("urgency=important", ["closed", "g03", "g02", "g01"]),
        ("urgency=urgent", []),
        ("q=路灯", ["closed", "g03", "g02", "g01"]),
        ("q=湾尾村", ["g03"]),
        ("q=%25", []),  # a wildcard is a character like others
        ("q=_", []),
        ("state=dispatched&q=路灯&category=0201", ["g02"]),
    ],
)
def test_filters(cast: Cast, spread: dict[str, int], wanted: str, seen: list[str]) -> None:
    assert ids(cast.desk("fenliu").get(f"/staff/queue?{wanted}")) == [spread[name] for name in seen]


def test_filters_by_village_code_and_person(cast: Cast, spread: dict[str, int]) -> None:
    desk = cast.desk("fenliu")
    with cast.app.app_context():
        village = place("V02").id
    assert ids(desk.get(f"/staff/queue?village={village}")) == [spread["g03"]]
    code = cast.column(spread["g02"], "code").lower()
    assert ids(desk.get(f"/staff/queue?q={code[:4]}-{code[4:8]}-{code[8:]}")) == [spread["g02"]]
    assert ids(cast.desk("chengguan").get("/staff/queue?assigned=me")) == [
        spread["closed"],
        spread["g03"],
        spread["g02"],
    ]
    cast.change(spread["g02"], assignee_staff_id=None)
    assert ids(cast.desk("chengguan2").get("/staff/queue?assigned=unit")) == [spread["g02"]]
    assert ids(cast.desk("chengguan2").get("/staff/queue?assigned=me")) == []


def test_filters_by_due_date(cast: Cast, clock: FrozenClock) -> None:
    late, today, soon, far, done = (cast.bring_to("submitted") for _ in range(5))
    moment = clock.now()
    cast.change(late, due_at=moment - timedelta(seconds=1))
    cast.change(today, due_at=moment + timedelta(hours=13, minutes=59))
    cast.change(soon, due_at=moment + timedelta(days=2))
    cast.change(far, due_at=moment + timedelta(days=4))
    cast.change(done, due_at=moment - timedelta(days=1), state="closed", closed_at=moment)
    desk = cast.desk("fenliu")
    assert ids(desk.get("/staff/queue?due=overdue")) == [late]
    assert ids(desk.get("/staff/queue?due=today")) == [today]
    assert ids(desk.get("/staff/queue?due=soon")) == [soon, today]
    item = desk.get("/staff/queue?due=overdue").json["items"][0]
    assert (item["overdue"], item["due_text"]) == (True, "已超 1 分钟")


@pytest.mark.parametrize(
    "wanted",
    [
        "due=1970-01-01",
        "due=yesterday",
        "urgency=mild",
        "assigned=everyone",
        "returned=yes",
        "supervised=0",
        "pending=everything",
        "limit=0",
        "limit=101",
        "limit=many",
        "village=here",
        "village=99999999999999999999",
        "cursor=nonsense",
        "cursor=" + "A" * 200,
        "q=" + "长" * 61,
    ],
)
def test_a_bad_query_gets_its_sentence(cast: Cast, wanted: str) -> None:
    answer = cast.desk("fenliu").get(f"/staff/queue?{wanted}")
    assert answer.status_code == 422, answer.text
    name = wanted.partition("=")[0]
    assert answer.json["fields"][name], answer.text


def test_counts(cast: Cast, spread: dict[str, int], clock: FrozenClock) -> None:
    cast.change(spread["g01"], due_at=clock.now() - timedelta(hours=1))
    cast.change(spread["g02"], due_at=clock.now() + timedelta(hours=1))
    counts = cast.desk("fenliu").get("/staff/queue/counts").json
    assert counts["states"] == {
        "submitted": 1,
        "accepted": 0,
        "dispatched": 1,
        "handling": 1,
        "handled": 0,
        "reopen_requested": 0,
        "desk_asked": 0,
        "handler_asked": 0,
        "suspended": 0,
        "escalated": 0,
    }
    assert (counts["overdue"], counts["due_today"], counts["mine"]) == (1, 1, 0)
    mine = cast.desk("chengguan").get("/staff/queue/counts").json
    assert (mine["mine"], sum(mine["states"].values())) == (2, 2)


def test_paging_loses_and_doubles_nothing(cast: Cast, clock: FrozenClock) -> None:
    made = [cast.bring_to("submitted")]
    for n in range(24):
        if n % 3 == 0:
            clock.advance(timedelta(seconds=1))  # several share a moment: the id decides
        made.append(cast.bring_to("submitted"))
    desk, listed, cursor, pages = cast.desk("fenliu"), [], "", 0
    while True:
        page = desk.get(f"/staff/queue?limit=7&cursor={cursor}")
        listed += ids(page)
        pages += 1
        if pages == 2:
            cast.bring_to("submitted")  # what comes in meanwhile stands before the first page
        cursor = page.json["next_cursor"]
        if not cursor:
            break
    assert listed == made[::-1]
    assert pages == 4


def test_asked_again_it_says_only_that_nothing_changed(cast: Cast, clock: FrozenClock) -> None:
    case_id = cast.bring_to("submitted")
    desk = cast.desk("fenliu")
    first = desk.get("/staff/queue")
    etag = first.headers["ETag"]
    assert desk.get("/staff/queue", headers={"If-None-Match": etag}).status_code == 304
    assert desk.get("/staff/queue", headers={"If-None-Match": etag}).data == b""
    # another person's page, another filter's page, another version, another minute: asked anew
    assert cast.desk("fenliu2").get("/staff/queue", headers={"If-None-Match": etag}).status_code == 200
    cast.act("fenliu", case_id, "note", note="打过电话")
    changed = desk.get("/staff/queue", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    clock.advance(timedelta(minutes=1))
    assert desk.get("/staff/queue", headers={"If-None-Match": changed.headers["ETag"]}).status_code == 200
    counts = desk.get("/staff/queue/counts")
    again = desk.get("/staff/queue/counts", headers={"If-None-Match": counts.headers["ETag"]})
    assert again.status_code == 304
    cast.bring_to("submitted")
    again = desk.get("/staff/queue/counts", headers={"If-None-Match": counts.headers["ETag"]})
    assert again.status_code == 200


def test_the_hot_list_is_what_its_schema_says(cast: Cast, spread: dict[str, int]) -> None:
    page = cast.desk("fenliu").get("/staff/queue").json
    assert page.keys() == QueuePageSchema().fields.keys()
    for item in page["items"]:
        assert item.keys() == QueueItemSchema().fields.keys()
        assert QueueItemSchema().dump(QueueItemSchema().load(item)) == item
    for task in cast.desk("chengguan").get("/staff/tasks").json["items"]:
        assert task.keys() == TaskSchema().fields.keys()
        assert TaskSchema().dump(TaskSchema().load(task)) == task
        assert task["point"]


def test_a_page_costs_few_statements_however_long(cast: Cast, spread: dict[str, int]) -> None:
    desk = cast.desk("fenliu")
    desk.get("/staff/queue")
    with statements(cast.app) as one:
        assert len(ids(desk.get("/staff/queue?limit=1"))) == 1
    with statements(cast.app) as four:
        assert len(ids(desk.get("/staff/queue?limit=20"))) == 4
    asked = [s for s in four if not s.lstrip().upper().startswith(("BEGIN", "PRAGMA"))]
    assert 1 <= len(asked) <= 4, asked
    assert len(four) <= len(one) + 1  # the names of those who have them


def test_tasks_come_soonest_due_first(cast: Cast, clock: FrozenClock) -> None:
    later, sooner, units = (cast.bring_to("dispatched") for _ in range(3))
    cast.bring_to("handled")
    cast.change(sooner, due_at=clock.now() + timedelta(hours=1))
    cast.change(units, assignee_staff_id=None, due_at=clock.now() + timedelta(hours=2))
    assert ids(cast.desk("chengguan").get("/staff/tasks")) == [sooner, units, later]
    assert ids(cast.desk("chengguan2").get("/staff/tasks")) == [units]
    assert cast.desk("hecha").get("/staff/tasks").status_code == 403


def test_saved_filters(cast: Cast) -> None:
    desk = cast.desk("fenliu")
    kept = desk.post("/staff/filters", {"name": "今天到期", "query": {"due": "today"}})
    assert kept.status_code == 201, kept.text
    assert desk.get("/staff/filters").json["items"] == [kept.json]
    assert kept.json["query"] == {"due": "today"}
    again = desk.post("/staff/filters", {"name": "今天到期", "query": {}})
    assert (again.status_code, again.json["code"]) == (409, "filter_exists")
    # everyone has their own
    assert cast.desk("fenliu2").get("/staff/filters").json["items"] == []
    assert cast.desk("fenliu2").delete(f"/staff/filters/{kept.json['id']}").status_code == 404
    assert desk.delete(f"/staff/filters/{kept.json['id']}").status_code == 204
    assert desk.get("/staff/filters").json["items"] == []
    assert desk.delete("/staff/filters/nonsense").status_code == 404
    for number in range(20):
        assert desk.post("/staff/filters", {"name": f"第{number}个", "query": {}}).status_code == 201
    full = desk.post("/staff/filters", {"name": "再来一个", "query": {}})
    assert (full.status_code, full.json["code"]) == (422, "filters_full")
    assert desk.post("/staff/filters", {"name": "", "query": {}}).status_code == 422
