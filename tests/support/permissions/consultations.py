"""Routes of 有事好商量."""

from __future__ import annotations

from typing import Any

from tests.factories.consultation_cast import ConsultationCast
from tests.factories.identity import Caller, id_in
from tests.support.permissions.route import Target, own, public, resident, staff, town
from tests.support.permissions.scene import Scene

MANAGERS = {"dispatcher", "village_head"}
#: the unit that carries it out reads it and says how far it is
ANY = {*MANAGERS, "leader", "department_clerk"}
PROPOSAL = {"town": "dongwan", "title": "村口要不要装路灯", "body": "晚上村口太黑，老人摔过两次。"}


def carried_out_by_urban(scene: Scene, caller: Caller) -> dict[str, str]:
    """A topic of V01 that 城管所 carries out; the action is open from nowhere."""
    topic_id = ConsultationCast(scene.app).topic_in("carrying_out")
    return {"topic_id": str(topic_id), "action": "rating_over"}


def an_open_topic(scene: Scene, caller: Caller) -> str:
    """A topic that everybody may speak about."""
    return str(ConsultationCast(scene.app).topic_in("open"))


def a_topic_to_rate(scene: Scene, caller: Caller) -> str:
    """A topic that has been carried out."""
    return str(ConsultationCast(scene.app).topic_in("carried_out"))


def a_topic_with_a_meeting(scene: Scene, caller: Caller) -> str:
    """A topic with a meeting, at which a seat can be kept."""
    cast = ConsultationCast(scene.app)
    topic_id = cast.topic_in("open")
    meeting: dict[str, Any] = {
        "form": "talk",
        "at": "2026-03-20T07:00:00Z",
        "place": "村委会",
        "agenda": "谈路灯",
        "seats": 9,
    }
    assert cast.sends("cunzhang1", topic_id, "meeting", **meeting).status_code == 200
    return str(topic_id)


def a_proposal(scene: Scene, caller: Caller) -> str:
    """What the caller proposed."""
    return id_in(caller.post("/resident/consultations", PROPOSAL, key=f"proposal-{caller.id}"))


OPEN = Target("none", an_open_topic)
MINE = town(carried_out_by_urban)
MEETING = {"version": 1, "form": "talk", "at": "2026-03-20T07:00:00Z", "place": "村委会", "agenda": "谈路灯"}
TEXT = {"version": 1, "title": "村口要不要装路灯", "body": "晚上村口太黑，老人摔过两次。"}
STEP = {"step": "proposal", "held_on": "2026-03-01", "entitled": 5, "present": 5, "agreed": 5}

ROUTES = {
    "GET /api/v1/public/consultations": public(),
    "GET /api/v1/public/consultations/<topic_id>": public(target=OPEN),
    "GET /api/v1/public/consultations/<topic_id>/comments": public(target=OPEN),
    "POST /api/v1/resident/consultations": resident(body=PROPOSAL),
    "GET /api/v1/resident/consultations/mine": resident(),
    "POST /api/v1/resident/consultations/<topic_id>/withdrawal": resident(own(a_proposal)),
    "GET /api/v1/resident/consultations/<topic_id>/mine": resident(OPEN),
    "POST /api/v1/resident/consultations/<topic_id>/comments": resident(OPEN, {"text": "赞成"}),
    "POST /api/v1/resident/consultations/<topic_id>/seat": resident(Target("none", a_topic_with_a_meeting)),
    "DELETE /api/v1/resident/consultations/<topic_id>/seat": resident(OPEN),
    "POST /api/v1/resident/consultations/<topic_id>/follow": resident(OPEN),
    "DELETE /api/v1/resident/consultations/<topic_id>/follow": resident(OPEN),
    "POST /api/v1/resident/consultations/<topic_id>/rating": resident(
        Target("none", a_topic_to_rate), {"score": 5}
    ),
    "GET /api/v1/staff/consultations": staff({*ANY, "grid_worker"}),
    # A village's topic names its village: said so, whoever asks.
    "POST /api/v1/staff/consultations": staff(MANAGERS, body={**PROPOSAL, "origin": "village"}),
    "GET /api/v1/staff/consultations/<topic_id>": staff(ANY, MINE),
    "POST /api/v1/staff/consultations/<topic_id>/actions/<action>": staff(ANY, MINE, {"version": 1}),
    "PUT /api/v1/staff/consultations/<topic_id>/groups": staff(MANAGERS, MINE, {"version": 1, "groups": []}),
    "POST /api/v1/staff/consultations/<topic_id>/meeting": staff(MANAGERS, MINE, MEETING),
    "POST /api/v1/staff/consultations/<topic_id>/meeting/record": staff(
        MANAGERS, MINE, {"version": 1, "minutes": "都说了", "attended": 3}
    ),
    "POST /api/v1/staff/consultations/<topic_id>/progress": staff(
        {*MANAGERS, "department_clerk"}, MINE, {"version": 1, "on": "2026-03-09", "text": "灯杆到了"}
    ),
    "POST /api/v1/staff/consultations/<topic_id>/resolutions": staff(MANAGERS, MINE, {"version": 1, **STEP}),
    "POST /api/v1/staff/consultations/<topic_id>/corrections": staff(MANAGERS, MINE, TEXT),
    "GET /api/v1/staff/consultations/<topic_id>/units": staff(MANAGERS, MINE),
}
