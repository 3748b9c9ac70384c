"""Routes of questions about notices, requests to publish, and the watch of what is owed."""

from __future__ import annotations

from tests.factories.identity import Caller
from tests.factories.objection_cast import ObjectionCast
from tests.support.permissions.route import Target, any_value, own, public, resident, staff, town
from tests.support.permissions.scene import Scene

LOOKERS = {"dispatcher", "village_head", "leader"}
DEBTORS = LOOKERS | {"village_clerk"}
WORDS = {"version": 1, "note": "说清楚"}


def a_notice(scene: Scene, caller: Caller) -> str:
    """A notice of V01 that everybody may read, asked about by a villager of it."""
    cast = ObjectionCast(scene.app)
    cast.confirm(caller.id)
    return str(cast.notice())


def a_question(scene: Scene, caller: Caller) -> dict[str, str]:
    """A question about a notice of V01; the action is open from nowhere."""
    return {"objection_id": str(ObjectionCast(scene.app).put_objection()), "action": "escalate"}


def my_question(scene: Scene, caller: Caller) -> dict[str, str]:
    """What the caller asked, answered."""
    asked = ObjectionCast(scene.app).put_objection(resident_id=caller.id, state="answered")
    return {"objection_id": str(asked), "action": "satisfied"}


def a_request(scene: Scene, caller: Caller) -> dict[str, str]:
    """A request to the village V01; the action is open from nowhere."""
    return {"request_id": str(ObjectionCast(scene.app).put_request()), "action": "show_again"}


def to_join(scene: Scene, caller: Caller) -> str:
    """A request that the caller, a villager of V01, can join."""
    cast = ObjectionCast(scene.app)
    cast.confirm(caller.id)
    return str(cast.put_request())


def my_request(scene: Scene, caller: Caller) -> str:
    """What the caller asked for, and nobody has joined."""
    return str(ObjectionCast(scene.app).put_request(resident_id=caller.id))


NOTICE, REQUEST = Target("none", a_notice), Target("none", to_join)
ASKED = {"kind": "objection", "text": "这一笔是什么支出"}

ROUTES = {
    "GET /api/v1/public/notices/<notice_id>/objections": public(target=NOTICE),
    "GET /api/v1/public/notices/watch": public(),
    "GET /api/v1/public/publishing-requests": public(),
    "GET /api/v1/public/publishing-requests/<request_id>": public(target=REQUEST),
    "GET /api/v1/resident/notices/<notice_id>/objections": resident(NOTICE),
    "POST /api/v1/resident/notices/<notice_id>/objections": resident(NOTICE, ASKED),
    "POST /api/v1/resident/objections/<objection_id>/actions/<action>": resident(
        own(my_question), {"version": 1}
    ),
    "POST /api/v1/resident/notice-reports": resident(),
    "GET /api/v1/resident/publishing-requests": resident(),
    "POST /api/v1/resident/publishing-requests": resident(),
    "GET /api/v1/resident/publishing-requests/<request_id>": resident(REQUEST),
    "POST /api/v1/resident/publishing-requests/<request_id>/join": resident(REQUEST),
    "DELETE /api/v1/resident/publishing-requests/<request_id>/join": resident(REQUEST),
    "POST /api/v1/resident/publishing-requests/<request_id>/withdrawal": resident(
        own(my_request), {"version": 1}
    ),
    "GET /api/v1/staff/objections": staff(LOOKERS),
    "POST /api/v1/staff/objections/<objection_id>/actions/<action>": staff(
        LOOKERS, town(a_question), {"version": 1}
    ),
    "GET /api/v1/staff/publishing-requests": staff(LOOKERS),
    "POST /api/v1/staff/publishing-requests/<request_id>/actions/<action>": staff(
        LOOKERS, town(a_request), WORDS
    ),
    "GET /api/v1/staff/village-rolls": staff(LOOKERS),
    "PUT /api/v1/staff/village-rolls/<village_id>": staff(
        {"dispatcher", "village_head"}, any_value("999"), {"villagers": 0}
    ),
    "GET /api/v1/staff/notices/watch": staff(DEBTORS),
    "POST /api/v1/staff/notices/watch/orders": staff({"dispatcher", "leader"}),
}
