"""Reads of a poll: what everybody may see, what a resident may do, what its staff have to do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import AppError
from backend.places.queries import places_named
from backend.polls import blind, policy, services
from backend.polls.models import Poll, PollBallot, PollOffline, PollPaper
from backend.polls.states import CANCELLED, COUNTED, NOTICE, OPEN, STATE_LABELS, WAITING


def poll_card(subject_kind: str, subject_id: int) -> dict[str, Any] | None:
    """The poll of a matter as everybody may see it (PollSchema); None without one, or when it was cancelled."""
    poll = _of_subject(subject_kind, subject_id)
    return None if poll is None else public_view(poll)


def poll_id_of(subject_kind: str, subject_id: int) -> int | None:
    """The id of a matter's poll that was not cancelled."""
    poll = _of_subject(subject_kind, subject_id)
    return None if poll is None else poll.id


def standing(subject_kind: str, subject_id: int, resident_id: int) -> dict[str, Any] | None:
    """Whether a resident may vote in a matter's poll: {"poll_id", "may_vote", "why_not"}; None without a poll.

    Not whether they have: nobody is told that, not even they themselves; their phone knows.
    """
    poll = _of_subject(subject_kind, subject_id)
    if poll is None:
        return None
    try:
        services.demand_open(poll)
        services.demand_entitled(poll, resident_id)
    except AppError as refusal:
        return {"poll_id": poll.id, "may_vote": False, "why_not": refusal.message}
    return {"poll_id": poll.id, "may_vote": True, "why_not": ""}


def _of_subject(subject_kind: str, subject_id: int) -> Poll | None:
    wanted = select(Poll).where(
        Poll.subject_kind == subject_kind, Poll.subject_id == subject_id, Poll.state != CANCELLED
    )
    found: Poll | None = db.session.scalars(wanted).one_or_none()
    return found


def public_view(poll: Poll) -> dict[str, Any]:
    """Question, key, times, turnout and, once it is counted, the result. The same for everybody who asks."""
    state = policy.shown_state(poll.state, poll.opens_at, poll.closes_at, now())
    village = None if poll.village_id is None else places_named([poll.village_id])[poll.village_id].name
    n = int(poll.key_n, 16)
    return {
        "id": poll.id,
        "question": poll.question,
        "options": poll.options,
        "village_name": village,
        "public_key": {"n": poll.key_n, "e": blind.EXPONENT, "fingerprint": blind.fingerprint(n)},
        "opens_at": poll.opens_at,
        "closes_at": poll.closes_at,
        "state": state,
        "state_label": STATE_LABELS[state],
        "entitled": poll.entitled,
        "turnout": turnout(poll),
        "result": _result(poll),
        "notice": NOTICE,
    }


def turnout(poll: Poll) -> dict[str, Any]:
    """Papers given out and ballots in, against those entitled. Offline ballots join when all is counted."""
    if poll.state == COUNTED and poll.result is not None:
        papers, ballots = poll.result["papers"], poll.result["ballots"]
    elif poll.state == WAITING and poll.box is not None:
        papers, ballots = poll.box["papers"], sum(poll.box["counts"].values())
    else:
        papers, ballots = papers_out(poll.id), _count(PollBallot, PollBallot.poll_id == poll.id)
    percent = round(100 * ballots / poll.entitled, 1)
    return {"papers": papers, "ballots": ballots, "percent": percent}


def papers_out(poll_id: int) -> int:
    """How many papers phones have."""
    return _count(PollPaper, PollPaper.poll_id == poll_id, PollPaper.offline.is_(False))


def _count(model: Any, *where: Any) -> int:
    return int(db.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one())


def _result(poll: Poll) -> dict[str, Any] | None:
    if poll.result is None:
        return None
    counts, ballots = poll.result["counts"], poll.result["ballots"]
    options = [
        {
            **one,
            "votes": None if counts is None else counts[one["code"]],
            "percent": None
            if counts is None or not ballots
            else round(100 * counts[one["code"]] / ballots, 1),
        }
        for one in poll.options
    ]
    too_few = f"不足 {policy.FEWEST_SHOWN} 票，为了保密不公布各选项的票数。" if counts is None else ""
    return {"ballots": ballots, "options": options, "counted_at": poll.counted_at, "too_few": too_few}


def desk_view(actor: Actor, poll: Poll) -> dict[str, Any]:
    """What its staff see beside what is public: how far the offline ballots are, not what was entered."""
    rounds = {
        row.round: row.staff_id
        for row in db.session.scalars(select(PollOffline).where(PollOffline.poll_id == poll.id))
    }
    marked = _count(PollPaper, PollPaper.poll_id == poll.id, PollPaper.offline.is_(True))
    return public_view(poll) | {
        "offline": {
            "expected": poll.with_offline,
            "first_entered": 1 in rounds,
            "first_by_me": rounds.get(1) == actor.id,
            "agreed": 2 in rounds,
            "voters": marked,
            "may_enter": poll.state in {OPEN, WAITING} and 2 not in rounds,
        }
    }
