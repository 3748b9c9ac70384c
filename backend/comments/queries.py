"""Reads of comments: what everybody sees, what an author sees of their own, what moderators see."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select

from backend.comments import ports, words
from backend.comments.marks import LABELS
from backend.comments.models import Comment, CommentFlag, CommentHiding, CommentSecond
from backend.comments.states import HIDDEN, KINDS, OBJECTIONS, SHOWN, STANCES, STATES, TONES
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Invalid, NotFound
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor
from backend.media import queries as media
from backend.places import queries as places

PERMISSION = "content.review"
MISSING = NotFound("comment_not_found", "没有找到这条发言，可能已撤回或没有公开。")
ORDERS = ("newest", "oldest", "seconds")


# --- one comment ------------------------------------------------------------------------------------------


def get(comment_id: int, *, lock: bool = False) -> Comment | None:
    """Any comment, for the program's own work."""
    statement = select(Comment).where(Comment.id == comment_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


def get_shown(comment_id: int, *, lock: bool = False) -> Comment:
    """A comment that everybody may read. NotFound."""
    return _demand(get(comment_id, lock=lock), lambda row: row.state == SHOWN)


def get_own(resident_id: int, comment_id: int, *, lock: bool = False) -> Comment:
    """The only way to a comment for its author. NotFound when missing or somebody else's."""
    return _demand(get(comment_id, lock=lock), lambda row: row.resident_id == resident_id)


def get_for(actor: Actor, comment_id: int, *, lock: bool = False) -> Comment:
    """The only way to a comment for a moderator: within the towns they review for. NotFound."""
    return _demand(get(comment_id, lock=lock), lambda row: row.town_id in towns_of(actor))


def get_to_answer(actor: Actor, comment_id: int) -> Comment:
    """The only way to a comment for who answers it: its subject says who may. NotFound."""

    def may(row: Comment) -> bool:
        subject = ports.subject_of(row.subject_kind)
        return subject is not None and row.state == SHOWN and subject.may_answer(actor, row.subject_id)

    return _demand(get(comment_id), may)


def _demand(row: Comment | None, allowed: Any) -> Comment:
    if row is None or not allowed(row):
        raise MISSING
    return row


def towns_of(actor: Actor) -> set[int]:
    """The towns for the whole of which somebody moderates."""
    granted = actor.grants_with(PERMISSION)
    return {one.place_id for one in granted if one.place_level == "town" and one.unit_id is None}


def has_seconded(comment_id: int, resident_id: int) -> bool:
    """Whether this person seconded it."""
    return db.session.get(CommentSecond, (comment_id, resident_id)) is not None


def has_flagged(comment_id: int, resident_id: int) -> bool:
    """Whether this person flagged it."""
    return db.session.get(CommentFlag, (comment_id, resident_id)) is not None


def last_hiding(comment_id: int) -> CommentHiding | None:
    """The latest time it was hidden."""
    return db.session.scalar(
        select(CommentHiding)
        .where(CommentHiding.comment_id == comment_id)
        .order_by(CommentHiding.at.desc(), CommentHiding.id.desc())
        .limit(1)
    )


def marks_of(model: type[Any], resident_id: int) -> Sequence[Any]:
    """Every flag, every second, or every comment of a person."""
    return db.session.scalars(select(model).where(model.resident_id == resident_id)).all()


# --- what everybody sees ----------------------------------------------------------------------------------


def shown(
    subject_kind: str,
    subject_id: int,
    *,
    kinds: Sequence[str] = (),
    order: str = "newest",
    cursor: str | None = None,
    limit: int = PAGE_SIZE,
) -> Page[dict[str, Any]]:
    """A page of what is public under a subject, as `card()` dicts. Raises Invalid for a cursor that is none."""
    query = select(Comment).where(
        Comment.subject_kind == subject_kind, Comment.subject_id == subject_id, Comment.state == SHOWN
    )
    if kinds:
        query = query.where(Comment.kind.in_(kinds))
    if order == "seconds":
        rows, after = _by_seconds(query, cursor, limit)
        return Page(cards(rows), after)
    at = parse_cursor(cursor)
    if order == "oldest":
        if at is not None:
            query = query.where(
                Comment.created_at >= at[0], or_(Comment.created_at > at[0], Comment.id > at[1])
            )
        query = query.order_by(Comment.created_at, Comment.id)
    else:
        if at is not None:
            query = query.where(behind(Comment.created_at, Comment.id, at))
        query = query.order_by(Comment.created_at.desc(), Comment.id.desc())
    found = list(db.session.scalars(query.limit(limit + 1)))
    page = make_page(found, limit, lambda row: (row.created_at, row.id))
    return Page(cards(page.items), page.next_cursor)


def _by_seconds(query: Any, cursor: str | None, limit: int) -> tuple[list[Comment], str | None]:
    """Most seconded first. The count may change while somebody pages: a comment may then be met twice."""
    if cursor:
        count, row_id = _read_count(cursor)
        query = query.where(
            Comment.second_count <= count, or_(Comment.second_count < count, Comment.id < row_id)
        )
    ordered = query.order_by(Comment.second_count.desc(), Comment.id.desc())
    rows = list(db.session.scalars(ordered.limit(limit + 1)))
    last = rows[:limit][-1] if len(rows) > limit else None
    after = None if last is None else f"{last.second_count}|{last.id}"
    return rows[:limit], base64.urlsafe_b64encode(after.encode()).decode() if after else None


def _read_count(cursor: str) -> tuple[int, int]:
    try:
        count, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        found = (int(count), int(row_id))
        if not all(0 <= number < 2**63 for number in found):
            raise ValueError("not of our making")
        return found
    except ValueError as error:
        raise Invalid("bad_cursor", "翻页标记已失效，请刷新后再试。", fields={"cursor": ["无效"]}) from error


def cards(rows: Sequence[Comment], viewer_id: int | None = None) -> list[dict[str, Any]]:
    """Comments as everybody reads them; with a viewer also `mine` and `seconded`. No author, ever."""
    photos = media.for_subjects("comment", [row.id for row in rows if row.has_photos])
    named = places.places_named([row.village_id for row in rows if row.village_id is not None])
    seconded = _seconded_of(viewer_id, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "kind_label": KINDS[row.kind],
            "stance": row.stance,
            "stance_label": STANCES[row.stance],
            "text": row.text,
            "author_label": words.author_label(
                named[row.village_id].name if row.village_id in named else None
            ),
            "created_at": row.created_at,
            "photos": photos.get(row.id, []),
            "answer": row.answer,
            "answered_unit": row.answered_unit,
            "answered_at": row.answered_at,
            "second_count": row.second_count,
            "seconded": row.id in seconded,
            "mine": viewer_id is not None and row.resident_id == viewer_id,
            "state": row.state,
            "state_label": STATES[row.state],
            "tone": TONES[row.state],
        }
        for row in rows
    ]


def of_ids(
    ids: Iterable[int], viewer_id: int | None = None, *, public: bool = True
) -> dict[int, dict[str, Any]]:
    """Cards by id; with `public` those that are shown only."""
    query = select(Comment).where(Comment.id.in_(set(ids)))
    if public:
        query = query.where(Comment.state == SHOWN)
    found = list(db.session.scalars(query))
    return {card["id"]: card for card in cards(found, viewer_id)}


def _seconded_of(viewer_id: int | None, ids: Sequence[int]) -> set[int]:
    if viewer_id is None or not ids:
        return set()
    mine = (CommentSecond.resident_id == viewer_id, CommentSecond.comment_id.in_(ids))
    return set(db.session.scalars(select(CommentSecond.comment_id).where(*mine)))


def counts(subject_kind: str, subject_ids: Iterable[int], kinds: Sequence[str] = ()) -> dict[int, int]:
    """How many comments are public, by subject; subjects without any are absent."""
    query = select(Comment.subject_id, func.count()).where(
        Comment.subject_kind == subject_kind, Comment.subject_id.in_(set(subject_ids)), Comment.state == SHOWN
    )
    if kinds:
        query = query.where(Comment.kind.in_(kinds))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Comment.subject_id))}


def ids_of(subject_kind: str, subject_id: int, kinds: Sequence[str] = ()) -> list[int]:
    """The ids of what is public under one subject, of some kinds or of all."""
    query = select(Comment.id).where(
        Comment.subject_kind == subject_kind, Comment.subject_id == subject_id, Comment.state == SHOWN
    )
    if kinds:
        query = query.where(Comment.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(Comment.id)))


def speakers(subject_kind: str, subject_id: int) -> list[int]:
    """The residents who said something there that is public: those to tell of a correction."""
    return list(
        db.session.scalars(
            select(Comment.resident_id)
            .where(
                Comment.subject_kind == subject_kind,
                Comment.subject_id == subject_id,
                Comment.state == SHOWN,
                Comment.resident_id.is_not(None),
            )
            .distinct()
            .order_by(Comment.resident_id)
        )
    )


def participants(subject_kind: str, subject_ids: Iterable[int]) -> dict[int, int]:
    """How many different people said something that is public, by subject."""
    query = (
        select(Comment.subject_id, func.count(Comment.resident_id.distinct()))
        .where(
            Comment.subject_kind == subject_kind,
            Comment.subject_id.in_(set(subject_ids)),
            Comment.state == SHOWN,
        )
        .group_by(Comment.subject_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


# --- one's own --------------------------------------------------------------------------------------------


def own(resident_id: int, subject_kind: str, subject_id: int) -> list[dict[str, Any]]:
    """What somebody said under a subject, in every state, newest first, with why it is not shown."""
    mine = select(Comment).where(
        Comment.resident_id == resident_id,
        Comment.subject_kind == subject_kind,
        Comment.subject_id == subject_id,
    )
    return own_cards(
        db.session.scalars(mine.order_by(Comment.created_at.desc(), Comment.id.desc())).all(), resident_id
    )


def own_page(resident_id: int, cursor: str | None) -> Page[dict[str, Any]]:
    """Everything somebody said anywhere, newest first."""
    query = select(Comment).where(Comment.resident_id == resident_id)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Comment.created_at, Comment.id, at))
    ordered = query.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(PAGE_SIZE + 1)
    page = make_page(list(db.session.scalars(ordered)), PAGE_SIZE, lambda row: (row.created_at, row.id))
    return Page(own_cards(page.items, resident_id), page.next_cursor)


def own_cards(rows: Sequence[Comment], resident_id: int) -> list[dict[str, Any]]:
    """Cards for their author: also why it is held or hidden, the places marked, and what may be done."""
    made = cards(rows, resident_id)
    titles = _titles(rows)
    for row, card in zip(rows, made, strict=True):
        card |= {
            "subject_kind": row.subject_kind,
            "subject_id": row.subject_id,
            "subject_title": titles.get((row.subject_kind, row.subject_id), ""),
            "held_reason": words.why_held(row),
            "marks": [
                {"start": s, "end": e, "what": what, "label": LABELS[what]} for s, e, what in row.marks
            ],
            "hidden_reason": words.why_hidden(row),
            "hidden_note": row.hidden_note,
            "hidden_at": row.hidden_at,
            "may_object": row.state == HIDDEN and row.objected_at is None,
            "objected_at": row.objected_at,
            "objection_label": OBJECTIONS[row.objection_result] if row.objected_at is not None else "",
        }
    return made


def _titles(rows: Sequence[Comment]) -> dict[tuple[str, int], str]:
    found: dict[tuple[str, int], str] = {}
    for kind in {row.subject_kind for row in rows}:
        subject = ports.subject_of(kind)
        if subject is not None:
            ids = {row.subject_id for row in rows if row.subject_kind == kind}
            found |= {(kind, subject_id): title for subject_id, title in subject.titles(ids).items()}
    return found


def my_marks(resident_id: int, subject_kind: str, subject_id: int) -> dict[str, list[int]]:
    """Which comments of a subject somebody wrote, seconded and flagged: what a public page cannot know."""
    of_subject = and_(Comment.subject_kind == subject_kind, Comment.subject_id == subject_id)
    found = {
        "mine": list(
            db.session.scalars(select(Comment.id).where(of_subject, Comment.resident_id == resident_id))
        )
    }
    for name, model in (("seconded", CommentSecond), ("flagged", CommentFlag)):
        query = select(model.comment_id).join(Comment, Comment.id == model.comment_id)
        found[name] = list(db.session.scalars(query.where(of_subject, model.resident_id == resident_id)))
    return found


# --- for staff --------------------------------------------------------------------------------------------


def for_staff(
    actor: Actor, subject_kind: str, subject_id: int, state: str = "", cursor: str | None = None
) -> Page[dict[str, Any]]:
    """What was said about one thing in the towns somebody moderates, in every state or in one, newest first."""
    query = select(Comment).where(
        Comment.subject_kind == subject_kind,
        Comment.subject_id == subject_id,
        Comment.town_id.in_(towns_of(actor)),
    )
    if state:
        query = query.where(Comment.state == state)
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Comment.created_at, Comment.id, at))
    ordered = query.order_by(Comment.created_at.desc(), Comment.id.desc()).limit(PAGE_SIZE + 1)
    page = make_page(list(db.session.scalars(ordered)), PAGE_SIZE, lambda row: (row.created_at, row.id))
    return Page(staff_cards(page.items), page.next_cursor)


def staff_cards(rows: Sequence[Comment]) -> list[dict[str, Any]]:
    """Cards for staff: also why it is not shown, and how often it was flagged. No author."""
    made = cards(rows)
    for row, card in zip(rows, made, strict=True):
        card |= {
            "held_reason": words.why_held(row),
            "hidden_reason": words.why_hidden(row),
            "hidden_note": row.hidden_note,
            "flag_count": row.flag_count,
        }
    return made
