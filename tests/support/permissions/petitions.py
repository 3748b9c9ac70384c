"""Routes of 信访直通车 for residents and for everyone."""

from __future__ import annotations

from typing import Any

from tests.factories.identity import Caller, id_in
from tests.factories.identity import resident as a_resident
from tests.factories.petition_forms import body
from tests.support.permissions.route import Target, own, public, resident
from tests.support.permissions.scene import Scene


def a_petition(scene: Scene, caller: Caller) -> str:
    """A petition that the caller has filed."""
    return id_in(caller.post("/resident/petitions", body(), key=f"petition-{caller.id}"))


def an_invitation(scene: Scene, caller: Caller) -> str:
    """The token by which others are invited to sign somebody's petition."""
    made: Any = a_resident(scene.app, "zhao").post(
        "/resident/petitions", body(joint=True), key=f"invitation-{caller.id}"
    )
    return str(made.json["invitation_url"]).partition("token=")[2]


def an_action(scene: Scene, caller: Caller) -> dict[str, str]:
    """A petition of the caller's, and something that may be done with it."""
    return {"petition_id": a_petition(scene, caller), "action": "supplement"}


VISIT = {
    "town": "dongwan",
    "visit_on": "2026-03-11",
    "slot": "08:30-12:00",
    "topic": "land",
    "name": "王小明",
    "phone": "13800001234",
}


def a_visit(scene: Scene, caller: Caller) -> str:
    """A visit that the caller has announced."""
    return id_in(caller.post("/resident/petition-visits", VISIT, key=f"visit-{caller.id}"))


NAMELESS = {"town": "dongwan", "topic": "land", "claim": "请查一查", "facts": "有人占地"}

ROUTES = {
    "GET /api/v1/public/petitions/guide": public(),
    "POST /api/v1/public/petitions": public({**NAMELESS, "sending": "a-word-that-the-phone-made-up"}),
    # A wrong code is nobody's: 404, which is no door that is shut.
    "POST /api/v1/public/petitions/progress": public({"code": "0000-0000-0000", "phone": "1"}),
    "POST /api/v1/resident/petitions/claim": resident(body={"code": "0000-0000-0000", "phone": "1"}),
    "GET /api/v1/resident/petition-invitations/<token>": resident(Target("none", an_invitation)),
    "POST /api/v1/resident/petition-invitations/<token>": resident(
        Target("none", an_invitation), {"name": "李四", "phone": "13800000002", "address": "湾尾村"}
    ),
    "GET /api/v1/resident/petition-visits": resident(),
    "GET /api/v1/resident/petition-visits/times": resident(),
    "POST /api/v1/resident/petition-visits": resident(body=VISIT),
    "POST /api/v1/resident/petition-visits/<visit_id>/cancel": resident(own(a_visit)),
    "GET /api/v1/resident/petitions": resident(),
    "POST /api/v1/resident/petitions": resident(body=body()),
    "GET /api/v1/resident/petitions/<petition_id>": resident(own(a_petition)),
    "GET /api/v1/resident/petitions/<petition_id>/proof": resident(own(a_petition)),
    "PATCH /api/v1/resident/petitions/<petition_id>/person": resident(
        own(a_petition), {"address": "湾头村 13 号"}
    ),
    "POST /api/v1/resident/petitions/<petition_id>/actions/<action>": resident(
        own(an_action), {"version": 1, "note": "补充一句"}
    ),
}
