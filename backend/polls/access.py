"""The only ways to a poll: for its staff, within their reach; for everybody, what is public of it anyway."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.polls import policy
from backend.polls.models import Poll
from backend.polls.states import CANCELLED


def get_poll_for(actor: Actor, poll_id: int, *, lock: bool = False) -> Poll:
    """A poll that the actor manages; NotFound for one out of reach."""
    poll = _load(select(Poll).where(Poll.id == poll_id, Poll.town_id == actor.town_id), lock=lock)
    if poll is None or not policy.may_manage(actor, poll.town_id, poll.village_id):
        raise NotFound
    return poll


def get_public_poll(poll_id: int) -> Poll:
    """A poll as anybody may see it; NotFound for one that was cancelled."""
    poll = db.session.get(Poll, poll_id)
    if poll is None or poll.state == CANCELLED:
        raise NotFound
    return poll


def hold_open(poll_id: int) -> Poll:
    """A poll that cannot be closed before this unit ends; any number of voters hold it at once. NotFound."""
    query = select(Poll).where(Poll.id == poll_id).with_for_update(read=True)
    poll = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if poll is None or poll.state == CANCELLED:
        raise NotFound
    return poll


def lock_poll(poll_id: int) -> Poll | None:
    """A poll for the program itself; waits until nobody votes."""
    return _load(select(Poll).where(Poll.id == poll_id), lock=True)


def _load(query: Any, *, lock: bool) -> Poll | None:
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: Poll | None = db.session.scalars(query).one_or_none()
    return found
