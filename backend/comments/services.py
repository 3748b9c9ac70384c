"""The only writers of comments: post, second, flag, answer, withdraw, object, and a moderator's hide and show.

Nothing is shown before it has passed the checks; whoever hid it, and why, is kept; the author is told and may
object once, and then somebody else decides (SEC-07, domain rules §5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, update

from backend import audit
from backend.comments import marks, messages, ports, queries, word_list
from backend.comments.models import Comment, CommentFlag, CommentHiding, CommentSecond
from backend.comments.states import (
    FLAGS_TO_QUEUE,
    FOLLOW_UP,
    HELD,
    HIDDEN,
    KINDS,
    PENDING,
    PLATFORM,
    QUESTION,
    REASONS,
    REFUSED,
    SHOWN,
    STANCES,
    STATEMENT,
    UPHELD,
    WITHDRAWN,
)
from backend.identity import minors
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.media import services as media
from backend.outbox.services import insert_once

SUBJECT = "comment"
TEXT_MOST, STATEMENT_MOST, ANSWER_MOST, PHOTOS_MOST = 1000, 140, 1000, 3
PASSED, DOUBT = "passed", "doubt"


@dataclass(frozen=True)
class About:
    """What is commented on: the feature's own kind and id, and its town."""

    kind: str
    id: int
    town_id: int


def post(
    actor: Actor,
    about: About,
    kind: str,
    text: str,
    *,
    stance: str = "",
    photo_ids: Sequence[int] = (),
    names: Iterable[str] = (),
) -> Comment:
    """Keep what a resident says; it is shown once it has passed. `names` may not stand in it.

    The caller has checked that this resident may speak there now. A text with personal data or with a word of
    the town's list is kept as ``held``: its `marks` say where, and a person decides. Raises Invalid (empty, too
    long, photos), Forbidden while a child's guardian has not agreed.
    """
    minors.demand_guardian(actor.id)
    text = _checked_text(kind, text, stance)
    row = _kept(actor, about, kind, text, names)
    row.stance = stance
    db.session.add(row)
    db.session.flush()
    photos = media.attach(actor, photo_ids, SUBJECT, row.id, "before", limit=PHOTOS_MOST)
    row.has_photos = bool(photos)
    ports.checks().posted(row.id, row.town_id, [photo.id for photo in photos], row.held_because)
    _subject(row).posted(row)
    if row.held_because:
        messages.held(row)
    db.session.flush()
    return row


def _kept(actor: Actor, about: About, kind: str, text: str, names: Iterable[str]) -> Comment:
    """The row, looked at by the program itself: what it finds fault with waits for a person."""
    found = marks.find(text, names)
    words = () if found else word_list.found_in(word_list.words_of(about.town_id), text)
    why = "personal" if found else "words" if words else ""
    return Comment(
        id=new_id(),
        subject_kind=about.kind,
        subject_id=about.id,
        town_id=about.town_id,
        village_id=ports.village_of(actor.id, about.town_id),
        resident_id=actor.id,
        kind=kind,
        text=text,
        marks=[[mark.start, mark.end, mark.what] for mark in found],
        state=HELD if why else PENDING,
        held_because=why,
        created_at=now(),
        answer="",
        objection="",
    )


def _checked_text(kind: str, text: str, stance: str) -> str:
    if kind not in KINDS or stance not in STANCES:
        raise Invalid("kind_unknown", "不知道这是哪一种发言，请更新页面后再试。", fields={"kind": ["不对"]})
    most = STATEMENT_MOST if kind == STATEMENT else TEXT_MOST
    text = text.strip()
    if not 1 <= len(text) <= most:
        raise Invalid("text_length", f"请写 1 到 {most} 个字。", fields={"text": [f"请写 1 到 {most} 个字"]})
    return text


def second(actor: Actor, comment_id: int) -> Comment:
    """Second somebody else's comment, once; doing it again changes nothing. NotFound unless it is shown."""
    row = queries.get_shown(comment_id, lock=True)
    if row.resident_id == actor.id:
        raise Conflict("own_comment", "这是您自己说的，不用附议。")
    values = {"comment_id": row.id, "resident_id": actor.id, "created_at": now()}
    if not queries.has_seconded(row.id, actor.id):
        db.session.execute(insert_once(CommentSecond, values, "comment_id", "resident_id"))
        row.second_count += 1
        _subject(row).changed(row)
    db.session.flush()
    return row


def second_no_more(actor: Actor, comment_id: int) -> Comment:
    """Take one's own second back; without one nothing happens. NotFound unless the comment is shown."""
    row = queries.get_shown(comment_id, lock=True)
    gone = delete(CommentSecond).where(
        CommentSecond.comment_id == row.id, CommentSecond.resident_id == actor.id
    )
    if changed_rows(gone):
        row.second_count = max(0, row.second_count - 1)
        _subject(row).changed(row)
    db.session.flush()
    return row


def flag(actor: Actor, comment_id: int, reason: str, note: str = "") -> Comment:
    """Say that a comment should not stand there: once for each person.

    Three flags that no moderator has answered bring it back to the queue. It stays where it is until a person
    decides: neighbours cannot silence anybody by numbers. Raises NotFound, Invalid, Conflict.
    """
    row = queries.get_shown(comment_id, lock=True)
    if reason not in REASONS:
        raise Invalid("reason_unknown", "请选一个理由。", fields={"reason": ["请选一个理由"]})
    if row.resident_id == actor.id:
        raise Conflict("own_comment", "这是您自己说的，可以直接撤回。")
    if queries.has_flagged(row.id, actor.id):
        raise Conflict("already_flagged", "您已经举报过这一条，工作人员会看。")
    made = CommentFlag(
        comment_id=row.id, resident_id=actor.id, reason=reason, note=note.strip(), created_at=now()
    )
    db.session.add(made)
    row.flag_count += 1
    if row.flag_count - row.flags_answered >= FLAGS_TO_QUEUE:
        ports.checks().put_back(row.id, "flagged")
    db.session.flush()
    return row


def withdraw(actor: Actor, comment_id: int) -> Comment:
    """Take back one's own comment: its words and photos go from every page. NotFound when it is not one's own."""
    row = queries.get_own(actor.id, comment_id, lock=True)
    if row.state == WITHDRAWN:
        return row
    _go(row)
    row.state = WITHDRAWN
    audit.record(actor, "comment_withdrawn", SUBJECT, row.id)
    db.session.flush()
    return row


def _go(row: Comment) -> None:
    """It is public no more, there is nothing left to judge, and its photos are deleted."""
    if row.state == SHOWN:
        _subject(row).gone(row)
    ports.checks().forget(row.id)
    if row.has_photos:
        media.take_away(SUBJECT, row.id)


def object_to(actor: Actor, comment_id: int, text: str) -> Comment:
    """The author objects to the hiding, once; another person than the one who hid it decides.

    Raises NotFound, Conflict (not hidden, objected before), Invalid.
    """
    row = queries.get_own(actor.id, comment_id, lock=True)
    if row.state != HIDDEN:
        raise Conflict("not_hidden", "这一条没有被隐藏，不需要提出异议。", details={"state": row.state})
    if row.objected_at is not None:
        raise Conflict("already_objected", "您已经提出过异议，每一条只能提出一次。")
    if not text.strip():
        raise Invalid("text_length", "请写明您的理由。", fields={"text": ["请写明理由"]})
    row.objection, row.objected_at = text.strip(), now()
    hiding = queries.last_hiding(row.id)
    if hiding is not None:
        hiding.objected = True
    ports.checks().put_back(row.id, "objected")
    audit.record(actor, "comment_objected", SUBJECT, row.id)
    db.session.flush()
    return row


def answer(actor: Actor, comment_id: int, text: str, unit_name: str) -> Comment:
    """Answer in public. The caller has checked that this member of staff may. Raises NotFound, Conflict, Invalid.

    A question or follow-up is answered once; a second answer replaces the first and is dated anew.
    """
    row = queries.get_shown(comment_id, lock=True)
    if row.kind not in (QUESTION, FOLLOW_UP):
        raise Conflict("not_a_question", "只有提问和追问需要回答。", details={"kind": row.kind})
    text = text.strip()
    if not 1 <= len(text) <= ANSWER_MOST:
        raise Invalid("text_length", f"请写 1 到 {ANSWER_MOST} 个字。", fields={"answer": ["请写回答"]})
    found = marks.find(text)
    if found:
        raise Invalid(
            "personal_data",
            f"回答里像是有{marks.sentence(found)}，请去掉再发。",
            fields={"answer": [f"第 {mark.start + 1} 个字起：{mark.label}" for mark in found]},
        )
    row.answer, row.answered_unit, row.answered_by, row.answered_at = text, unit_name, actor.id, now()
    audit.record(actor, "comment_answered", SUBJECT, row.id)
    messages.answered(row)
    _subject(row).changed(row)
    db.session.flush()
    return row


def hide(actor: Actor, comment_id: int, reason: str, note: str = "") -> Comment:
    """A moderator hides a comment, with a reason that its author reads. NotFound, Invalid, Conflict."""
    row = queries.get_for(actor, comment_id, lock=True)
    _judge_by_person(row, actor, False, reason, note)
    ports.checks().settle(row.id, False, actor, note)
    db.session.flush()
    return row


def show(actor: Actor, comment_id: int, note: str = "") -> Comment:
    """A moderator lets a comment be shown, or shown again. NotFound, Conflict."""
    row = queries.get_for(actor, comment_id, lock=True)
    _judge_by_person(row, actor, True, "", note)
    ports.checks().settle(row.id, True, actor, note)
    db.session.flush()
    return row


def judged(comment_id: int, passed: bool, actor: Actor, reason: str, note: str) -> None:
    """What a moderator decided in the queue, whose own scope was checked there. Raises Conflict, Invalid."""
    row = queries.get(comment_id, lock=True)
    if row is not None and row.state != WITHDRAWN:
        _judge_by_person(row, actor, passed, reason, note)
        db.session.flush()


def checked(comment_id: int, finding: str) -> None:
    """What the platform's check found of everything that was posted together: passed, doubt or refused."""
    row = queries.get(comment_id, lock=True)
    if row is None or row.state not in (PENDING, HELD):
        return
    if finding == PASSED:
        _show(row)
    elif finding == DOUBT:
        row.state, row.held_because = HELD, row.held_because or DOUBT
    else:
        _hide(row, None, PLATFORM, "")
    db.session.flush()


def _judge_by_person(row: Comment, actor: Actor, passed: bool, reason: str, note: str) -> None:
    if row.state == WITHDRAWN:
        raise Conflict("withdrawn", "本人已经撤回了这一条。", details={"state": row.state})
    objecting = row.state == HIDDEN and row.objected_at is not None and not row.objection_result
    if objecting and row.hidden_by == actor.id:
        raise Forbidden("second_person", "这一条是您隐藏的，异议要由另一位工作人员决定。")
    if not passed and not objecting and reason not in REASONS:
        raise Invalid("reason_missing", "请选一个理由。", fields={"reason_code": ["请选一个理由"]})
    row.flags_answered = row.flag_count
    audit.record(actor, "comment_shown" if passed else "comment_hidden", SUBJECT, row.id, {"reason": reason})
    if objecting:
        _decide_objection(row, actor, passed, note)
    elif passed:
        _show(row)
    else:
        _hide(row, actor, reason, note)


def _decide_objection(row: Comment, actor: Actor, passed: bool, note: str) -> None:
    row.objection_result, row.objection_by = UPHELD if passed else REFUSED, actor.id
    if passed:
        _show(row)
    messages.objection_decided(row, note)


def _show(row: Comment) -> None:
    if row.state == SHOWN:
        return
    hiding = queries.last_hiding(row.id) if row.state == HIDDEN else None
    if hiding is not None:
        hiding.undone_at = now()
    first = row.shown_at is None
    row.state, row.held_because, row.shown_at = SHOWN, "", row.shown_at or now()
    row.hidden_by, row.hidden_reason, row.hidden_note, row.hidden_at = None, "", "", None
    if first:
        _subject(row).shown(row)
    else:
        _subject(row).back(row)


def _hide(row: Comment, actor: Actor | None, reason: str, note: str) -> None:
    if row.state == HIDDEN:
        return
    if row.state == SHOWN:
        _subject(row).gone(row)
    by = actor.id if actor is not None else None
    row.state, row.held_because = HIDDEN, ""
    row.hidden_by, row.hidden_reason, row.hidden_note, row.hidden_at = by, reason, note.strip()[:200], now()
    made = CommentHiding(
        id=new_id(),
        comment_id=row.id,
        town_id=row.town_id,
        staff_id=by,
        reason=reason,
        note=row.hidden_note,
        at=now(),
    )
    db.session.add(made)
    if actor is None:
        audit.record(SYSTEM, "comment_hidden", SUBJECT, row.id, {"reason": reason})
    messages.hidden(row, made.id)


def _subject(row: Comment) -> ports.Subject:
    return ports.subject_of(row.subject_kind) or ports.Subject(
        row.subject_kind, lambda ids: {}, lambda one: ""
    )


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: what both said, flagged and seconded is the one's; nothing counts twice."""
    for said in queries.marks_of(Comment, gone_id):
        said.resident_id = kept_id
        _subject(said).changed(said)
    for model in (CommentFlag, CommentSecond):
        for row in queries.marks_of(model, gone_id):
            if db.session.get(model, (row.comment_id, kept_id)) is not None:
                _uncount(model, row.comment_id)
                db.session.delete(row)
            else:
                row.resident_id = kept_id
    db.session.flush()


def _uncount(model: type[CommentFlag] | type[CommentSecond], comment_id: int) -> None:
    counter = "flag_count" if model is CommentFlag else "second_count"
    column = getattr(Comment, counter)
    changed_rows(update(Comment).where(Comment.id == comment_id, column > 0).values({counter: column - 1}))
    row = queries.get(comment_id)
    if row is not None:
        _subject(row).changed(row)


def erase(row: Comment, state: str = WITHDRAWN) -> None:
    """The author's data is erased: words, photos' place on the page and the tie to the person go."""
    if row.state != WITHDRAWN:
        _go(row)
    row.state, row.text, row.marks, row.objection, row.resident_id = state, "", [], "", None
    row.village_id = None


def take_back_marks(resident_id: int) -> list[int]:
    """A person's flags and seconds go, and count no more; the comments they stood at."""
    gone = []
    for model in (CommentFlag, CommentSecond):
        for row in queries.marks_of(model, resident_id):
            _uncount(model, row.comment_id)
            gone.append(row.comment_id)
            db.session.delete(row)
    db.session.flush()
    return gone
