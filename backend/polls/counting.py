"""What comes after the closing time: the ballots are counted, everything else is erased, the offline ballots join."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.outbox.registry import Job, handles
from backend.polls import policy
from backend.polls.access import lock_poll
from backend.polls.erasing import erase
from backend.polls.models import Poll, PollBallot, PollOffline, PollPaper
from backend.polls.services import CLOSE
from backend.polls.states import COUNTED, OPEN, WAITING

_on_counted: list[Callable[[Poll], None]] = []


def on_counted(listener: Callable[[Poll], None]) -> None:
    """Have `listener(poll)` called in the unit that has the result."""
    if listener not in _on_counted:
        _on_counted.append(listener)


@handles(CLOSE)
def close_by_timer(job: Job) -> None:
    """The closing time of a poll has come."""
    close_poll(int(job.payload["poll_id"]))


def close_due() -> int:
    """Close every poll whose time is over; a timer does it for each, this catches what a timer missed."""
    due = select(Poll.id).where(Poll.state == OPEN, Poll.closes_at <= now()).order_by(Poll.id)
    return sum(close_poll(poll_id) for poll_id in db.session.scalars(due).all())


def close_poll(poll_id: int) -> bool:
    """Count and erase; False for a poll that is not due, or was closed before.

    Waits for the ballots that are on their way in: none is taken afterwards. With offline ballots to come
    the electronic sum waits for them, and nobody is told it.
    """
    poll = lock_poll(poll_id)
    if poll is None or poll.state != OPEN or now() < poll.closes_at:
        return False
    ballots = select(PollBallot.option, func.count()).where(PollBallot.poll_id == poll_id)
    found = {row[0]: int(row[1]) for row in db.session.execute(ballots.group_by(PollBallot.option))}
    papers = select(func.count()).where(PollPaper.poll_id == poll_id, PollPaper.offline.is_(False))
    poll.box = {
        "counts": {one["code"]: found.get(one["code"], 0) for one in poll.options},
        "papers": int(db.session.execute(papers).scalar_one()),
    }
    entries = agreed_entry(poll_id)
    first = db.session.get(PollOffline, (poll_id, 1))
    kept = (
        None
        if first is None
        else {"staff_id": first.staff_id, "papers": first.papers, "counts": first.counts}
    )
    erase(poll)
    if poll.with_offline and entries is None:
        poll.state = WAITING
        if kept is not None:
            db.session.add(PollOffline(poll_id=poll_id, round=1, entered_at=now(), **kept))
        db.session.flush()
        return True
    publish(poll, entries)
    return True


def agreed_entry(poll_id: int) -> dict[str, object] | None:
    """The offline count once two people have entered the same; None before."""
    row = db.session.get(PollOffline, (poll_id, 2))
    return None if row is None else {"papers": row.papers, "counts": row.counts}


def publish(poll: Poll, offline: dict[str, object] | None) -> None:
    """Put the sum in the place of its parts."""
    assert poll.box is not None
    poll.result = policy.summed(poll.box, offline)
    poll.box, poll.state, poll.counted_at = None, COUNTED, now()
    erase(poll)
    for listener in _on_counted:
        listener(poll)
