"""The town's report card: made by the program when a month has ended, published by a person, kept as it was.

Whoever had figures made anew does not publish them (wall.approve, another person). What was published is
never written over: a correction is a further card of the same month, dated, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from backend.audit import services as audit
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump
from backend.places import queries as places
from backend.wall.public_queries import next_month, surrogate
from backend.wall.report_card_figures import anything, figures
from backend.wall.report_card_models import ReportCard

DRAFTED, PUBLISHED = "drafted", "published"
WRITE, APPROVE = "wall.write", "wall.approve"
SUBJECT = "report_card"
MISSING = NotFound("report_card_not_found", "没有找到这份公报。")


def make_due() -> None:
    """Make the card of the month that has ended, in each town that has none yet; for the worker."""
    month = last_month(today())
    for town in places.towns():
        first = anything(town.id)
        if first is not None and first < next_month(month) and _of(town.id, month) is None:
            make(town.id, month)


def make(town_id: int, month: date) -> ReportCard:
    """Make the card of a month as the program does: a draft that somebody has yet to publish."""
    return _make(SYSTEM, town_id, month, 0, "")


def last_month(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def towns_of(actor: Actor) -> set[int]:
    """The towns for the whole of which somebody writes or approves."""
    granted = [one for permission in (WRITE, APPROVE) for one in actor.grants_with(permission)]
    return {one.place_id for one in granted if one.place_level == "town"}


def get_for(actor: Actor, card_id: int, *, lock: bool = False) -> ReportCard:
    """The only way to a card for staff. NotFound."""
    statement = select(ReportCard).where(ReportCard.id == card_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    card = db.session.scalar(statement)
    if card is None or card.town_id not in towns_of(actor):
        raise MISSING
    return card


def of_staff(actor: Actor) -> list[ReportCard]:
    """All cards of the actor's towns, newest month first, each before its corrections."""
    statement = (
        select(ReportCard)
        .where(ReportCard.town_id.in_(towns_of(actor)))
        .order_by(ReportCard.month.desc(), ReportCard.number)
        .limit(200)
    )
    return list(db.session.scalars(statement))


def remake(actor: Actor, card_id: int, version: int) -> ReportCard:
    """Reckon a draft anew; whoever does that does not publish it. NotFound, Conflict."""
    card = _draft(actor, card_id, version)
    card.figures, card.made_at = figures(card.town_id, card.month), now()
    card.made_by, card.made_by_name = actor.id, actor.name
    card.version += 1
    audit.record(actor, "report_card_made", SUBJECT, card.id, {"month": card.month.isoformat()})
    return card


def correct(actor: Actor, card_id: int, reason: str) -> ReportCard:
    """Begin a correction of what was published: the figures anew, and why. NotFound, Conflict, Invalid."""
    card = get_for(actor, card_id, lock=True)
    if card.state != PUBLISHED or card.number:
        raise Conflict("not_published", "只有已经公开的公报才需要更正。", details={"state": card.state})
    if not reason.strip():
        raise Invalid("reason_missing", "请写明为什么更正。", fields={"reason": ["必填"]})
    last = db.session.execute(
        select(func.max(ReportCard.number), func.sum(ReportCard.state == DRAFTED)).where(
            ReportCard.town_id == card.town_id, ReportCard.month == card.month
        )
    ).one()
    if last[1]:
        raise Conflict("correction_open", "这个月的公报已有一份更正等待公开。")
    return _make(actor, card.town_id, card.month, int(last[0]) + 1, reason.strip())


def publish(actor: Actor, card_id: int, version: int) -> ReportCard:
    """Publish a card or a correction; from then on nobody changes it. NotFound, Conflict, Forbidden."""
    card = _draft(actor, card_id, version)
    if not actor.may(APPROVE):
        raise Forbidden
    if card.made_by == actor.id:
        raise Forbidden("second_person", "这份公报是您制作的，要由另一位负责人审核公开。")
    card.state, card.published_at, card.version = PUBLISHED, now(), card.version + 1
    card.published_by, card.published_by_name = actor.id, actor.name
    audit.record(actor, "report_card_published", SUBJECT, card.id, {"month": card.month.isoformat()})
    bump(surrogate(card.town_id))
    return card


def discard(actor: Actor, card_id: int, version: int) -> None:
    """Take back a correction that was not published. A month's card itself stays. NotFound, Conflict."""
    card = _draft(actor, card_id, version)
    if not card.number:
        raise Conflict("card_stays", "月度公报不能作废，可以重新计算后再公开。")
    audit.record(actor, "report_card_discarded", SUBJECT, card.id, {"month": card.month.isoformat()})
    db.session.delete(card)


def _draft(actor: Actor, card_id: int, version: int) -> ReportCard:
    card = get_for(actor, card_id, lock=True)
    if card.state != DRAFTED:
        raise Conflict(
            "published", "这份公报已经公开，不能再改；有错请发更正。", details={"state": card.state}
        )
    if card.version != version:
        raise Conflict("changed", "别人刚刚改过这份公报，请刷新后再试。", details={"version": card.version})
    return card


def _make(actor: Actor, town_id: int, month: date, number: int, reason: str) -> ReportCard:
    by_person = actor.kind == "staff"
    card = ReportCard(
        id=new_id(),
        town_id=town_id,
        month=month,
        number=number,
        figures=figures(town_id, month),
        reason=reason,
        made_by=actor.id if by_person else None,
        made_by_name=actor.name if by_person else "",
        made_at=now(),
    )
    db.session.add(card)
    db.session.flush()
    audit.record(actor, "report_card_made", SUBJECT, card.id, {"month": month.isoformat(), "number": number})
    return card


def _of(town_id: int, month: date) -> ReportCard | None:
    return db.session.scalar(
        select(ReportCard).where(
            ReportCard.town_id == town_id, ReportCard.month == month, ReportCard.number == 0
        )
    )


def published(town_id: int) -> list[ReportCard]:
    """The cards that everybody reads, newest month first."""
    statement = (
        select(ReportCard)
        .where(ReportCard.town_id == town_id, ReportCard.number == 0, ReportCard.state == PUBLISHED)
        .order_by(ReportCard.month.desc())
    )
    return list(db.session.scalars(statement))


def published_one(card_id: int) -> ReportCard:
    """A published card. NotFound."""
    card = db.session.get(ReportCard, card_id)
    if card is None or card.state != PUBLISHED or card.number:
        raise MISSING
    return card


def corrections(cards: Iterable[ReportCard]) -> dict[tuple[int, date], list[ReportCard]]:
    """The published corrections of these cards, in the order they were made, by town and month."""
    months = {(card.town_id, card.month) for card in cards}
    statement = select(ReportCard).where(
        ReportCard.town_id.in_({town for town, _ in months}),
        ReportCard.month.in_({month for _, month in months}),
        ReportCard.number > 0,
        ReportCard.state == PUBLISHED,
    )
    found: dict[tuple[int, date], list[ReportCard]] = {}
    for card in db.session.scalars(statement.order_by(ReportCard.number)) if months else ():
        found.setdefault((card.town_id, card.month), []).append(card)
    return found


def public_line(card: ReportCard, corrected: int) -> dict[str, Any]:
    """A card in the list."""
    assert card.published_at is not None
    return {
        "id": card.id,
        "month": f"{card.month:%Y-%m}",
        "title": f"{card.month.year} 年 {card.month.month} 月公报",
        "published_at": card.published_at,
        "figures": card.figures["figures"],
        "correction_count": corrected,
    }


def public_page(card: ReportCard) -> dict[str, Any]:
    """A card as it was published, and below it its corrections."""
    later = corrections([card]).get((card.town_id, card.month), [])
    return {
        **public_line(card, len(later)),
        "villages": card.figures["villages"],
        "corrections": [
            {
                "published_at": one.published_at,
                "reason": one.reason,
                "figures": one.figures["figures"],
                "villages": one.figures["villages"],
            }
            for one in later
        ],
    }


def staff_page(card: ReportCard, actor: Actor) -> dict[str, Any]:
    """A card for those who write and approve, with what they may do now."""
    drafted = card.state == DRAFTED
    own = card.made_by == actor.id
    may = {
        "publish": drafted and actor.may(APPROVE) and not own,
        "remake": drafted and actor.may(WRITE),
        "discard": drafted and bool(card.number) and actor.may(WRITE),
        "correct": not drafted and not card.number and actor.may(WRITE),
    }
    return {
        "id": card.id,
        "month": f"{card.month:%Y-%m}",
        "title": f"{card.month.year} 年 {card.month.month} 月公报"
        + (f"·第 {card.number} 次更正" if card.number else ""),
        "number": card.number,
        "state": card.state,
        "state_label": "待审核公开" if drafted else "已公开",
        "tone": "check" if drafted else "done",
        "version": card.version,
        "reason": card.reason,
        "made_by": card.made_by_name or "系统",
        "made_at": card.made_at,
        "published_by": card.published_by_name,
        "published_at": card.published_at,
        "figures": card.figures["figures"],
        "villages": card.figures["villages"],
        "actions": [name for name, allowed in may.items() if allowed],
    }
