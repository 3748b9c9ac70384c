"""Meetings about a topic: 议事会, 听证会, 恳谈会 (CON-01), with what a hearing owes beforehand (CON-11).

One is called at a time; it is held or cancelled before the conclusion. Seats are kept by residents until the
meeting begins; only how many are taken is shown, never by whom.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.consultations import shown
from backend.consultations.access import get_public
from backend.consultations.effects import Taken, carries_out
from backend.consultations.models import Consultation, ConsultationMeeting, ConsultationSeat
from backend.consultations.words import FORMS, day_of, long_day
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid

HEARING = "hearing"
CALLED, HELD, CANCELLED = "called", "held", "cancelled"
#: so that what is published beforehand can be read (CON-11 says ahead; the number is this program's)
HEARING_DAYS_AHEAD = 7
LATEST = timedelta(days=180)


def meetings_of(topic_id: int) -> list[ConsultationMeeting]:
    """Every meeting that was called, the newest first."""
    query = select(ConsultationMeeting).where(ConsultationMeeting.consultation_id == topic_id)
    return list(db.session.scalars(query.order_by(ConsultationMeeting.id.desc())))


def pending(topic_id: int, *, lock: bool = False) -> ConsultationMeeting | None:
    """The meeting that was called and is neither held nor cancelled."""
    query = select(ConsultationMeeting).where(
        ConsultationMeeting.consultation_id == topic_id, ConsultationMeeting.state == CALLED
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).first()


@carries_out("call_meeting")
def _call(taken: Taken) -> None:
    """Conflict while another one is called; Invalid for a time that cannot be, or a hearing without its papers."""
    topic, given = taken.topic, taken.given
    if pending(topic.id) is not None:
        raise Conflict("meeting_called", "已经通知了一次会议：请先登记结果或取消，再召集下一次。")
    _demand_time(given)
    if given["form"] == HEARING:
        _demand_hearing_papers(given)
    db.session.add(
        ConsultationMeeting(
            consultation_id=topic.id,
            form=given["form"],
            at=given["at"],
            place=given["place"],
            agenda=given["agenda"],
            materials=given["materials"],
            chosen_how=given["chosen_how"],
            invited=list(given["invited"]),
            seats=given["seats"],
            called_by=taken.actor.id,
            called_at=now(),
        )
    )
    db.session.flush()


def _demand_time(given: Any) -> None:
    if given["at"] <= now():
        raise _bad("at", "meeting_in_past", "会议时间要在现在以后。")
    if given["at"] > now() + LATEST:
        raise _bad("at", "meeting_too_far", "会议时间太远了，请选半年以内的时间。")


def _demand_hearing_papers(given: Any) -> None:
    """CON-11: materials ahead, how those who take part are chosen, and the list, all published."""
    for name, sentence in (
        ("materials", "听证会的材料要提前公布，请填写。"),
        ("chosen_how", "听证会要说明参加人怎样产生。"),
        ("invited", "听证会要公布参加人名单。"),
    ):
        if not given[name]:
            raise _bad(name, "hearing_papers_missing", sentence)
    first = today() + timedelta(days=HEARING_DAYS_AHEAD)
    if day_of(given["at"]) < first:
        said = f"听证会的材料至少提前 {HEARING_DAYS_AHEAD} 天公布：最早可以在{long_day(first)}召开。"
        raise _bad("at", "hearing_too_soon", said)


@carries_out("cancel_meeting")
def _cancel(taken: Taken) -> None:
    """Conflict when none is called."""
    _demand_pending(taken.topic).state = CANCELLED


def call_off(topic_id: int) -> None:
    """The topic itself is ended: a meeting that was called does not take place."""
    row = pending(topic_id, lock=True)
    if row is not None:
        row.state = CANCELLED


@carries_out("record_meeting")
def _record(taken: Taken) -> None:
    """Minutes and attendance. Conflict before it began; Invalid for more people than there can be."""
    given, row = taken.given, _demand_pending(taken.topic)
    if row.at > now():
        raise Conflict("meeting_to_come", f"会议定在{long_day(day_of(row.at))}，开过以后再登记结果。")
    if given["expected"] is not None and given["attended"] > given["expected"]:
        raise _bad("attended", "more_than_expected", "实到人数不能多于应到人数。")
    row.state, row.minutes = HELD, given["minutes"]
    row.expected, row.attended, row.attendance = given["expected"], given["attended"], given["attendance"]


def _demand_pending(topic: Consultation) -> ConsultationMeeting:
    row = pending(topic.id, lock=True)
    if row is None:
        raise Conflict("no_meeting_called", "现在没有已通知的会议。")
    return row


def take_seat(actor: Actor, topic_id: int) -> ConsultationMeeting:
    """Keep a seat at the meeting that is called; again changes nothing. Conflict when there is none left."""
    topic = get_public(topic_id)
    row = pending(topic.id, lock=True)
    if row is None or row.at <= now():
        raise Conflict("no_meeting_called", "现在没有可以预约的会议。")
    if db.session.get(ConsultationSeat, (row.id, actor.id)) is not None:
        return row
    if row.seats == 0:
        raise Conflict("no_seats", f"这次{FORMS[row.form]}没有预留旁听席位。")
    if row.seats_taken >= row.seats:
        raise Conflict("seats_gone", "席位已经约满了，会议记录会在这里公布。")
    db.session.add(ConsultationSeat(meeting_id=row.id, resident_id=actor.id, taken_at=now()))
    row.seats_taken += 1
    db.session.flush()
    shown.changed(topic.town_id)
    return row


def give_seat_back(actor: Actor, topic_id: int) -> None:
    """Give one's seat back; without one nothing happens."""
    topic = get_public(topic_id)
    row = pending(topic.id, lock=True)
    seat = db.session.get(ConsultationSeat, (row.id, actor.id)) if row is not None else None
    if row is None or seat is None:
        return
    db.session.delete(seat)
    row.seats_taken -= 1
    db.session.flush()
    shown.changed(topic.town_id)


def has_seat(resident_id: int, topic_id: int) -> bool:
    """Whether this resident keeps a seat at the meeting that is called."""
    row = pending(topic_id)
    return row is not None and db.session.get(ConsultationSeat, (row.id, resident_id)) is not None


def _bad(field: str, code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})
