"""The resident's side: the inbox, and what the page may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from backend.integrations.wechat.templates import TemplateBook
from backend.kernel.clock import FrozenClock
from tests.api.notifications.conftest import Stage


class TestLongTerm:
    """One consent for any number of messages; such templates exist for public services."""

    @pytest.fixture(autouse=True)
    def _long_term(self, stage: Stage) -> Iterator[None]:
        ours = stage.app.extensions["wechat_templates"]
        changed = [
            replace(t, long_term=t.name == "case_progress") for c in ("mini", "official") for t in ours.of(c)
        ]
        stage.app.extensions["wechat_templates"] = TemplateBook(changed)
        yield
        stage.app.extensions["wechat_templates"] = ours

    def test_one_consent_carries_every_message(self, stage: Stage) -> None:
        stage.accept("wang", "case_progress")
        stage.platform.granted["mini-wang", stage.template("case_progress")] = 9
        stage.submit().dispatch("城管所").act("chengguan", "start")
        assert len(stage.sent_to("wang")) == 2

    def test_it_is_asked_for_alone_until_it_is_granted(self, stage: Stage) -> None:
        """One-time and long-term templates in one call are refused (20002)."""
        ask = stage.resident().get("/resident/subscriptions").json["ask"]
        assert ask == [stage.template("case_progress")]
        stage.accept("wang", "case_progress")
        ask = stage.resident().get("/resident/subscriptions").json["ask"]
        assert ask == [stage.template("case_closed")]


class TestResidentSide:
    def test_the_page_may_ask_for_what_is_used_up(self, stage: Stage) -> None:
        stage.accept("wang", "case_closed")
        answer = stage.resident().get("/resident/subscriptions").json
        assert {item["template"]: item["remaining"] for item in answer["items"]} == {
            "case_closed": 1,
            "case_progress": 0,
        }
        assert answer["ask"] == [stage.template("case_progress"), stage.template("case_closed")]

    def test_a_worker_may_also_be_asked_for_tasks(self, stage: Stage) -> None:
        stage.worker("chengguan")
        answer = stage.resident("chengguan").get("/resident/subscriptions").json
        assert stage.template("task_assigned") in answer["ask"]
        assert len(answer["ask"]) <= 3

    def test_the_inbox_is_read_and_counted(self, stage: Stage) -> None:
        stage.submit().dispatch("城管所")
        me = stage.resident()
        assert me.get("/resident/me").json["unread"] == 2
        newest = stage.inbox()[0]
        assert newest["read"] is False
        assert newest["page"] == f"pages/case/index?id={stage.report['id']}"
        assert me.post("/resident/inbox/read", {"ids": [newest["id"]]}).json == {"unread": 1}
        assert me.post("/resident/inbox/read", {"ids": None}).json == {"unread": 0}
        assert all(item["read"] for item in stage.inbox())

    def test_nobody_reads_anothers_inbox(self, stage: Stage) -> None:
        stage.submit()
        item = stage.inbox()[0]
        other = stage.resident("li")
        assert stage.inbox("li") == []
        assert other.post("/resident/inbox/read", {"ids": [item["id"]]}).json == {"unread": 0}
        assert stage.inbox()[0]["read"] is False

    def test_the_inbox_comes_in_pages(self, stage: Stage, clock: FrozenClock) -> None:
        for n in range(23):
            clock.advance(timedelta(seconds=30))
            stage.app.extensions["limiter"].storage.reset()
            stage.submit(text=f"第 {n} 件事，路灯不亮")
        first = stage.resident().get("/resident/inbox").json
        second = stage.resident().get("/resident/inbox", query_string={"cursor": first["next_cursor"]}).json
        assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (20, 3, None)
        assert len({item["id"] for item in first["items"] + second["items"]}) == 23

    @pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "%00"])
    def test_a_broken_cursor_is_refused_with_a_sentence(self, stage: Stage, cursor: str) -> None:
        answer = stage.resident().get("/resident/inbox", query_string={"cursor": cursor})
        assert (answer.status_code, answer.json["code"]) == (422, "bad_cursor")
