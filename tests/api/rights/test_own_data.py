"""See, copy, correct: what is kept of a person, in their own hands (PI-01, PI-02, PI-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, transaction
from backend.rights.models import RightsCopy
from tests.factories.cases import TEXT, Cast

RunJobs = Callable[[], Counter[str]]
PHONE = "13800000017"


def section(data: dict, code: str) -> dict:
    return next(one for one in data["sections"] if one["code"] == code)


def facts(record: dict) -> dict[str, str]:
    return {one["label"]: one["value"] for one in record["facts"]}


def test_every_purpose_names_its_basis_and_how_long(cast: Cast) -> None:
    told = cast.resident().get("/resident/rights").json
    assert len(told["purposes"]) >= 6
    for purpose in told["purposes"]:
        assert purpose["basis_label"] in {"您的同意", "履行法定职责"}
        assert purpose["source"]
        assert purpose["kept"]
    by_code = {one["code"]: one for one in told["purposes"]}
    assert by_code["contact"]["deed"] == "withdraw_contact", "what rests on consent can be taken back"
    assert by_code["security"]["deed"] == "", "what the law demands cannot"


def test_the_copy_has_everything_and_nobody_elses(cast: Cast) -> None:
    cast.bring_to("closed", contact_name="王小明", contact_phone=PHONE, address="小卖部对面")
    cast.bring_to("submitted", who="li", contact_name="李大山")
    wang = cast.resident()
    wang.patch("/resident/me", {"phone": PHONE})
    answer = wang.get("/resident/rights/data")
    report = section(answer.json, "reports")["records"]
    assert len(report) == 1
    assert facts(report[0])["内容"] == TEXT
    assert facts(report[0])["联系人"] == "王小明"
    assert facts(report[0])["补充地址"] == "小卖部对面"
    assert facts(report[0])["答复"] == "已经换好了"
    assert facts(section(answer.json, "account")["records"][0])["电话"] == PHONE
    assert facts(section(answer.json, "wechat")["records"][0])["编号（openid）"]
    assert "李大山" not in answer.text


def test_a_pdf_is_made_by_the_worker_for_its_asker_alone(
    cast: Cast, run_jobs: RunJobs, clock: FrozenClock
) -> None:
    cast.bring_to("closed", contact_name="王小明")
    wang = cast.resident()
    ordered = wang.post("/resident/rights/copies")
    assert ordered.status_code == 201, ordered.text
    copy_id = ordered.json["id"]
    assert ordered.json["state"] == "waiting"
    assert wang.post("/resident/rights/copies").json["id"] == copy_id, "one at a time"
    early = wang.get(f"/resident/rights/copies/{copy_id}/file")
    assert (early.status_code, early.json["code"]) == (409, "copy_not_ready")
    run_jobs()
    done = wang.get(f"/resident/rights/copies/{copy_id}").json
    assert (done["state"], done["progress"]) == ("ready", 100)
    file = wang.get(f"/resident/rights/copies/{copy_id}/file")
    assert file.mimetype == "application/pdf"
    assert file.data.startswith(b"%PDF-")
    for path in (f"/resident/rights/copies/{copy_id}", f"/resident/rights/copies/{copy_id}/file"):
        assert cast.resident("li").get(path).status_code == 404
    clock.advance(timedelta(hours=24))
    assert wang.get(f"/resident/rights/copies/{copy_id}/file").status_code == 404


def test_the_pdf_lies_encrypted(cast: Cast, run_jobs: RunJobs) -> None:
    cast.resident().post("/resident/rights/copies")
    run_jobs()
    with cast.app.app_context(), transaction(writing=False):
        raw = db.session.execute(select(db.text("content")).select_from(RightsCopy.__table__)).scalar_one()
    assert raw.startswith("a1.t1.")


def test_account_data_is_corrected_at_once(cast: Cast) -> None:
    wang = cast.resident()
    answer = wang.patch("/resident/rights/person", {"nickname": "老王", "phone": PHONE})
    assert sorted(answer.json["changed"]) == ["nickname", "phone"]
    assert wang.get("/resident/me").json["nickname"] == "老王"
    assert wang.patch("/resident/rights/person", {"nickname": "老王"}).json["changed"] == []
    wrong = wang.patch("/resident/rights/person", {"phone": "12345"})
    assert (wrong.status_code, wrong.json["fields"]["phone"]) == (422, ["请填写 11 位手机号码"])
    assert wang.patch("/resident/rights/person", {"nickname": None}).json["changed"] == ["nickname"]


def test_the_contact_of_an_open_case_is_corrected_at_once(cast: Cast) -> None:
    case_id = cast.bring_to("handling", contact_name="王小名", contact_phone=PHONE)
    fixed = cast.resident().post(
        "/resident/rights/corrections", {"case_id": str(case_id), "contact_name": "王小明"}
    )
    assert fixed.json == {"done": True, "request": None}
    read = cast.desk("fenliu").post(f"/staff/cases/{case_id}/contact", {"reason": "约上门时间"})
    assert read.json == {"name": "王小明", "phone": PHONE}
    other = cast.resident("li").post(
        "/resident/rights/corrections", {"case_id": str(case_id), "contact_name": "我"}
    )
    assert other.status_code == 404


def test_a_closed_case_is_corrected_by_a_request_answered_in_15_working_days(cast: Cast) -> None:
    case_id = cast.bring_to("closed", contact_name="王小名")
    wang = cast.resident()
    body = {"case_id": str(case_id), "contact_name": "王小明"}
    bare = wang.post("/resident/rights/corrections", body)
    assert (bare.status_code, list(bare.json["fields"])) == (422, ["why"])
    asked = wang.post("/resident/rights/corrections", body | {"why": "名字写错了，是明天的明"}).json[
        "request"
    ]
    # Tuesday 10 March 2026 and 15 working days, one of them the tests' own holiday on the 18th
    assert asked["due_on"] in {"2026-03-31", "2026-04-01"}
    waiting = cast.desk("fenliu").get("/staff/rights/requests").json["items"]
    assert [one["id"] for one in waiting] == [asked["id"]]
    given = {"version": 1, "granted": True, "answer": "已按您说的改好", "contact_name": "王小明"}
    answered = cast.desk("fenliu").post(f"/staff/rights/requests/{asked['id']}/answer", given)
    assert answered.json["state_label"] == "已同意", answered.text
    again = cast.desk("fenliu").post(f"/staff/rights/requests/{asked['id']}/answer", given)
    assert again.status_code == 409
    mine = wang.get("/resident/rights/requests").json["items"][0]
    assert (mine["answer"], mine["unit_name"]) == ("已按您说的改好", "镇便民服务中心")
    assert "分流" not in str(mine), "the unit answers, no clerk is named"
    assert wang.get("/resident/inbox").json["items"][0]["title"] == "您的申请有答复了"
    record = section(wang.get("/resident/rights/data").json, "reports")["records"][0]
    assert facts(record)["联系人"] == "王小明"


@pytest.mark.parametrize("username", ["xfenliu", "chengguan", "guanli"])
def test_a_request_is_the_desks_of_its_town(cast: Cast, username: str) -> None:
    asked = cast.resident().post(
        "/resident/rights/requests", {"kind": "explain", "town": "dongwan", "text": "为什么转给城管所"}
    )
    assert asked.status_code == 201, asked.text
    given = {"version": 1, "granted": True, "answer": "因为归他们管"}
    answer = cast.desk(username).post(f"/staff/rights/requests/{asked.json['id']}/answer", given)
    assert answer.status_code in {403, 404}
    assert cast.desk(username).get("/staff/rights/requests").json.get("items", []) == []


def test_five_requests_wait_at_most(cast: Cast) -> None:
    body = {"kind": "other", "town": "dongwan", "text": "想了解一下情况"}
    wang = cast.resident()
    for n in range(5):
        cast.app.extensions["limiter"].storage.reset()
        assert wang.post("/resident/rights/requests", body).status_code == 201, n
    cast.app.extensions["limiter"].storage.reset()
    sixth = wang.post("/resident/rights/requests", body)
    assert (sixth.status_code, sixth.json["code"]) == (422, "requests_full")
