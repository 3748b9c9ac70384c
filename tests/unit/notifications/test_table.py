"""The table of messages against what it names: placeholders, states, lengths."""

from __future__ import annotations

import string
from datetime import UTC, datetime

import pytest

from backend.care.states import TABLE as HELP
from backend.cases.queries import SubjectCard
from backend.consultations import kind as consultations_kind
from backend.consultations.states import TABLE as CONSULTATIONS
from backend.neighbours.states import TABLE as POSTS
from backend.notices import objection_kind
from backend.notices.objection_states import TABLE as OBJECTIONS
from backend.notices.publishing_request_states import TABLE as REQUESTS
from backend.notifications import rendering
from backend.notifications.table import MESSAGES, TASK, TELLS_NOBODY, Audience, Message, messages_for
from backend.petitions import kind as petitions_kind
from backend.petitions.states import TABLE as PETITIONS
from backend.reports import kind as reports_kind
from backend.reports.states import TABLE
from backend.tasks.states import TABLE as TASKS
from backend.wall import kind as wall_kind
from backend.wall.states import ENTRY_TABLE, FOLLOW_UP_TABLE
from backend.workflow.models import TimelineEntry

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ROWS = [(kind, action, message) for (kind, action), said in MESSAGES.items() for message in said]
#: written by the program without an edge
CLOCK_ACTIONS = {"clock_warning", "clock_breach"}
PROGRAM = CLOCK_ACTIONS | {"call_back_owed", "call_back_alert"}
TABLES = (
    TABLE,
    TASKS,
    CONSULTATIONS,
    PETITIONS,
    ENTRY_TABLE,
    FOLLOW_UP_TABLE,
    OBJECTIONS,
    REQUESTS,
    POSTS,
    HELP,
)
EDGES = [(table.kind, edge) for table in TABLES for edge in table.edges]


@pytest.fixture(autouse=True, scope="module")
def _kinds() -> None:
    reports_kind.register_reports()
    petitions_kind.register_petitions()
    consultations_kind.register_consultations()
    wall_kind.register_wall()
    objection_kind.register_objections()


def card(**changes: object) -> SubjectCard:
    values: dict[str, object] = {
        "id": 7,
        "kind": "report",
        "title": "路灯不亮",
        "code": "7KQ4M2XN9ABC",
        "place_label": "湾头村 · 第1网格",
        "category_name": "路灯不亮",
        "urgency": "important",
        "due_at": datetime(2026, 3, 17, 10, 0, tzinfo=UTC),
        "town_id": 1,
        "resident_id": 2,
        "assignee_staff_id": None,
        "assignee_unit_id": 3,
        "assignee_unit_name": "城管所",
        "places": {"town": 1},
    }
    return SubjectCard(**(values | changes))  # type: ignore[arg-type]


def entry(**changes: object) -> TimelineEntry:
    values: dict[str, object] = {
        "id": 1,
        "subject_kind": "report",
        "subject_id": 7,
        "at": AT,
        "action": "accept",
        "to_state": "accepted",
        "visibility": "all",
        "unit_name": "镇便民服务中心",
        "note": None,
        "data": {},
    }
    return TimelineEntry(**(values | changes))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("kind", "action", "message"), ROWS)
def test_each_row_can_be_said(kind: str, action: str, message: Message) -> None:
    offered = rendering.wording(entry(), card())
    assert placeholders(message.text) <= offered.keys()
    assert placeholders(message.title) == set()
    assert len(message.title) <= 20
    assert len(message.hint) <= 20
    assert "{" not in rendering.inbox_text(message, entry(), card())


def test_every_edge_tells_somebody_or_says_why_nobody() -> None:
    """Completeness: an edge that is neither here nor there was forgotten."""
    told = {(kind, action) for kind, action, _ in ROWS if action not in PROGRAM}
    silent = set(TELLS_NOBODY)
    assert told | silent == {(kind, edge.action) for kind, edge in EDGES}
    assert not told & silent
    assert all(len(why) > 20 for why in TELLS_NOBODY.values())


def test_every_edge_to_an_end_or_a_wait_that_the_resident_did_not_choose_tells_the_resident() -> None:
    open_to = {state.code for state in TABLE.states if state.is_open and not state.stands_still}
    for edge in TABLE.edges:
        if edge.target in open_to | {None} or edge.action in {"withdraw", "settle_on_spot"}:
            continue
        assert Audience.RESIDENT in {m.audience for m in MESSAGES["report", edge.action]}, edge.action


def test_every_event_of_the_table_can_happen() -> None:
    edges = {(kind, edge.action) for kind, edge in EDGES}
    assert {(kind, action) for kind, action, _ in ROWS if action not in PROGRAM} <= edges


def test_no_event_that_only_staff_see_names_a_resident() -> None:
    internal = {(kind, edge.action) for kind, edge in EDGES if edge.visibility == "staff"}
    told = [m for kind, action, m in ROWS if (kind, action) in internal or action in PROGRAM]
    assert told
    assert all(message.audience is not Audience.RESIDENT for message in told)


def test_a_note_that_is_not_for_the_citizen_is_in_no_message_to_one() -> None:
    """Edges whose note stays inside may tell the resident of the step, never the note."""
    inside = {edge.action for edge in TABLE.edges if not edge.note_to_citizen}
    for kind, action, message in ROWS:
        if kind == TABLE.kind and action in inside and message.audience is Audience.RESIDENT:
            assert "note" not in placeholders(message.text)
            assert message.template != "case_closed"


def test_the_templates_status_is_a_phrase() -> None:
    words = {state.label for state in TABLE.states} | {"已解决", "已解释说明", "部分解决", "暂无法解决"}
    assert all(len(word) <= 5 for word in words)


@pytest.mark.parametrize(
    ("clock", "audiences"),
    [
        ("answer", {Audience.HANDLER, Audience.DISPATCHERS}),
        ("accept", {Audience.DISPATCHERS}),
        ("reopen", {Audience.DISPATCHERS}),
    ],
)
def test_a_handler_is_warned_of_the_handlers_clock_only(clock: str, audiences: set[Audience]) -> None:
    assert {m.audience for m in messages_for("report", "clock_warning", clock)} == audiences


def test_an_event_that_is_not_in_the_table_tells_nobody() -> None:
    assert messages_for("report", "note") == ()
    assert messages_for("letter", "accept") == ()


def test_what_people_wrote_is_not_read_as_wording() -> None:
    (message,) = messages_for("report", "accept")
    text = rendering.inbox_text(message, entry(), card(title="{note} 和 {unknown}"))
    assert "{note} 和 {unknown}" in text


def test_values_come_from_the_row() -> None:
    row = entry(
        action="pass_check",
        to_state="closed",
        note="修好了",
        data={"outcome": "partly", "due_at": "2026-03-12T02:00:00+00:00"},
    )
    message, _ = messages_for("report", "pass_check")
    values = rendering.template_values(message, row, card())
    assert (values["status"], values["reply"], values["at"]) == ("部分解决", "修好了", AT)
    assert values["due"] == datetime(2026, 3, 12, 2, 0, tzinfo=UTC)


def test_neutral_words_hold_nobodys_own() -> None:
    message, _ = messages_for("report", "pass_check")
    values = rendering.template_values(
        message, entry(note="敏感的话"), card(title="敏感的事", place_label="某某家门口")
    )
    assert "敏感" not in str(rendering.neutral(values))
    assert "某某" not in str(rendering.neutral(values))


def test_a_row_says_why_where_to_and_until_when() -> None:
    """HOT-03, HOT-08: the reason, the right place and the date are in the message itself."""
    refused, _ = messages_for("report", "refuse")
    row = entry(
        action="refuse",
        from_state="submitted",
        to_state="not_accepted",
        note="高压线路由供电公司管。",
        data={"reason": "other_body", "body": "市供电公司"},
    )
    text = rendering.inbox_text(refused, row, card())
    assert "原因：属于其他部门或上级的职责。应当找：市供电公司。" in text
    later, _ = messages_for("report", "approve_extension")
    row = entry(action="approve_extension", from_state="handling", data={"until": "2026-03-24"})
    assert "延到 3 月 24 日（周二）。" in rendering.inbox_text(later, row, card())


def test_pages() -> None:
    (resident, worker) = messages_for("report", "dispatch")
    assert rendering.page_of(resident, card()) == "pages/case/index?id=7"
    assert worker.template == TASK
    assert rendering.page_of(worker, card()) == "pages-work/task/index?id=7"
    assert rendering.page_of(worker, card(kind="child_task")) == "pages-work/child/index?id=7"


@pytest.mark.parametrize("action", sorted({a for kind, a, _ in ROWS if kind == "petition"}))
def test_a_petitions_message_gives_nothing_away(action: str) -> None:
    """§1.5: no words of anybody, no matter, no place; what is pushed says only that there is news."""
    said = "承包地被占，村干部收了钱"
    about = card(kind="petition", title="您反映的事项", place_label="", category_name="")
    happened = entry(
        subject_kind="petition",
        action=action,
        note=said,
        to_state="not_accepted",
        from_state="",
        data={"body": said},
    )
    for message in MESSAGES["petition", action]:
        pushed = rendering.template_values(message, happened, about)
        written = "".join(str(value) for value in pushed.values()) + message.title
        assert said not in written + rendering.inbox_text(message, happened, about)
        assert not any(word in written for word in ("信访", "受理", "复查", "不予", "承包", "举报"))
        assert pushed["status"] == "有新进展"
