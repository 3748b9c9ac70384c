"""Who hears what along the way of one report, from outside: actions in, messages out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from backend.cases.queries import subject_card
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.notifications import table
from backend.notifications.audiences import Person, people
from backend.notifications.table import Audience, Message
from backend.outbox.models import OutboxJob
from backend.workflow.models import TimelineEntry
from tests.api.notifications.conftest import Stage

REPLY = "城管所已更换灯头，路灯恢复照明。"


def titles(stage: Stage, name: str = "wang") -> list[str]:
    return [item["title"] for item in reversed(stage.inbox(name))]


def test_the_resident_hears_of_each_step_that_is_theirs(stage: Stage) -> None:
    stage.accept("wang", "case_progress", "case_progress", "case_progress", "case_closed")
    stage.submit().dispatch("城管所")
    stage.act("chengguan", "start")
    stage.act("chengguan", "handle", note="灯头换好了")
    stage.act("hecha", "pass_check", outcome="resolved", reply=REPLY)
    assert titles(stage) == [
        "已收到您的上报",
        "您的上报已受理并交办",
        "您的上报开始办理",
        "您的上报已办结，请评价",
    ]
    assert REPLY in stage.inbox()[0]["text"]
    sent = stage.sent_to("wang")
    assert [message.template_id for message in sent] == [
        stage.template("case_progress"),
        stage.template("case_progress"),
        stage.template("case_closed"),
    ]
    assert sent[0].page == f"pages/case/index?id={stage.report['id']}"
    assert sent[0].data["phrase2"] == "待接单"
    assert sent[2].data == {
        "thing1": "路口路灯不亮，晚上很黑",
        "phrase2": "已解决",
        "time3": "2026年3月10日 10:00",
        "thing4": REPLY,
    }


def test_accepting_and_dispatching_apart_are_two_messages(stage: Stage) -> None:
    stage.submit().act("fenliu", "accept")
    stage.dispatch("城管所", action="dispatch")
    assert titles(stage)[1:] == ["您的上报已受理", "您的上报已交办"]
    assert "城管所" in stage.inbox()[0]["text"]


def test_a_receipt_goes_to_the_inbox_and_spends_no_grant(stage: Stage) -> None:
    stage.accept("wang", "case_progress").submit()
    assert titles(stage) == ["已收到您的上报"]
    assert stage.report["code_display"] in stage.inbox()[0]["text"]
    assert stage.sent_to("wang") == []


def test_the_worker_hears_of_a_task_and_the_message_opens_it(stage: Stage) -> None:
    stage.worker("chengguan")
    stage.accept("chengguan", "task_assigned")
    staff_id = stage.desk("chengguan").me["id"]
    stage.submit().dispatch("城管所", staff_id=staff_id)
    (message,) = stage.sent_to("chengguan")
    assert message.page == f"pages-work/task/index?id={stage.report['id']}"
    assert message.data["phrase4"] == "重要"
    assert message.data["thing1"] == "路口路灯不亮，晚上很黑"
    assert titles(stage, "chengguan") == ["有新任务"]


def test_a_task_of_one_person_is_nobody_elses(stage: Stage) -> None:
    for username in ("chengguan", "chengguan2"):
        stage.worker(username)
    stage.submit().dispatch("城管所", staff_id=stage.desk("chengguan").me["id"])
    assert [len(stage.inbox(username)) for username in ("chengguan", "chengguan2")] == [1, 0]


def test_a_unit_without_a_person_named_means_all_who_handle_there(stage: Stage) -> None:
    for username in ("chengguan", "chengguan2"):
        stage.worker(username)
        stage.accept(username, "task_assigned")
    stage.submit().dispatch("城管所")
    assert [len(stage.sent_to(username)) for username in ("chengguan", "chengguan2")] == [1, 1]


def test_nobody_outside_hears_of_an_internal_step(stage: Stage, clock: FrozenClock) -> None:
    stage.accept("wang", "case_progress", "case_progress", "case_progress")
    stage.submit().dispatch("城管所", note="这户常来闹，小心")
    heard = len(stage.inbox())
    stage.act("fenliu", "note", note="内部备注：联系供电所")
    stage.act("chengguan", "start")
    stage.act("chengguan", "handle", note="换好了")
    stage.act("hecha", "fail_check", note="灯还是不亮")
    clock.advance(timedelta(days=20))  # warnings and breaches
    stage.run_jobs()
    assert len(stage.inbox()) == heard + 1, "only that work began"
    everything = " ".join(row.text for row in stage.inbox_rows() if row.person_kind == "resident")
    for internal in ("常来闹", "内部备注", "还是不亮", "到期"):
        assert internal not in everything
    assert all("常来闹" not in str(sent.data) for sent in stage.sent_to("wang"))


def test_not_even_a_mistake_in_the_table_shows_a_resident_what_only_staff_see(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake = Message(Audience.RESIDENT, "case_progress", "内部备注", "{note}")
    monkeypatch.setattr(table, "MESSAGES", dict(table.MESSAGES) | {("report", "note"): (mistake,)})
    stage.submit().act("fenliu", "note", note="联系供电所")
    assert titles(stage) == ["已收到您的上报"]


def test_whom_a_row_names_is_told_though_somebody_else_has_it_now(stage: Stage) -> None:
    """And nobody of what they did themselves."""
    stage.submit().dispatch("城管所", staff_id=stage.desk("chengguan").me["id"])
    one, other = (int(stage.desk(username).me["id"]) for username in ("chengguan", "chengguan2"))
    with stage.app.app_context(), transaction(writing=False):
        card = subject_card("report", int(stage.report["id"]))
        row = db.session.scalars(
            select(TimelineEntry).where(TimelineEntry.action == "accept_and_dispatch")
        ).one()
        assert card is not None
        later = replace(card, assignee_staff_id=other)
        assert people(Audience.HANDLER, row, later) == [Person("staff", one)]
        unnamed = TimelineEntry(
            action="clock_warning", actor_kind="system", actor_id=0, visibility="staff", data={}
        )
        assert people(Audience.HANDLER, unnamed, later) == [Person("staff", other)]
        own = TimelineEntry(
            action="clock_warning", actor_kind="staff", actor_id=other, visibility="all", data={}
        )
        assert people(Audience.HANDLER, own, later) == []


def test_a_failed_check_goes_back_to_the_one_who_has_it(stage: Stage) -> None:
    stage.worker("chengguan")
    stage.submit().dispatch("城管所", staff_id=stage.desk("chengguan").me["id"])
    stage.act("chengguan", "start").act("chengguan", "handle", note="换好了")
    stage.act("hecha", "fail_check", note="灯还是不亮")
    newest = stage.inbox("chengguan")[0]
    assert newest["title"] == "核查未通过，请再办"
    assert "灯还是不亮" in newest["text"]


@pytest.mark.parametrize(
    ("decision", "given", "title"),
    [
        ("approve_reopen", {}, "已同意重办"),
        ("refuse_reopen", {"note": "照片显示已经修好，请再看看。"}, "重办申请有了答复"),
    ],
)
def test_the_decision_on_a_dispute_reaches_the_resident(
    stage: Stage, decision: str, given: dict[str, str], title: str
) -> None:
    stage.worker("chengguan")
    stage.submit().dispatch("城管所", staff_id=stage.desk("chengguan").me["id"])
    stage.act("chengguan", "start").act("chengguan", "handle", note="换好了")
    stage.act("hecha", "pass_check", outcome="resolved", reply=REPLY)
    path = f"/resident/reports/{stage.report['id']}"
    version = stage.resident().get(path).json["version"]
    disputed = stage.resident().post(f"{path}/actions/dispute", {"version": version, "note": "还是不亮"})
    assert disputed.status_code == 200, disputed.text
    stage.run_jobs()
    stage.act("lingdao", decision, **given)
    newest = stage.inbox()[0]
    assert newest["title"] == title
    assert given.get("note", "") in newest["text"]
    again = [item["title"] for item in stage.inbox("chengguan")].count("需要重办")
    assert again == (1 if decision == "approve_reopen" else 0)


def test_a_clock_that_runs_out_reaches_handler_dispatchers_and_leaders(
    stage: Stage, clock: FrozenClock
) -> None:
    for username in ("chengguan", "fenliu", "lingdao"):
        stage.worker(username)
    stage.submit().dispatch("城管所", staff_id=stage.desk("chengguan").me["id"])
    clock.advance(timedelta(days=20))
    stage.run_jobs()
    assert "任务快到期了" in titles(stage, "chengguan")
    assert "任务已超期" in titles(stage, "chengguan")
    assert "有事项快到期了" in titles(stage, "fenliu")
    assert titles(stage, "lingdao") == ["有事项超期了", "按规则督办"]  # HOT-11


def test_a_message_says_what_happened_then_and_not_what_is_now(stage: Stage) -> None:
    """The worker was away while three steps passed: each message tells of its own step."""
    stage.accept("wang", "case_progress", "case_progress", "case_closed")
    stage.submit()
    run, stage.run_jobs = stage.run_jobs, lambda: None
    stage.dispatch("城管所").act("chengguan", "start").act("chengguan", "handle", note="好了")
    stage.act("hecha", "pass_check", outcome="explained", reply=REPLY)
    run()
    assert [message.data["phrase2"] for message in stage.sent_to("wang")] == [
        "待接单",
        "办理中",
        "已解释说明",
    ]
    assert titles(stage)[1:] == ["您的上报已受理并交办", "您的上报开始办理", "您的上报已办结，请评价"]


def test_each_row_is_told_once_however_often_its_job_runs(stage: Stage) -> None:
    stage.accept("wang", "case_progress", "case_progress").submit().dispatch("城管所")
    with stage.app.app_context():
        again = update(OutboxJob).where(OutboxJob.kind.in_(["timeline", "message"])).values(state="pending")
        run_unit(lambda: db.session.execute(again))
    before = (len(stage.inbox_rows()), len(stage.deliveries()), len(stage.platform.sent))
    stage.run_jobs()
    assert (len(stage.inbox_rows()), len(stage.deliveries()), len(stage.platform.sent)) == before
