"""The only writers of the watch: reminders each morning, and 督促公开 by the town (OPEN-10)."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from backend import audit
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump
from backend.notices import objection_policy as policy
from backend.notices import objection_ports as ports
from backend.notices import objection_source as sources
from backend.notices import watch_queries as watch
from backend.notices import watch_rules as rules
from backend.notices.publishing import surrogate
from backend.notices.texts import demand_clean
from backend.notices.watch_models import NoticeOrder, NoticeReminder
from backend.notices.watch_queries import Owed
from backend.places import queries as places

REMINDER, ORDER = "notice_reminder", "notice_order"
#: who is reminded, and who else hears of an order
DEBTORS = ("village_clerk", "village_head")
ORDERED = (*DEBTORS, "village_secretary")
LISTED_MOST = 6


def remind() -> None:
    """Each morning: tell clerk and head of a village what is due soon or late, and the town's desk what is newly late.

    Safe to run again: each stage of each thing owed is told once.
    """
    for town in places.towns():
        _remind_town(town.id)


def _remind_town(town_id: int) -> None:
    day = today()
    rows = db.session.execute(
        select(
            NoticeReminder.village_id, NoticeReminder.category, NoticeReminder.period, NoticeReminder.stage
        ).where(NoticeReminder.town_id == town_id)
    )
    told = {tuple(row) for row in rows}
    news: dict[int, list[tuple[Owed, str]]] = defaultdict(list)
    for one in watch.owed(town_id):
        stage = rules.stage(one.period.due_on, day) if one.published_on is None else ""
        if stage and (*one.key, stage) not in told:
            news[one.village.id].append((one, stage))
    for found in news.values():
        _remind_village(town_id, found)
    late = [one for found in news.values() for one, stage in found if stage == "late"]
    if late:
        _tell_desk(town_id, late)


def _remind_village(town_id: int, found: list[tuple[Owed, str]]) -> None:
    rows = [
        NoticeReminder(
            id=new_id(),
            town_id=town_id,
            village_id=one.village.id,
            category=one.duty.code,
            period=one.period.code,
            stage=stage,
            sent_on=today(),
        )
        for one, stage in found
    ]
    db.session.add_all(rows)
    db.session.flush()
    village = found[0][0].village
    late = any(stage != "soon" for _, stage in found)
    title = f"{village.name}有三务公开{'逾期' if late else '快到期'}"
    people = _people(town_id, village.id, DEBTORS)
    ports.tell_staff(town_id, people, REMINDER, rows[0].id, title, _listed([one for one, _ in found]))


def _tell_desk(town_id: int, late: list[Owed]) -> None:
    names = "、".join(dict.fromkeys(one.village.name for one in late))
    first = db.session.scalars(
        select(NoticeReminder.id)
        .where(
            NoticeReminder.town_id == town_id,
            NoticeReminder.stage == "late",
            NoticeReminder.sent_on == today(),
        )
        .order_by(NoticeReminder.id)
        .limit(1)
    ).one()
    desk = [one.id for one in identity.staff_for(town_id, "dispatcher", {"town": town_id})]
    text = f"{names}共有{len(late)}项没有按时公开，请在“频次督促”里查看，可以督促公开。"
    ports.tell_staff(town_id, desk, f"{REMINDER}_town", first, "有村没有按时公开", text)


def _people(town_id: int, village_id: int, roles: tuple[str, ...]) -> list[int]:
    held = {one.id for role in roles for one in identity.staff_for(town_id, role, {"village": village_id})}
    return sorted(held)


def _listed(found: list[Owed]) -> str:
    said = [
        f"{one.period.label}{one.duty.label}，应在{one.period.due_on.month}月{one.period.due_on.day}日前公开"
        for one in found[:LISTED_MOST]
    ]
    more = f"；还有{len(found) - LISTED_MOST}项" if len(found) > LISTED_MOST else ""
    return "；".join(said) + more + "。"


def order(actor: Actor, village_id: int, category: str, period: str, note: str) -> NoticeOrder:
    """督促公开: the town orders a village to publish what is late (OPEN-10); the note and the day are public.

    Raises NotFound (no such village), Forbidden, Conflict (not late, or ordered today), Invalid (personal data).
    """
    village = places.get_place(village_id)
    if village.level != "village" or village.places.get("town") != actor.town_id:
        raise sources.no_village()
    if not policy.watches(village.places, actor):
        raise Forbidden
    demand_clean({"note": note})
    town_id = int(village.places["town"])
    found = next(
        (o for o in watch.owed(town_id, [village_id]) if o.key == (village_id, category, period)), None
    )
    if found is None or found.state(today()) != watch.MISSING:
        raise Conflict("not_owed", "这一项现在没有逾期，不需要督促公开。请刷新后再看。")
    if any(row.ordered_on == today() for row in watch.orders(town_id).get(found.key, [])):
        raise Conflict("already_ordered", "这一项今天已经督促过了。")
    row = NoticeOrder(
        id=new_id(),
        town_id=town_id,
        village_id=village_id,
        category=category,
        period=period,
        note=note,
        ordered_on=today(),
        ordered_by=actor.id,
        ordered_unit=actor.unit_name,
        made_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "notice_watch.order", "place", village_id, {"category": category, "period": period})
    text = f"{_listed([found])}镇里要求：{note}"
    ports.tell_staff(town_id, _people(town_id, village_id, ORDERED), ORDER, row.id, "镇里督促公开", text)
    bump(surrogate(town_id))
    return row
