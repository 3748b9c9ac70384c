"""From the publication to the look back: at least fifteen days up (CON-03), then who does it by when (CON-02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from backend.consultations.effects import Taken, carries_out, shows
from backend.consultations.models import Consultation, ConsultationProgress
from backend.consultations.periods import MOST_CARRY_DAYS, PUBLICATION_DAYS, RATING_DAYS
from backend.consultations.resolutions import demand_all_passed
from backend.consultations.states import CARRY_CLOCK
from backend.consultations.words import long_day
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.media import services as media
from backend.workflow import clocks
from backend.workflow.calendar import end_of
from backend.workflow.kinds import kind_of

#: in which role its photos stand (media)
PHOTOS = "after"
PROMISED = "promised"


@carries_out("publish")
def _publish(taken: Taken) -> None:
    """CON-03. Conflict while a step of 四议两公开 is missing (CON-06)."""
    topic = taken.topic
    demand_all_passed(topic)
    topic.published_on = today()
    topic.published_until = today() + timedelta(days=PUBLICATION_DAYS)


@shows("hand_over", "nothing_to_do")
def _after_publication(topic: Consultation, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """CON-03: nothing follows before the last day of the publication is over. Names the unit."""
    last = topic.published_until
    if last is not None and today() <= last:
        said = f"公示不少于 {PUBLICATION_DAYS} 天，到{long_day(last)}为止；期满以后再走下一步。"
        raise Conflict("publication_runs", said)
    unit = identity.unit(int(given["unit_id"])) if given.get("unit_id") else None
    return {} if unit is None else {"unit": unit.name, "unit_id": str(unit.id)}


@carries_out("hand_over")
def _hand_over(taken: Taken) -> None:
    """Invalid for a unit that is not the town's or has nobody, or a day that cannot be."""
    topic, unit_id = taken.topic, int(taken.given["unit_id"])
    unit = identity.unit(unit_id)
    if unit is None or unit.town_id != topic.town_id or unit_id not in assignable(topic):
        raise _bad("unit_id", "unit_unknown", "这个单位不在本镇，或没有能办理的人，请重新选择。")
    topic.assignee_unit_id, topic.assignee_unit_name = unit.id, unit.name
    _promise(topic, taken.given["until"], today())


def assignable(topic: Consultation) -> dict[int, list[Any]]:
    """The units of the town that have somebody who can carry something out."""
    return dict(identity.assignable(topic.town_id, "case.handle"))


@carries_out("extend")
def _extend(taken: Taken) -> None:
    """Later than promised, with a reason that everybody reads."""
    assert taken.topic.carry_out_until is not None  # it is being carried out
    _promise(taken.topic, taken.given["until"], taken.topic.carry_out_until)


def _promise(topic: Consultation, until: date, after: date) -> None:
    if until <= after:
        raise _bad("until", "bad_until", f"落实的日期要在{long_day(after)}以后。")
    last = today() + timedelta(days=MOST_CARRY_DAYS)
    if until > last:
        raise _bad("until", "bad_until", f"落实的日期最晚到{long_day(last)}；更长的事请分步落实。")
    topic.carry_out_until = until
    clocks.agree(topic, kind_of(topic.kind), CARRY_CLOCK, end_of(until), PROMISED)


@carries_out("report_progress")
def _progress(taken: Taken) -> None:
    """A dated entry. Invalid for a day that cannot be, or photos whose faces nobody has looked for (§8.1)."""
    topic, given = taken.topic, taken.given
    begun = topic.published_until or topic.published_on
    if given["on"] > today() or (begun is not None and given["on"] < begun):
        raise _bad("on", "bad_day", "进展的日期要在交办以后，不能晚于今天。")
    photos = [int(one) for one in given["photo_ids"]]
    if photos and not given["faces_checked"]:
        said = "照片会公开：请先确认里面没有能认出来的人脸、车牌和门牌，再勾选“已检查”。"
        raise _bad("faces_checked", "faces_unchecked", said)
    media.attach(taken.actor, photos, topic.kind, topic.id, PHOTOS)
    db.session.add(
        ConsultationProgress(
            consultation_id=topic.id,
            on_day=given["on"],
            text=given["text"],
            media_ids=[str(one) for one in photos],
            made_by=taken.actor.id,
            made_at=now(),
        )
    )
    db.session.flush()


def progress_of(topic_id: int) -> list[ConsultationProgress]:
    """What was done so far, oldest first."""
    query = select(ConsultationProgress).where(ConsultationProgress.consultation_id == topic_id)
    return list(db.session.scalars(query.order_by(ConsultationProgress.on_day, ConsultationProgress.id)))


@carries_out("finish", "nothing_to_do")
def _finish(taken: Taken) -> None:
    """From here on everybody may say how it went."""
    taken.topic.carried_out_on = today()
    taken.topic.rating_until = today() + timedelta(days=RATING_DAYS)


def _bad(field: str, code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})
