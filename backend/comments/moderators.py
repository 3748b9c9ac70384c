"""Reads for those who decide what is shown: what stands beside a comment in their queue, and the public log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from backend.comments import ports, word_list, words
from backend.comments.marks import LABELS
from backend.comments.models import Comment, CommentFlag, CommentHiding
from backend.comments.states import HIDDEN, HIDDEN_BECAUSE, KINDS, REASONS, STATES
from backend.identity import queries as identity
from backend.kernel.clock import shanghai
from backend.kernel.db import db


def texts(ids: Iterable[int]) -> dict[int, str]:
    """What was said, by comment; what is gone or was erased is absent."""
    rows = db.session.execute(select(Comment.id, Comment.text).where(Comment.id.in_(set(ids))))
    return {row.id: row.text for row in rows if row.text}


def author_of(comment_id: int) -> int | None:
    """The resident who said it; None when that is no longer kept."""
    return db.session.scalar(select(Comment.resident_id).where(Comment.id == comment_id))


def about(ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """By comment: where it stands, what was marked, how it was flagged, why it was hidden, what the author objects."""
    rows = db.session.scalars(select(Comment).where(Comment.id.in_(set(ids)))).all()
    staff = identity.staff_cards(row.hidden_by for row in rows if row.hidden_by is not None)
    flags = _flags([row.id for row in rows if row.flag_count])
    return {
        row.id: {
            "title": _title(row),
            "kind_label": KINDS[row.kind],
            "state": row.state,
            "state_label": STATES[row.state],
            "marks": [
                {"start": s, "end": e, "what": what, "label": LABELS[what]} for s, e, what in row.marks
            ],
            "words": _words(row),
            "flags": flags.get(row.id, []),
            "hidden_reason": words.why_hidden(row),
            "hidden_note": row.hidden_note,
            "hidden_by": staff[row.hidden_by].name if row.hidden_by in staff else "",
            "objection": row.objection,
            "objection_open": row.state == HIDDEN
            and row.objected_at is not None
            and not row.objection_result,
        }
        for row in rows
    }


def _title(row: Comment) -> str:
    subject = ports.subject_of(row.subject_kind)
    return "" if subject is None else subject.titles([row.subject_id]).get(row.subject_id, "")


def _words(row: Comment) -> list[dict[str, Any]]:
    if row.held_because != "words":
        return []
    found = word_list.found_in(word_list.words_of(row.town_id), row.text)
    return [{"start": one.start, "end": one.end, "what": "word", "label": one.word} for one in found]


def _flags(ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    rows = db.session.execute(
        select(CommentFlag.comment_id, CommentFlag.reason, func.count())
        .where(CommentFlag.comment_id.in_(ids))
        .group_by(CommentFlag.comment_id, CommentFlag.reason)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for comment_id, reason, count in rows:
        found.setdefault(comment_id, []).append({"reason": reason, "label": REASONS[reason], "count": count})
    for counted in found.values():
        counted.sort(key=lambda one: (-one["count"], one["reason"]))
    return found


def log(town_id: int) -> list[dict[str, Any]]:
    """What was hidden in a town, by month (Shanghai) and reason, newest month first: counts and nothing else.

    {"month": "2026-03", "reason", "label", "hidden", "by_platform", "objected", "restored"}
    """
    rows = db.session.execute(
        select(
            CommentHiding.at,
            CommentHiding.reason,
            CommentHiding.staff_id,
            CommentHiding.objected,
            CommentHiding.undone_at,
        ).where(CommentHiding.town_id == town_id)
    )
    counted: dict[tuple[str, str], dict[str, Any]] = {}
    for at, reason, staff_id, objected, undone_at in rows:
        key = (f"{shanghai(at):%Y-%m}", reason)
        line = counted.setdefault(key, _line(*key))
        line["hidden"] += 1
        line["by_platform"] += staff_id is None
        line["objected"] += objected
        line["restored"] += undone_at is not None
    return sorted(counted.values(), key=lambda one: (-int(one["month"].replace("-", "")), one["reason"]))


def _line(month: str, reason: str) -> dict[str, Any]:
    counts = {"hidden": 0, "by_platform": 0, "objected": 0, "restored": 0}
    return {"month": month, "reason": reason, "label": HIDDEN_BECAUSE[reason], **counts}
