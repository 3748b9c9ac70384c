"""Brought in by staff: for those who call, write or visit (HOT-01, HOT-05), and by grid workers (GRID-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.kernel.clock import FrozenClock
from tests.factories.cases import LAMP, RUBBISH, TEXT, Cast
from tests.factories.identity import worker
from tests.factories.places import IN_G01, IN_G02, IN_THE_SEA, IN_XIWAN

PHONE = "13800000009"
OTHER = "9901"


def call(**changes: Any) -> dict[str, Any]:
    """What the desk fills in while somebody is on the phone."""
    lon, lat = IN_G01
    return {
        "action": "register",
        "channel": "phone",
        "text": TEXT,
        "category_code": LAMP,
        "point": {"lon": lon, "lat": lat},
        "contact_name": "王大爷",
        "contact_phone": PHONE,
    } | changes


def found(**changes: Any) -> dict[str, Any]:
    """What a worker sends from the phone: a category and where they stand."""
    lon, lat = IN_G01
    return {"action": "report_found", "category_code": RUBBISH, "point": {"lon": lon, "lat": lat}} | changes


class TestRegister:
    """代为登记 (HOT-01)."""

    def test_a_call_becomes_a_case_like_any_other(self, cast: Cast, client: FlaskClient) -> None:
        answer = cast.desk("fenliu").post("/staff/reports", call())
        assert answer.status_code == 201, answer.text
        slip: Any = answer.json
        assert slip["state"] == "submitted"
        assert slip["due_on"] == "2026-03-17"
        assert slip["qr_svg"].startswith("<svg")
        assert slip["code"] in slip["lookup_url"]
        looked_up: Any = client.get(f"/api/v1/public/progress/{slip['code_display']}").json
        assert looked_up["state_label"] == "待受理"
        seen = cast.desk("fenliu").get(f"/staff/cases/{slip['id']}").json
        assert seen["channel"] == "phone"
        assert seen["contact"]["phone_masked"] == "138****0009"
        assert seen["timeline"][0]["title"] == "已登记居民反映的事"
        assert seen["timeline"][0]["who"] == "镇便民服务中心 分流甲"
        assert {c["name"] for c in seen["clocks"]} == {"accept", "answer"}

    def test_without_a_contact_the_code_is_what_they_get(self, cast: Cast) -> None:
        answer = cast.desk("fenliu").post("/staff/reports", call(contact_name="", contact_phone=""))
        assert answer.status_code == 201, answer.text
        assert len(answer.json["code"]) == 12

    def test_the_towns_rules_are_asked(self, cast: Cast, run_jobs: Any) -> None:
        slip = cast.desk("fenliu").post("/staff/reports", call(category_code=RUBBISH)).json
        run_jobs()
        assert cast.column(slip["id"], "state") == "dispatched"

    @pytest.mark.parametrize("username", ["hecha", "lingdao", "cunzhang1", "guanli", "chengguan"])
    def test_who_takes_in_nothing_is_refused(self, cast: Cast, username: str) -> None:
        assert cast.desk(username).post("/staff/reports", call()).status_code == 403

    def test_another_towns_desk_is_refused_by_a_sentence(self, cast: Cast) -> None:
        answer = cast.desk("xfenliu").post("/staff/reports", call(town="dongwan"))
        assert answer.status_code == 422
        assert answer.json["code"] == "outside_scope"
        assert list(answer.json["fields"]) == ["point"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"text": " "}, "text"),
            ({"channel": "pigeon"}, "channel"),
            ({"channel": "worker"}, "channel"),
            ({"action": "submit"}, "action"),
            ({"category_code": "0000"}, "category_code"),
            ({"point": None}, "point"),
            ({"point": {"lon": IN_THE_SEA[0], "lat": IN_THE_SEA[1]}}, "point"),
            ({"contact_phone": "12"}, "contact_phone"),
            ({"note": "换了灯泡"}, "note"),
            ({"upstream_body": "市12345"}, "upstream_body"),
            ({"channel": "upstream"}, "upstream_body"),
            (
                {"channel": "upstream", "upstream_body": "市12345", "upstream_due_on": "2026-03-09"},
                "upstream_due_on",
            ),
            (
                {"channel": "upstream", "upstream_body": "市12345", "upstream_due_on": "2028-03-09"},
                "upstream_due_on",
            ),
        ],
    )
    def test_what_is_wrong_has_its_sentence_and_leaves_nothing(
        self, cast: Cast, change: dict[str, Any], field: str
    ) -> None:
        desk, before = cast.desk("fenliu"), cast.rows()
        answer = desk.post("/staff/reports", call(**change))
        assert answer.status_code == 422, answer.text
        assert field in answer.json["fields"]
        assert cast.rows() == before

    def test_the_upstream_deadline_wins(self, cast: Cast) -> None:
        """HOT-12, §3.4 level one."""
        order = {
            "upstream_body": "枣庄市12345热线",
            "external_number": "ZZ-1",
            "upstream_due_on": "2026-03-12",
        }
        slip = cast.desk("fenliu").post("/staff/reports", call(channel="upstream", **order)).json
        assert slip["due_on"] == "2026-03-12"
        assert cast.column(slip["id"], "upstream_number") == "ZZ-1"
        seen = cast.desk("fenliu").get(f"/staff/cases/{slip['id']}").json
        assert seen["channel"] == "upstream"

    def test_twice_is_once(self, cast: Cast) -> None:
        desk = cast.desk("fenliu")
        key = {"Idempotency-Key": "intake-1"}
        first = desk.post("/staff/reports", call(), headers=key)
        again = desk.post("/staff/reports", call(), headers=key)
        assert again.status_code == 201
        assert again.json["id"] == first.json["id"]
        assert desk.post("/staff/reports", call(text="别的"), headers=key).status_code == 409


class TestConfidential:
    """HOT-05 保密工单: handlers see the matter, the desk alone the contact."""

    def handled(self, cast: Cast, **changes: Any) -> str:
        slip = cast.desk("fenliu").post("/staff/reports", call(**changes)).json
        unit, clerk = cast.unit("urban"), cast.desk("chengguan").me["id"]
        cast.act("fenliu", slip["id"], "accept_and_dispatch", unit_id=unit, staff_id=clerk)
        return str(slip["id"])

    def test_the_handler_sees_no_contact(self, cast: Cast) -> None:
        case_id = self.handled(cast, confidential=True)
        assert cast.desk("chengguan").get(f"/staff/cases/{case_id}").json["contact"] is None
        refused = cast.desk("chengguan").post(f"/staff/cases/{case_id}/contact", {"reason": "约时间"})
        assert refused.status_code == 403
        assert refused.json["code"] == "confidential"

    def test_the_desk_does(self, cast: Cast) -> None:
        case_id = self.handled(cast, confidential=True)
        assert cast.desk("fenliu").get(f"/staff/cases/{case_id}").json["contact"]["name_masked"]
        told = cast.desk("fenliu").post(f"/staff/cases/{case_id}/contact", {"reason": "约时间"}).json
        assert told == {"name": "王大爷", "phone": PHONE}

    def test_a_resident_may_ask_for_it_too(self, cast: Cast) -> None:
        made = cast.submit(contact_name="王小明", contact_phone=PHONE, confidential=True)
        unit, clerk = cast.unit("urban"), cast.desk("chengguan").me["id"]
        cast.act("fenliu", made["id"], "accept_and_dispatch", unit_id=unit, staff_id=clerk)
        seen = cast.desk("chengguan").get(f"/staff/cases/{made['id']}").json
        assert (seen["contact"], seen["confidential"]) == (None, True)

    def test_otherwise_the_handler_calls(self, cast: Cast) -> None:
        case_id = self.handled(cast)
        told = cast.desk("chengguan").post(f"/staff/cases/{case_id}/contact", {"reason": "约时间"}).json
        assert told["phone"] == PHONE


class TestSimilar:
    """A hint, within what one may see: the same category near by or in the village, open, of seven days."""

    def hints(
        self, cast: Cast, username: str = "fenliu", at: tuple[float, float] = IN_G01, **more: Any
    ) -> list[str]:
        query = {"category_code": LAMP, "lon": at[0], "lat": at[1]} | more
        words = "&".join(f"{name}={value}" for name, value in query.items())
        answer = cast.desk(username).get(f"/staff/reports/similar?{words}")
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json["items"]]

    def test_nearest_first(self, cast: Cast) -> None:
        lon, lat = IN_G01
        far = cast.bring_to("submitted", at=(lon, lat + 0.001))
        near = cast.bring_to("handling", at=(lon + 0.0001, lat))
        assert self.hints(cast) == [str(near), str(far)]

    def test_another_category_another_village_closed_or_old_is_none(
        self, cast: Cast, clock: FrozenClock
    ) -> None:
        cast.bring_to("submitted", category_code=OTHER)
        cast.bring_to("closed")
        assert self.hints(cast) == []
        cast.bring_to("submitted")
        assert self.hints(cast, at=(117.23, 35.01)) == []
        clock.advance(timedelta(days=8))
        assert self.hints(cast) == []

    def test_what_is_out_of_scope_is_not_hinted_at(self, cast: Cast) -> None:
        cast.bring_to("submitted")
        assert self.hints(cast, "wangge1") == []
        assert self.hints(cast, "xfenliu", town="dongwan") == []
        assert cast.desk("hecha").get("/staff/reports/similar?category_code=0201").status_code == 403

    def test_the_answer_says_so_too(self, cast: Cast) -> None:
        known = cast.bring_to("handling")
        slip = cast.desk("fenliu").post("/staff/reports", call()).json
        assert [(s["id"], s["state_label"], s["distance_m"]) for s in slip["similar"]] == [
            (str(known), "办理中", 0)
        ]

    def test_a_worker_is_reminded_of_their_own(self, cast: Cast, clock: FrozenClock) -> None:
        """§3.5: the same place within 24 hours does not count twice, whatever became of it."""
        phone = worker(cast.app, "wangge1")
        first = phone.post("/staff/reports", found(), key="found-1").json
        second = phone.post("/staff/reports", found(), key="found-2").json
        assert [s["id"] for s in second["similar"]] == [first["id"]]
        clock.advance(timedelta(hours=25))
        third = phone.post("/staff/reports", found(), key="found-3").json
        assert third["similar"] == []


class TestFound:
    """巡查上报 (GRID-03): places and things, in one's own grid."""

    def test_from_the_phone_with_two_taps(self, cast: Cast, run_jobs: Any) -> None:
        phone = worker(cast.app, "wangge1")
        answer = phone.post("/staff/reports", found(), key="f-1")
        assert answer.status_code == 201, answer.text
        case_id = answer.json["id"]
        run_jobs()
        assert cast.column(case_id, "state") == "dispatched"  # by the same rules as a resident's
        seen = cast.desk("fenliu").get(f"/staff/cases/{case_id}").json
        assert (seen["title"], seen["channel"]) == ("垃圾清运", "worker")
        assert seen["timeline"][0]["title"] == "网格员上报"

    @pytest.mark.parametrize("where", [IN_G02, IN_XIWAN])
    def test_elsewhere_is_refused_by_a_sentence(self, cast: Cast, where: tuple[float, float]) -> None:
        phone, before = worker(cast.app, "wangge1"), cast.rows()
        answer = phone.post("/staff/reports", found(point={"lon": where[0], "lat": where[1]}), key="f-2")
        assert answer.status_code == 422, answer.text
        assert list(answer.json["fields"]) == ["point"]
        assert cast.rows() == before

    def test_the_desk_finds_nothing_itself(self, cast: Cast) -> None:
        assert cast.desk("fenliu").post("/staff/reports", found()).status_code == 403

    @pytest.mark.parametrize(
        "change",
        [{"contact_phone": PHONE}, {"confidential": True}, {"upstream_body": "市12345"}, {"note": "扫了"}],
    )
    def test_nobodys_contact_and_no_order(self, cast: Cast, change: dict[str, Any]) -> None:
        answer = worker(cast.app, "wangge1").post("/staff/reports", found(**change), key="f-3")
        assert answer.status_code == 422, answer.text

    def test_a_worker_registers_for_a_neighbour(self, cast: Cast) -> None:
        answer = worker(cast.app, "wangge1").post("/staff/reports", call(channel="visit"), key="f-4")
        assert answer.status_code == 201, answer.text

    def test_a_queue_that_waited_a_week_sends_once(
        self, cast: Cast, clock: FrozenClock, run_jobs: Any
    ) -> None:
        """The phone sends again what it does not know to have arrived."""
        phone = worker(cast.app, "wangge1")
        first = phone.post("/staff/reports", found(), key="offline-1").json
        for _ in range(7):
            clock.advance(timedelta(days=1))
            run_jobs()
        again = phone.post("/staff/reports", found(), key="offline-1")
        assert again.status_code == 201
        assert again.json["id"] == first["id"]


class TestSettled:
    """自办 (GRID-03): one form, closed at once, with its proof."""

    def form(self, cast: Cast, phone: Any, **changes: Any) -> dict[str, Any]:
        me = type("Me", (), {"me": {"id": str(phone.id)}})
        photos = {
            "media_ids": [cast.photo(me, "report", "staff")],  # type: ignore[arg-type]
            "after_media_ids": [cast.photo(me, "after", "staff")],  # type: ignore[arg-type]
        }
        return found(action="settle_on_spot", note="叫保洁员清走了", **photos) | changes

    def test_closed_with_its_proof(self, cast: Cast, run_jobs: Any) -> None:
        phone = worker(cast.app, "wangge1")
        answer = phone.post("/staff/reports", self.form(cast, phone), key="s-1")
        assert answer.status_code == 201, answer.text
        assert answer.json["state"] == "closed"
        run_jobs()
        seen = cast.desk("fenliu").get(f"/staff/cases/{answer.json['id']}").json
        assert seen["state"] == "closed"
        assert seen["assignee"]["staff_name"] == "网格甲"
        assert seen["reply"]["outcome"] == "resolved"
        assert seen["reply"]["text"] == "叫保洁员清走了"
        assert {m["role"] for m in seen["media"]} == {"before", "after"}
        assert [(e["title"], e["note"], len(e["media"])) for e in seen["timeline"]] == [
            ("网格员现场处理好了", "叫保洁员清走了", 2)
        ]
        assert seen["clocks"] == []
        assert seen["closed_at"] is not None

    @pytest.mark.parametrize(
        ("change", "field", "word"),
        [
            ({"media_ids": []}, "media_ids", "现场自办没有第二个人在场"),
            ({"after_media_ids": []}, "after_media_ids", "核查时要能看到"),
            ({"note": " "}, "note", "怎么处理的"),
            ({"category_code": LAMP}, "category_code", "不能现场自办"),
        ],
    )
    def test_what_is_missing_is_named(
        self, cast: Cast, change: dict[str, Any], field: str, word: str
    ) -> None:
        phone = worker(cast.app, "wangge1")
        form = self.form(cast, phone, **change)
        before = cast.rows()
        answer = phone.post("/staff/reports", form, key="s-2")
        assert answer.status_code == 422, answer.text
        assert word in answer.json["fields"][field][0]
        assert cast.rows() == before


class TestFollowed:
    """Whoever brought it in follows it; whom it was registered for takes it over later."""

    def test_a_worker_sees_what_became_of_it(self, cast: Cast) -> None:
        phone = worker(cast.app, "wangge1")
        made = phone.post("/staff/reports", found(category_code=LAMP), key="own-1").json
        cast.act("fenliu", made["id"], "accept_and_dispatch", unit_id=cast.unit("urban"))
        mine: Any = phone.get("/staff/reports").json
        assert [(i["id"], i["state_label"], i["needs_rating"]) for i in mine["items"]] == [
            (made["id"], "待接单", False)
        ]
        assert phone.get(f"/staff/cases/{made['id']}").status_code == 200
        others = worker(cast.app, "wangge2")
        assert others.get("/staff/reports").json["items"] == []  # type: ignore[index]
        assert others.get(f"/staff/cases/{made['id']}").status_code == 404

    def test_who_registered_it_tells_the_person(self, cast: Cast, run_jobs: Any) -> None:
        phone = worker(cast.app, "fenliu")
        made = cast.desk("fenliu").post("/staff/reports", call()).json
        cast.act("fenliu", made["id"], "refuse", reason="other_body", body="供电公司", note="归供电公司管")
        run_jobs()
        cast.act(
            "fenliu2",
            cast.desk("fenliu").post("/staff/reports", call()).json["id"],
            "ask_citizen",
            note="哪盏灯",
        )
        run_jobs()
        inbox: Any = cast.app.test_client().get("/api/v1/resident/inbox", headers=phone.headers).json
        assert "请联系反映人补充" in [m["title"] for m in inbox["items"]]

    def test_claimed_by_code_and_phone(self, cast: Cast) -> None:
        made = cast.desk("fenliu").post("/staff/reports", call()).json
        answer = cast.resident("wang").post(
            "/resident/reports/claim", {"code": made["code_display"], "phone": PHONE}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json["id"] == made["id"]
        assert [r["id"] for r in cast.resident("wang").get("/resident/reports").json["items"]] == [made["id"]]
        again = cast.resident("wang").post("/resident/reports/claim", {"code": made["code"], "phone": PHONE})
        assert again.status_code == 200

    def test_everything_else_looks_alike(self, cast: Cast) -> None:
        made = cast.desk("fenliu").post("/staff/reports", call()).json
        bare = cast.desk("fenliu").post("/staff/reports", call(contact_phone="")).json
        own = cast.submit("li", contact_phone=PHONE)
        tried = [
            {"code": made["code"], "phone": "13800000008"},
            {"code": "0000-0000-0000", "phone": PHONE},
            {"code": bare["code"], "phone": ""},
            {"code": bare["code"], "phone": "-"},
            {"code": own["code"], "phone": PHONE},
        ]
        answers = [cast.resident("wang").post("/resident/reports/claim", given) for given in tried]
        assert {a.status_code for a in answers} == {404, 422}
        assert {a.json["message"] for a in answers if a.status_code == 404} == {
            "没有对上。请核对单子上的查询码，和登记时留下的电话。"
        }
        assert cast.column(made["id"], "resident_id") is None

    def test_what_is_somebodys_stays_theirs(self, cast: Cast) -> None:
        made = cast.desk("fenliu").post("/staff/reports", call()).json
        given = {"code": made["code"], "phone": PHONE}
        assert cast.resident("wang").post("/resident/reports/claim", given).status_code == 200
        assert cast.resident("li").post("/resident/reports/claim", given).status_code == 404

    def test_guessing_is_slow(self, cast: Cast) -> None:
        given = {"code": "0000-0000-0000", "phone": PHONE}
        answers = [
            cast.resident("wang").post("/resident/reports/claim", given).status_code for _ in range(11)
        ]
        assert answers == [404] * 10 + [429]
