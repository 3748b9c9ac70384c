"""What staff see of messages that did not arrive, and sending them again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backend.integrations.wechat.protocol import PlatformEvent, Reaction, WeChatError
from backend.kernel.clock import FrozenClock, now
from tests.api.notifications.conftest import Stage

REFUSAL = WeChatError("subscribe_send", 40037, Reaction.TEMPLATE, "invalid template_id")


def failed(stage: Stage) -> dict[str, Any]:
    """One message that failed for good, as the dispatcher's list shows it."""
    stage.accept("wang", "case_progress").submit()
    stage.platform.refuse("send_subscribe", REFUSAL)
    stage.dispatch("城管所")
    (item,) = stage.desk("fenliu").get("/staff/messages", query_string={"state": "failed"}).json["items"]
    return dict(item)


def test_a_failure_is_listed_with_its_reason_and_without_names(stage: Stage) -> None:
    item = failed(stage)
    assert item["state_label"] == "发送失败"
    assert "invalid template_id" in item["error"]
    assert item["attempts"] == 1
    assert item["case_id"] == stage.report["id"]
    assert item["case_code"] == stage.report["code_display"]
    assert item["template"] == "诉求办理进度通知"
    assert "mini-wang" not in str(item)
    assert item["to_masked"].startswith("居民")


def test_sent_again_on_the_same_row(stage: Stage) -> None:
    item = failed(stage)
    answer = stage.desk("fenliu").post(f"/staff/messages/{item['id']}/resend")
    assert (answer.status_code, answer.json["state"]) == (200, "pending")
    stage.run_jobs()
    (listed,) = stage.desk("fenliu").get("/staff/messages").json["items"]
    assert (listed["id"], listed["state"], listed["error"]) == (item["id"], "sent", None)
    assert len(stage.sent_to("wang")) == 1


def test_what_was_sent_is_not_sent_again(stage: Stage) -> None:
    item = failed(stage)
    desk = stage.desk("fenliu")
    desk.post(f"/staff/messages/{item['id']}/resend")
    assert desk.post(f"/staff/messages/{item['id']}/resend").status_code == 409
    stage.run_jobs()
    assert desk.post(f"/staff/messages/{item['id']}/resend").status_code == 409
    stage.run_jobs()
    assert len(stage.sent_to("wang")) == 1


@pytest.mark.parametrize("pruned", [False, True])
def test_what_the_platform_lost_later_can_be_sent_again(
    stage: Stage, clock: FrozenClock, pruned: bool
) -> None:
    stage.accept("wang", "case_progress", "case_progress").submit().dispatch("城管所")
    item = {
        "TemplateId": stage.template("case_progress"),
        "ErrorCode": "1003",
        "ErrorStatus": "system failed",
    }
    stage.push(PlatformEvent("mini", "subscribe_msg_sent_event", "mini-wang", now(), (item,), {}))
    if pruned:
        clock.advance(timedelta(days=31))
        stage.desks.clear()
        stage.run_jobs()
    desk = stage.desk("fenliu")
    (listed,) = desk.get("/staff/messages", query_string={"state": "failed"}).json["items"]
    assert "system failed" in listed["error"]
    assert desk.post(f"/staff/messages/{listed['id']}/resend").status_code == 200
    stage.run_jobs()
    assert len(stage.sent_to("wang")) == 2
    assert [delivery.state for delivery in stage.deliveries()] == ["sent"]


def test_what_was_sent_long_ago_is_not_sent_again(stage: Stage, clock: FrozenClock) -> None:
    stage.accept("wang", "case_progress", "case_progress").submit().dispatch("城管所")
    clock.advance(timedelta(days=31))
    stage.run_jobs()
    stage.desks.clear()
    desk = stage.desk("fenliu")
    (listed,) = desk.get("/staff/messages", query_string={"state": "sent"}).json["items"]
    assert desk.post(f"/staff/messages/{listed['id']}/resend").status_code == 409


def test_what_was_not_pushed_on_purpose_is_not_sent_again(stage: Stage) -> None:
    stage.accept("wang", "case_progress").submit()
    stage.platform.granted.clear()
    stage.dispatch("城管所")
    desk = stage.desk("fenliu")
    (listed,) = desk.get("/staff/messages", query_string={"state": "skipped"}).json["items"]
    assert (listed["can_resend"], listed["state_label"]) == (False, "未推送")
    assert desk.post(f"/staff/messages/{listed['id']}/resend").status_code == 409


def test_sending_again_is_audited(stage: Stage) -> None:
    from sqlalchemy import select

    from backend.audit.models import AuditEntry
    from backend.kernel.db import db

    item = failed(stage)
    stage.desk("fenliu").post(f"/staff/messages/{item['id']}/resend")
    with stage.app.app_context():
        found = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "message_resent")).all()
    assert [entry.subject_id for entry in found] == [int(stage.report["id"])]


@pytest.mark.parametrize(
    ("username", "listing", "again"),
    [
        ("fenliu", 200, 200),
        ("guanli", 200, 200),
        ("lingdao", 403, 403),
        ("chengguan", 403, 403),
        ("cunzhang1", 403, 403),
    ],
)
def test_who_may(stage: Stage, username: str, listing: int, again: int) -> None:
    item = failed(stage)
    desk = stage.desk(username)
    assert desk.get("/staff/messages").status_code == listing
    assert desk.post(f"/staff/messages/{item['id']}/resend").status_code == again


def test_the_other_town_sees_nothing_of_it(stage: Stage) -> None:
    item = failed(stage)
    other = stage.desk("xfenliu")
    assert other.get("/staff/messages").json["items"] == []
    missing = other.post("/staff/messages/123456/resend")
    forbidden = other.post(f"/staff/messages/{item['id']}/resend")
    assert (missing.status_code, forbidden.status_code) == (404, 404)
    assert missing.json["code"] == forbidden.json["code"]


def test_what_waits_says_why(stage: Stage, clock: FrozenClock) -> None:
    stage.accept("wang", "case_progress").submit()
    stage.platform.refuse("send_subscribe", WeChatError("subscribe_send", -1, Reaction.RETRY, "system busy"))
    stage.dispatch("城管所")
    (item,) = stage.desk("fenliu").get("/staff/messages", query_string={"state": "pending"}).json["items"]
    assert "system busy" in item["error"]
    assert item["can_resend"] is False
    clock.advance(timedelta(minutes=1))
    stage.run_jobs()
    assert stage.desk("fenliu").get("/staff/messages", query_string={"state": "pending"}).json["items"] == []


def test_an_unknown_state_is_refused_with_a_sentence(stage: Stage) -> None:
    answer = stage.desk("fenliu").get("/staff/messages", query_string={"state": "lost"})
    assert answer.status_code == 422
    assert "state" in answer.json["fields"]
