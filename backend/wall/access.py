"""The only ways to an entry and to a follow-up: they check the person and say 404 otherwise."""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.wall import policy
from backend.wall.models import WallEntry, WallFollowUp
from backend.wall.states import PUBLISHED


def get_entry_for(viewer: Actor, entry_id: int, *, lock: bool = False) -> WallEntry:
    """The entry, if the viewer may see it. Missing and forbidden look alike: NotFound."""
    entry = load_entry(entry_id) if lock else db.session.get(WallEntry, entry_id)
    if entry is None or not policy.may_see(entry, viewer):
        raise _no_entry()
    return entry


def get_public_entry(entry_id: int, *, lock: bool = False) -> WallEntry:
    """An entry that stands on the wall now; NotFound otherwise."""
    entry = load_entry(entry_id) if lock else db.session.get(WallEntry, entry_id)
    if entry is None or entry.state != PUBLISHED:
        raise _no_entry()
    return entry


def load_entry(entry_id: int) -> WallEntry | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(WallEntry)
        .where(WallEntry.id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def get_follow_up_for(viewer: Actor, follow_up_id: int) -> WallFollowUp:
    """The follow-up, if the viewer answers there; NotFound otherwise."""
    row = db.session.get(WallFollowUp, follow_up_id)
    if row is None or not policy.may_answer(row, viewer):
        raise NotFound("follow_up_not_found", "没有找到这条追问，可能已经撤回，或您无权查看。")
    return row


def load_follow_up(follow_up_id: int) -> WallFollowUp | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(WallFollowUp)
        .where(WallFollowUp.id == follow_up_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def of_comment(comment_id: int) -> WallFollowUp | None:
    """The follow-up whose words this comment is, locked."""
    found = db.session.scalar(select(WallFollowUp.id).where(WallFollowUp.comment_id == comment_id))
    return None if found is None else load_follow_up(found)


def _no_entry() -> NotFound:
    return NotFound("wall_entry_not_found", "没有找到这条回音，可能已经撤下，或您无权查看。")
