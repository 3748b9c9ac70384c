"""What topics keep of a person: what they proposed, follow, keep a seat at and how they looked back (PI-07).

A topic is the town's once it was proposed; when its person goes, the tie to them goes, and the topic stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update

from backend.consultations import shown
from backend.consultations.models import (
    Consultation,
    ConsultationFollower,
    ConsultationMeeting,
    ConsultationRating,
    ConsultationSeat,
)
from backend.consultations.states import TABLE
from backend.consultations.words import FORMS, ORIGINS
from backend.kernel.db import db
from backend.kernel.ids import show_code


def copy(resident_id: int) -> list[dict[str, Any]]:
    """Everything that a resident proposed, follows, keeps a seat at and rated. What they said is the comments'."""
    return [
        {"code": "consultations", "title": "您提出的议题", "records": _proposed(resident_id)},
        {"code": "consultation_follows", "title": "您关注的议题", "records": _followed(resident_id)},
        {"code": "consultation_seats", "title": "您预约过的会议席位", "records": _seats(resident_id)},
        {"code": "consultation_ratings", "title": "您评价过的议题", "records": _ratings(resident_id)},
    ]


def _proposed(resident_id: int) -> list[dict[str, Any]]:
    rows = select(Consultation).where(Consultation.proposer_id == resident_id).order_by(Consultation.id)
    return [
        {
            "title": row.title,
            "facts": [
                ("查询码", show_code(row.code)),
                ("提出时间", row.created_at),
                ("由谁提出", ORIGINS[row.origin]),
                ("内容", row.body),
                ("为什么提", row.proposed_reason),
                ("现在的状态", TABLE.state(row.state).label),
            ],
        }
        for row in db.session.scalars(rows)
    ]


def _followed(resident_id: int) -> list[dict[str, Any]]:
    rows = (
        select(Consultation.title, ConsultationFollower.since)
        .join(ConsultationFollower, ConsultationFollower.consultation_id == Consultation.id)
        .where(ConsultationFollower.resident_id == resident_id)
        .order_by(Consultation.id)
    )
    return [{"title": row.title, "facts": [("从什么时候", row.since)]} for row in db.session.execute(rows)]


def _seats(resident_id: int) -> list[dict[str, Any]]:
    rows = (
        select(ConsultationMeeting, ConsultationSeat.taken_at)
        .join(ConsultationSeat, ConsultationSeat.meeting_id == ConsultationMeeting.id)
        .where(ConsultationSeat.resident_id == resident_id)
        .order_by(ConsultationMeeting.id)
    )
    return [
        {
            "title": FORMS[meeting.form],
            "facts": [("会议时间", meeting.at), ("地点", meeting.place), ("预约时间", taken_at)],
        }
        for meeting, taken_at in db.session.execute(rows)
    ]


def _ratings(resident_id: int) -> list[dict[str, Any]]:
    rows = (
        select(Consultation.title, ConsultationRating)
        .join(ConsultationRating, ConsultationRating.consultation_id == Consultation.id)
        .where(ConsultationRating.resident_id == resident_id)
        .order_by(Consultation.id)
    )
    return [
        {
            "title": title,
            "facts": [("评分", f"{row.score} 分"), ("您写的", row.note), ("时间", row.rated_at)],
        }
        for title, row in db.session.execute(rows)
    ]


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Take the person out of every topic (PIPL 47); record kind → ids. Sums of ratings stay: they name nobody."""
    proposed = list(
        db.session.scalars(select(Consultation.id).where(Consultation.proposer_id == resident_id))
    )
    db.session.execute(
        update(Consultation).where(Consultation.proposer_id == resident_id).values(proposer_id=None)
    )
    gone: dict[str, list[Any]] = {"consultation_person": proposed}
    for seat in _of(ConsultationSeat, resident_id):
        _give_back(seat)
    for name, model, key in (
        ("consultation_follow", ConsultationFollower, "consultation_id"),
        ("consultation_seat", ConsultationSeat, "meeting_id"),
        ("consultation_rating", ConsultationRating, "consultation_id"),
    ):
        rows = _of(model, resident_id)
        gone[name] = [getattr(row, key) for row in rows]
        for row in rows:
            db.session.delete(row)
    db.session.flush()
    return gone


def _of(model: Any, resident_id: int) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.resident_id == resident_id)))


def _give_back(seat: ConsultationSeat) -> None:
    """A seat at a meeting that is still to come is free again."""
    db.session.execute(
        update(ConsultationMeeting)
        .where(
            ConsultationMeeting.id == seat.meeting_id,
            ConsultationMeeting.state == "called",
            ConsultationMeeting.seats_taken > 0,
        )
        .values(seats_taken=ConsultationMeeting.seats_taken - 1)
    )
    shown.changed_of(db.session.get_one(ConsultationMeeting, seat.meeting_id).consultation_id)


def old_seats(before: datetime) -> Select[Any]:
    """Ids of meetings that began before that moment and at which somebody kept a seat (PI-08)."""
    held = select(ConsultationMeeting.id).where(ConsultationMeeting.at < before)
    return held.where(ConsultationMeeting.id.in_(select(ConsultationSeat.meeting_id)))


def forget_seats(meeting_ids: Sequence[Any]) -> Sequence[Any]:
    """Erase who kept a seat there; how many did stays."""
    db.session.execute(delete(ConsultationSeat).where(ConsultationSeat.meeting_id.in_(meeting_ids)))
    return meeting_ids


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: what both did is the one's, and nothing counts twice."""
    db.session.execute(
        update(Consultation).where(Consultation.proposer_id == gone_id).values(proposer_id=kept_id)
    )
    for model, key in (
        (ConsultationFollower, "consultation_id"),
        (ConsultationSeat, "meeting_id"),
        (ConsultationRating, "consultation_id"),
    ):
        for row in _of(model, gone_id):
            if db.session.get(model, (getattr(row, key), kept_id)) is None:
                row.resident_id = kept_id
                continue
            if isinstance(row, ConsultationSeat):
                _give_back(row)
            if isinstance(row, ConsultationRating):
                _uncount(row)
            db.session.delete(row)
    db.session.flush()


def _uncount(row: ConsultationRating) -> None:
    db.session.execute(
        update(Consultation)
        .where(Consultation.id == row.consultation_id)
        .values(rating_count=Consultation.rating_count - 1, rating_sum=Consultation.rating_sum - row.score)
    )
    shown.changed_of(row.consultation_id)
