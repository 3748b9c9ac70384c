"""The text of a topic: free until somebody has given an opinion, then changed by dated versions only.

Who gives an opinion answers to a text; it may not become another one under their name. A correction is a new
version with its date and reason, the older ones stay readable, and those who spoke are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from backend.comments import marks
from backend.consultations.effects import Taken, carries_out, shows
from backend.consultations.models import Consultation, ConsultationVersion
from backend.consultations.states import ACCEPTED, OPEN, PROPOSED
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid

EDIT, CORRECT = "edit", "correct"
#: states in which a text without opinions is simply put right
FREE = (PROPOSED, ACCEPTED, OPEN)


def demand_publishable(texts: Mapping[str, str]) -> None:
    """Invalid when one of the texts, by field, holds personal data; `details.marks` says where (PIPL 25)."""
    found = {name: held for name, text in texts.items() if (held := marks.find(text))}
    if not found:
        return
    said = {name: [f"里面有{marks.sentence(held)}，公开以前请删去"] for name, held in found.items()}
    places = {name: [[m.start, m.end, m.what] for m in held] for name, held in found.items()}
    what = marks.sentence(mark for held in found.values() for mark in held)
    sentence = f"这段文字要公开，里面有{what}，请先删去或改成别的说法。"
    raise Invalid("personal_data", sentence, fields=said, details={"marks": places})


def freeze(topic_id: int) -> None:
    """Somebody has given an opinion: from now on the text stands. Waits for whoever is changing it."""
    db.session.execute(
        update(Consultation)
        .where(Consultation.id == topic_id, Consultation.frozen_at.is_(None))
        .values(frozen_at=now())
    )


def way_to_change(topic: Consultation) -> str:
    """By which edge the text changes now."""
    return EDIT if not topic.frozen and topic.state in FREE else CORRECT


def versions_of(topic_id: int) -> list[ConsultationVersion]:
    """Every published version, oldest first."""
    query = select(ConsultationVersion).where(ConsultationVersion.consultation_id == topic_id)
    return list(db.session.scalars(query.order_by(ConsultationVersion.number)))


def keep_version(topic: Consultation, actor: Actor, reason: str) -> None:
    """Write down the text as it stands under its number; a text without opinions is put right in its place."""
    held = db.session.scalar(
        select(ConsultationVersion).where(
            ConsultationVersion.consultation_id == topic.id, ConsultationVersion.number == topic.text_version
        )
    )
    row = held or ConsultationVersion(consultation_id=topic.id, number=topic.text_version)
    row.title, row.body, row.asked, row.reason = topic.title, topic.body, topic.asked, reason
    row.made_by, row.made_at = actor.id, now()
    db.session.add(row)
    db.session.flush()


@shows(CORRECT)
def _reason(topic: Consultation, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The line of the timeline names the version and says why."""
    if not str(given.get("reason") or "").strip():
        said = "已经有人发表意见，更正文本要写明理由，理由会公开。"
        raise Invalid("reason_missing", said, fields={"reason": [said]})
    if all(str(given[name]) == getattr(topic, name) for name in ("title", "body", "asked")):
        raise Conflict("nothing_changed", "文本和原来一样，不需要更正。")
    return {"version": str(topic.text_version + 1), "reason": str(given["reason"])}


@carries_out(EDIT)
def _edit(taken: Taken) -> None:
    _write(taken)
    if taken.topic.state == OPEN:
        demand_publishable({"title": taken.topic.title, "body": taken.topic.body, "asked": taken.topic.asked})
        keep_version(taken.topic, taken.actor, "")


@carries_out(CORRECT)
def _correct(taken: Taken) -> None:
    _write(taken)
    taken.topic.text_version += 1
    keep_version(taken.topic, taken.actor, str(taken.given["reason"]))


def _write(taken: Taken) -> None:
    for name in ("title", "body", "asked"):
        setattr(taken.topic, name, str(taken.given[name]))
