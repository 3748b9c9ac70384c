"""Speaking about a topic: while it is open, to the text as it stands; the first word freezes that text."""

from __future__ import annotations

from typing import Any

from backend.comments import services as comments
from backend.comments.models import Comment
from backend.comments.ports import Subject
from backend.consultations import policy, shown, texts
from backend.consultations.access import get_public
from backend.consultations.models import Consultation
from backend.consultations.queries import PAGE, titles
from backend.consultations.states import OPEN, TABLE
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Conflict


def speak(actor: Actor, topic_id: int, given: dict[str, Any]) -> Comment:
    """Keep what a resident says. NotFound for what is not public, Conflict when it is not open or the text changed.

    `given`: kind, stance, text, photo_ids, and the number of the text that was read (`text_version`), if known.
    """
    topic = give_opinion(topic_id, given["text_version"])
    about = comments.About(TABLE.kind, topic.id, topic.town_id)
    return comments.post(
        actor, about, given["kind"], given["text"], stance=given["stance"], photo_ids=given["photo_ids"]
    )


def give_opinion(topic_id: int, text_version: int | None = None) -> Consultation:
    """The topic, open, its text frozen by this opinion: waits for whoever is changing it. NotFound, Conflict."""
    get_public(topic_id)
    texts.freeze(topic_id)
    topic = db.session.get_one(Consultation, topic_id, populate_existing=True)
    if topic.state != OPEN:
        raise Conflict("not_open", "现在不在征求意见的时间里，不能发表意见；结论和进展会在这里公布。")
    if text_version is not None and text_version != topic.text_version:
        raise Conflict("text_changed", "文本刚刚有了更正，请看一眼新的再发表意见，您填写的内容还在。")
    return topic


def _may_answer(actor: Actor, topic_id: int) -> bool:
    topic = db.session.get(Consultation, topic_id)
    return topic is not None and (policy.manages(topic, actor) or policy.carries(topic, actor))


def _posted(comment: Comment) -> None:
    texts.freeze(comment.subject_id)


def _read_anew(comment: Comment) -> None:
    shown.changed(comment.town_id)


#: how comments know of topics; app.py hands it to them
SUBJECT = Subject(
    label=TABLE.label,
    titles=titles,
    page=lambda topic_id: PAGE.format(id=topic_id),
    may_answer=_may_answer,
    posted=_posted,
    shown=_read_anew,
    gone=_read_anew,
    back=_read_anew,
    changed=_read_anew,
)
