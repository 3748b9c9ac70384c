"""Routes of residents, each for themselves."""

from __future__ import annotations

from tests.factories.identity import Caller, id_in
from tests.support.permissions.route import CASE, own, resident
from tests.support.permissions.scene import Scene


def an_upload(scene: Scene, caller: Caller) -> str:
    """A photo that the caller has announced."""
    side = "resident" if "Authorization" in caller.headers else "staff"
    body = {"purpose": "report", "content_type": "image/jpeg", "size": 9}
    return id_in(caller.post(f"/{side}/uploads", body, key=f"upload-{caller.id}"))


ROUTES = {
    "GET /api/v1/resident/me": resident(),
    "PATCH /api/v1/resident/me": resident(),
    "POST /api/v1/resident/me/phone": resident(),
    "POST /api/v1/resident/me/consent": resident(),
    "DELETE /api/v1/resident/session": resident(),
    "POST /api/v1/resident/bindings": resident(body={"code": "0000-0000"}),
    "POST /api/v1/resident/uploads": resident(),
    "POST /api/v1/resident/uploads/<media_id>/complete": resident(own(an_upload)),
    "DELETE /api/v1/resident/uploads/<media_id>": resident(own(an_upload)),
    "GET /api/v1/resident/reports": resident(),
    "POST /api/v1/resident/reports": resident(),
    "GET /api/v1/resident/reports/<case_id>": resident(CASE),
    "POST /api/v1/resident/reports/<case_id>/actions/<action>": resident(
        CASE, {"version": 1, "note": "补充一句"}
    ),
    "GET /api/v1/resident/inbox": resident(),
    "POST /api/v1/resident/inbox/read": resident(),
    "GET /api/v1/resident/subscriptions": resident(),
}
