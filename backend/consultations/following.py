"""What residents do beside speaking: follow a topic, and look back at how it went, once each."""

from __future__ import annotations

from sqlalchemy import delete, select

from backend.comments import queries as comments
from backend.consultations import shown
from backend.consultations.access import get_public, lock_public
from backend.consultations.models import Consultation, ConsultationFollower, ConsultationRating
from backend.consultations.states import CARRIED_OUT, TABLE
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.outbox.services import insert_once


def follow(actor: Actor, topic_id: int) -> None:
    """Hear of it from now on; following again changes nothing."""
    row = {"consultation_id": topic_id, "resident_id": actor.id, "since": now()}
    db.session.execute(insert_once(ConsultationFollower, row, "consultation_id", "resident_id"))


def follow_public(actor: Actor, topic_id: int) -> None:
    """The same for a topic that everybody may read. NotFound."""
    follow(actor, get_public(topic_id).id)


def stop_following(actor: Actor, topic_id: int) -> None:
    """Hear of it no more."""
    db.session.execute(
        delete(ConsultationFollower).where(
            ConsultationFollower.consultation_id == topic_id, ConsultationFollower.resident_id == actor.id
        )
    )


def follows(resident_id: int, topic_id: int) -> bool:
    """Whether this resident hears of it."""
    return db.session.get(ConsultationFollower, (topic_id, resident_id)) is not None


def told_of(topic_id: int) -> list[int]:
    """The residents to tell of what becomes of a topic: who proposed it, follows it, or spoke."""
    query = select(ConsultationFollower.resident_id).where(ConsultationFollower.consultation_id == topic_id)
    found = set(db.session.scalars(query)) | set(comments.speakers(TABLE.kind, topic_id))
    proposer = db.session.scalar(select(Consultation.proposer_id).where(Consultation.id == topic_id))
    return sorted(found | ({proposer} if proposer is not None else set()))


def rate(actor: Actor, topic_id: int, score: int, note: str) -> Consultation:
    """Look back at how it went: 1 to 5, once. Conflict out of its time, or a second time."""
    topic = lock_public(topic_id)
    if topic.state != CARRIED_OUT or topic.rating_until is None or today() > topic.rating_until:
        raise Conflict("rating_closed", "现在不在评价的时间里：落实以后 30 天内可以评价。")
    if db.session.get(ConsultationRating, (topic.id, actor.id)) is not None:
        raise Conflict("rated_already", "您已经评价过了，谢谢您。每人评一次。")
    db.session.add(
        ConsultationRating(
            consultation_id=topic.id,
            resident_id=actor.id,
            score=score,
            note=note or None,
            rated_at=now(),
        )
    )
    topic.rating_count += 1
    topic.rating_sum += score
    db.session.flush()
    shown.changed(topic.town_id)
    return topic


def rating_of(resident_id: int, topic_id: int) -> ConsultationRating | None:
    """What this resident gave."""
    return db.session.get(ConsultationRating, (topic_id, resident_id))
