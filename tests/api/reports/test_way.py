"""The whole way of a photo report over HTTP, and what each person sees of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from backend.kernel.clock import FrozenClock
from backend.workflow.chain import verify
from backend.workflow.queries import chain_of
from tests.factories.cases import RUBBISH, Cast
from tests.factories.places import IN_G02
from tests.fakes.platform import RecordingPlatform

RunJobs = Callable[[], Counter[str]]


def test_the_main_loop(cast: Cast, client: FlaskClient, clock: FrozenClock) -> None:
    wang = cast.resident()
    photos = [cast.photo(wang), cast.photo(wang)]

    # 1 the resident submits and gets a receipt
    receipt = cast.submit(media_ids=photos)
    assert receipt["state_label"] == "待受理"
    assert receipt["due_on"] == "2026-03-17"  # five working days after Tuesday the 10th
    assert receipt["place_label"] == "湾头村 · 第1网格"
    assert receipt["qr_svg"].startswith("<svg")
    assert receipt["lookup_url"].endswith(receipt["code"])
    case_id = receipt["id"]

    # 2 the dispatcher sees it at once, with the rule's proposal and its why
    queue = cast.desk("fenliu").get("/staff/queue").json["items"]
    assert [item["id"] for item in queue] == [case_id]
    case = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
    assert case["proposal"]["unit_name"] == "城管所"
    assert case["proposal"]["rule_name"] == "公共设施交城管所"
    assert case["proposal"]["why"] == "类别“路灯不亮”属于这一大类"
    assert [p["id"] for p in case["media"]] == photos

    # 3 accepted and dispatched, with a note between colleagues
    clock.advance(timedelta(minutes=20))
    case = cast.act("fenliu", case_id, "accept_and_dispatch", unit_id=cast.unit("urban"), note="请今天去看")
    assert case["assignee"]["unit_name"] == "城管所"
    assert [(c["label"], c["state"]) for c in case["clocks"]] == [
        ("受理时限", "stopped"),
        ("答复时限", "running"),
    ]

    # 4 a clerk takes it and does it
    assert [t["id"] for t in cast.desk("chengguan").get("/staff/tasks").json["items"]] == [case_id]
    clock.advance(timedelta(hours=1))
    case = cast.act("chengguan", case_id, "start")
    assert case["assignee"]["staff_name"] == "城管甲"
    after = cast.photo(cast.desk("chengguan"), "after", "staff")
    clock.advance(timedelta(days=1))
    case = cast.act("chengguan", case_id, "handle", note="换了灯泡", media_ids=[after])
    assert case["holder"] == {"unit_name": "核查员", "role_label": "", "phone": None}
    assert [p["role"] for p in case["media"]] == ["before", "before", "after"]

    # 5 another person checks and answers
    case = cast.act("hecha", case_id, "pass_check", outcome="resolved", reply="已经换好了，谢谢您")
    assert case["state_label"] == "已办结"
    assert {c["state"] for c in case["clocks"]} == {"stopped"}

    # 6 the resident reads the way, the reply, and rates
    seen = wang.get(f"/resident/reports/{case_id}").json
    assert [(e["title"], e["who"], e["note"]) for e in seen["timeline"]] == [
        ("已收到您的上报", "您", None),
        ("已受理，交给城管所", "镇便民服务中心", None),
        ("城管所已接单，正在办理", "城管所", None),
        ("城管所已处理，等待核查", "城管所", "换了灯泡"),
        ("核查通过，已办结", "镇便民服务中心", "已经换好了，谢谢您"),
    ]
    assert [m["id"] for m in seen["timeline"][3]["media"]] == [after]
    assert seen["reply"]["text"] == "已经换好了，谢谢您"
    assert seen["reply"]["outcome_label"] == "已解决"
    assert [a["action"] for a in seen["actions"]] == ["rate", "dispute"]
    seen = cast.ask("wang", case_id, "rate", score="satisfied", comment="很快").json
    assert seen["rating"]["score"] == "satisfied"
    assert seen["rating"]["comment"] == "很快"
    assert seen["next_step"] == "这件事已经办结，谢谢您的评价。"

    # the code opens state and dates, for anyone
    public = client.get(f"/api/v1/public/progress/{receipt['code_display']}").json
    assert (public["state_label"], public["received_on"], public["closed_on"]) == (
        "已办结",
        "2026-03-10",
        "2026-03-11",
    )
    # and the staff's timeline names everyone
    whole = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["timeline"]
    assert [e["who"] for e in whole] == [
        "居民",
        "镇便民服务中心 分流甲",
        "城管所 城管甲",
        "城管所 城管甲",
        "镇便民服务中心 核查甲",
        "居民",
    ]
    assert whole[1]["note"] == "请今天去看"
    assert whole[0]["title"] == "已收到居民的上报"


def test_the_grids_worker_by_rule(cast: Cast, run_jobs: RunJobs) -> None:
    receipt = cast.submit(category_code=RUBBISH, text="垃圾没人收")
    run_jobs()
    case = cast.desk("fenliu").get(f"/staff/cases/{receipt['id']}").json
    assert case["state"] == "dispatched"
    assert case["assignee"]["staff_name"] == "网格甲"
    assert case["timeline"][-1]["who"] == "按规则「环境卫生直接交网格员」"
    assert case["timeline"][-1]["rule"] == "环境卫生直接交网格员"
    told = cast.resident().get(f"/resident/reports/{receipt['id']}").json["timeline"][-1]
    assert (told["title"], told["who"]) == ("已受理，交给湾头村第1网格", "按规则自动办理")
    assert cast.desk("wangge1").get("/staff/tasks").json["items"][0]["id"] == receipt["id"]
    assert cast.desk("wangge2").get("/staff/tasks").json["items"] == []


def test_an_after_photo_is_demanded_where_the_category_says_why(cast: Cast, run_jobs: RunJobs) -> None:
    receipt = cast.submit(category_code=RUBBISH, text="垃圾没人收")
    run_jobs()
    case = cast.act("wangge1", receipt["id"], "start")
    asked = {f["name"]: f for a in case["actions"] if a["action"] == "handle" for f in a["fields"]}
    assert asked["media_ids"]["required"]
    assert asked["media_ids"]["label"] == "办后照片（核查时要能看到现场已经清理干净）"
    refused = cast.post("wangge1", receipt["id"], "handle", note="收走了")
    assert refused.status_code == 422
    assert "核查时要能看到现场已经清理干净" in refused.json["message"]
    assert list(refused.json["fields"]) == ["media_ids"]
    # a photo of the report is no photo of the work, and another person's is nobody's
    worker = cast.desk("wangge1")
    for wrong in (cast.photo(worker, "report", "staff"), cast.photo(cast.desk("wangge2"), "after", "staff")):
        answer = cast.post("wangge1", receipt["id"], "handle", note="收走了", media_ids=[wrong])
        assert answer.status_code == 422, answer.text
        assert "media_ids" in answer.json["fields"]
    assert cast.column(receipt["id"], "state") == "handling"
    photo = cast.photo(worker, "after", "staff")
    assert (
        cast.act("wangge1", receipt["id"], "handle", note="收走了", media_ids=[photo])["state"] == "handled"
    )


def test_where_no_photo_is_demanded_none_is_needed(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    assert cast.act("chengguan", case_id, "handle", note="换了灯泡")["state"] == "handled"


def test_the_checker_is_somebody_else(cast: Cast) -> None:
    # GRID-10. The same person with both duties may check, but not what they handled.
    case_id = cast.bring_to("handled")
    cast.change(case_id, handled_by=int(cast.desk("hecha").me["id"]))
    seen = cast.desk("hecha").get(f"/staff/cases/{case_id}").json
    assert not {a["action"] for a in seen["actions"]} & {"pass_check", "fail_check"}
    for action, given in (
        ("pass_check", {"outcome": "resolved", "reply": "好"}),
        ("fail_check", {"note": "不好"}),
    ):
        refused = cast.post("hecha", case_id, action, **given)
        assert refused.status_code == 403, refused.text
    assert cast.column(case_id, "state") == "handled"


def test_a_failed_check_goes_back_to_the_handler_in_confidence(cast: Cast) -> None:
    case_id = cast.bring_to("handled")
    case = cast.act("hecha", case_id, "fail_check", note="只换了一盏")
    assert case["state"] == "handling"
    assert case["assignee"]["staff_name"] == "城管甲"
    told = cast.resident().get(f"/resident/reports/{case_id}").json["timeline"][-1]
    assert told["title"] == "核查没有通过，退回继续办理"
    assert told["note"] is None
    assert cast.act("chengguan", case_id, "handle", note="都换了")["state"] == "handled"


def test_internal_notes_stay_inside(
    cast: Cast, client: FlaskClient, platform: RecordingPlatform, run_jobs: RunJobs, clock: FrozenClock
) -> None:
    secret = "邻居说是他自己弄坏的"
    receipt = cast.submit()
    run_jobs()
    before = client.get(f"/api/v1/public/progress/{receipt['code']}").json
    inbox = cast.resident().get("/resident/inbox").json
    sent = len(platform.sent)
    clock.advance(timedelta(minutes=5))
    case = cast.act("fenliu", receipt["id"], "note", note=secret)
    assert case["timeline"][-1]["note"] == secret
    assert case["timeline"][-1]["visibility"] == "staff"
    run_jobs()
    seen = cast.resident().get(f"/resident/reports/{receipt['id']}")
    assert secret not in seen.text
    assert [e["title"] for e in seen.json["timeline"]] == ["已收到您的上报"]
    assert cast.resident().get("/resident/inbox").json == inbox
    assert len(platform.sent) == sent
    # the look-up by code does not even tell that something happened inside
    assert client.get(f"/api/v1/public/progress/{receipt['code']}").json == before


def test_the_chain_verifies_for_each_viewer(cast: Cast) -> None:
    case_id = cast.bring_to("closed")
    cast.act("fenliu", case_id, "note", note="打过电话")
    with cast.app.app_context():
        for viewer in ("staff", "resident", "public"):
            rows = chain_of("report", case_id, viewer)
            assert len(rows) == 6
            assert verify(rows) is None
            assert (rows[-1].content is None) is (viewer != "staff")


def test_a_supplement_reaches_those_who_handle_it(cast: Cast) -> None:
    case_id = cast.bring_to("handling")
    photo = cast.photo(cast.resident())
    seen = cast.ask("wang", case_id, "supplement", note="在小卖部门口", media_ids=[photo]).json
    assert seen["state"] == "handling"
    assert seen["timeline"][-1]["note"] == "在小卖部门口"
    case = cast.desk("chengguan").get(f"/staff/cases/{case_id}").json
    assert (case["timeline"][-1]["title"], case["timeline"][-1]["note"]) == ("居民补充了说明", "在小卖部门口")
    assert [m["id"] for m in case["timeline"][-1]["media"]] == [photo]


def test_a_rating_is_given_once_and_by_the_owner(cast: Cast) -> None:
    case_id = cast.bring_to("closed")
    other = cast.ask("li", case_id, "rate", score="unsatisfied")
    assert other.status_code == 404
    assert cast.ask("wang", case_id, "rate", score="basically").status_code == 200
    again = cast.ask("wang", case_id, "rate", score="satisfied")
    assert again.status_code == 409
    assert again.json["message"] == "您已经评价过这件事了，谢谢您。"
    assert cast.column(case_id, "rating") == "basically"
    assert cast.post("hecha", case_id, "rate").status_code == 403


def test_a_photo_is_used_once(cast: Cast) -> None:
    photo = cast.photo(cast.resident())
    cast.submit(media_ids=[photo])
    again = cast.resident().post("/resident/reports", body_with(photo))
    assert again.status_code == 422
    assert again.json["fields"] == {"media_ids": ["有一张照片已经用在别处，请重新选择。"]}


def body_with(photo: str) -> dict[str, Any]:
    lon, lat = IN_G02
    return {"town": "dongwan", "text": "又坏了", "point": {"lon": lon, "lat": lat}, "media_ids": [photo]}
