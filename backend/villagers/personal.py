"""What is kept of a person as a villager: shown in full, gone with the account, erased in time (PI-07, PI-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from backend.kernel.db import db
from backend.places.queries import places_named
from backend.villagers.models import Villager
from backend.villagers.services import end
from backend.villagers.states import ENDED, LIVE, REFUSED, STATE_LABELS


def copy(resident_id: int) -> list[dict[str, Any]]:
    """Every asking of a resident, in full."""
    rows = db.session.scalars(
        select(Villager).where(Villager.resident_id == resident_id).order_by(Villager.id.desc())
    ).all()
    places = places_named([row.village_id for row in rows])
    records = [
        {
            "title": places[row.village_id].name,
            "facts": [
                ("姓名", row.name),
                ("状态", STATE_LABELS[row.state]),
                ("申请时间", row.asked_at),
                ("核实时间", row.decided_at),
                ("理由", row.reason),
                ("村民代表", row.representative or None),
                ("停用时间", row.ended_at),
            ],
        }
        for row in rows
    ]
    return [{"code": "villager", "title": "村民核实", "records": records}]


def forget_person(resident_id: int) -> dict[str, list[Any]]:
    """The account is closed: nobody stands as a villager any more, and no name is left."""
    rows = db.session.scalars(
        select(Villager)
        .where(Villager.resident_id == resident_id, Villager.name.is_not(None))
        .with_for_update()
    ).all()
    for row in rows:
        if row.state in LIVE:
            end(row)
        row.name = None
    db.session.flush()
    return {"villager": [row.id for row in rows]}


def old_askings(before: datetime) -> Select[Any]:
    """Ids of what was refused or ended before that moment."""
    return select(Villager.id).where(
        ((Villager.state == ENDED) & (Villager.ended_at < before))
        | ((Villager.state == REFUSED) & (Villager.decided_at < before))
    )


def forget_askings(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase these askings; one that the village takes up again meanwhile is none of them."""
    due = (Villager.id.in_(ids)) & Villager.state.in_((ENDED, REFUSED))
    gone = db.session.scalars(select(Villager.id).where(due).with_for_update()).all()
    db.session.execute(delete(Villager).where(Villager.id.in_(gone)))
    return gone
