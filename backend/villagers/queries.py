"""Reads of who is a villager of which village."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, func, or_, select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, behind, make_page, parse_cursor
from backend.places.queries import places_named
from backend.villagers.models import Villager
from backend.villagers.policy import CONFIRM
from backend.villagers.states import CONFIRMED, ENDED, STATE_LABELS


def village_of(resident_id: int) -> tuple[int, int] | None:
    """(village id, town id) of a resident whom that village has confirmed; None otherwise (CON-10)."""
    row = db.session.execute(
        select(Villager.village_id, Villager.town_id).where(
            Villager.live_resident_id == resident_id, Villager.state == CONFIRMED
        )
    ).one_or_none()
    return None if row is None else (row.village_id, row.town_id)


@dataclass(frozen=True)
class ConfirmedVillager:
    """Somebody whom their village has confirmed."""

    id: int
    resident_id: int
    town_id: int
    village_id: int


def confirmed(villager_id: int) -> ConfirmedVillager | None:
    """A confirmed villager; None for any other id."""
    row = db.session.execute(
        select(Villager.id, Villager.resident_id, Villager.town_id, Villager.village_id).where(
            Villager.id == villager_id, Villager.state == CONFIRMED
        )
    ).one_or_none()
    return None if row is None else ConfirmedVillager(*row)


def villages_of(resident_ids: Iterable[int]) -> dict[int, int]:
    """Resident → their confirmed village; who is none is absent."""
    rows = db.session.execute(
        select(Villager.resident_id, Villager.village_id).where(
            Villager.live_resident_id.in_(set(resident_ids)), Villager.state == CONFIRMED
        )
    )
    return {row.resident_id: row.village_id for row in rows}


def confirmed_count(town_id: int, village_id: int | None) -> int:
    """How many people of a village, or of the whole town, are confirmed."""
    where = Villager.town_id == town_id if village_id is None else Villager.village_id == village_id
    counted = select(func.count()).select_from(Villager).where(where, Villager.state == CONFIRMED)
    return int(db.session.execute(counted).scalar_one())


def representatives_of(village_id: int) -> list[int]:
    """The residents who are confirmed villagers and representatives of that village."""
    held = (Villager.village_id == village_id, Villager.state == CONFIRMED, Villager.representative)
    return list(db.session.scalars(select(Villager.resident_id).where(*held)))


def of_resident(resident_id: int) -> dict[str, Any] | None:
    """What a resident is shown of their own newest asking; None when they never asked, or ended it."""
    row = db.session.scalars(
        select(Villager).where(Villager.resident_id == resident_id).order_by(Villager.id.desc()).limit(1)
    ).first()
    return None if row is None or row.state == ENDED else _shown([row])[0]


def of_desk(actor: Actor, state: str, cursor: str | None) -> dict[str, Any]:
    """A page of those in one state in the actor's villages, newest first."""
    query = select(Villager).where(Villager.state == state, _in_scope(actor))
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Villager.asked_at, Villager.id, at))
    rows = db.session.scalars(
        query.order_by(Villager.asked_at.desc(), Villager.id.desc()).limit(PAGE_SIZE + 1)
    ).all()
    page = make_page(rows, PAGE_SIZE, lambda row: (row.asked_at, row.id))
    return {"items": _shown(page.items), "next_cursor": page.next_cursor}


def card(row: Villager) -> dict[str, Any]:
    """One asking as the village sees it."""
    return _shown([row])[0]


def _in_scope(actor: Actor) -> Any:
    """The villages of every role that may confirm; a role for the whole town reaches all of them."""
    columns = {"village": Villager.village_id, "town": Villager.town_id}
    reached = [
        columns[grant.place_level] == grant.place_id
        for grant in actor.grants_with(CONFIRM)
        if grant.place_level in columns
    ]
    return or_(false(), *reached)


def _shown(rows: Iterable[Villager]) -> list[dict[str, Any]]:
    listed = list(rows)
    places = places_named([row.village_id for row in listed])
    before = _same_names(listed)
    return [
        {
            "id": row.id,
            "village_id": row.village_id,
            "village_name": places[row.village_id].name,
            "name": row.name or "",
            "state": row.state,
            "state_label": STATE_LABELS[row.state],
            "asked_at": row.asked_at,
            "decided_at": row.decided_at,
            "reason": row.reason,
            "representative": row.representative,
            "same_name": before.get((row.village_id, row.name_index or ""), 0) > 1,
        }
        for row in listed
    ]


def _same_names(rows: list[Villager]) -> dict[tuple[int, str], int]:
    """How many people of a village have asked under a name, ended ones too: somebody may come a second time."""
    wanted = {row.name_index for row in rows if row.name_index}
    if not wanted:
        return {}
    found = db.session.execute(
        select(Villager.village_id, Villager.name_index, func.count(Villager.resident_id.distinct()))
        .where(Villager.name_index.in_(wanted))
        .group_by(Villager.village_id, Villager.name_index)
    )
    return {(village_id, index or ""): count for village_id, index, count in found}
