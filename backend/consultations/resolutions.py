"""Recording 四议两公开: each deliberation after the one before has passed, dated, with its quorum (CON-06)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from backend.consultations import quorums
from backend.consultations.effects import Taken, carries_out
from backend.consultations.models import Consultation, ConsultationResolution
from backend.consultations.policy import FOUR_TWO
from backend.consultations.states import CONCLUDED, PUBLISHED
from backend.consultations.words import STEPS, long_day
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid


def resolutions_of(topic_id: int) -> list[ConsultationResolution]:
    """What was recorded, oldest first; a step that did not pass may stand there twice."""
    query = select(ConsultationResolution).where(ConsultationResolution.consultation_id == topic_id)
    return list(db.session.scalars(query.order_by(ConsultationResolution.id)))


@carries_out("record_resolution")
def _record(taken: Taken) -> None:
    """Conflict out of order; Invalid for a day or numbers that cannot be."""
    topic, given = taken.topic, taken.given
    held = resolutions_of(topic.id)
    _demand_order(topic, held, given["step"])
    _demand_day(held, given["held_on"])
    found = quorums.judge(given["step"], given["form"], given["entitled"], given["present"], given["agreed"])
    db.session.add(
        ConsultationResolution(
            consultation_id=topic.id,
            step=given["step"],
            form=given["form"] if given["step"] == quorums.ASSEMBLY else "",
            held_on=given["held_on"],
            entitled=given["entitled"],
            present=given["present"],
            agreed=given["agreed"],
            passed=found.passed,
            quorum_words=found.words,
            note=given["note"],
            made_by=taken.actor.id,
            made_at=now(),
        )
    )
    db.session.flush()


def _demand_order(topic: Consultation, held: list[ConsultationResolution], step: str) -> None:
    passed = {row.step for row in held if row.passed}
    if step in passed:
        raise Conflict("step_passed", f"“{STEPS[step]}”已经通过，不用再登记。")
    missing = [one for one in quorums.STEPS[: quorums.STEPS.index(step)] if one not in passed]
    if missing:
        raise Conflict("step_too_early", f"要先通过“{STEPS[missing[0]]}”，再登记“{STEPS[step]}”。")
    if step == quorums.ASSEMBLY and topic.state not in {CONCLUDED, PUBLISHED}:
        raise Conflict("no_conclusion_yet", "村民会议（代表会议）决议的是已经签发的结论，请先签发结论。")


def _demand_day(held: list[ConsultationResolution], day: date) -> None:
    last = max((row.held_on for row in held if row.passed), default=None)
    if day > today():
        raise _bad("会议日期不能晚于今天：开过以后再登记。")
    if last is not None and day < last:
        raise _bad(f"会议日期不能早于上一步（{long_day(last)}）。")


def demand_all_passed(topic: Consultation) -> None:
    """CON-06: what goes the way of 四议两公开 is published once all four have passed. Raises Conflict."""
    if topic.track != FOUR_TWO:
        return
    passed = {row.step for row in resolutions_of(topic.id) if row.passed}
    missing = [STEPS[step] for step in quorums.STEPS if step not in passed]
    if missing:
        raise Conflict("steps_missing", f"四议两公开还差：{'、'.join(missing)}。通过以后才能公示。")


def _bad(sentence: str) -> Invalid:
    return Invalid("bad_day", sentence, fields={"held_on": [sentence]})
