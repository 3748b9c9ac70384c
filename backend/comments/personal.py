"""What somebody said in public, for them; and how it is erased (PI-07)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.comments import services, words
from backend.comments.models import Comment, CommentFlag, CommentSecond
from backend.comments.states import KINDS, OBJECTIONS, REASONS, STANCES, STATES
from backend.kernel.db import db


def copy(resident_id: int) -> list[dict[str, Any]]:
    """Everything somebody said, flagged and seconded."""
    mine = select(Comment).where(Comment.resident_id == resident_id).order_by(Comment.id)
    said = [
        {"title": f"{KINDS[row.kind]} {row.id}", "facts": _facts(row)} for row in db.session.scalars(mine)
    ]
    return [
        {"code": "comments", "title": "您公开说过的话", "records": said},
        {"code": "comment_flags", "title": "您举报过的发言", "records": _flags(resident_id)},
        {"code": "comment_seconds", "title": "您附议过的发言", "records": _seconds(resident_id)},
    ]


def _facts(row: Comment) -> list[tuple[str, Any]]:
    return [
        ("时间", row.created_at),
        ("态度", STANCES[row.stance]),
        ("内容", row.text),
        ("状态", STATES[row.state]),
        ("等待复核的原因", words.why_held(row)),
        ("未公开的理由", words.why_hidden(row)),
        ("未公开的说明", row.hidden_note),
        ("您的异议", row.objection),
        ("异议的结果", OBJECTIONS[row.objection_result] if row.objected_at is not None else ""),
        ("单位的回答", row.answer),
        ("附议人数", row.second_count or None),
    ]


def _flags(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(CommentFlag).where(CommentFlag.resident_id == resident_id).order_by(CommentFlag.comment_id)
    )
    return [
        {
            "title": f"发言 {row.comment_id}",
            "facts": [("时间", row.created_at), ("理由", REASONS[row.reason]), ("说明", row.note)],
        }
        for row in rows
    ]


def _seconds(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(CommentSecond)
        .where(CommentSecond.resident_id == resident_id)
        .order_by(CommentSecond.comment_id)
    )
    return [{"title": f"发言 {row.comment_id}", "facts": [("时间", row.created_at)]} for row in rows]


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Erase everything somebody said in public, and take their flags and seconds back: record kind → ids."""
    mine = select(Comment).where(Comment.resident_id == resident_id).with_for_update()
    said = list(db.session.scalars(mine))
    for row in said:
        services.erase(row)
    gone = services.take_back_marks(resident_id)
    db.session.flush()
    return {"comment": [row.id for row in said], "comment_mark": gone}
