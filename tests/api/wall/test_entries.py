"""From a closed case to the wall: as a copy, checked, approved by a second person, taken down with a dated note."""

from __future__ import annotations

from typing import Any

import pytest

from backend.wall.states import ENTRY_TABLE
from tests.factories.wall import ENTRY_WAY, PERSONAL, TEXTS, WallCast

PHONE = "13812345678"


def test_a_closed_case_goes_up_as_a_copy_that_a_second_person_approved(wall: WallCast) -> None:
    case_id = wall.closed()
    offered = wall.desk("fenliu").get("/staff/wall/candidates").json["items"]
    assert [one["source_id"] for one in offered] == [str(case_id)]
    entry_id = wall.drafted(case_id)
    assert wall.desk("fenliu").get("/staff/wall/candidates").json["items"] == []
    seen = wall.must("fenliu", entry_id, "submit")
    assert [one["action"] for one in seen["actions"]] == ["take_back"]
    approved = wall.must("lingdao", entry_id, "approve")
    assert approved["state"] == "published"
    row = wall.entry(entry_id)
    assert (row.title, row.unit_name, row.village_name) == (TEXTS["title"], "城管所", "湾头村")
    assert (row.days_taken, row.days_promised, row.on_time) == (0, 7, True)
    assert row.published_at is not None


def test_without_texts_the_draft_holds_what_the_case_suggests_and_none_of_its_persons(wall: WallCast) -> None:
    case_id = wall.closed(
        text=f"王小明家门口路灯不亮，电话{PHONE}", contact_name="王小明", address="湾头村东头老槐树下"
    )
    answer = wall.desk("fenliu").post("/staff/wall", {"case_id": str(case_id)})
    assert answer.status_code == 201, answer.text
    assert answer.json["matter"] == "○○○家门口路灯不亮，电话○○○○○○○○○○○"
    assert answer.json["done"] == "已经换好了"
    assert answer.json["marks"] == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"请打{PHONE}", "phone"),
        ("身份证 11010519491231002X", "id_number"),
        ("车牌鲁D12345挡路", "plate"),
        ("家住3号楼2单元501室", "house"),
        ("王小明反映的", "name"),
        ("城管甲去修的", "name"),
        ("就在湾头村东头老槐树下", "address"),
    ],
)
def test_a_text_with_personal_data_is_refused_with_the_place_marked(
    wall: WallCast, text: str, what: str
) -> None:
    case_id = wall.closed(contact_name="王小明", address="湾头村东头老槐树下")
    entry_id = wall.drafted(case_id)
    before = wall.entry(entry_id)
    answer = wall.desk("fenliu").patch(
        f"/staff/wall/{entry_id}", {"version": before.version, "done": f"已经修好。{text}"}
    )
    assert (answer.status_code, answer.json["code"]) == (422, "personal_data"), answer.text
    marks = answer.json["details"]["marks"]
    assert [(one["field"], one["what"]) for one in marks] == [("done", what)]
    assert f"已经修好。{text}"[marks[0]["start"] : marks[0]["end"]] in text
    assert wall.entry(entry_id).done == TEXTS["done"]
    again = wall.desk("fenliu").post("/staff/wall", {"case_id": str(wall.closed()), "title": PHONE})
    assert again.json["code"] == "personal_data"


def test_who_wrote_in_it_does_not_approve_it(wall: WallCast) -> None:
    entry_id = wall.drafted()
    with wall.app.app_context():
        from sqlalchemy import select

        from backend.identity.models import Staff, StaffRole
        from backend.kernel.db import db, run_unit
        from backend.kernel.ids import new_id

        def both() -> None:
            row = db.session.scalars(select(Staff).where(Staff.username == "fenliu")).one()
            db.session.add(StaffRole(id=new_id(), staff_id=row.id, role="leader", place_id=row.town_id))

        run_unit(both)
    seen = wall.must("fenliu", entry_id, "submit")
    assert [one["action"] for one in seen["actions"]] == ["take_back"]
    assert wall.do("fenliu", entry_id, "approve").status_code == 403
    assert wall.do("fenliu", entry_id, "return", note="x").status_code == 403
    wall.must("lingdao", entry_id, "approve")


def test_two_approve_at_once_and_one_of_them_is_told(wall: WallCast) -> None:
    entry_id = wall.entry_in("submitted")
    version = wall.entry(entry_id).version
    wall.must("lingdao", entry_id, "approve", version=version)
    late = wall.do("lingdao", entry_id, "approve", version=version)
    assert (late.status_code, late.json["code"]) == (409, "changed_meanwhile")
    assert late.json["details"]["state"] == "published"


def test_nobody_writes_a_second_entry_of_the_same_case(wall: WallCast) -> None:
    case_id = wall.closed()
    entry_id = wall.drafted(case_id)
    again = wall.desk("fenliu2").post("/staff/wall", {"case_id": str(case_id), **TEXTS})
    assert (again.status_code, again.json["code"]) == (409, "already_drafted")
    wall.must("fenliu", entry_id, "discard")
    wall.drafted(case_id)


def test_a_change_by_somebody_else_meanwhile_is_said(wall: WallCast) -> None:
    entry_id = wall.drafted()
    version = wall.entry(entry_id).version
    path = f"/staff/wall/{entry_id}"
    assert wall.desk("fenliu2").patch(path, {"version": version, "title": "路灯亮了"}).status_code == 200
    late = wall.desk("fenliu").patch(path, {"version": version, "title": "灯修好了"})
    assert (late.status_code, late.json["code"]) == (409, "changed_meanwhile")
    wall.must("fenliu", entry_id, "submit")
    shut = wall.desk("fenliu").patch(path, {"version": wall.entry(entry_id).version, "title": "x"})
    assert (shut.status_code, shut.json["code"]) == (409, "not_a_draft")


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"confidential": True}, "not_for_the_wall"),
        ({"category_code": "9902"}, "not_for_the_wall"),
    ],
)
def test_what_is_never_for_the_wall(wall: WallCast, columns: dict[str, Any], why: str) -> None:
    case_id = wall.closed()
    wall.change(case_id, **columns)
    answer = wall.desk("fenliu").post("/staff/wall", {"case_id": str(case_id), **TEXTS})
    assert (answer.status_code, answer.json["code"]) == (422, why)
    assert wall.desk("fenliu").get("/staff/wall/candidates").json["items"] == []


def test_what_has_not_ended_is_not_for_the_wall(wall: WallCast) -> None:
    for state in ("handling", "withdrawn", "not_accepted", "reopen_requested"):
        answer = wall.desk("fenliu").post("/staff/wall", {"case_id": str(wall.bring_to(state)), **TEXTS})
        assert answer.json["code"] == "not_for_the_wall", state


def test_a_category_that_the_town_shuts_meanwhile_stops_what_waits(wall: WallCast) -> None:
    entry_id = wall.entry_in("submitted")
    wall.change(wall.entry(entry_id).source_id, category_code="9902")
    answer = wall.do("lingdao", entry_id, "approve")
    assert (answer.status_code, answer.json["code"]) == (409, "not_for_the_wall")


def test_taken_down_it_leaves_a_dated_note_and_may_go_up_again(wall: WallCast) -> None:
    entry_id = wall.entry_in("published")
    marked = wall.do("lingdao", entry_id, "unpublish", reason="mistake", note=f"请打{PHONE}")
    assert marked.json["code"] == "personal_data"
    wall.must("fenliu", entry_id, "unpublish", reason="mistake", note="日期写错了。")
    assert wall.entry(entry_id).notes == [
        {"on": "2026-03-10", "text": "撤下：内容有误，需要更正。日期写错了。"}
    ]
    wall.must("fenliu", entry_id, "revise")
    wall.must("fenliu", entry_id, "submit")
    first = wall.entry(entry_id).published_at
    wall.must("lingdao", entry_id, "approve")
    row = wall.entry(entry_id)
    assert (row.published_at, len(row.notes), row.notes[1]["text"]) == (first, 2, "重新公开。")


# --- every edge of the table --------------------------------------------------------------------------------

TAKERS = {
    "submit": "fenliu",
    "take_back": "fenliu",
    "approve": "lingdao",
    "return": "lingdao",
    "discard": "fenliu",
    "unpublish": "fenliu",
    "publish_again": "lingdao",
    "revise": "fenliu",
}
GIVEN: dict[str, dict[str, Any]] = {"return": {"note": "请改"}, "unpublish": {"reason": "other"}}
OPEN = [(e, s) for e in ENTRY_TABLE.edges if e.by == "person" and e.sources != ("",) for s in e.sources]
SHUT = [
    (action, state.code)
    for action in TAKERS
    for state in ENTRY_TABLE.states
    if ENTRY_TABLE.edge(action, state.code) is None
]


def test_every_edge_of_persons_is_tried() -> None:
    assert {edge.action for edge, _ in OPEN} == TAKERS.keys()
    assert {state.code for state in ENTRY_TABLE.states} == ENTRY_WAY.keys()


@pytest.mark.parametrize(("edge", "state"), OPEN, ids=lambda one: getattr(one, "action", one))
def test_an_edge_leads_where_the_table_says(wall: WallCast, edge: Any, state: str) -> None:
    entry_id = wall.entry_in(state)
    for other in {"chengguan", "hecha", "cunzhang1", "xfenliu", "guanli"}:
        assert wall.do(other, entry_id, edge.action, **GIVEN.get(edge.action, {})).status_code in {403, 404}
    assert (
        wall.must(TAKERS[edge.action], entry_id, edge.action, **GIVEN.get(edge.action, {}))["state"]
        == edge.target
    )


@pytest.mark.parametrize(("action", "state"), SHUT)
def test_an_edge_that_the_table_does_not_have_is_refused(wall: WallCast, action: str, state: str) -> None:
    entry_id = wall.entry_in(state)
    answer = wall.do(TAKERS[action], entry_id, action, **GIVEN.get(action, {}))
    assert (answer.status_code, answer.json["code"]) == (409, "action_not_open")
    assert wall.entry(entry_id).state == state


def test_what_only_the_program_does_is_done_by_nobody(wall: WallCast) -> None:
    for action, state in (("consent_withdrawn", "published"), ("consent_refused", "submitted")):
        entry_id = wall.entry_in(state)
        for who in ("fenliu", "lingdao"):
            assert wall.do(who, entry_id, action).status_code == 403


# --- the citizen's word -------------------------------------------------------------------------------------


def test_a_personal_matter_goes_up_only_with_the_citizens_consent(wall: WallCast) -> None:
    case_id = wall.closed(category_code=PERSONAL)
    entry_id = wall.drafted(case_id)
    assert wall.do("fenliu", entry_id, "submit").json["code"] == "consent_missing"
    asked = wall.desk("fenliu").post(
        "/staff/wall-consents", {"case_id": str(case_id), "message": "可以公开吗？"}
    )
    assert asked.status_code == 200, asked.text
    assert wall.do("fenliu", entry_id, "submit").json["code"] == "consent_missing"
    mine = wall.resident("wang").get("/resident/wall-consents").json["items"]
    assert [(one["source_id"], one["state"], one["message"]) for one in mine] == [
        (str(case_id), "asked", "可以公开吗？")
    ]
    inbox = wall.resident("wang").get("/resident/inbox").json["items"]
    assert "请问是否同意公开" in [one["title"] for one in inbox]
    foreign = wall.resident("li").post("/resident/wall-consents", {"case_id": str(case_id), "agree": True})
    assert foreign.status_code == 404
    said = wall.resident("wang").post("/resident/wall-consents", {"case_id": str(case_id), "agree": True})
    assert said.json == {"state": "agreed"}
    wall.must("fenliu", entry_id, "submit")
    wall.must("lingdao", entry_id, "approve")


def test_a_word_taken_back_takes_the_entry_down_at_once(wall: WallCast) -> None:
    case_id = wall.closed()
    entry_id = wall.entry_in("published", case_id)
    word = {"case_id": str(case_id), "agree": True}
    wall.resident("wang").post("/resident/wall-consents", word)
    said = wall.resident("wang").post("/resident/wall-consents", word | {"agree": False})
    assert said.json == {"state": "withdrawn"}
    row = wall.entry(entry_id)
    assert (row.state, row.notes[0]["text"]) == ("unpublished", "撤下：当事人撤回了同意。")
    assert wall.do("lingdao", entry_id, "publish_again").json["code"] == "consent_refused"
    asked = wall.desk("fenliu").post("/staff/wall-consents", {"case_id": str(case_id)})
    assert (asked.status_code, asked.json["code"]) == (409, "consent_refused")


def test_a_refusal_sends_back_what_waits_and_stops_a_new_draft(wall: WallCast) -> None:
    case_id = wall.closed()
    entry_id = wall.entry_in("submitted", case_id)
    wall.resident("wang").post("/resident/wall-consents", {"case_id": str(case_id), "agree": False})
    assert wall.entry(entry_id).state == "returned"
    assert wall.do("fenliu", entry_id, "submit").json["code"] == "consent_refused"
    wall.must("fenliu", entry_id, "discard")
    again = wall.desk("fenliu").post("/staff/wall", {"case_id": str(case_id), **TEXTS})
    assert again.json["code"] == "consent_refused"


def test_a_petition_goes_up_as_the_offices_own_copy_and_only_if_the_petitioner_agrees(wall: WallCast) -> None:
    petition_id = wall.petition_in("answered")
    form = {"petition_id": str(petition_id), **TEXTS}
    assert wall.desk("fenliu").post("/staff/wall", form).status_code == 404
    blank = wall.desk("xinfang").post("/staff/wall", {"petition_id": str(petition_id)})
    assert (blank.json["matter"], blank.json["done"]) == ("", "")
    entry_id = int(blank.json["id"])
    path = f"/staff/wall/{entry_id}"
    named = wall.desk("xinfang").patch(path, {"version": 1, "matter": "王小明的承包地"})
    assert named.json["code"] == "personal_data"
    assert wall.desk("xinfang").patch(path, {"version": 1, **TEXTS}).status_code == 200
    assert wall.do("xinfang", entry_id, "submit").json["code"] == "consent_missing"
    word = {"petition_id": str(petition_id), "agree": True}
    assert wall.resident("wang").post("/resident/wall-consents", word).json == {"state": "agreed"}
    wall.must("xinfang", entry_id, "submit")
    assert wall.do("fenliu", entry_id, "take_back").status_code == 403
    wall.must("lingdao", entry_id, "approve")
    row = wall.entry(entry_id)
    assert (row.village_name, row.place_label, row.needs_consent) == ("", "", True)


def test_a_petition_that_is_not_answered_is_not_there(wall: WallCast) -> None:
    petition_id = wall.petition_in("handling")
    answer = wall.desk("xinfang").post("/staff/wall", {"petition_id": str(petition_id)})
    assert answer.status_code == 404
