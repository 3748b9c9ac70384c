"""The writers of 我需要帮助: asked, given to the grid's worker, visited, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend import audit
from backend.care import ports, workers
from backend.care.access import get_request_for
from backend.care.models import HelpRequest
from backend.care.states import ASSIGNED, TABLE
from backend.identity import queries as identity
from backend.identity.minors import demand_guardian
from backend.identity.queries import StaffCard
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.places.queries import located_place
from backend.workflow import engine
from backend.workflow.clocks import BREACH
from backend.workflow.models import TimelineEntry

SUBJECT = TABLE.kind
PAGE = "pages-mutual/help-mine/index?id={id}"
#: what a worker's phone shows says nothing of the household
NEW_VISIT = "有一次上门要您去"


@dataclass(frozen=True)
class Asking:
    """What somebody asks for."""

    town_id: int
    village_id: int
    for_whom: str
    reason: str
    place: str
    text: str
    phone: str


def ask(actor: Actor, asking: Asking) -> HelpRequest:
    """Ask for a visit; it goes to the grid's worker where one grid is meant, else the village assigns.

    Raises Invalid for a village of another town, Forbidden while a child's guardian has not agreed.
    """
    demand_guardian(actor.id)
    where = located_place(asking.village_id).places
    if where.get("town") != asking.town_id or not where.get("village"):
        raise Invalid("village_unknown", "请选择本镇的村。", fields={"village_id": ["没有这个村"]})
    row = HelpRequest(
        id=new_id(),
        kind=SUBJECT,
        resident_id=actor.id,
        town_id=asking.town_id,
        area_id=where.get("area"),
        village_id=where.get("village"),
        grid_id=where.get("grid"),
        for_whom=asking.for_whom,
        reason=asking.reason,
        place=asking.place,
        text=asking.text,
        phone=asking.phone,
        created_at=now(),
        updated_at=now(),
    )
    begun = engine.begin(row, actor, action="ask")
    db.session.add(row)
    db.session.flush()
    worker = workers.own_of(row.places)
    if worker is not None:
        engine.just_locked(row)
        _give(row, worker, engine.perform(row, "assign_worker", SYSTEM, version=None))
    else:
        heads = [card.id for card in identity.staff_for(row.town_id, "village_head", _village(row))]
        text = "有村民请人上门，请在“走访”里安排网格员。"
        ports.tell_staff(row.town_id, heads, SUBJECT, begun.id, "有一次上门要安排", text)
    return row


def _village(row: HelpRequest) -> dict[str, int | None]:
    return {"village": row.village_id}


def act(actor: Actor, request_id: int, action: str, version: int, given: Mapping[str, Any]) -> HelpRequest:
    """Take a step. Raises NotFound, Conflict, Forbidden, Invalid; nothing is kept then."""
    row = get_request_for(actor, request_id)
    kept = {name: value for name, value in given.items() if value not in (None, "")}
    taken = engine.perform(row, action, actor, version=version, given=kept)
    if action == "assign":
        _assign(row, int(kept["staff_id"]), taken)
    if action in {"visit", "visit_again"}:
        row.visit_note, row.visited_at = kept["visit_note"], now()
        _tell(row, taken, "已经上门看望", "网格员已经上门。没有别的需要的话，可以结束这次请求。")
    audit.record(actor, f"care.{action}", SUBJECT, row.id)
    row.updated_at = now()
    db.session.flush()
    return row


def _assign(row: HelpRequest, staff_id: int, taken: TimelineEntry) -> None:
    worker = next((card for card in workers.of(row.places) if card.id == staff_id), None)
    if worker is None:
        raise Invalid("worker_unknown", "请选择本村的网格员。", fields={"staff_id": ["不能安排这个人"]})
    _give(row, worker, taken)


def _give(row: HelpRequest, worker: StaffCard, taken: TimelineEntry) -> None:
    row.assignee_staff_id, row.assignee_unit_id, row.updated_at = worker.id, worker.unit_id, now()
    db.session.flush()
    text = "有村民请您上门，请打开“走访”查看。"
    ports.tell_staff(row.town_id, [worker.id], SUBJECT, taken.id, NEW_VISIT, text)
    _tell(row, taken, "已经安排人上门", "已经安排网格员，会先联系您。")


def _tell(row: HelpRequest, taken: TimelineEntry, title: str, text: str) -> None:
    """To who asked, once for each step."""
    if row.resident_id:
        ports.tell(row.resident_id, title, text, PAGE.format(id=row.id), taken.id)


def on_ring(row: HelpRequest, clock: str, what: str) -> None:
    """Nobody came in time: the worker is told again, without a word of what it is."""
    if what == BREACH and row.state == ASSIGNED and row.assignee_staff_id is not None:
        text = "有一次上门已经过了期限，请打开“走访”查看。"
        ports.tell_staff(row.town_id, [row.assignee_staff_id], f"{SUBJECT}.late", row.id, "上门超期了", text)
