"""Routes of 问题回音壁 for residents and for staff; the public ones stand in public_wall.py."""

from __future__ import annotations

from typing import Any

from tests.factories.identity import Caller, desk
from tests.factories.wall_entries import put_entry, put_question
from tests.support.permissions.route import Target, resident, staff, town
from tests.support.permissions.scene import Scene

DESK = {"dispatcher", "petition_clerk", "leader"}
WRITERS = {"dispatcher", "petition_clerk"}


def a_draft(scene: Scene, caller: Caller) -> dict[str, str]:
    """A draft of 东湾镇, from a petition where the petition office asks."""
    clerk = caller.id == desk(scene.app, "xinfang").id
    kind = "petition" if clerk else "report"
    made = put_entry(scene.app, state="drafted", closed_at=None, source_kind=kind)
    return {"entry_id": str(made["id"]), "action": "submit", "role": "before"}


def a_question(scene: Scene, caller: Caller) -> dict[str, str]:
    """A question that everybody may read."""
    return {"follow_up_id": str(put_question(scene.app, put_entry(scene.app))), "action": "answer"}


def on_the_wall(scene: Scene, caller: Caller) -> str:
    """An entry that everybody may read."""
    return str(put_entry(scene.app)["id"])


ENTRY = Target("none", on_the_wall)
PHOTO: dict[str, Any] = {"media_id": "999", "role": "before", "faces_checked": True}

ROUTES = {
    "POST /api/v1/resident/wall/<entry_id>/follow-ups": resident(ENTRY, {"text": "三天后又不亮了"}),
    "GET /api/v1/resident/wall/<entry_id>/mine": resident(ENTRY),
    "POST /api/v1/resident/wall/<entry_id>/follow": resident(ENTRY),
    "DELETE /api/v1/resident/wall/<entry_id>/follow": resident(ENTRY),
    "GET /api/v1/resident/wall-consents": resident(),
    "POST /api/v1/resident/wall-consents": resident(body={"agree": True}),
    "GET /api/v1/staff/wall/candidates": staff({"dispatcher"}),
    "GET /api/v1/staff/wall": staff(DESK),
    "POST /api/v1/staff/wall": staff(WRITERS),
    "GET /api/v1/staff/wall/<entry_id>": staff(DESK, town(a_draft)),
    "PATCH /api/v1/staff/wall/<entry_id>": staff(WRITERS, town(a_draft), {"version": 1, "title": "路灯亮了"}),
    "POST /api/v1/staff/wall/<entry_id>/photos": staff(WRITERS, town(a_draft), PHOTO),
    "DELETE /api/v1/staff/wall/<entry_id>/photos/<role>": staff(WRITERS, town(a_draft)),
    "POST /api/v1/staff/wall/<entry_id>/actions/<action>": staff(DESK, town(a_draft), {"version": 1}),
    "POST /api/v1/staff/wall-consents": staff(WRITERS),
    "GET /api/v1/staff/wall-follow-ups": staff({"dispatcher"}),
    "POST /api/v1/staff/wall-follow-ups/<follow_up_id>/actions/<action>": staff(
        {"dispatcher"}, town(a_question), {"version": 1, "reply": "已经再次派人检修。"}
    ),
}
