"""The only writers of follow-up questions and of who follows an entry.

A question is a comment (its words, photos, seconds, moderation are kept there) with a clock: it is answered in
public within five working days, or becomes a request to re-open the case, which a person decides (HOT-09, HOT-14).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, select, update

from backend import audit
from backend.comments import ports as comment_ports
from backend.comments import services as comments
from backend.comments.models import Comment, CommentSecond
from backend.comments.states import FOLLOW_UP
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.kernel.ids import new_id
from backend.wall import policy, ports, redaction, sources
from backend.wall.access import get_follow_up_for, get_public_entry, load_entry, load_follow_up, of_comment
from backend.wall.models import WallConsent, WallEntry, WallFollow, WallFollowUp
from backend.wall.states import ASKED, HIDDEN, REOPEN_ASKED, UNANSWERED
from backend.workflow import engine
from backend.workflow.clocks import BREACH
from backend.workflow.models import TimelineEntry

SUBJECT = "wall_follow_up"
ENTRY = "wall_entry"
PAGE = "pages-wall/entry/index?id={id}"
#: of the case, decided there → of the question
DECIDED = {"approve_reopen": "reopened", "refuse_reopen": "reopen_refused"}


def ask(actor: Actor, entry_id: int, text: str, photo_ids: Collection[int]) -> WallFollowUp:
    """Ask a follow-up on an entry that stands on the wall; it is public once it has passed the checks.

    Raises NotFound, Conflict (one's own last question waits for its answer), and what posting a comment raises.
    """
    entry = get_public_entry(entry_id, lock=True)
    _demand_answered(entry, actor)
    source = sources.of_entry(entry)
    about = comments.About(ENTRY, entry.id, entry.town_id)
    said = comments.post(
        actor, about, FOLLOW_UP, text, photo_ids=list(photo_ids), names=source.names if source else ()
    )
    row = _row(entry, actor, said)
    engine.begin(row, actor, action="ask", data={"unit": entry.unit_name})
    db.session.add(row)
    _add_follower(entry, actor.id)
    db.session.flush()
    return row


def _demand_answered(entry: WallEntry, actor: Actor) -> None:
    waiting = db.session.scalar(
        select(WallFollowUp.id)
        .where(
            WallFollowUp.entry_id == entry.id,
            WallFollowUp.resident_id == actor.id,
            WallFollowUp.state.in_(UNANSWERED),
        )
        .limit(1)
    )
    if waiting is not None:
        raise Conflict("already_asking", "您在这里的追问还在等答复，答复以后可以再问。")


def _row(entry: WallEntry, actor: Actor, said: Comment) -> WallFollowUp:
    moment = now()
    return WallFollowUp(
        id=new_id(),
        kind=SUBJECT,
        entry_id=entry.id,
        comment_id=said.id,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        resident_id=actor.id,
        **{f"{level}_id": place for level, place in entry.places.items()},
        unit_id=entry.unit_id,
        unit_name=entry.unit_name,
        shown=False,
        overdue=False,
        created_at=moment,
        updated_at=moment,
    )


def follow(actor: Actor, entry_id: int) -> WallEntry:
    """Hear what becomes of the questions on an entry; doing it again changes nothing. NotFound."""
    entry = get_public_entry(entry_id, lock=True)
    _add_follower(entry, actor.id)
    db.session.flush()
    return entry


def unfollow(actor: Actor, entry_id: int) -> WallEntry:
    """Hear no more of it; doing it again changes nothing. NotFound."""
    entry = get_public_entry(entry_id, lock=True)
    held = db.session.get(WallFollow, (entry.id, actor.id))
    if held is not None:
        db.session.delete(held)
        entry.follower_count = max(0, entry.follower_count - 1)
    db.session.flush()
    return entry


def _add_follower(entry: WallEntry, resident_id: int) -> None:
    """The entry is locked: nobody is counted twice."""
    if db.session.get(WallFollow, (entry.id, resident_id)) is None:
        db.session.add(WallFollow(entry_id=entry.id, resident_id=resident_id, created_at=now()))
        entry.follower_count += 1


def is_following(entry_id: int, resident_id: int) -> bool:
    """Whether the resident hears of it."""
    return db.session.get(WallFollow, (entry_id, resident_id)) is not None


def act(actor: Actor, follow_up_id: int, action: str, version: int, given: Mapping[str, Any]) -> WallFollowUp:
    """Answer in public, or hand it on as a request to re-open. NotFound, Conflict, Forbidden, Invalid."""
    get_follow_up_for(actor, follow_up_id)
    row = load_follow_up(follow_up_id)
    assert row is not None
    engine.just_locked(row)
    kept = {name: value for name, value in given.items() if value not in (None, "")}
    words: dict[str, str] = {name: str(kept[name]) for name in ("reply", "note") if name in kept}
    source = sources.by_key(row.source_kind, row.source_id)
    redaction.demand_clean(words, source.names if source else (), source.address if source else "")
    data = {"unit": actor.unit_name}
    taken = engine.perform(row, action, actor, version=version, given=kept, data=data)
    if action == "answer":
        row.answer, row.answered_unit, row.answered_at = words["reply"], actor.unit_name, taken.at
    elif action == "ask_reopen" and not _file_reopen(row, words.get("note", "")):
        raise Conflict(
            "cannot_reopen", "原来那件事现在不能申请重办（可能正在重办，或是信访事项），请直接公开答复。"
        )
    audit.record(actor, f"wall.follow_up.{action}", SUBJECT, row.id)
    _changed(row, taken)
    return row


def _file_reopen(row: WallFollowUp, words: str) -> bool:
    if row.source_kind == policy.PETITION:
        return False
    return ports.ask_reopen(row.source_id, words or "回音壁上有人追问，请决定是否重办")


def _as_program(row: WallFollowUp, action: str, **data: str) -> None:
    engine.just_locked(row)
    taken = engine.perform(row, action, SYSTEM, version=None, data={"unit": row.unit_name, **data})
    _changed(row, taken)


def _changed(row: WallFollowUp, taken: TimelineEntry) -> None:
    row.updated_at = taken.at
    recount(row.entry_id)
    db.session.flush()


def recount(entry_id: int) -> None:
    """Count an entry's questions anew, as everybody sees them, and say that its page has changed."""
    db.session.flush()
    entry = load_entry(entry_id)
    if entry is None:
        return
    of_entry = (WallFollowUp.entry_id == entry_id, WallFollowUp.shown, WallFollowUp.state != HIDDEN)
    entry.follow_up_count = db.session.scalar(select(func.count()).where(*of_entry)) or 0
    waiting = (*of_entry, WallFollowUp.state.in_(UNANSWERED))
    counted = select(func.count(), func.min(WallFollowUp.created_at)).where(*waiting)
    entry.unanswered_count, entry.waiting_since = db.session.execute(counted).one()
    ports.changed([entry_id])


def on_ring(row: WallFollowUp, clock: str, what: str) -> None:
    """Not answered in time: it becomes a request to re-open, where the case can be; it says so either way."""
    if what == BREACH and row.shown and row.state == ASKED:
        _overdue(row)


def _overdue(row: WallFollowUp) -> None:
    row.overdue = True
    if _file_reopen(row, "回音壁上的追问到期没有答复，自动申请重办"):
        _as_program(row, "overdue_reopen")
    else:
        recount(row.entry_id)


def look_at_entry(entry: TimelineEntry) -> None:
    """What was decided of a request to re-open is said in public to those who asked. Safe to run again."""
    action = DECIDED.get(entry.action)
    if action is None:
        return
    query = select(WallFollowUp.id).where(
        WallFollowUp.source_kind == entry.subject_kind,
        WallFollowUp.source_id == entry.subject_id,
        WallFollowUp.state == REOPEN_ASKED,
    )
    for found in list(db.session.scalars(query.order_by(WallFollowUp.id))):
        row = load_follow_up(found)
        if row is not None and row.state == REOPEN_ASKED:
            _decided(row, action, entry)


def _decided(row: WallFollowUp, action: str, entry: TimelineEntry) -> None:
    if action == "reopen_refused":
        source = sources.by_key(row.source_kind, row.source_id)
        reason = redaction.covered(
            entry.note or "", source.names if source else (), source.address if source else ""
        )
        row.answer, row.answered_unit, row.answered_at = reason, entry.unit_name, entry.at
    _as_program(row, action)


# --- what becomes of its words ----------------------------------------------------------------------------


def hear_of_comments() -> None:
    """Say what the wall does when a question becomes public, goes, or comes back."""
    comment_ports.commented_on(
        ENTRY,
        comment_ports.Subject(
            label="问题回音壁",
            titles=titles,
            page=lambda entry_id: PAGE.format(id=entry_id),
            shown=_shown,
            gone=_gone,
            back=_back,
        ),
    )


def titles(entry_ids: Iterable[int]) -> dict[int, str]:
    """Titles of entries, for messages and the moderators' queue."""
    rows = db.session.execute(select(WallEntry.id, WallEntry.title).where(WallEntry.id.in_(set(entry_ids))))
    return {row.id: row.title for row in rows}


def _shown(comment: Comment) -> None:
    row = of_comment(comment.id)
    if row is None:
        return
    row.shown = True
    if row.state == ASKED and row.due_at is not None and row.due_at < now():
        _overdue(row)
    else:
        recount(row.entry_id)


def _gone(comment: Comment) -> None:
    row = of_comment(comment.id)
    if row is not None and row.state != HIDDEN:
        row.shown = False
        _as_program(row, "hide")


def _back(comment: Comment) -> None:
    row = of_comment(comment.id)
    if row is not None and row.state == HIDDEN:
        row.shown = True
        _as_program(row, "show_answered" if row.answer else "show_again")


# --- who hears of it --------------------------------------------------------------------------------------


def audience(follow_up_id: int) -> list[int]:
    """The residents who hear of an answer: who asked, who seconded, who follows the entry."""
    row = db.session.get(WallFollowUp, follow_up_id)
    if row is None:
        return []
    followers = select(WallFollow.resident_id).where(WallFollow.entry_id == row.entry_id)
    seconders = select(CommentSecond.resident_id).where(CommentSecond.comment_id == row.comment_id)
    heard = {row.resident_id, *db.session.scalars(followers), *db.session.scalars(seconders)}
    return sorted(heard - {0})  # 0: somebody whose data was erased


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: questions and follows are the one's; nobody is counted twice."""
    for model in (WallFollowUp, WallConsent):
        db.session.execute(update(model).where(model.resident_id == gone_id).values(resident_id=kept_id))
    for held in list(db.session.scalars(select(WallFollow).where(WallFollow.resident_id == gone_id))):
        entry = load_entry(held.entry_id)
        db.session.execute(
            delete(WallFollow).where(WallFollow.entry_id == held.entry_id, WallFollow.resident_id == gone_id)
        )
        if entry is not None:
            entry.follower_count = max(0, entry.follower_count - 1)
            _add_follower(entry, kept_id)
    db.session.flush()
