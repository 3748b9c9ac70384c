"""Routes of the files and written documents of petitions."""

from __future__ import annotations

from tests.factories import petitions
from tests.factories.identity import Caller, place_id, unit_id
from tests.support.permissions.route import own, public, resident, staff, town
from tests.support.permissions.scene import Scene

CONTENT = {"petition_clerk", "department_clerk", "leader"}


def a_petition(scene: Scene) -> int:
    """A petition of 东湾镇 that 城管所 has."""
    place, unit = place_id(scene.app, "dongwan"), unit_id(scene.app, "urban")
    return petitions.petition(scene.app, place, assignee_unit_id=unit)


def a_file(scene: Scene, caller: Caller) -> str:
    """A file of that petition."""
    return str(petitions.stored_file(scene.app, "resident:1", a_petition(scene)))


def a_waiting_file(scene: Scene, caller: Caller) -> str:
    """A file that the caller sent and has not attached."""
    return str(petitions.stored_file(scene.app, f"resident:{caller.id}"))


ROUTES = {
    "POST /api/v1/public/petition-files": public(),
    "POST /api/v1/resident/petition-files": resident(),
    "GET /api/v1/resident/petition-files/<file_id>": resident(own(a_waiting_file)),
    "POST /api/v1/staff/petition-files": staff(CONTENT),
    "GET /api/v1/staff/petition-files/<file_id>": staff(CONTENT, town(a_file)),
}
