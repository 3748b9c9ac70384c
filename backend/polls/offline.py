"""Ballots on paper: two people count the box and enter it, each for themselves; who votes so gets no paper on the phone."""

from __future__ import annotations

from collections.abc import Mapping

from backend.audit import services as audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.outbox.services import insert_once
from backend.polls import policy
from backend.polls.access import get_poll_for, lock_poll
from backend.polls.counting import publish
from backend.polls.models import Poll, PollOffline, PollPaper
from backend.polls.queries import papers_out
from backend.polls.states import OPEN, WAITING
from backend.villagers.queries import ConfirmedVillager, confirmed

SUBJECT = "poll"
OVER = "结果已经出来，不能再录入线下票。"


def enter(actor: Actor, poll_id: int, round_number: int, counts: Mapping[str, int], papers: int) -> Poll:
    """One person's count: `round_number` 1, or 2 by somebody else who has counted anew.

    `counts`: option → votes; `papers`: how many were handed out. The first may enter again until the second
    agrees. Raises NotFound out of reach, Conflict when it is over or agreed, when the same person would be
    both, and, with `details.differences`, when the two are not equal; Invalid for what cannot be true.
    """
    poll = get_poll_for(actor, poll_id, lock=True)
    if poll.state not in {OPEN, WAITING}:
        raise Conflict("offline_over", OVER)
    if db.session.get(PollOffline, (poll.id, 2)) is not None:
        raise Conflict("offline_agreed", "两人录入的线下票已经一致，不能再改。")
    taken = papers_out(poll.id) if poll.box is None else int(poll.box["papers"])
    faults = policy.faults_of_offline(poll.options, poll.entitled, taken, counts, papers)
    if faults:
        raise Invalid("offline_senseless", "这样的票数不可能，请再数一遍。", fields=faults)
    first = db.session.get(PollOffline, (poll.id, 1))
    if round_number == 1:
        _first(actor, poll, first, counts, papers)
    else:
        _second(actor, poll, first, counts, papers)
    poll.with_offline = True
    db.session.flush()
    audit.record(actor, "poll.offline_entered", SUBJECT, poll.id, {"round": round_number})
    if round_number == 2 and poll.state == WAITING:
        publish(poll, {"counts": dict(counts), "papers": papers})
    return poll


def _first(
    actor: Actor, poll: Poll, first: PollOffline | None, counts: Mapping[str, int], papers: int
) -> None:
    if first is not None and first.staff_id != actor.id:
        raise Conflict("first_entered", "第一个人已经录入，请您作为第二个人独立录入。")
    if first is None:
        first = PollOffline(poll_id=poll.id, round=1, staff_id=actor.id)
        db.session.add(first)
    first.counts, first.papers, first.entered_at = dict(counts), papers, now()


def _second(
    actor: Actor, poll: Poll, first: PollOffline | None, counts: Mapping[str, int], papers: int
) -> None:
    if first is None:
        raise Conflict("first_missing", "还没有人录入第一遍。")
    if first.staff_id == actor.id:
        raise Conflict("second_person", "第二遍要由另一个人独立清点、录入。")
    second = {"counts": dict(counts), "papers": papers}
    differing = policy.differences(poll.options, {"counts": first.counts, "papers": first.papers}, second)
    if differing:
        raise Conflict(
            "offline_differs",
            "两人录入的票数不一致，请一起重新清点。",
            details={"differences": differing},
        )
    db.session.add(PollOffline(poll_id=poll.id, round=2, staff_id=actor.id, entered_at=now(), **second))


def mark_voter(actor: Actor, poll_id: int, villager_id: int) -> None:
    """A villager votes on paper: their phone gets no paper. Marking twice is no error.

    Raises NotFound for a poll out of reach, Invalid for who is no confirmed villager within reach, Conflict
    when the poll is over or the phone has a paper already.
    """
    poll = _poll_to_mark(actor, poll_id)
    villager = _voter(actor, poll, villager_id)
    if poll.state != OPEN or now() >= poll.closes_at:
        raise Conflict("poll_closed", "投票已经截止，不能再登记。")
    assert poll.secret is not None  # there while it is open
    holder = policy.holder_of(bytes.fromhex(poll.secret), poll.id, villager.resident_id)
    row = {"poll_id": poll.id, "holder": holder, "blinded": "", "offline": True, "fresh": True}
    db.session.execute(insert_once(PollPaper, row, "poll_id", "holder"))
    if not db.session.get_one(PollPaper, (poll.id, holder), populate_existing=True).offline:
        raise Conflict("paper_out", "这位村民已经在手机上领了选票，不能再发纸质票。")
    poll.with_offline = True
    db.session.flush()
    audit.record(actor, "poll.paper_voter", "villager", villager.id, {"poll_id": str(poll.id)})


def _poll_to_mark(actor: Actor, poll_id: int) -> Poll:
    """The poll, locked. In a poll of all villages each village marks its own people."""
    poll = lock_poll(poll_id)
    if poll is None or poll.town_id != actor.town_id:
        raise NotFound
    everywhere = poll.village_id is None and any(actor.may(one) for one in policy.PERMISSIONS)
    if not everywhere and not policy.may_manage(actor, poll.town_id, poll.village_id):
        raise NotFound
    return poll


def _voter(actor: Actor, poll: Poll, villager_id: int) -> ConfirmedVillager:
    villager = confirmed(villager_id)
    entitled = (
        villager is not None
        and villager.town_id == poll.town_id
        and poll.village_id in {None, villager.village_id}
        and policy.may_manage(actor, villager.town_id, villager.village_id)
    )
    if villager is None or not entitled:
        words = "没有找到这位已核实的村民，或者这次投票不面向他所在的村。"
        raise Invalid("villager_unknown", words, fields={"villager_id": ["没有找到"]})
    return villager
