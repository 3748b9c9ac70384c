"""Routes of verified villagers and of polls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.kernel.clock import now
from backend.kernel.db import run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.polls import services
from tests.factories.identity import Caller, desk, id_in, place_id, resident
from tests.support.permissions.route import Target, public, staff, town
from tests.support.permissions.route import resident as residents
from tests.support.permissions.scene import Scene

MANAGERS = {"dispatcher", "village_head", "leader"}
COUNT: dict[str, Any] = {"round": 1, "counts": {"o1": 1, "o2": 0}, "papers": 1}


def a_poll(scene: Scene, caller: Caller) -> str:
    """An open poll of V01."""
    village_id = place_id(scene.app, "V01")
    town_id = place_id(scene.app, "dongwan")

    def opened() -> int:
        begins = now()
        times = begins, begins + timedelta(days=15)
        return services.open_poll(
            "test", new_id(), town_id, village_id, "修不修？", ["修", "不修"], 9, *times
        ).id

    with scene.app.app_context():
        ensure_node()
        return str(run_unit(opened))


def a_poll_of_theirs(scene: Scene, caller: Caller) -> str:
    """One in which the caller is entitled to vote."""
    village_id = str(place_id(scene.app, "V01"))
    asked = id_in(caller.post("/resident/villager", {"village_id": village_id, "name": "李明"}, key="ask"))
    desk(scene.app, "cunzhang1").post(f"/staff/villagers/{asked}/decision", DECISION)
    return a_poll(scene, caller)


def an_asking(scene: Scene, caller: Caller) -> str:
    """Somebody of V01 who waits to be confirmed."""
    asker = resident(scene.app, f"asker-{caller.id}")
    body = {"village_id": str(place_id(scene.app, "V01")), "name": "李明"}
    return id_in(asker.post("/resident/villager", body, key="ask"))


def a_villager(scene: Scene, caller: Caller) -> str:
    """Somebody whom V01 has confirmed."""
    asked = an_asking(scene, caller)
    desk(scene.app, "cunzhang1").post(f"/staff/villagers/{asked}/decision", DECISION)
    return asked


DECISION = {"decision": "confirm", "state_seen": "asked"}

ROUTES = {
    "GET /api/v1/resident/villager": residents(),
    "POST /api/v1/resident/villager": residents(),
    "DELETE /api/v1/resident/villager": residents(),
    "GET /api/v1/staff/villagers": staff({"village_head"}),
    "POST /api/v1/staff/villagers/<villager_id>/decision": staff({"village_head"}, town(an_asking), DECISION),
    "PUT /api/v1/staff/villagers/<villager_id>/representative": staff(
        {"village_head"}, town(a_villager), {"representative": True}
    ),
    "GET /api/v1/public/polls/<poll_id>": public(target=Target("none", a_poll)),
    "POST /api/v1/public/polls/<poll_id>/ballots": public(target=Target("none", a_poll)),
    # Entitled is who lives there: tests/api/polls/test_voting.py tries the others.
    "POST /api/v1/resident/polls/<poll_id>/paper": residents(Target("none", a_poll_of_theirs)),
    "GET /api/v1/staff/polls/<poll_id>": staff(MANAGERS, town(a_poll)),
    "POST /api/v1/staff/polls/<poll_id>/offline": staff(MANAGERS, town(a_poll), COUNT),
    "POST /api/v1/staff/polls/<poll_id>/paper-voters": staff(MANAGERS, town(a_poll), {"villager_id": "1"}),
}
