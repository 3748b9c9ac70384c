"""From a row of the timeline to words: for the inbox, and for the fields of a WeChat template.

Rendered from the row, never from the present state: a message that waited says what happened then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from backend.cases.queries import SubjectCard
from backend.cases.words import OUTCOMES, URGENCIES, day_words
from backend.kernel.clock import shanghai
from backend.kernel.ids import show_code
from backend.notifications.table import INBOX_PAGE, PART_PAGE, TASK, Message
from backend.workflow.kinds import kind_of
from backend.workflow.models import TimelineEntry

NO_NOTE = "请点开查看。"
NOWHERE = "未注明地点"
NEUTRAL_TITLE = "您的诉求"
NEUTRAL_STATUS = "有新进展"
NEUTRAL_TASK = "有一件事项待办"
NEUTRAL_TEXT = "您的诉求有新进展，请点开查看"


def wording(entry: TimelineEntry, card: SubjectCard) -> dict[str, str]:
    """What the wording of a message may name in braces."""
    table = kind_of(entry.subject_kind).table
    state = table.state(entry.to_state)
    due = due_of(entry, card)
    return {
        "title": card.title,
        "topic": str(entry.data.get("topic") or card.title),
        "code": show_code(card.code),
        "place": card.place_label or NOWHERE,
        "status": state.label,
        "next_step": card.next_steps.get(state.code) or state.next_step,
        "unit": entry.unit_name or "承办单位",
        "assignee": str(entry.data.get("unit") or card.assignee_unit_name or "承办单位"),
        "note": reply_of(entry) or NO_NOTE,
        "outcome": outcome_of(entry) or state.label,
        "reason": chosen_of(entry, "reason"),
        "body": str(entry.data.get("body") or "有关部门"),
        "until": until_of(entry),
        "rule": str(entry.data.get("rule") or "按规则"),
        "clock": table.clock_labels.get(str(entry.data.get("clock")), "时限"),
        "due": words_of(due) if due else "规定时间",
        "due_sentence": f"请在 {words_of(due)} 前办结。" if due else "",
    }


def inbox_text(message: Message, entry: TimelineEntry, card: SubjectCard) -> str:
    """The text of the inbox line. Braces in what people wrote stay as they are."""
    return message.text.format_map(wording(entry, card))


def template_values(message: Message, entry: TimelineEntry, card: SubjectCard) -> dict[str, object]:
    """Our logical fields (see config/wechat_templates.toml); the formatter makes them fit."""
    if message.neutral:
        return neutral({"at": entry.at, "code": show_code(card.code), "due": due_of(entry, card)}) | {
            "title": NEUTRAL_TASK if message.template == TASK else card.title,
            "status": NEUTRAL_STATUS,
            "urgency": URGENCIES["normal"],
        }
    state = kind_of(entry.subject_kind).table.state(entry.to_state)
    return {
        "title": card.title,
        "status": outcome_of(entry) or state.label,
        "at": entry.at,
        "hint": message.hint or "点击查看详情",
        "code": show_code(card.code),
        "place": card.place_label or NOWHERE,
        "due": due_of(entry, card),
        "urgency": URGENCIES.get(card.urgency, card.urgency),
        "reply": reply_of(entry) or NO_NOTE,
    }


def neutral(values: Mapping[str, object]) -> dict[str, object]:
    """The same without anybody's own words, for when the platform dislikes one of them (45168)."""
    return dict(values) | {
        "title": values.get("neutral") or NEUTRAL_TITLE,
        "reply": NEUTRAL_TEXT,
        "hint": "点击查看详情",
        "place": "请点开查看",
    }


def page_of(message: Message, card: SubjectCard) -> str:
    """The mini-program page the message opens; the same path stands behind /m/ on the web."""
    if card.page:
        return INBOX_PAGE if message.template == TASK else card.page
    page = PART_PAGE if card.kind == "child_task" else message.page
    return page.format(id=card.id)


def reply_of(entry: TimelineEntry) -> str | None:
    """What was written to the person: the reply, or the note of a row that is not for staff alone."""
    reply = entry.data.get("reply") or entry.note
    return str(reply) if reply else None


def outcome_of(entry: TimelineEntry) -> str | None:
    """The word for the outcome the row records, if it records one."""
    outcome = entry.data.get("outcome")
    return OUTCOMES.get(str(outcome)) if outcome else None


def chosen_of(entry: TimelineEntry, name: str) -> str:
    """The word of a choice that the row records, as the edge's field has it; empty when it records none."""
    edge = kind_of(entry.subject_kind).table.edge(entry.action, entry.from_state or "")
    options = (o for f in (edge.fields if edge else ()) if f.name == name for o in f.options)
    return next((o.label for o in options if o.value == entry.data.get(name)), "")


def until_of(entry: TimelineEntry) -> str:
    """The day the row names: of an extension, of a suspension, of an upstream order."""
    until = entry.data.get("until")
    return day_words(date.fromisoformat(str(until))) if until else "另行告知的日期"


def due_of(entry: TimelineEntry, card: SubjectCard) -> datetime | None:
    """The due date as the row has it (aware), else the citizen's date."""
    noted = entry.data.get("due_at")
    return datetime.fromisoformat(str(noted)) if noted else card.due_at


def words_of(moment: datetime) -> str:
    """11月25日 18:00, in Shanghai."""
    local = shanghai(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
