"""A post between neighbours: checked, shown, settled, prolonged once, run out, taken down and put back (SEC-07)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.comments.word_list import read_words
from backend.integrations.wechat.protocol import Verdict
from backend.kernel.clock import FrozenClock
from backend.neighbours import states
from backend.neighbours.models import _ENDED
from tests.api.neighbours.conftest import Street
from tests.factories.identity import visitor

ROOT = Path(__file__).resolve().parents[3]


def test_the_tables_of_rows_and_states_agree() -> None:
    assert states.TABLE.problems() == []
    assert ", ".join(f"'{one}'" for one in states.ENDED) == _ENDED


def test_nothing_is_shown_before_the_checks_and_then_it_is_found(street: Street) -> None:
    post_id = street.posted(run=False)
    assert street.listed() == []
    assert visitor(street.app).get(f"/public/neighbours/{post_id}").status_code == 404
    mine = street.resident("wang").get(f"/resident/neighbours/{post_id}").json
    assert (mine["state_label"], mine["actions"]) == ("检查中", ["withdraw"])
    street.run_jobs()
    line = street.listed()[0]
    assert (line["kind_label"], line["category_label"], line["village_name"]) == (
        "我能帮",
        "余粮余菜",
        "湾头村",
    )
    assert (len(street.listed(words="萝卜")), len(street.listed(words="白菜")), street.indexed()) == (1, 0, 1)
    assert (len(street.listed(kind="request")), len(street.listed(category="harvest"))) == (0, 1)
    answer = visitor(street.app).get(f"/public/neighbours/{post_id}")
    read: Any = answer.json
    assert read["text"] == "有二十来斤，谁家要可以来拿。"
    assert "resident" not in answer.text, "who wrote it stands nowhere"
    assert "author" not in answer.text
    told = [one["title"] for one in street.resident("wang").get("/resident/inbox").json["items"]]
    assert told.count("您发布的互助已公开") == 1
    assert street.resident("zhao").get(f"/resident/neighbours/{post_id}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"text": "有两挂 鞭 炮 便宜卖"}, "not_traded", "text"),
        ({"title": "处方药转让"}, "not_traded", "title"),
        ({"text": "打13812345678找我"}, "personal_data", "text"),
        ({"text": "拨打0632-5550111"}, "personal_data", "text"),
        ({"expires_on": "2026-04-30"}, "expiry_out_of_range", "expires_on"),
        ({"expires_on": "2026-03-09"}, "expiry_out_of_range", "expires_on"),
        ({"category": "medicine"}, "", "category"),
    ],
)
def test_what_may_not_be_put_up_is_refused_with_the_place(
    street: Street, changes: dict[str, str], code: str, field: str
) -> None:
    answer = street.put_up(**changes, run=False)
    assert answer.status_code == 422, answer.text
    assert answer.json["fields"][field]
    assert code in ("", answer.json["code"])
    if code == "not_traded":
        assert "“鞭炮”" in answer.json["message"] or "“处方药”" in answer.json["message"]
    assert street.resident("wang").get("/resident/neighbours").json["items"] == []


@pytest.mark.parametrize("town", ["nanshahe", "beihe"])
def test_each_town_says_what_may_not_be_traded(town: str) -> None:
    words = read_words((ROOT / "config" / "towns" / town / "not_traded.txt").read_text("utf-8"))
    assert {"处方药", "烟花", "香烟", "枪支", "贷款", "农药"} <= set(words)


def test_a_post_is_settled_prolonged_once_and_runs_out_by_itself(street: Street, clock: FrozenClock) -> None:
    post_id = street.posted()
    stale = street.do(post_id, "renew", version=1)
    assert (stale.status_code, stale.json["code"]) == (409, "changed_meanwhile")
    too_long = street.do(post_id, "renew", expires_on="2026-05-01")
    assert too_long.json["code"] == "expiry_out_of_range"
    renewed = street.do(post_id, "renew", expires_on="2026-03-22")
    assert (renewed.status_code, renewed.json["expires_on"]) == (200, "2026-03-22")
    assert street.do(post_id, "renew").status_code == 403, "once, and not again"
    clock.advance(timedelta(days=12))
    street.run_jobs()
    assert len(street.listed()) == 1, "its last day is not over"
    clock.advance(timedelta(days=1))
    street.run_jobs()
    assert (street.row(post_id).state, street.listed(), street.indexed()) == ("expired", [], 0)
    assert street.do(post_id, "renew").status_code == 403
    other = street.posted(expires_on="2026-03-25")
    assert street.do(other, "close", "zhao", version=2).status_code == 404
    assert street.do(other, "close").json["state_label"] == "已办妥"
    assert street.do(other, "withdraw").status_code == 409
    assert street.listed() == []


def test_taken_back_its_words_go(street: Street) -> None:
    post_id = street.posted()
    assert street.do(post_id, "withdraw").json["state"] == "withdrawn"
    assert street.listed() == []
    said = street.resident("wang").get("/resident/comments").json["items"][0]
    assert said["state"] == "withdrawn"


def test_flagged_by_three_it_is_looked_at_taken_down_with_a_reason_and_put_back(street: Street) -> None:
    post_id = street.posted()
    for who in ("zhao", "li", "qian"):
        flagged = street.resident(who).post(f"/resident/neighbours/{post_id}/flag", {"reason": "advert"})
        assert flagged.status_code == 201, flagged.text
    assert len(street.listed()) == 1, "neighbours cannot silence anybody by numbers"
    desk = street.desk("fenliu")
    assert [one["flag_count"] for one in desk.get("/staff/neighbours").json["items"]] == [3]
    path = f"/staff/neighbours/{post_id}/actions"
    assert desk.post(f"{path}/take_down", {}).status_code == 422, "a reason is owed"
    down = desk.post(f"{path}/take_down", {"reason": "advert"})
    assert (down.json["state"], down.json["hidden_reason"], down.json["actions"]) == (
        "taken_down", "广告", ["show"],
    )  # fmt: skip
    assert street.listed() == []
    mine = street.resident("wang").get(f"/resident/neighbours/{post_id}").json
    assert (mine["state_label"], mine["held_reason"]) == ("已撤下", "广告")
    assert desk.post(f"{path}/nonsense", {}).status_code == 404
    assert desk.post(f"{path}/show", {}).json["state"] == "shown"
    assert len(street.listed(words="萝卜")) == 1


def test_what_the_platform_refuses_is_never_shown_and_says_why(street: Street) -> None:
    street.platform.verdict = Verdict("risky", "20002", "trace-2")
    post_id = street.posted()
    assert street.listed() == []
    mine = street.resident("wang").get(f"/resident/neighbours/{post_id}").json
    assert (mine["state_label"], mine["held_reason"]) == ("未公开", "平台检查判断违规")
