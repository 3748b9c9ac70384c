"""Child tasks (PET-06): every pair of a state and an action, and what the case and the citizen see of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend.cases.schemas import TaskSchema
from backend.kernel.clock import FrozenClock
from backend.tasks.states import TABLE
from tests.factories.cases import Cast
from tests.factories.identity import worker

RunJobs = Callable[[], Any]
UNTIL = "2026-03-13"
ACTORS = {
    "start": "chengguan2",
    "finish": "chengguan2",
    "return": "chengguan2",
    "reassign": "fenliu",
    "cancel": "fenliu",
}
FILLED: dict[str, dict[str, Any]] = {
    "finish": {"note": "线路修好了"},
    "return": {"note": "不归我们"},
    "cancel": {"note": "不用了"},
}
WAY: dict[str, tuple[str, ...]] = {
    "assigned": (),
    "handling": ("start",),
    "returned": ("return",),
    "done": ("start", "finish"),
    "cancelled": ("cancel",),
}
STATES = [state.code for state in TABLE.states]


def give(cast: Cast, case_id: int, who: str = "chengguan2", **changes: Any) -> Any:
    """The desk gives a part of a case to somebody of 城管所; the answer."""
    given = {
        "unit_id": cast.unit("urban"),
        "staff_id": cast.desk(who).me["id"],
        "until": UNTIL,
        "note": "查线路",
    }
    return cast.post("fenliu", case_id, "add_task", **(given | changes))


def part(cast: Cast, state: str = "assigned", case_state: str = "handling") -> tuple[int, dict[str, Any]]:
    """A case and its child task in that state, as the desk sees it."""
    case_id = cast.bring_to(case_state)
    answer = give(cast, case_id)
    assert answer.status_code == 200, answer.text
    task = answer.json["tasks"][0]
    for action in WAY[state]:
        done = take(cast, task["id"], action, int(task["version"]))
        assert done.status_code == 200, done.text
        task = done.json
    return case_id, task


def take(cast: Cast, task_id: Any, action: str, version: int, **given: Any) -> Any:
    filled = FILLED.get(action, {}) | given
    if action == "reassign":
        filled |= {"unit_id": cast.unit("g01")}
    who = cast.desk(ACTORS[action])
    return who.post(f"/staff/child-tasks/{task_id}/actions/{action}", {"version": version, **filled})


def test_every_action_is_somebodys() -> None:
    assert ACTORS.keys() == {e.action for e in TABLE.edges if e.by == "person" and e.sources != ("",)}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", sorted(ACTORS))
def test_every_action_out_of_every_state(cast: Cast, state: str, action: str) -> None:
    case_id, task = part(cast, state)
    edge = TABLE.edge(action, state)
    before = cast.column(case_id, "open_tasks")
    answer = take(cast, task["id"], action, task["version"])
    if edge is None:
        assert answer.status_code == 409, answer.text
        assert answer.json["code"] == "action_not_open"
        assert cast.column(case_id, "open_tasks") == before
        return
    assert answer.status_code == 200, answer.text
    assert answer.json["state"] == edge.target
    assert answer.json["version"] == task["version"] + 1
    still_open = TABLE.state(str(edge.target)).is_open
    assert cast.column(case_id, "open_tasks") == (1 if still_open else 0)


@pytest.mark.parametrize("action", sorted(ACTORS))
@pytest.mark.parametrize(
    "username", ["chengguan", "wangge1", "hecha", "lingdao", "cunzhang1", "fenliu", "chengguan2"]
)
def test_by_nobody_else(cast: Cast, action: str, username: str) -> None:
    if username == ACTORS[action]:
        return
    source = next(e.sources[0] for e in TABLE.edges if e.action == action)
    _, task = part(cast, source)
    given = {"version": task["version"], **FILLED.get(action, {})}
    answer = cast.desk(username).post(f"/staff/child-tasks/{task['id']}/actions/{action}", given)
    assert answer.status_code in {403, 404}, answer.text


@pytest.mark.parametrize("action", sorted(FILLED))
def test_words_are_demanded(cast: Cast, action: str) -> None:
    source = next(e.sources[0] for e in TABLE.edges if e.action == action)
    _, task = part(cast, source)
    assert take(cast, task["id"], action, task["version"], note="").status_code == 422


def test_two_at_once_is_told(cast: Cast) -> None:
    _, task = part(cast)
    assert take(cast, task["id"], "start", task["version"]).status_code == 200
    answer = take(cast, task["id"], "start", task["version"])
    assert (answer.status_code, answer.json["code"]) == (409, "changed_meanwhile")


def test_the_same_under_one_key_is_done_once(cast: Cast) -> None:
    _, task = part(cast)
    phone = worker(cast.app, "chengguan2")
    path, given = f"/staff/child-tasks/{task['id']}/actions/start", {"version": task["version"]}
    first, again = (phone.post(path, given, key="one-tap") for _ in range(2))
    assert (first.status_code, first.data) == (200, again.data), first.text
    assert again.json["version"] == task["version"] + 1
    other = phone.post(path, {"version": task["version"] + 1}, key="one-tap")
    assert (other.status_code, other.json["code"]) == (409, "idempotency_key_reused")


class TestGiven:
    def test_to_several_units_at_once(self, cast: Cast) -> None:
        case_id = cast.bring_to("handling")
        give(cast, case_id)
        seen = give(cast, case_id, unit_id=cast.unit("g02"), staff_id=None, note="看现场").json
        assert [(t["unit_name"], t["text"], t["state_label"], t["until"]) for t in seen["tasks"]] == [
            ("城管所", "查线路", "待接单", UNTIL),
            ("湾头村第2网格", "看现场", "待接单", UNTIL),
        ]
        assert cast.column(case_id, "open_tasks") == 2

    def test_its_date_is_its_own(self, cast: Cast) -> None:
        case_id, task = part(cast)
        own = cast.desk("chengguan2").get(f"/staff/child-tasks/{task['id']}").json
        assert own["due_at"] == "2026-03-13T15:59:59Z"
        assert cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["due_on"] == "2026-03-17"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"until": "2026-03-09"}, "until"),
            ({"until": "2028-01-01"}, "until"),
            ({"until": None}, "until"),
            ({"note": ""}, "note"),
            ({"unit_id": "1"}, "unit_id"),
            ({"staff_id": "1"}, "staff_id"),
        ],
    )
    def test_what_cannot_be(self, cast: Cast, change: dict[str, Any], field: str) -> None:
        case_id = cast.bring_to("handling")
        given = {k: v for k, v in change.items() if v is not None}
        if change.get("until", "") is None:
            answer = cast.post("fenliu", case_id, "add_task", unit_id=cast.unit("urban"), note="查线路")
        else:
            answer = give(cast, case_id, **given)
        assert answer.status_code == 422, answer.text
        assert field in answer.json["fields"]
        assert cast.column(case_id, "open_tasks") == 0

    @pytest.mark.parametrize("username", ["chengguan", "hecha", "lingdao"])
    def test_by_the_desk_only(self, cast: Cast, username: str) -> None:
        case_id = cast.bring_to("handling")
        given = {"unit_id": cast.unit("urban"), "until": UNTIL, "note": "查线路"}
        assert cast.post(username, case_id, "add_task", **given).status_code == 403

    def test_not_of_what_has_ended(self, cast: Cast) -> None:
        assert give(cast, cast.bring_to("closed")).status_code == 409


class TestTheCase:
    def test_is_not_done_before_its_parts(self, cast: Cast) -> None:
        case_id, task = part(cast)
        give(cast, case_id, unit_id=cast.unit("g02"), staff_id=None)
        photo = cast.photo(cast.desk("chengguan"), "after", "staff")
        answer = cast.post("chengguan", case_id, "handle", note="好了", media_ids=[photo])
        assert (answer.status_code, answer.json["code"]) == (409, "tasks_open")
        assert "还有2个子任务没有办完：城管所、湾头村第2网格" in answer.json["message"]
        assert cast.column(case_id, "state") == "handling"
        take(cast, task["id"], "start", 1)
        take(cast, task["id"], "finish", 2)
        assert "还有1个子任务" in cast.post("chengguan", case_id, "handle", note="好了").json["message"]
        other = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["tasks"][1]
        take(cast, other["id"], "cancel", other["version"])
        assert cast.post("chengguan", case_id, "handle", note="好了").status_code == 200

    def test_is_not_closed_over_an_open_part(self, cast: Cast) -> None:
        case_id = cast.bring_to("handled")
        cast.change(case_id, open_tasks=1)  # as an answer from above could leave it
        answer = cast.post("hecha", case_id, "pass_check", outcome="resolved", reply="好了")
        assert (answer.status_code, answer.json["code"]) == (409, "tasks_open")

    @pytest.mark.parametrize("how", ["withdraw", "refuse", "merge"])
    def test_takes_its_parts_with_it(self, cast: Cast, how: str, run_jobs: RunJobs) -> None:
        lead = cast.bring_to("accepted", who="li")
        case_id, task = part(cast, case_state="accepted")
        if how == "withdraw":
            answer = cast.ask("wang", case_id, "withdraw")
        elif how == "refuse":
            answer = cast.post(
                "fenliu", case_id, "refuse", reason="other_body", body="供电所", note="归供电所"
            )
        else:
            answer = cast.post("fenliu", case_id, "merge", into_code=cast.column(lead, "code"))
        assert answer.status_code == 200, answer.text
        seen = cast.desk("fenliu").get(f"/staff/child-tasks/{task['id']}").json
        assert (seen["state"], seen["timeline"][-1]["title"]) == ("cancelled", "诉求已结束，随之取消")
        assert cast.column(case_id, "open_tasks") == 0

    def test_the_citizen_sees_one_line(self, cast: Cast) -> None:
        case_id, task = part(cast)
        before = cast.resident().get(f"/resident/reports/{case_id}").text
        take(cast, task["id"], "start", 1)
        take(cast, task["id"], "finish", 2)
        after = cast.resident().get(f"/resident/reports/{case_id}")
        assert "子任务" not in after.text
        assert "线路" not in after.text
        assert [e["title"] for e in after.json["timeline"]][-1] == "城管所已接单，正在办理"
        assert "tasks" not in after.json
        assert "查线路" not in before


class TestWhoeverDoesIt:
    def test_finds_it_among_the_tasks(self, cast: Cast) -> None:
        case_id, task = part(cast)
        other = cast.bring_to("dispatched")
        phone = worker(cast.app, "chengguan2")
        items: Any = phone.get("/staff/tasks").json
        assert [(i["kind"], i["id"], i["case_id"], i["state_label"]) for i in items["items"]] == [
            ("child_task", task["id"], str(case_id), "待接单")
        ]
        assert TaskSchema().validate(items["items"][0]) == {}
        assert items["items"][0].keys() == TaskSchema().fields.keys()
        mine = cast.desk("chengguan").get("/staff/tasks").json["items"]
        assert {(i["kind"], i["case_id"]) for i in mine} == {("case", str(case_id)), ("case", str(other))}

    def test_may_be_stood_in_for(self, cast: Cast) -> None:
        """代班: the part is done by whoever stands in, under a name that says so."""
        _, task = part(cast)
        away, other = cast.desk("chengguan2"), cast.desk("wangge2")
        assert other.get(f"/staff/child-tasks/{task['id']}").status_code == 404
        days = {"from_day": "2026-03-10", "to_day": "2026-03-11"}
        named = away.post("/staff/stand-ins", {"stand_in_id": other.me["id"], "reason": "培训", **days})
        assert named.status_code == 201, named.text
        assert [i["id"] for i in other.get("/staff/tasks").json["items"]] == [task["id"]]
        done = other.post(f"/staff/child-tasks/{task['id']}/actions/start", {"version": 1})
        assert done.status_code == 200, done.text
        assert done.json["timeline"][-1]["who"] == "湾头村第2网格 网格乙（代城管乙）"

    def test_sees_the_matter_and_no_contact(self, cast: Cast) -> None:
        case_id = cast.bring_to("handling", contact_name="王小明", contact_phone="13800000009")
        task = give(cast, case_id).json["tasks"][0]
        phone = worker(cast.app, "chengguan2")
        seen = phone.get(f"/staff/child-tasks/{task['id']}")
        assert seen.status_code == 200
        assert seen.json["case_text"].startswith("路口的路灯不亮")  # type: ignore[index]
        assert "1380000" not in seen.text
        assert "王小明" not in seen.text
        assert phone.get(f"/staff/cases/{case_id}").status_code == 404

    def test_sees_nothing_of_a_case_that_is_only_stored(self, cast: Cast, clock: FrozenClock) -> None:
        """PIPL 47: nobody sees it any more, the one who once did a part of it neither."""
        case_id, task = part(cast, "done")
        cast.change(case_id, stored_only_at=clock.now())
        seen = cast.desk("chengguan2").get(f"/staff/child-tasks/{task['id']}").json
        assert (seen["point"], seen["address"], seen["case_media"]) == (None, "", [])
        assert "路灯" not in seen["case_text"]

    def test_finishes_it_with_a_photo(self, cast: Cast) -> None:
        case_id, task = part(cast, "handling")
        photo = cast.photo(cast.desk("chengguan2"), "after", "staff")
        done = take(cast, task["id"], "finish", task["version"], media_ids=[photo])
        assert done.status_code == 200, done.text
        assert [m["id"] for m in done.json["media"]] == [photo]
        line = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["tasks"][0]
        assert (line["state_label"], line["note"]) == ("已完成", "线路修好了")

    @pytest.mark.parametrize("username", ["chengguan", "wangge1", "xfenliu"])
    def test_others_find_nothing(self, cast: Cast, username: str) -> None:
        _, task = part(cast)
        assert cast.desk(username).get(f"/staff/child-tasks/{task['id']}").status_code == 404

    def test_hears_of_it_and_the_others_of_its_end(
        self, cast: Cast, run_jobs: RunJobs, clock: FrozenClock
    ) -> None:
        phones = {name: worker(cast.app, name) for name in ("chengguan", "chengguan2", "fenliu")}

        def told(name: str) -> list[str]:
            run_jobs()
            inbox: Any = (
                cast.app.test_client().get("/api/v1/resident/inbox", headers=phones[name].headers).json
            )
            return [m["title"] for m in inbox["items"]]

        _, task = part(cast)
        assert "有新的子任务" in told("chengguan2")
        assert "有新的子任务" not in told("chengguan")
        clock.advance(timedelta(days=6))
        assert "子任务已超期" in told("chengguan2")
        take(cast, task["id"], "start", 1)
        take(cast, task["id"], "finish", 2)
        assert "子任务办完了" in told("chengguan")
        assert "子任务办完了" in told("fenliu")
