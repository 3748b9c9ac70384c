"""What can be wrong with a report: each has its own sentence, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.cases import LAMP, Cast, body
from tests.factories.places import IN_G03, IN_THE_SEA, IN_XIWAN, place


def village(cast: Cast, code: str = "V02", town: str = "dongwan") -> str:
    with cast.app.app_context():
        return str(place(code, town).id)


SEA = {"lon": IN_THE_SEA[0], "lat": IN_THE_SEA[1]}


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"text": ""}, "text", "请写一句话，说说是什么问题"),
        ({"text": "  \n\t "}, "text", "请写一句话，说说是什么问题"),
        ({"text": "长" * 501}, "text", "最多 500 个字，请写短一些"),
        ({"text": "长" * 50_000}, "text", "最多 500 个字，请写短一些"),
        ({"text": None}, "text", "不能为空"),
        ({"category_code": "0000"}, "category_code", "请重新选择"),
        ({"category_code": "X101"}, "category_code", "请重新选择"),  # the other town's
        ({"media_ids": [str(n) for n in range(1, 11)]}, "media_ids", "最多 9 张照片，请去掉几张"),
        ({"media_ids": ["1"]}, "media_ids", "有一张照片找不到了，请去掉它或重新选择。"),
        ({"media_ids": ["photo"]}, "media_ids.0", "编号不对"),
        ({"point": SEA}, "point", "不在本镇范围内"),
        ({"point": {"lon": IN_XIWAN[0], "lat": IN_XIWAN[1]}}, "point", "不在本镇范围内"),
        ({"point": {"lon": 200, "lat": 35}}, "point.lon", "应在 -180 到 180 之间"),
        ({"point": {"lon": 117.2}}, "point.lat", "必填"),
        ({"point": None}, "point", "请选择位置"),
        ({"address": "长" * 101}, "address", "地点说明最多 100 个字"),
        ({"contact_phone": "12345"}, "contact_phone", "电话号码不对，请写手机号或带区号的座机"),
        ({"contact_name": "长" * 21}, "contact_name", "称呼最多 20 个字"),
        ({"place_id": "x"}, "place_id", "编号不对"),
        ({"surprise": 1}, "surprise", "不认识这一项"),
    ],
)
def test_each_fault_has_its_sentence(cast: Cast, change: dict[str, Any], field: str, sentence: str) -> None:
    wang = cast.resident()
    before = cast.rows()
    answer = wang.post("/resident/reports", body(**change))
    assert answer.status_code == 422, answer.text
    assert answer.json["fields"][field] == [sentence]
    assert answer.json["message"]
    assert cast.rows() == before, "a refused report left something behind"


def test_the_sea_is_refused_kindly_and_a_village_chosen_by_hand_is_taken(cast: Cast) -> None:
    answer = cast.resident().post("/resident/reports", body(point=SEA))
    assert answer.json["code"] == "outside_town"
    assert answer.json["message"] == "这个位置不在本镇范围内。请把图钉移到镇里，或直接选择是哪个村的事。"
    by_hand = cast.submit(point=SEA, place_id=village(cast))
    # 湾尾村 has one grid, so the village tells the grid; 湾头村 has two, and nobody is guessed
    assert by_hand["place_label"] == "湾尾村 · 第3网格"
    assert cast.submit(point=None, place_id=village(cast))["place_label"] == "湾尾村 · 第3网格"
    assert cast.submit(point=None, place_id=village(cast, "V01"))["place_label"] == "湾头村"
    # where there is a pin in the town, the pin decides
    pinned = cast.submit(point={"lon": IN_G03[0], "lat": IN_G03[1]}, place_id=village(cast, "V01"))
    assert pinned["place_label"] == "湾尾村 · 第3网格"


def test_a_village_of_another_town_or_of_none(cast: Cast) -> None:
    elsewhere = cast.resident().post(
        "/resident/reports", body(point=None, place_id=village(cast, "V01", "xiwan"))
    )
    assert (elsewhere.status_code, elsewhere.json["code"]) == (422, "place_unknown")
    nowhere = cast.resident().post("/resident/reports", body(point=None, place_id="1"))
    assert nowhere.json["code"] == "place_unknown"
    assert nowhere.json["message"] == "没有找到这个地点，请重新选择。"


def test_an_unknown_town(cast: Cast) -> None:
    answer = cast.resident().post("/resident/reports", body(town="atlantis"))
    assert (answer.status_code, answer.json["code"]) == (404, "town_unknown")


def test_without_a_category_it_goes_to_the_rest(cast: Cast) -> None:
    receipt = cast.submit(category_code=None)
    case = cast.desk("fenliu").get(f"/staff/cases/{receipt['id']}").json
    assert case["category_name"] == "其他"  # not the fire that stands in the same group
    lon, lat = IN_XIWAN
    none_here = cast.resident().post(
        "/resident/reports", body(town="xiwan", category_code=None, point={"lon": lon, "lat": lat})
    )
    assert (none_here.status_code, none_here.json["message"]) == (422, "请选择一个类别。")


@pytest.mark.parametrize("text", ["长" * 500, "一", "第一行\n第二行", "😀<script>alert(1)</script>%_\\"])
def test_what_is_allowed_is_kept_as_it_was_typed(cast: Cast, text: str) -> None:
    receipt = cast.submit(text=text)
    case = cast.resident().get(f"/resident/reports/{receipt['id']}").json
    assert case["text"] == text
    assert len(case["title"]) <= 30
    assert case["title"].startswith(text[:1])


def test_nine_photos_are_welcome(cast: Cast) -> None:
    photos = [cast.photo(cast.resident()) for _ in range(9)]
    receipt = cast.submit(media_ids=photos)
    case = cast.resident().get(f"/resident/reports/{receipt['id']}").json
    assert [m["id"] for m in case["media"]] == photos
    assert cast.column(receipt["id"], "cover_key").endswith("-s.jpg")


def test_another_persons_photo_is_nobodys(cast: Cast) -> None:
    theirs = cast.photo(cast.resident("li"))
    answer = cast.resident().post("/resident/reports", body(media_ids=[theirs]))
    assert answer.status_code == 422
    assert answer.json["fields"]["media_ids"] == ["有一张照片找不到了，请去掉它或重新选择。"]


def test_a_visitor_is_asked_to_log_in(client: FlaskClient) -> None:
    answer = client.post("/api/v1/resident/reports", json=body(), headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json["message"]) == (401, "请先登录。")


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"{broken", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"a=b", "text/plain"),
        (b"", None),
    ],
)
def test_a_body_that_is_no_json(cast: Cast, data: bytes, content_type: str | None) -> None:
    wang = cast.resident()
    answer = wang.client.post(
        "/api/v1/resident/reports",
        data=data,
        content_type=content_type,
        headers={**wang.headers, "Idempotency-Key": "k"},
    )
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json["message"]
    assert answer.json["request_id"]


def test_my_reports_page_by_page(cast: Cast) -> None:
    made = [str(cast.bring_to("submitted", text=f"第{n}件")) for n in range(23)]
    cast.bring_to("submitted", who="li")
    wang, listed, cursor = cast.resident(), [], ""
    while True:
        page = wang.get(f"/resident/reports?cursor={cursor}").json
        listed += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert listed == made[::-1]
    assert wang.get("/resident/reports?cursor=nonsense").status_code == 422


def test_the_catalogue_says_whom_to_call_first(client: FlaskClient) -> None:
    answer = client.get("/api/v1/public/categories?town=dongwan").json["items"]
    by_code = {item["code"]: item for item in answer}
    assert by_code["9902"]["emergency"] == {
        "number": "119",
        "words": "看到明火，请先离开危险处，马上拨打 119。",
    }
    assert by_code[LAMP]["promise"] == "5个工作日内答复"
    assert by_code["0101"]["after_photo_reason"] == "核查时要能看到现场已经清理干净"
    other = client.get("/api/v1/public/categories?town=xiwan").json["items"]
    assert [item["code"] for item in other] == ["X101"]
    assert client.get("/api/v1/public/categories?town=atlantis").status_code == 404
    assert client.get("/api/v1/public/categories").status_code == 422
