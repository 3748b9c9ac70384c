"""How a topic begins (CON-04): proposed by a resident, brought by a village or by the town, then screened."""

from __future__ import annotations

from dataclasses import dataclass

from backend.consultations import following
from backend.consultations.models import Consultation
from backend.consultations.policy import BY_RESIDENT, MANAGE
from backend.consultations.states import TABLE
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Forbidden, Invalid
from backend.kernel.ids import new_code, new_id
from backend.places import queries as places
from backend.workflow import engine

VILLAGE, TOWN = "village", "town"


@dataclass(frozen=True)
class Draft:
    """What a topic says before anybody has screened it; already checked field by field."""

    town_id: int
    village_id: int | None
    title: str
    body: str
    asked: str = ""
    reason: str = ""


def propose(actor: Actor, draft: Draft) -> Consultation:
    """A resident's proposal. It is public once it was screened. Invalid for a village of another town."""
    topic = _new(draft, BY_RESIDENT)
    topic.proposer_id = actor.id
    _begin(topic, actor, "propose")
    following.follow(actor, topic.id)
    return topic


def bring(actor: Actor, draft: Draft, origin: str) -> Consultation:
    """What a village or the town brings. Forbidden out of reach; Invalid for a village of another town."""
    if (origin == VILLAGE) != (draft.village_id is not None):
        said = "村里提出的议题要选村；镇里提出的是全镇的事，不选村。"
        raise Invalid("origin_and_village", said, fields={"village_id": [said]})
    topic = _new(draft, origin)
    if not actor.may_on(MANAGE, topic.places, None):
        raise Forbidden
    topic.registered_by = actor.id
    _begin(topic, actor, "bring")
    return topic


def _new(draft: Draft, origin: str) -> Consultation:
    moment = now()
    return Consultation(
        id=new_id(),
        kind=TABLE.kind,
        code=new_code(),
        town_id=draft.town_id,
        village_id=draft.village_id,
        area_id=_area_of(draft),
        origin=origin,
        title=draft.title,
        body=draft.body,
        asked=draft.asked,
        proposed_reason=draft.reason,
        track="plain",
        text_version=1,
        created_at=moment,
        updated_at=moment,
    )


def _area_of(draft: Draft) -> int | None:
    """The area that the village lies in. Invalid when it is no active village of that town."""
    if draft.village_id is None:
        return None
    village = places.get_place(draft.village_id)
    if village.level != "village" or not village.active or village.places.get("town") != draft.town_id:
        said = "这个村不在本镇，请重新选择。"
        raise Invalid("village_unknown", said, fields={"village_id": [said]})
    return village.places.get("area")


def _begin(topic: Consultation, actor: Actor, action: str) -> None:
    engine.begin(topic, actor, action=action, data={"topic": topic.title})
    db.session.add(topic)
    db.session.flush()
