"""Whoever has the next step is told in their inbox: without it a notice would wait until somebody looks (OPEN-08)."""

from __future__ import annotations

from backend.identity import queries as people
from backend.kernel.actor import Actor
from backend.notices import signing
from backend.notices.models import Notice
from backend.notices.objection_ports import tell_staff
from backend.notices.states import CONFIRMED, RETURNED, REVIEWED, SUBMITTED

#: state → the role in a village that has the next step, and what it is asked for
NEXT = {
    SUBMITTED: ("village_supervisor", "有公开事项等您审查"),
    REVIEWED: ("village_secretary", "有公开事项等您确定"),
    CONFIRMED: ("village_head", "有公开事项等您发布"),
    RETURNED: ("village_clerk", "有公开事项退回修改"),
}
#: of what the town itself publishes
TOWN_NEXT = {
    SUBMITTED: ("leader", "有公开事项等您审定"),
    CONFIRMED: ("dispatcher", "有公开事项等您发布"),
    RETURNED: ("dispatcher", "有公开事项退回修改"),
}


def next_one(notice: Notice, actor: Actor) -> None:
    """Tell those who hold the role of the next step there, once for each round, but nobody who has signed it."""
    of_village = notice.village_id is not None
    found = (NEXT if of_village else TOWN_NEXT).get(notice.state)
    if found is None:
        return
    role, title = found
    level = "village" if of_village else "town"
    held = people.staff_for(notice.town_id, role, {level: notice.places[level]})
    done = {actor.id} if notice.state == RETURNED else signing.signed_by(notice)
    tell_staff(
        notice.town_id,
        [one.id for one in held if one.id not in done],
        f"notice_{notice.state}_{notice.round}",
        notice.id,
        title,
        notice.title,
    )
