"""Through which channel a message goes, what each refusal does, and what the ledger says afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.identity import merging
from backend.integrations.wechat.protocol import PlatformEvent, Reaction, WeChatError
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import run_unit
from backend.outbox import queries as outbox_queries
from tests.api.notifications.conftest import Stage

DAY = timedelta(days=1)


def error(reaction: Reaction, code: int | None = None, api: str = "subscribe_send") -> WeChatError:
    return WeChatError(api, code, reaction, "as the platform says")


def follow(stage: Stage, name: str = "wang") -> Stage:
    """The person follows the official account; unionid joins it to the mini-program's account."""

    def unit() -> None:
        merging.account_for("official", f"official-{name}", f"union-{name}").followed = True

    stage.resident(name)
    with stage.app.app_context():
        run_unit(unit)
    return stage


def event(
    kind: str, openid: str, app: str = "mini", items: tuple[dict[str, Any], ...] = (), **raw: Any
) -> PlatformEvent:
    return PlatformEvent(app, kind, openid, now(), items, raw)  # type: ignore[arg-type]


def left(stage: Stage, template: str = "case_progress", name: str = "wang") -> int:
    """What the ledger shows the person as left."""
    items = stage.resident(name).get("/resident/subscriptions").json["items"]
    return next(int(item["remaining"]) for item in items if item["template"] == template)


class TestChoice:
    def test_without_a_grant_the_inbox_has_it_and_nothing_is_pushed(self, stage: Stage) -> None:
        stage.submit().dispatch("城管所")
        assert len(stage.inbox()) == 2
        assert stage.deliveries() == []
        assert stage.platform.calls[-1][0] != "send_subscribe"

    def test_a_grant_is_good_for_one_message(self, stage: Stage) -> None:
        stage.accept("wang", "case_progress").submit().dispatch("城管所")
        assert left(stage) == 0
        stage.act("chengguan", "start")
        assert len(stage.sent_to("wang")) == 1
        assert len(stage.inbox()) == 3

    def test_two_messages_that_wait_for_one_grant(self, stage: Stage) -> None:
        stage.accept("wang", "case_progress").submit()
        run, stage.run_jobs = stage.run_jobs, lambda: None
        stage.dispatch("城管所").act("chengguan", "start")
        run()
        assert [delivery.state for delivery in stage.deliveries()] == ["sent", "skipped"]
        assert len(stage.platform.sent) == 1
        assert [api for api, _ in stage.platform.calls].count("send_subscribe") == 1, "not even tried"

    def test_the_second_of_two_goes_by_the_official_account(self, stage: Stage) -> None:
        follow(stage).accept("wang", "case_progress").submit()
        run, stage.run_jobs = stage.run_jobs, lambda: None
        stage.dispatch("城管所").act("chengguan", "start")
        run()
        assert [message.channel for message in stage.sent_to("wang")] == ["mini", "official"]

    def test_the_official_account_where_it_is_followed_and_no_grant_is_left(self, stage: Stage) -> None:
        follow(stage).submit().dispatch("城管所")
        (message,) = stage.sent_to("wang")
        assert message.channel == "official"
        assert message.template_id == stage.template("case_progress", "official")
        assert message.page == f"pages/case/index?id={stage.report['id']}"
        assert message.client_msg_id == str(stage.deliveries()[0].id)

    def test_one_push_channel_not_two(self, stage: Stage) -> None:
        follow(stage).accept("wang", "case_progress").submit().dispatch("城管所")
        assert [message.channel for message in stage.sent_to("wang")] == ["mini"]

    def test_whoever_opted_out_has_the_inbox(self, stage: Stage) -> None:
        follow(stage).accept("wang", "case_progress")
        assert stage.resident().patch("/resident/me", {"notify": False}).status_code == 200
        stage.submit().dispatch("城管所")
        assert stage.platform.sent == []
        assert stage.deliveries() == []
        assert len(stage.inbox()) == 2

    def test_an_opt_out_also_holds_for_what_waits(self, stage: Stage, clock: FrozenClock) -> None:
        stage.accept("wang", "case_progress").submit()
        stage.platform.refuse("send_subscribe", error(Reaction.RETRY, -1))
        stage.dispatch("城管所")
        stage.resident().patch("/resident/me", {"notify": False})
        clock.advance(DAY)
        stage.run_jobs()
        assert stage.platform.sent == []
        assert [delivery.state for delivery in stage.deliveries()] == ["skipped"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("reaction", "code", "state"),
        [
            (Reaction.NO_GRANT, 43101, "skipped"),
            (Reaction.REFUSED, 43019, "skipped"),
            (Reaction.BAD_OPENID, 40003, "failed"),
            (Reaction.TEMPLATE, 40037, "failed"),
            (Reaction.PERMANENT, 47003, "failed"),
        ],
    )
    def test_what_cannot_succeed_is_not_tried_again_and_the_other_channel_is_used(
        self, stage: Stage, clock: FrozenClock, reaction: Reaction, code: int, state: str
    ) -> None:
        follow(stage).accept("wang", "case_progress").submit()
        stage.platform.refuse("send_subscribe", error(reaction, code))
        stage.dispatch("城管所")
        clock.advance(DAY)
        stage.run_jobs()
        tried = [api for api, _ in stage.platform.calls]
        assert tried.count("send_subscribe") == 1
        assert [message.channel for message in stage.sent_to("wang")] == ["official"]
        assert [(d.channel, d.state) for d in stage.deliveries()] == [("mini", state), ("official", "sent")]
        assert stage.deliveries()[0].error_code == code

    def test_43101_empties_the_ledger(self, stage: Stage) -> None:
        stage.accept("wang", "case_progress", "case_progress").submit()
        assert left(stage) == 2
        stage.platform.granted.clear()  # refused in WeChat's own settings
        stage.dispatch("城管所")
        assert left(stage) == 0
        assert stage.platform.sent == []

    def test_an_unfollowed_account_is_not_tried_again(self, stage: Stage) -> None:
        follow(stage).submit()
        stage.platform.refuse("send_template", error(Reaction.UNFOLLOWED, 43004, "template_send"))
        stage.dispatch("城管所").act("chengguan", "start")
        assert [api for api, _ in stage.platform.calls].count("send_template") == 1

    def test_words_the_platform_dislikes_are_replaced_by_neutral_ones(self, stage: Stage) -> None:
        stage.accept("wang", "case_progress").submit()
        stage.platform.refuse("send_subscribe", error(Reaction.SENSITIVE, 45168))
        stage.dispatch("城管所")
        (message,) = stage.sent_to("wang")
        assert message.data["thing1"] == "您的诉求"
        assert message.data["phrase2"] == "待接单"

    def test_a_page_that_is_not_released_is_left_out(self, stage: Stage) -> None:
        stage.accept("wang", "case_progress").submit()
        stage.platform.refuse("send_subscribe", error(Reaction.BAD_PAGE, 41030))
        stage.dispatch("城管所")
        (message,) = stage.sent_to("wang")
        assert message.page is None

    def test_an_unknown_outcome_is_repeated_once_then_in_doubt(
        self, stage: Stage, clock: FrozenClock
    ) -> None:
        stage.accept("wang", "case_progress").submit()
        stage.platform.refuse("send_subscribe", *[error(Reaction.UNKNOWN_OUTCOME)] * 5)
        stage.dispatch("城管所")
        for _ in range(4):
            clock.advance(DAY)
            stage.run_jobs()
        assert [api for api, _ in stage.platform.calls].count("send_subscribe") == 2
        assert [delivery.state for delivery in stage.deliveries()] == ["in_doubt"]

    @pytest.mark.parametrize("reaction", [Reaction.RETRY, Reaction.MINUTE_QUOTA, Reaction.SERIALISE])
    def test_what_passes_by_itself_is_tried_again(
        self, stage: Stage, clock: FrozenClock, reaction: Reaction
    ) -> None:
        stage.accept("wang", "case_progress").submit()
        stage.platform.refuse("send_subscribe", error(reaction))
        stage.dispatch("城管所")
        assert [delivery.state for delivery in stage.deliveries()] == ["pending"]
        clock.advance(timedelta(minutes=1))
        stage.run_jobs()
        assert len(stage.sent_to("wang")) == 1
        assert left(stage) == 0

    @pytest.mark.parametrize(
        ("reaction", "wait"),
        [
            (Reaction.QUOTA, timedelta(hours=14, minutes=1)),
            (Reaction.CONFIGURATION, timedelta(minutes=11)),
            (Reaction.TOKEN, timedelta(minutes=11)),
        ],
    )
    def test_what_an_operator_or_midnight_mends_rests_the_channel(
        self, stage: Stage, clock: FrozenClock, reaction: Reaction, wait: timedelta
    ) -> None:
        stage.accept("wang", "case_progress", "case_progress").submit()
        stage.platform.refuse("send_subscribe", error(reaction, 45009))
        stage.dispatch("城管所")
        with stage.app.app_context():
            assert outbox_queries.stats().paused_channels == ("wechat.mini",)
        clock.advance(wait)
        stage.run_jobs()
        assert len(stage.sent_to("wang")) == 1


def test_a_later_step_does_not_overtake_one_that_is_tried_again(stage: Stage, clock: FrozenClock) -> None:
    stage.accept("wang", "case_progress", "case_progress").submit()
    stage.platform.refuse("send_subscribe", error(Reaction.RETRY, -1))
    stage.dispatch("城管所").act("chengguan", "start")
    assert stage.platform.sent == []
    clock.advance(timedelta(minutes=1))
    stage.run_jobs()
    assert [message.data["phrase2"] for message in stage.sent_to("wang")] == ["待接单", "办理中"]


def test_a_defect_while_sending_is_an_unknown_outcome(
    stage: Stage, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have left before the program stumbled."""
    tries: list[str] = []

    def stumble(openid: str, *more: object) -> None:
        tries.append(openid)
        raise KeyError("errcode")

    stage.accept("wang", "case_progress").submit()
    monkeypatch.setattr(stage.platform, "send_subscribe", stumble)
    stage.dispatch("城管所")
    for _ in range(3):
        clock.advance(DAY)
        stage.run_jobs()
    assert len(tries) == 2
    assert [delivery.state for delivery in stage.deliveries()] == ["in_doubt"]


def test_a_platform_down_for_an_hour_then_back(stage: Stage, clock: FrozenClock) -> None:
    """Three steps of a report, in order, none twice, none lost."""
    stage.accept("wang", "case_progress", "case_progress", "case_closed").submit()
    stage.platform.refuse("send_subscribe", *[error(Reaction.RETRY, -1)] * 200)
    stage.dispatch("城管所").act("chengguan", "start").act("chengguan", "handle", note="好了")
    stage.act("hecha", "pass_check", outcome="resolved", reply="修好了")
    for _ in range(12):
        clock.advance(timedelta(minutes=5))
        stage.run_jobs()
    assert stage.platform.sent == []
    stage.platform._refusals.clear()
    for _ in range(20):
        clock.advance(timedelta(minutes=5))
        stage.run_jobs()
    assert [message.data["phrase2"] for message in stage.sent_to("wang")] == ["待接单", "办理中", "已解决"]


class TestPushedEvents:
    def test_an_event_pushed_four_times_counts_once(self, stage: Stage) -> None:
        stage.resident()
        pushed = stage.platform.accept("mini-wang", stage.template("case_progress"))
        for _ in range(4):
            stage.push(pushed, key="wx:the-same")
        assert left(stage) == 1

    def test_accept_adds_and_reject_does_not(self, stage: Stage) -> None:
        stage.resident()
        progress, closed = stage.template("case_progress"), stage.template("case_closed")
        items = (
            {"TemplateId": progress, "SubscribeStatusString": "accept"},
            {"TemplateId": closed, "SubscribeStatusString": "reject"},
        )
        stage.push(event("subscribe_msg_popup_event", "mini-wang", items=items))
        assert (left(stage), left(stage, "case_closed")) == (1, 0)

    def test_taking_it_back_in_the_settings_empties_the_ledger(self, stage: Stage) -> None:
        stage.resident()
        stage.accept("wang", "case_progress", "case_progress", "case_closed")
        item = {"TemplateId": stage.template("case_progress"), "SubscribeStatusString": "reject"}
        stage.push(event("subscribe_msg_change_event", "mini-wang", items=(item,)))
        assert (left(stage), left(stage, "case_closed")) == (0, 1)

    def test_a_late_failure_of_a_subscribe_message_is_noted(self, stage: Stage) -> None:
        stage.accept("wang", "case_progress").submit().dispatch("城管所")
        item = {
            "TemplateId": stage.template("case_progress"),
            "MsgID": "1",
            "ErrorCode": "1003",
            "ErrorStatus": "system",
        }
        stage.push(event("subscribe_msg_sent_event", "mini-wang", items=(item,)))
        (delivery,) = stage.deliveries()
        assert (delivery.state, delivery.error_code) == ("failed", 1003)

    @pytest.mark.parametrize(
        ("status", "state"),
        [("success", "sent"), ("failed:user block", "failed"), ("failed: system failed", "failed")],
    )
    def test_the_receipt_of_a_template_message(self, stage: Stage, status: str, state: str) -> None:
        follow(stage).submit().dispatch("城管所")
        (delivery,) = stage.deliveries()
        receipt = event(
            "TEMPLATESENDJOBFINISH",
            "official-wang",
            "official",
            MsgID=delivery.platform_message_id,
            Status=status,
        )
        stage.push(receipt)
        assert stage.deliveries()[0].state == state

    def test_a_receipt_before_its_message_is_looked_at_again(self, stage: Stage, clock: FrozenClock) -> None:
        early = event(
            "TEMPLATESENDJOBFINISH", "official-wang", "official", MsgID="msg-1", Status="failed:user block"
        )
        follow(stage).push(early)
        stage.submit().dispatch("城管所")
        assert stage.deliveries()[0].state == "sent"
        clock.advance(timedelta(minutes=1))
        stage.run_jobs()
        assert stage.deliveries()[0].state == "failed"

    def test_a_receipt_of_a_message_that_is_not_ours_is_let_go(
        self, stage: Stage, clock: FrozenClock
    ) -> None:
        stage.push(event("TEMPLATESENDJOBFINISH", "official-x", "official", MsgID="foreign", Status="failed"))
        for _ in range(10):
            clock.advance(timedelta(minutes=10))
            stage.run_jobs()
        with stage.app.app_context():
            assert outbox_queries.at_rest() == []


def test_when_two_records_become_one_the_messages_follow(stage: Stage) -> None:
    def earlier() -> int:
        return merging.account_for("official", "official-same", "union-same").resident_id

    with stage.app.app_context():
        kept = run_unit(earlier)
    stage.accept("wang", "case_progress").submit().dispatch("城管所")
    heard = {item["id"] for item in stage.inbox()}

    def late_unionid() -> int:
        return merging.merge(kept, merging.account_for("mini", "mini-wang", None).resident_id)

    with stage.app.app_context():
        assert run_unit(late_unionid) == kept
    assert {row.id for row in stage.inbox_rows() if row.person_id == kept} == {int(i) for i in heard}
    assert {delivery.person_id for delivery in stage.deliveries()} == {kept}


def test_a_person_who_leaves_takes_inbox_and_openids_along(stage: Stage) -> None:
    stage.accept("wang", "case_progress").submit().dispatch("城管所")
    stage.push(event("user_authorization_cancellation", "mini-wang", OpenID="mini-wang"))
    assert {row.person_kind for row in stage.inbox_rows()} == {"staff"}
    assert [delivery.openid for delivery in stage.deliveries()] == [None]
