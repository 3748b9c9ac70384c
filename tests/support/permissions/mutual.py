"""Routes of 办事指南, 便民电话, 邻里互助 and 我需要帮助."""

from __future__ import annotations

import itertools

from tests.factories.identity import Caller, id_in
from tests.factories.mutual import (
    GUIDE,
    PHONE,
    put_agreement,
    put_post,
    put_request,
    put_thread,
    put_visit,
)
from tests.support.permissions.route import Target, own, public, resident, staff, town
from tests.support.permissions.scene import IN_SCOPE, Scene

_keys = itertools.count(1)
DESK, PLANNERS = {"dispatcher"}, {"dispatcher", "village_head"}


def a_guide(scene: Scene, caller: Caller) -> str:
    """A guide of 东湾镇."""
    return id_in(scene.desk("dispatcher").post("/staff/guides", GUIDE, key=f"guide-{next(_keys)}"))


def a_phone(scene: Scene, caller: Caller) -> str:
    """A number of 东湾镇."""
    return id_in(scene.desk("dispatcher").post("/staff/phones", PHONE, key=f"phone-{next(_keys)}"))


def somebodys_post(scene: Scene, caller: Caller) -> dict[str, str]:
    """A post that everybody reads."""
    return {"post_id": str(put_post(scene.app)), "action": "take_down"}


def own_post(scene: Scene, caller: Caller) -> dict[str, str]:
    """A post of the caller."""
    return {"post_id": str(put_post(scene.app, caller.id)), "action": "close"}


def own_thread(scene: Scene, caller: Caller) -> str:
    """A talk in which the caller asks."""
    return str(put_thread(scene.app, caller.id))


def own_request(scene: Scene, caller: Caller) -> dict[str, str]:
    """A request of the caller."""
    return {"request_id": str(put_request(scene.app, caller.id)), "action": "cancel"}


def own_agreement(scene: Scene, caller: Caller) -> str:
    """An agreement of the caller."""
    return str(put_agreement(scene.app, caller.id))


def a_request(scene: Scene, caller: Caller) -> dict[str, str]:
    """A request in V01, given to the worker of its grid."""
    worker = scene.desk("grid_worker").id
    action = "visit" if caller.id == worker else "assign"
    return {"request_id": str(put_request(scene.app, worker=worker)), "action": action}


def an_agreement(scene: Scene, caller: Caller) -> dict[str, str]:
    """An agreement of a household in V01."""
    return {"agreement_id": str(put_agreement(scene.app)), "action": "revoke"}


def own_visit(scene: Scene, caller: Caller) -> dict[str, str]:
    """A visit of the caller's own."""
    return {"visit_id": str(put_visit(scene.app, caller.id)), "result": "visited"}


assert IN_SCOPE["grid_worker"] == "wangge1"
ANYBODYS = Target("none", somebodys_post)
VERSION = {"version": 1}
ROUTES = {
    "GET /api/v1/public/guides": public(),
    "GET /api/v1/public/guides/<guide_id>": public(target=Target("none", a_guide)),
    "GET /api/v1/public/phones": public(),
    "GET /api/v1/staff/guides": staff(DESK),
    "POST /api/v1/staff/guides": staff(DESK),
    "GET /api/v1/staff/guides/<guide_id>": staff(DESK, town(a_guide)),
    "PUT /api/v1/staff/guides/<guide_id>": staff(DESK, town(a_guide), GUIDE | VERSION),
    "GET /api/v1/staff/phones": staff(DESK),
    "POST /api/v1/staff/phones": staff(DESK),
    "PUT /api/v1/staff/phones/<phone_id>": staff(DESK, town(a_phone), PHONE | VERSION),
    "DELETE /api/v1/staff/phones/<phone_id>": staff(DESK, town(a_phone)),
    "GET /api/v1/public/neighbours": public(),
    "GET /api/v1/public/neighbours/<post_id>": public(target=ANYBODYS),
    "GET /api/v1/resident/neighbours": resident(),
    "POST /api/v1/resident/neighbours": resident(),
    "GET /api/v1/resident/neighbours/<post_id>": resident(own(own_post)),
    "POST /api/v1/resident/neighbours/<post_id>/actions/<action>": resident(own(own_post), VERSION),
    "POST /api/v1/resident/neighbours/<post_id>/flag": resident(ANYBODYS, {"reason": "advert"}),
    "POST /api/v1/resident/neighbours/<post_id>/threads": resident(ANYBODYS, {"text": "我来拿一些"}),
    "GET /api/v1/resident/neighbour-threads": resident(),
    "GET /api/v1/resident/neighbour-threads/<thread_id>": resident(own(own_thread)),
    "POST /api/v1/resident/neighbour-threads/<thread_id>/read": resident(own(own_thread)),
    "POST /api/v1/resident/neighbour-threads/<thread_id>/messages": resident(
        own(own_thread), {"text": "好的"}
    ),
    "POST /api/v1/resident/neighbour-threads/<thread_id>/agreement": resident(
        own(own_thread), {"agree": True}
    ),
    "POST /api/v1/resident/neighbour-threads/<thread_id>/end": resident(own(own_thread)),
    "GET /api/v1/staff/neighbours": staff(DESK),
    "GET /api/v1/staff/neighbours/<post_id>": staff(DESK, town(somebodys_post)),
    "POST /api/v1/staff/neighbours/<post_id>/actions/<action>": staff(
        DESK, town(somebodys_post), {"reason": "advert"}
    ),
    "GET /api/v1/resident/help-form": resident(),
    "GET /api/v1/resident/help-requests": resident(),
    "POST /api/v1/resident/help-requests": resident(),
    "GET /api/v1/resident/help-requests/<request_id>": resident(own(own_request)),
    "POST /api/v1/resident/help-requests/<request_id>/actions/<action>": resident(own(own_request), VERSION),
    "GET /api/v1/resident/care-agreements": resident(),
    "POST /api/v1/resident/care-agreements": resident(),
    "POST /api/v1/resident/care-agreements/<agreement_id>/revocation": resident(own(own_agreement)),
    "GET /api/v1/staff/help-requests": staff(PLANNERS | {"grid_worker"}),
    "GET /api/v1/staff/help-requests/<request_id>": staff(PLANNERS | {"grid_worker"}, town(a_request)),
    "POST /api/v1/staff/help-requests/<request_id>/actions/<action>": staff(
        PLANNERS | {"grid_worker"}, town(a_request), VERSION
    ),
    "GET /api/v1/staff/care-visits": staff({"grid_worker"}),
    "GET /api/v1/staff/care-visits/<visit_id>": staff({"grid_worker"}, own(own_visit)),
    "POST /api/v1/staff/care-visits/<visit_id>/results/<result>": staff(
        {"grid_worker"}, own(own_visit), VERSION
    ),
    "GET /api/v1/staff/care-agreements": staff(PLANNERS),
    "POST /api/v1/staff/care-agreements": staff(PLANNERS),
    "GET /api/v1/staff/care-agreements/<agreement_id>": staff(PLANNERS, town(an_agreement)),
    "POST /api/v1/staff/care-agreements/<agreement_id>/actions/<action>": staff(
        PLANNERS, town(an_agreement), VERSION
    ),
}
