"""A member of staff with the roles they hold at this moment, for work that runs while they are away.

Beside guards.py, which finds the same by a session: a job of the worker has none, and what somebody may
do is asked again when it runs, not when it was asked for.
"""

from __future__ import annotations

from sqlalchemy import and_, select

from backend.identity.desk_models import TownRole
from backend.identity.models import OrgUnit, Staff, StaffRole
from backend.identity.roles import known
from backend.kernel.actor import Actor, Grant
from backend.kernel.db import db
from backend.places.models import Place


def acting(staff_id: int) -> Actor | None:
    """The actor as they would be at the desk now; None when there is no such account, or it is switched off."""
    rows = db.session.execute(
        select(
            Staff.id,
            Staff.name,
            Staff.town_id,
            Staff.unit_id,
            OrgUnit.name.label("unit_name"),
            StaffRole.place_id,
            StaffRole.unit_id.label("role_unit_id"),
            Place.level,
            TownRole.permissions,
        )
        .join(OrgUnit, OrgUnit.id == Staff.unit_id)
        .outerjoin(StaffRole, StaffRole.staff_id == Staff.id)
        .outerjoin(Place, Place.id == StaffRole.place_id)
        .outerjoin(
            TownRole,
            and_(TownRole.town_id == Staff.town_id, TownRole.code == StaffRole.role, TownRole.active),
        )
        .where(Staff.id == staff_id, Staff.active)
    ).all()
    if not rows:
        return None
    first = rows[0]
    grants = tuple(
        Grant(known(row.permissions), row.level, row.place_id, row.role_unit_id)
        for row in rows
        if row.permissions and row.level
    )
    return Actor(
        kind="staff",
        id=first.id,
        name=first.name,
        town_id=first.town_id,
        unit_id=first.unit_id,
        unit_name=first.unit_name,
        grants=grants,
        channel="console",
    )
