"""Triage (§1.2): the class, the route, the unit; objections to what was sent here, and the same matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.audit.services import record
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.petitions import avoidance, queries, states
from backend.petitions.access import get_petition_for
from backend.petitions.effects import Taken, carries_out, shows
from backend.petitions.models import Petition, PetitionLink
from backend.petitions.policy import CLAIM, SUGGESTION
from backend.petitions.words import day_of, long_day
from backend.workflow import clocks
from backend.workflow.queries import newest

#: route (6) of article 31: the petition procedure itself
PETITION_ROUTE = "6"
#: the matter has come to its end: reviewed to the last instance, not asked in time, or settled (PET-13, PET-14)
CLOSED_FOR_GOOD = (states.FINAL, states.ARCHIVED, states.SETTLED)


@shows("accept", "accept_simple", "study", "reassign", "add_unit")
def _to_whom(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Messages are made from the row, so it says by id whom it was given to."""
    unit = identity.unit(int(given["unit_id"])) if given.get("unit_id") else None
    if unit is None:
        return {}
    former = str(petition.assignee_staff_id or "")
    return {
        "unit": unit.name,
        "unit_id": str(unit.id),
        "staff_id": str(given.get("staff_id") or ""),
        "from_staff_id": former,
    }


@carries_out("accept", "accept_simple", "study")
def _accept(taken: Taken) -> None:
    """PET-04, PET-08: from here the sixty days run."""
    petition, suggested = taken.petition, taken.entry.action == "study"
    petition.petition_class = SUGGESTION if suggested else CLAIM
    petition.branch = "" if suggested else PETITION_ROUTE
    petition.accepted_on = today()
    _give(taken)


@carries_out("reassign")
def _give(taken: Taken) -> None:
    """Invalid when they cannot take it, or have to keep out of it (PET-06, PET-15)."""
    petition, staff_id = taken.petition, taken.given.get("staff_id")
    unit = avoidance.hands(petition, int(taken.given["unit_id"]), int(staff_id) if staff_id else None)
    petition.assignee_unit_id, petition.assignee_unit_name = unit.id, unit.name
    petition.assignee_staff_id = int(staff_id) if staff_id else None
    petition.helpers = [one for one in petition.helpers if one["id"] != str(unit.id)]


@carries_out("start")
def _start(taken: Taken) -> None:
    if taken.petition.assignee_staff_id is None:
        taken.petition.assignee_staff_id = taken.actor.id


@carries_out("add_unit")
def _help(taken: Taken) -> None:
    """One unit leads, others help (PET-06). Invalid when it leads already, or helps already."""
    petition, staff_id = taken.petition, taken.given.get("staff_id")
    unit = avoidance.hands(petition, int(taken.given["unit_id"]), int(staff_id) if staff_id else None)
    if unit.id == petition.assignee_unit_id or any(one["id"] == str(unit.id) for one in petition.helpers):
        said = f"{unit.name}已经在办这件事了，请选别的单位。"
        raise Invalid("helps_already", said, fields={"unit_id": [said]})
    helper = {"id": str(unit.id), "name": unit.name, "staff_id": str(staff_id or "")}
    petition.helpers = [*petition.helpers, helper]


@carries_out("guide")
def _guide(taken: Taken) -> None:
    """Routes (1) to (5) of article 31 have procedures and times of their own (PET-08)."""
    taken.petition.petition_class, taken.petition.branch = CLAIM, str(taken.given["branch"])


@shows("object")
def _objection_in_time(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """PET-05: within five working days of receipt, and once."""
    held = clocks.held_by(petition).get(states.OBJECTION_CLOCK)
    if held is not None and petition.state == states.REGISTERED:
        last = day_of(held.due_at)
        if newest(petition.kind, petition.id, ["object"]) is not None:
            raise Conflict("objected_already", "已经提过异议，转送单位不同意收回，应当由镇里办理。")
        if today() > last:
            raise Conflict(
                "objection_late",
                f"异议应当在收到之日起5个工作日内提出，最后一天是{long_day(last)}，已经过了，"
                "应当由镇里办理（《信访工作条例》第二十三条第三款）。",
            )
    return {}


@carries_out("join")
def _join(taken: Taken) -> None:
    """PET-07: one matter is handled once. Invalid unless the other one is open and not joined itself."""
    earlier = _other(taken)
    if earlier.state not in states.OPEN:
        raise _bad_code("那一件已经办结，不能并入；同一事项请用“关联”，已经终结的请用“不再受理”。")
    taken.petition.joined_into = earlier.id
    _link(taken.petition, earlier, taken.actor, str(taken.given["note"]))


@carries_out("no_longer_accept")
def _no_longer(taken: Taken) -> None:
    """PET-13: the same facts and reasons are not taken up again after 复核. Invalid before that."""
    earlier = _other(taken)
    if earlier.state not in CLOSED_FOR_GOOD:
        raise _bad_code(
            "那一件还没有终结：只有复核终结、逾期没有申请复查复核或者已经和解的，"
            "才不再受理（《信访工作条例》第三十六条第三款）。"
        )
    _link(taken.petition, earlier, taken.actor, str(taken.given["note"]))


def link(actor: Actor, petition_id: int, code: str, reason: str) -> Petition:
    """Note that an earlier petition is about the same matter; who said so and why is kept (§8.1 point 2).

    Raises NotFound; Invalid for an unknown code; Conflict when both are linked already.
    """
    petition = get_petition_for(actor, petition_id)
    _link(petition, queries.by_code_for(actor, code, petition), actor, reason)
    db.session.flush()
    return petition


def _other(taken: Taken) -> Petition:
    return queries.by_code_for(taken.actor, str(taken.given["into_code"]), taken.petition)


def _link(petition: Petition, earlier: Petition, actor: Actor, reason: str) -> None:
    if db.session.get(PetitionLink, (petition.id, earlier.id)) is not None:
        if petition.joined_into == earlier.id or petition.state == states.NO_LONGER:
            return  # linked by hand before
        raise Conflict("linked_already", "这两件已经关联过了。")
    row = PetitionLink(
        petition_id=petition.id,
        earlier_id=earlier.id,
        reason=reason,
        linked_by=actor.id,
        linked_at=now(),
    )
    db.session.add(row)
    petition.repeat_number = max(petition.repeat_number, earlier.repeat_number + 1)
    record(actor, "petition.linked", petition.kind, petition.id, {"earlier_id": str(earlier.id)})


def _bad_code(sentence: str) -> Invalid:
    return Invalid("wrong_matter", sentence, fields={"into_code": [sentence]})
