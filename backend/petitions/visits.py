"""Visits announced on the phone (走访, PET-18; 《信访工作条例》 article 20): asked for, confirmed, changed, cancelled.

An appointment is no petition and no condition of one: whoever comes without one is received all the same,
and what they bring is registered at the desk. At most five come for others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from backend.audit.services import record
from backend.identity import queries as identity
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.petitions import guide, ports
from backend.petitions.taking_in import MOST_REPRESENTATIVES
from backend.petitions.visit_models import PetitionVisit
from backend.places.queries import get_place
from backend.workflow import clocks

ASKED, CONFIRMED, CANCELLED = "asked", "confirmed", "cancelled"
OPEN = (ASKED, CONFIRMED)
CONFIRM, CHANGE, CANCEL = "confirm", "change", "cancel"
DECISIONS = (CONFIRM, CHANGE, CANCEL)
#: how far ahead a day can be chosen, and how many visits of one person may be open
AHEAD, MOST_OPEN = timedelta(days=30), 2
PERMISSION = "petition.triage"
PAGE = "pages-petition/visits/index"
ARTICLE = "《信访工作条例》第二十条"


@dataclass(frozen=True)
class Asked:
    """What a resident filled in, already checked field by field. `visit_on`: a date in Shanghai."""

    town_id: int
    visit_on: date
    slot: str
    topic: str
    matter: str
    name: str
    phone: str
    representatives: tuple[str, ...] = ()


def days(town_id: int) -> list[date]:
    """The days that can be chosen: working days from tomorrow on; none where the town takes no appointments."""
    if not guide.visit_slots(town_id):
        return []
    ahead = (today() + timedelta(days=n) for n in range(1, AHEAD.days + 1))
    return [day for day in ahead if clocks.calendar().is_working(day)]


def ask(actor: Actor, asked: Asked) -> PetitionVisit:
    """Announce a visit. Raises Invalid with the fields at fault, Conflict for a third open one; NotFound."""
    guide.demand_topic(asked.town_id, asked.topic)
    _demand_time(asked.town_id, asked.visit_on, asked.slot)
    if len(asked.representatives) > MOST_REPRESENTATIVES:
        said = f"多人走访同一件事的，推选的代表不超过五人（{ARTICLE}），现在有{len(asked.representatives)}人，请再推选。"
        raise Invalid("too_many_representatives", said, fields={"representatives": [said]})
    if (
        sum(1 for visit in of_resident(actor) if visit.state in OPEN and visit.visit_on >= today())
        >= MOST_OPEN
    ):
        raise Conflict("visits_open", f"您已经有{MOST_OPEN}个还没到的预约，请先取消一个，或直接来镇信访办。")
    visit = PetitionVisit(
        id=new_id(),
        town_id=asked.town_id,
        resident_id=actor.id,
        state=ASKED,
        visit_on=asked.visit_on,
        slot=asked.slot,
        topic=asked.topic,
        matter=asked.matter,
        name=asked.name,
        phone=asked.phone,
        representatives=json.dumps(list(asked.representatives)),
        people=max(1, len(asked.representatives)),
        created_at=now(),
    )
    db.session.add(visit)
    db.session.flush()
    _tell_office(visit, "有一个走访预约，请在电脑端确认。")
    return visit


def of_resident(actor: Actor) -> list[PetitionVisit]:
    """One's own visits, the latest day first."""
    return visits_of(actor.id)


def visits_of(resident_id: int) -> list[PetitionVisit]:
    """What a resident has announced, for that resident and for what they are told of themselves."""
    query = select(PetitionVisit).where(PetitionVisit.resident_id == resident_id)
    return list(db.session.scalars(query.order_by(PetitionVisit.visit_on.desc(), PetitionVisit.id.desc())))


def give_up(actor: Actor, visit_id: int) -> PetitionVisit:
    """Cancel one's own visit; again changes nothing. NotFound, Conflict once its day is over."""
    visit = _locked(visit_id)
    if visit is None or visit.resident_id != actor.id:
        raise _unknown()
    if visit.state != CANCELLED:
        _demand_ahead(visit)
        _set(visit, CANCELLED)
        visit.cancelled_by = "resident"
        _tell_office(visit, "一个走访预约已由居民取消。")
    return visit


def at_desk(actor: Actor, *, past: bool) -> list[PetitionVisit]:
    """The visits of the actor's town by day: those to come, or those of the last thirty days."""
    if actor.town_id is None or not _may(actor, actor.town_id):
        raise Forbidden
    query = select(PetitionVisit).where(PetitionVisit.town_id == actor.town_id)
    if past:
        query = query.where(PetitionVisit.visit_on < today(), PetitionVisit.visit_on >= today() - AHEAD)
    else:
        query = query.where(PetitionVisit.visit_on >= today())
    return list(db.session.scalars(query.order_by(PetitionVisit.visit_on, PetitionVisit.id).limit(500)))


def open_for(actor: Actor, visit_id: int) -> PetitionVisit:
    """One visit in clear, for the office; the reading is audited (rule 10). NotFound."""
    visit = db.session.get(PetitionVisit, visit_id)
    if visit is None or not _may(actor, visit.town_id):
        raise _unknown()
    record(actor, "petition_visit.read", "petition_visit", visit.id)
    return visit


def decide(
    actor: Actor, visit_id: int, version: int, decision: str, visit_on: date | None, slot: str, answer: str
) -> PetitionVisit:
    """Confirm a visit, give it another time, or cancel it with a reason; the resident is told.

    Raises NotFound; Conflict when it changed since `version`, was cancelled, or its day is over; Invalid.
    """
    visit = _locked(visit_id)
    if visit is None or not _may(actor, visit.town_id):
        raise _unknown()
    if visit.version != version:
        raise Conflict("changed_meanwhile", "这个预约刚刚有变化，请看一眼再办，您写的内容还在。")
    if visit.state == CANCELLED:
        raise Conflict("visit_cancelled", "这个预约已经取消了。")
    _demand_ahead(visit)
    if decision == CHANGE:
        _change(visit, visit_on, slot)
    elif decision == CANCEL and not answer:
        raise Invalid("reason_missing", "请写明为什么取消，居民会看到。", fields={"answer": ["请写明原因"]})
    _set(visit, CANCELLED if decision == CANCEL else CONFIRMED)
    visit.answer = answer or None
    visit.cancelled_by = "office" if decision == CANCEL else ""
    record(actor, f"petition_visit.{decision}", "petition_visit", visit.id)
    if visit.resident_id is not None:
        ports.tell(visit.resident_id, "您的预约有新消息", _TOLD[decision], PAGE, new_id())
    return visit


_TOLD = {
    CONFIRM: "您的预约已经确认，请点开查看时间。",
    CHANGE: "您的预约改了时间，请点开查看。",
    CANCEL: "您的预约没有办成，请点开查看原因。",
}


def names_of(visit: PetitionVisit) -> list[str]:
    """Those who come for others."""
    found: list[str] = json.loads(visit.representatives or "[]")
    return found


def forget(gone: Sequence[PetitionVisit]) -> list[int]:
    """Erase visits with everything that was said in them; their ids."""
    ids = [visit.id for visit in gone]
    for visit in gone:
        db.session.delete(visit)
    db.session.flush()
    return ids


def _change(visit: PetitionVisit, visit_on: date | None, slot: str) -> None:
    if visit_on is None:
        raise Invalid("day_missing", "请选择改到哪一天。", fields={"visit_on": ["请选择日期"]})
    _demand_time(visit.town_id, visit_on, slot)
    visit.visit_on, visit.slot = visit_on, slot


def _demand_time(town_id: int, day: date, slot: str) -> None:
    slots = guide.visit_slots(town_id)
    if not slots:
        raise Conflict("visits_closed", "这个镇没有开通网上预约，可以在办公时间直接到镇信访办。")
    faults: dict[str, list[str]] = {}
    if day not in days(town_id):
        faults["visit_on"] = ["请选择明天起30天以内的工作日"]
    if slot not in slots:
        faults["slot"] = [f"请选择办公时间里的一段：{'、'.join(slots)}"]
    if faults:
        raise Invalid(
            "bad_time", "；".join(one for said in faults.values() for one in said) + "。", fields=faults
        )


def _demand_ahead(visit: PetitionVisit) -> None:
    if visit.visit_on < today():
        raise Conflict("visit_over", "预约的日子已经过了。")


def _set(visit: PetitionVisit, state: str) -> None:
    visit.state = state
    visit.version += 1
    db.session.flush()


def _may(actor: Actor, town_id: int) -> bool:
    places = {"town": town_id, "area": None, "village": None, "grid": None, "micro_grid": None}
    return actor.kind == "staff" and actor.may_on(PERMISSION, places, None)


def _locked(visit_id: int) -> PetitionVisit | None:
    return db.session.get(PetitionVisit, visit_id, with_for_update=True, populate_existing=True)


def _tell_office(visit: PetitionVisit, text: str) -> None:
    """Who registers is told that there is something to look at: no name, no matter."""
    people = _office(visit.town_id)
    ports.tell_staff(visit.town_id, people, "petition_visit", new_id(), "走访预约", text)


def _office(town_id: int) -> Sequence[int]:
    cards = identity.assignable(town_id, PERMISSION).values()
    return sorted({card.id for cards_of_unit in cards for card in cards_of_unit})


def town_name(visit: PetitionVisit) -> str:
    """Of the town that is visited."""
    return get_place(visit.town_id).name


def _unknown() -> NotFound:
    return NotFound("visit_unknown", "没有找到这个预约，可能编号不对，或您无权查看。")
