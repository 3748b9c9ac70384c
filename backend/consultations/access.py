"""The only ways to a topic: each checks who asks, and says 404 for what is not theirs to see."""

from __future__ import annotations

from sqlalchemy import select

from backend.consultations import policy
from backend.consultations.models import Consultation
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound


def get_consultation_for(viewer: Actor, topic_id: int) -> Consultation:
    """The topic, if the viewer may see it. Missing and forbidden look alike: NotFound."""
    topic = db.session.get(Consultation, topic_id)
    if topic is None or not policy.may_see(topic, viewer):
        raise _missing()
    return topic


def get_public(topic_id: int) -> Consultation:
    """A topic that everybody may read. NotFound."""
    topic = db.session.get(Consultation, topic_id)
    if topic is None or not policy.is_public(topic):
        raise _missing()
    return topic


def load_locked(topic_id: int) -> Consultation | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(Consultation)
        .where(Consultation.id == topic_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def lock_public(topic_id: int) -> Consultation:
    """The row of a topic that everybody may read, locked. NotFound."""
    topic = load_locked(topic_id)
    if topic is None or not policy.is_public(topic):
        raise _missing()
    return topic


def _missing() -> NotFound:
    return NotFound("consultation_not_found", "没有找到这个议题，可能编号不对，或还没有公开。")
