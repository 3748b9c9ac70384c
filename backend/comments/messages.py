"""What authors are told in the inbox, each thing once. No words of the comment stand in a message."""

from __future__ import annotations

from backend.comments import ports, words
from backend.comments.models import Comment
from backend.comments.states import KINDS, UPHELD
from backend.kernel.ids import new_id


def held(row: Comment) -> None:
    """It waits for a person, and why."""
    _tell(
        row,
        "您的发言要等人工复核",
        f"{_where(row)}{words.why_held(row)}，工作人员看过后才会公开。您也可以撤回后改好再发。",
    )


def hidden(row: Comment, hiding_id: int) -> None:
    """It was hidden: why, and that the author may object once."""
    note = f"说明：{row.hidden_note}。" if row.hidden_note else ""
    objection = "" if row.objected_at is not None else "您可以提出一次异议，由另一位工作人员复核。"
    _tell(
        row,
        "您的发言没有公开",
        f"{_where(row)}没有公开。理由：{words.why_hidden(row)}。{note}{objection}",
        hiding_id,
    )


def objection_decided(row: Comment, note: str) -> None:
    """What another person decided on the objection."""
    said = (
        "异议成立，已经恢复公开。" if row.objection_result == UPHELD else "经另一位工作人员复核，仍不公开。"
    )
    more = f"说明：{note.strip()}" if note.strip() else ""
    _tell(row, "您的异议有结果了", f"{_where(row)}{said}{more}")


def answered(row: Comment) -> None:
    """The office has answered in public."""
    _tell(
        row, f"您的{KINDS[row.kind]}有回答了", f"{_where(row)}已由{row.answered_unit}公开回答，请点开查看。"
    )


def _where(row: Comment) -> str:
    subject = ports.subject_of(row.subject_kind)
    title = subject.titles([row.subject_id]).get(row.subject_id, "") if subject is not None else ""
    return f"您在“{title}”下的{KINDS[row.kind]}" if title else f"您的{KINDS[row.kind]}"


def _tell(row: Comment, title: str, text: str, cause_id: int | None = None) -> None:
    if row.resident_id is None:
        return
    subject = ports.subject_of(row.subject_kind)
    page = subject.page(row.subject_id) if subject is not None else ""
    ports.tell(row.resident_id, title, text, page, cause_id or new_id())
