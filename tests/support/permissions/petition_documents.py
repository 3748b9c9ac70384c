"""Routes of the files and written documents of petitions."""

from __future__ import annotations

from tests.factories import petitions
from tests.factories.identity import Caller, place_id, unit_id
from tests.support.permissions.route import any_value, own, public, resident, staff, town
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


def a_document(scene: Scene, caller: Caller) -> str:
    """A notice of the petition that 城管所 has."""
    return str(petitions.document(scene.app, a_petition(scene)))


def ones_own_document(scene: Scene, caller: Caller) -> str:
    """A notice to the caller."""
    place = place_id(scene.app, "dongwan")
    made = petitions.petition(scene.app, place, resident_id=caller.id)
    return str(petitions.document(scene.app, made))


DELIVERY = {"way": "in_person", "delivered_on": "2026-03-10", "signed": "signed"}
TEMPLATE = {"version": 0, "heading": "告知书", "body": "{{ 理由 }} {{ 应找机关 }}"}

ROUTES = {
    "POST /api/v1/public/petition-files": public(),
    "POST /api/v1/resident/petition-files": resident(),
    "GET /api/v1/resident/petition-files/<file_id>": resident(own(a_waiting_file)),
    "POST /api/v1/staff/petition-files": staff(CONTENT),
    "GET /api/v1/staff/petition-files/<file_id>": staff(CONTENT, town(a_file)),
    "GET /api/v1/resident/petition-documents/<document_id>/pdf": resident(own(ones_own_document)),
    "GET /api/v1/staff/petition-documents/<document_id>/pdf": staff(CONTENT, town(a_document)),
    "GET /api/v1/staff/petition-documents/<document_id>/docx": staff(CONTENT, town(a_document)),
    "POST /api/v1/staff/petition-documents/<document_id>/delivery": staff(
        {"petition_clerk"}, town(a_document), DELIVERY
    ),
    "GET /api/v1/staff/petition-templates": staff({"petition_clerk"}),
    # Looking at a page stores nothing; one without its places is refused, which is no door.
    "POST /api/v1/staff/petition-templates/<kind>/preview": staff(
        {"petition_clerk"}, any_value("refusal"), {"heading": "告知书", "body": "没有写理由"}
    ),
    "PUT /api/v1/staff/petition-templates/<kind>": staff({"petition_clerk"}, any_value("refusal"), TEMPLATE),
}
