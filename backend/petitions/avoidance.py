"""Who may be given a petition, and who has to keep out of it (回避, PET-15; §1.5, 《信访工作条例》 articles 28, 30).

Whoever is complained of, and whoever has an interest in it, never gets it: not as assignee, not as helper,
and not to read. A whole unit is kept out with all its people and those of the units below it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.identity import queries as identity
from backend.identity.models import OrgUnit
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.petitions.access import excluded_from
from backend.petitions.effects import Taken, carries_out, shows
from backend.petitions.models import Petition, PetitionAvoidance

HANDLE = "petition.handle"
#: those without whom nothing could go on: somebody of the office, somebody who signs
NEEDED = {"petition.triage": "镇信访办", "petition.approve": "签发处理意见的负责人"}
WORKING = (HANDLE, *NEEDED)


def hands(petition: Petition, unit_id: int, staff_id: int | None) -> identity.UnitCard:
    """The unit that is to handle or help; Invalid when it, or the person in it, cannot or must not."""
    unit = identity.unit(unit_id)
    if unit is None or unit.town_id != petition.town_id:
        raise _bad("unit_id", "unit_unknown", "这个单位不在本镇，请重新选择。")
    people = {card.id for card in identity.staff_of_unit(unit_id, HANDLE)}
    if not people:
        raise _bad("unit_id", "unit_empty", f"{unit.name}目前没有能办理信访事项的人，请另选单位。")
    if staff_id is not None and staff_id not in people:
        raise _bad("staff_id", "person_unknown", f"这个人不在{unit.name}，或不能办理，请重新选择。")
    kept_out = excluded_from(petition.id)
    if staff_id in kept_out:
        raise _bad(
            "staff_id",
            "must_avoid",
            "这个人是被反映的人，或与这件事有利害关系，应当回避，不能办理（《信访工作条例》第二十八条）。",
        )
    if people <= kept_out:
        raise _bad(
            "unit_id",
            "must_avoid",
            f"{unit.name}是被反映的单位，应当回避，不能办理（《信访工作条例》第二十八条、第三十条）。",
        )
    return unit


def choices(petition: Petition, action: str) -> dict[str, Any]:
    """Whom a form offers: who can handle it and need not keep out; for 回避, whoever works with petitions."""
    kept_out = excluded_from(petition.id)
    found: dict[int, dict[int, identity.StaffCard]] = {}
    for permission in WORKING if action == "exclude_person" else (HANDLE,):
        for unit_id, cards in identity.assignable(petition.town_id, permission).items():
            for card in cards:
                if card.id not in kept_out:
                    found.setdefault(unit_id, {}).setdefault(card.id, card)
    units = identity.units_by_id(found)
    on_duty = identity.on_duty(found)
    return {
        "items": [
            {
                "unit_id": unit_id,
                "unit_name": units[unit_id].name,
                "people": [
                    {"id": c.id, "name": c.name, "role_label": c.role_label, "on_duty": c.id in on_duty}
                    for c in people.values()
                ],
            }
            for unit_id, people in sorted(found.items(), key=lambda item: units[item[0]].code)
        ]
    }


@shows("exclude_person")
def _who(petition: Petition, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row names the unit alone, and assigns nothing; who keeps out stands in the list of the page."""
    unit = identity.unit(int(given["unit_id"])) if given.get("unit_id") else None
    return {"unit": unit.name} if unit is not None else {}


@carries_out("exclude_person")
def _keep_out(taken: Taken) -> None:
    """Whoever had it has it no longer. Invalid, Conflict when nobody would be left to go on."""
    petition, given = taken.petition, taken.given
    unit = identity.unit(int(given["unit_id"]))
    if unit is None or unit.town_id != petition.town_id:
        raise _bad("unit_id", "unit_unknown", "这个单位不在本镇，请重新选择。")
    people = _people_of(petition.town_id, unit.id, given.get("staff_id"))
    if not people:
        raise _bad("unit_id", "nobody_to_avoid", f"{unit.name}没有办理信访事项的人，不需要回避。")
    already = excluded_from(petition.id)
    for staff_id in sorted(people - already):
        db.session.add(
            PetitionAvoidance(
                petition_id=petition.id, staff_id=staff_id, decided_by=taken.actor.id, decided_at=now()
            )
        )
    db.session.flush()
    _demand_somebody_left(petition, people | already)
    _take_from(petition, people)


def _people_of(town_id: int, unit_id: int, staff_id: Any) -> set[int]:
    """One person; or all of the unit and of those below it who work with petitions."""
    wanted = _with_those_below(town_id, unit_id)
    found: set[int] = set()
    for permission in WORKING:
        for of_unit, cards in identity.assignable(town_id, permission).items():
            if of_unit in wanted:
                found |= {card.id for card in cards}
    return found & {int(staff_id)} if staff_id else found


def _with_those_below(town_id: int, unit_id: int) -> set[int]:
    query = select(OrgUnit.id, OrgUnit.parent_id).where(OrgUnit.town_id == town_id)
    parents = {row.id: row.parent_id for row in db.session.execute(query)}
    found = {unit_id}
    while below := {unit for unit, parent in parents.items() if parent in found} - found:
        found |= below
    return found


def _demand_somebody_left(petition: Petition, kept_out: set[int]) -> None:
    for permission, who in NEEDED.items():
        able = {c.id for cards in identity.assignable(petition.town_id, permission).values() for c in cards}
        if able and able <= kept_out:
            raise Conflict(
                "nobody_left",
                f"这样{who}就没有人能办这件事了。请先由管理员指定另一位，再决定回避；"
                "需要整体回避的，请报上一级信访部门。",
            )


def _take_from(petition: Petition, people: set[int]) -> None:
    if petition.assignee_staff_id in people:
        petition.assignee_staff_id = None
    ids = {str(one) for one in people}
    petition.helpers = [one for one in petition.helpers if one.get("staff_id") not in ids]


def _bad(field: str, code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={field: [sentence]})
