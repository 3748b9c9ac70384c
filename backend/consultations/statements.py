"""Short statements that people agree with, disagree with or pass on; nobody is ever told anybody's own position.

A statement is a comment of the kind ``statement``. A vote is kept under a keyed hash of the resident: whoever may
vote again finds their own row by it, and nobody who reads the table finds a person. Neither audit nor log nor
idempotency knows what was said.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, delete, func, select, update

from backend.comments import queries as comments
from backend.comments import services as comment_services
from backend.comments.models import Comment
from backend.comments.services import About
from backend.comments.states import SHOWN, STATEMENT
from backend.consultations import speaking
from backend.consultations.access import get_public
from backend.consultations.groups import AGREE, DISAGREE, PASS
from backend.consultations.models import Consultation
from backend.consultations.statement_models import CommonGround, StatementVote
from backend.consultations.states import ENDED, OPEN, TABLE
from backend.identity import minors
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import Conflict, NotFound
from backend.outbox.services import enqueue, insert_once

VALUES = {"agree": AGREE, "disagree": DISAGREE, "pass": PASS}
RECOMPUTE = "common_ground.make"
#: a picture is made at most once in so many seconds
DEBOUNCE = 600
#: so many statements are laid before somebody at a time
HAND = 20


def propose(actor: Actor, topic_id: int, text: str) -> Comment:
    """Put a statement (at most 140 characters) before the others; it is checked like every comment."""
    topic = speaking.give_opinion(topic_id)
    return comment_services.post(actor, About(TABLE.kind, topic.id, topic.town_id), STATEMENT, text)


def vote(actor: Actor, statement_id: int, value: str) -> int:
    """Agree with, disagree with or pass on a statement, or change one's mind; how many are left for this person.

    NotFound for a statement that is not shown; Conflict when the topic takes no opinions now.
    """
    minors.demand_guardian(actor.id)
    topic = speaking.give_opinion(_statement(statement_id).subject_id)
    ground = ground_of(topic.id)
    holder = holder_of(ground.secret, actor.id)
    key = {"consultation_id": topic.id, "holder": holder, "statement_id": statement_id}
    said = {"value": VALUES[value], "round": ground.round}
    db.session.execute(insert_once(StatementVote, key | said, *key))
    db.session.execute(
        update(StatementVote)
        .where(*(getattr(StatementVote, name) == of for name, of in key.items()))
        .values(**said)
    )
    _owe_picture(topic.id)
    return len(unvoted(topic.id, holder))


def _statement(statement_id: int) -> Comment:
    row = comments.get_shown(statement_id)
    if row.kind != STATEMENT or row.subject_kind != TABLE.kind:
        raise NotFound("statement_not_found", "没有找到这条观点，可能已撤回或没有公开。")
    return row


def ground_of(topic_id: int) -> CommonGround:
    """The row with the secret; the first vote makes it. Conflict when the matter has ended."""
    values = {
        "consultation_id": topic_id,
        "secret": secrets.token_hex(32),
        "round": 0,
        "participants": 0,
    }
    db.session.execute(insert_once(CommonGround, values, "consultation_id"))
    row = db.session.get_one(CommonGround, topic_id, populate_existing=True)
    if not row.secret:
        raise Conflict("not_open", "这个议题已经结束，不再收集表态。")
    return row


def holder_of(secret: str, resident_id: int) -> str:
    """The key under which a resident's votes lie: it cannot be computed without the consultation's secret."""
    return hmac.new(secret.encode(), str(resident_id).encode(), hashlib.sha256).hexdigest()


def _owe_picture(topic_id: int) -> None:
    """One job for each ten minutes in which somebody voted, at the end of them."""
    at = now()
    slot = int(at.timestamp()) // DEBOUNCE
    due = at.fromtimestamp((slot + 1) * DEBOUNCE, at.tzinfo)
    enqueue(
        RECOMPUTE, {"consultation_id": str(topic_id)}, key=f"{RECOMPUTE}:{topic_id}:{slot}", not_before=due
    )


# --- reading ----------------------------------------------------------------------------------------------


def shown_ids(topic_id: int) -> list[int]:
    """The statements that everybody may read, oldest first."""
    return comments.ids_of(TABLE.kind, topic_id, (STATEMENT,))


def unvoted(topic_id: int, holder: str) -> list[int]:
    """The statements of which this holder has said nothing, those that fewest have spoken of first."""
    mine = and_(StatementVote.consultation_id == topic_id, StatementVote.holder == holder)
    said = select(StatementVote.statement_id).where(mine)
    count = func.count(StatementVote.holder)
    query = (
        select(Comment.id)
        .outerjoin(
            StatementVote,
            and_(StatementVote.consultation_id == topic_id, StatementVote.statement_id == Comment.id),
        )
        .where(
            Comment.subject_kind == TABLE.kind,
            Comment.subject_id == topic_id,
            Comment.kind == STATEMENT,
            Comment.state == SHOWN,
            Comment.id.not_in(said),
        )
        .group_by(Comment.id)
        .order_by(count, Comment.id)
    )
    return list(db.session.scalars(query))


def hand(actor: Actor, topic_id: int) -> dict[str, Any]:
    """What to lay before somebody next: {"items", "left", "total", "open"}. Which they answered, never how."""
    topic = get_public(topic_id)
    ground = db.session.get(CommonGround, topic.id)
    holder = holder_of(ground.secret, actor.id) if ground is not None and ground.secret else ""
    left = unvoted(topic.id, holder)
    cards = comments.of_ids(left[:HAND], actor.id)
    return {
        "items": [cards[one] for one in left[:HAND] if one in cards],
        "left": len(left),
        "total": len(shown_ids(topic.id)),
        "open": topic.state == OPEN,
    }


def participants(topic_id: int) -> int:
    """How many people have spoken of at least one statement."""
    query = select(func.count(StatementVote.holder.distinct())).where(
        StatementVote.consultation_id == topic_id
    )
    return int(db.session.scalar(query) or 0)


# --- a person's own rights, and the end -------------------------------------------------------------------


def _open_grounds() -> Sequence[CommonGround]:
    return db.session.scalars(select(CommonGround).order_by(CommonGround.consultation_id)).all()


def held_of(resident_id: int) -> dict[int, int]:
    """Consultation → of how many statements this resident has spoken there."""
    found: dict[int, int] = {}
    for ground in _open_grounds():
        if not ground.secret:
            continue
        own = (
            StatementVote.consultation_id == ground.consultation_id,
            StatementVote.holder == holder_of(ground.secret, resident_id),
        )
        count = db.session.scalar(select(func.count()).select_from(StatementVote).where(*own)) or 0
        if count:
            found[ground.consultation_id] = int(count)
    return found


def copy(resident_id: int) -> list[dict[str, Any]]:
    """That somebody spoke of statements, and of how many; what they said leaves the table for nobody."""
    held = held_of(resident_id)
    titles = speaking.SUBJECT.titles(held)
    records = [
        {"title": titles.get(topic_id, str(topic_id)), "facts": [("表过态的观点条数", count)]}
        for topic_id, count in held.items()
    ]
    return [
        {
            "code": "statement_votes",
            "title": "您对观点的表态（只有条数，态度不与任何人对应）",
            "records": records,
        }
    ]


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Take a person's votes out of every matter that has not ended; the next picture is made without them."""
    gone = []
    for ground in _open_grounds():
        if ground.secret and _drop(ground.consultation_id, holder_of(ground.secret, resident_id)):
            gone.append(ground.consultation_id)
    return {"statement_votes": gone}


def _drop(topic_id: int, holder: str) -> int:
    own = (StatementVote.consultation_id == topic_id, StatementVote.holder == holder)
    return changed_rows(delete(StatementVote).where(*own))


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one, who speaks once: where both spoke of a matter, what the kept one said stays."""
    for ground in _open_grounds():
        if not ground.secret:
            continue
        kept, gone = (holder_of(ground.secret, one) for one in (kept_id, gone_id))
        here = StatementVote.consultation_id == ground.consultation_id
        if db.session.scalar(
            select(func.count()).select_from(StatementVote).where(here, StatementVote.holder == kept)
        ):
            _drop(ground.consultation_id, gone)
        else:
            changed_rows(update(StatementVote).where(here, StatementVote.holder == gone).values(holder=kept))


def forget_ended() -> int:
    """Of matters that have ended only the picture stays: secret and votes go. How many; one batch, in a unit."""
    query = (
        select(CommonGround)
        .join(Consultation, Consultation.id == CommonGround.consultation_id)
        .where(Consultation.state.in_(ENDED), CommonGround.round >= 0)
        .limit(200)
    )
    ended = [ground for ground in db.session.scalars(query) if ground.secret]
    for ground in ended:
        ground.secret = ""
        db.session.execute(
            delete(StatementVote).where(StatementVote.consultation_id == ground.consultation_id)
        )
    db.session.flush()
    return len(ended)
