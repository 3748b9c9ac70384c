"""The only writers of a poll before it is counted: it is opened, papers are given out, ballots come in.

A paper and a ballot leave nothing behind but their own row: no audit, no idempotency row, no line in the log,
no message. What makes a second sending harmless is the keys of the rows themselves.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects import mysql, sqlite

from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.outbox.services import enqueue, insert_once
from backend.polls import blind, policy
from backend.polls.access import hold_open, lock_poll
from backend.polls.erasing import erase
from backend.polls.models import Poll, PollBallot, PollPaper
from backend.polls.states import CANCELLED, CLOSING, COMING, COUNTED, OPEN, WAITING
from backend.villagers.queries import village_of

CLOSE = "poll.close"
FEWEST_OPTIONS, MOST_OPTIONS, LABEL_MOST = 2, 12, 60
NOT_VERIFIED = "投票前要先由村里核实您是本村村民。请在“我的”里申请核实，核实一次，以后都有效。"
NOT_ENTITLED = "这次投票只面向指定村的村民，您核实的村不在其中。"
TAKEN = (
    "您已经领过这次投票的选票了，一人只有一张。请用领取选票的那部手机投票或改票；"
    "手机丢失或清除了数据，已投的票仍然有效，但不能再改。"
)
OFFLINE = "您已登记在现场投纸质票，手机上不能再领选票。登记有误请联系村委会。"


def open_poll(
    subject_kind: str,
    subject_id: int,
    town_id: int,
    village_id: int | None,
    question: str,
    options: Sequence[str],
    entitled: int,
    opens_at: datetime,
    closes_at: datetime,
) -> Poll:
    """Open a poll with a matter (CON-10): one for each, with a key of its own. Times are aware.

    `options`: 2 to 12 different labels. `entitled`: how many may vote, from the village's roll. `village_id`
    None: the verified villagers of every village of the town. Raises Invalid for options or times that make
    no poll, Conflict when the matter has one.
    """
    labels = [label.strip() for label in options]
    _demand_sense(question, labels, entitled, opens_at, closes_at)
    taken = select(Poll.id).where(Poll.subject_kind == subject_kind, Poll.subject_id == subject_id)
    if db.session.scalars(taken).first() is not None:
        raise Conflict("poll_there", "这个议题已经有一次意见投票了。")
    key = blind.new_key()
    poll = Poll(
        id=new_id(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        town_id=town_id,
        village_id=village_id,
        question=question.strip(),
        options=[{"code": f"o{number}", "label": label} for number, label in enumerate(labels, 1)],
        entitled=entitled,
        opens_at=opens_at,
        closes_at=closes_at,
        state=OPEN,
        with_offline=False,
        key_n=f"{key.n:0{2 * blind.BYTES}x}",
        key_secret=key.text(),
        secret=secrets.token_hex(32),
    )
    db.session.add(poll)
    db.session.flush()
    _owe_closing(poll)
    return poll


def _demand_sense(
    question: str, labels: Sequence[str], entitled: int, opens_at: datetime, closes_at: datetime
) -> None:
    faults: dict[str, list[str]] = {}
    if not question.strip():
        faults["question"] = ["请写要问什么"]
    if not FEWEST_OPTIONS <= len(labels) <= MOST_OPTIONS or len(set(labels)) != len(labels):
        faults["options"] = [f"请给 {FEWEST_OPTIONS} 到 {MOST_OPTIONS} 个不同的选项"]
    elif any(not 1 <= len(label) <= LABEL_MOST for label in labels):
        faults["options"] = [f"每个选项写 1 到 {LABEL_MOST} 个字"]
    if entitled < 1:
        faults["entitled"] = ["请填写应到人数"]
    if closes_at <= max(opens_at, now()):
        faults["closes_at"] = ["截止时间要晚于开始时间，也要晚于现在"]
    if faults:
        raise Invalid("poll_senseless", "这样的投票还不能发起，请看标红的地方。", fields=faults)


def prolong(subject_kind: str, subject_id: int, closes_at: datetime) -> bool:
    """Let the matter's poll close later (CON-08); whether there was one. What was cast stays as it is.

    The timer that was owed first finds that it is too early. Raises Conflict for an earlier time, and
    once the poll is over: what was told to be closed is not opened again.
    """
    found = select(Poll.id).where(Poll.subject_kind == subject_kind, Poll.subject_id == subject_id)
    poll_id = db.session.scalars(found).first()
    poll = None if poll_id is None else lock_poll(poll_id)
    if poll is None or poll.state == CANCELLED:
        return False
    if poll.state != OPEN or poll.closes_at <= now():
        raise Conflict("poll_closed", "意见投票已经截止，不能再延长。")
    if closes_at < poll.closes_at:
        raise Conflict("poll_not_later", "意见投票的截止时间只能往后延长。")
    poll.closes_at = closes_at
    db.session.flush()
    _owe_closing(poll)
    return True


def _owe_closing(poll: Poll) -> None:
    at = int(poll.closes_at.timestamp())
    enqueue(CLOSE, {"poll_id": str(poll.id)}, key=f"{CLOSE}:{poll.id}:{at}", not_before=poll.closes_at)


def cancel_poll(subject_kind: str, subject_id: int) -> bool:
    """Call the matter's poll off and erase every paper and ballot; whether there was one to call off."""
    found = select(Poll.id).where(Poll.subject_kind == subject_kind, Poll.subject_id == subject_id)
    poll_id = db.session.scalars(found).first()
    poll = None if poll_id is None else lock_poll(poll_id)
    if poll is None or poll.state not in {OPEN, WAITING}:
        return False
    erase(poll)
    poll.state, poll.box = CANCELLED, None
    db.session.flush()
    return True


def give_paper(actor: Actor, poll_id: int, blinded: int) -> int:
    """Sign what the phone has blinded: one paper for each verified villager of the place (CON-10).

    The same again gets the same paper. Raises Forbidden for who is not entitled, Conflict outside the time
    of the vote, for a second paper (another phone), and for who votes on paper.
    """
    poll = hold_open(poll_id)
    demand_open(poll)
    demand_entitled(poll, actor.id)
    assert poll.secret is not None  # there while it is open
    assert poll.key_secret is not None
    if not 1 < blinded < int(poll.key_n, 16):
        raise Invalid(
            "paper_malformed", "选票的格式不对，请更新页面后再试。", fields={"blinded": ["格式不对"]}
        )
    holder = policy.holder_of(bytes.fromhex(poll.secret), poll.id, actor.id)
    asked = sha256(f"{blinded:x}".encode()).hexdigest()
    row = {"poll_id": poll.id, "holder": holder, "blinded": asked, "offline": False, "fresh": True}
    db.session.execute(insert_once(PollPaper, row, "poll_id", "holder"))
    kept = db.session.get_one(PollPaper, (poll.id, holder), populate_existing=True)
    if kept.offline:
        raise Conflict("votes_offline", OFFLINE)
    if kept.blinded != asked:
        raise Conflict("paper_taken", TAKEN)
    return blind.sign_blinded(blind.read_key(poll.key_secret), blinded)


def cast(poll_id: int, token: bytes, signature: int, option: str) -> None:
    """Put a ballot into the box, or in the place of the one with the same token. Nobody is asked who they are.

    Raises Conflict outside the time of the vote, Invalid for an option that there is not and for a
    token that the poll's key has not signed.
    """
    poll = hold_open(poll_id)
    demand_open(poll)
    if option not in {one["code"] for one in poll.options}:
        raise Invalid(
            "option_unknown", "没有这个选项，请刷新后重新选择。", fields={"option": ["没有这个选项"]}
        )
    if not blind.is_signed(int(poll.key_n, 16), poll.id, token, signature):
        raise Invalid(
            "paper_forged", "这张选票不是本次投票发出的，没有计入。", fields={"signature": ["不对"]}
        )
    row = {"poll_id": poll.id, "serial": blind.serial_of(token), "option": option, "fresh": True}
    changed = {"option": option, "fresh": True}
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(
            sqlite.insert(PollBallot)
            .values(**row)
            .on_conflict_do_update(index_elements=["poll_id", "serial"], set_=changed)
        )
    else:
        db.session.execute(mysql.insert(PollBallot).values(**row).on_duplicate_key_update(**changed))


def demand_open(poll: Poll) -> None:
    """Raises Conflict, with the sentence for it, unless votes are taken at this moment."""
    state = policy.shown_state(poll.state, poll.opens_at, poll.closes_at, now())
    if state == COMING:
        raise Conflict("poll_not_begun", "投票还没有开始。")
    if state in {CLOSING, WAITING, COUNTED}:
        raise Conflict("poll_closed", "投票已经截止，不能再投票或改票。")


def demand_entitled(poll: Poll, resident_id: int) -> None:
    """Raises Forbidden unless the resident is a verified villager of the poll's place."""
    home = village_of(resident_id)
    if home is None:
        raise Forbidden("not_verified", NOT_VERIFIED)
    village_id, town_id = home
    if town_id != poll.town_id or poll.village_id not in {None, village_id}:
        raise Forbidden("not_entitled", NOT_ENTITLED)


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two accounts have become one person: the paper of the one that goes is theirs; they get no second one."""
    for poll in db.session.scalars(select(Poll).where(Poll.state == OPEN)).all():
        assert poll.secret is not None  # there while it is open
        secret = bytes.fromhex(poll.secret)
        old = db.session.get(PollPaper, (poll.id, policy.holder_of(secret, poll.id, gone_id)))
        if old is None:
            continue
        moved = {"poll_id": poll.id, "holder": policy.holder_of(secret, poll.id, kept_id)}
        moved |= {"blinded": old.blinded, "offline": old.offline, "fresh": True}
        db.session.execute(insert_once(PollPaper, moved, "poll_id", "holder"))
        db.session.delete(old)
    db.session.flush()
