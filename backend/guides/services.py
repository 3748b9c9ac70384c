"""The only writers of guides and phone numbers. What is shown is found by its words, and kept pages fall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend import audit
from backend.guides import policy, queries
from backend.guides.models import Guide, PhoneEntry
from backend.guides.schemas import SHOWN
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump
from backend.places.queries import places_named
from backend.search import services as search
from backend.subscriptions.services import published

GUIDE, PHONE = "guide", "phone_entry"
_WORDS = ("state", "title", "who", "materials", "steps", "place", "hours", "phones", "takes", "fee", "basis")


def write_guide(actor: Actor, given: Mapping[str, Any]) -> Guide:
    """A new guide of the actor's town. Forbidden for who writes for no town."""
    row = Guide(id=new_id(), town_id=_town_of(actor), version=0, created_at=now())
    _fill_guide(row, actor, given)
    db.session.add(row)
    return _kept(row, actor, "guide_written")


def change_guide(actor: Actor, guide_id: int, given: Mapping[str, Any]) -> Guide:
    """The guide as it stands from now on. NotFound, Conflict when it was changed since `version`."""
    row = queries.get_guide_for(actor, guide_id)
    _demand_version(row, given["version"])
    _fill_guide(row, actor, given)
    return _kept(row, actor, "guide_changed")


def _fill_guide(row: Guide, actor: Actor, given: Mapping[str, Any]) -> None:
    for name in _WORDS:
        setattr(row, name, given[name])
    row.group_name, row.version = given["group"], row.version + 1
    row.updated_on, row.updated_at, row.updated_by = today(), now(), actor.id


def _kept(row: Guide, actor: Actor, what: str) -> Guide:
    db.session.flush()
    audit.record(actor, what, GUIDE, row.id, {"title": row.title, "state": row.state})
    bump(queries.surrogate(row.town_id))
    if row.state == SHOWN:
        search.index(
            queries.SEARCH_KIND,
            row.id,
            town_id=row.town_id,
            village_id=None,
            title=row.title,
            text="\n".join([row.group_name, row.who, *(str(m["name"]) for m in row.materials), *row.steps]),
            at=row.updated_at,
        )
        published(queries.SEARCH_KIND, row.town_id, None, row.id, row.title, queries.PAGE.format(id=row.id))
    else:
        search.forget(queries.SEARCH_KIND, row.id)
    return row


def write_phone(actor: Actor, given: Mapping[str, Any]) -> PhoneEntry:
    """A new number of the actor's town. Forbidden, Invalid for a village of another town."""
    row = PhoneEntry(id=new_id(), town_id=_town_of(actor), version=0, created_at=now())
    _fill_phone(row, given)
    db.session.add(row)
    return _phone_kept(row, actor, "phone_written")


def change_phone(actor: Actor, phone_id: int, given: Mapping[str, Any]) -> PhoneEntry:
    """The number as it stands from now on. NotFound, Conflict, Invalid."""
    row = queries.get_phone_for(actor, phone_id)
    _demand_version(row, given["version"])
    _fill_phone(row, given)
    return _phone_kept(row, actor, "phone_changed")


def delete_phone(actor: Actor, phone_id: int) -> None:
    """The number is called no more. NotFound."""
    row = queries.get_phone_for(actor, phone_id)
    _phone_kept(row, actor, "phone_deleted")
    db.session.delete(row)
    db.session.flush()


def _fill_phone(row: PhoneEntry, given: Mapping[str, Any]) -> None:
    village = given["village_id"]
    if village is not None:
        place = places_named([village]).get(village)
        if place is None or place.level != "village" or place.places.get("town") != row.town_id:
            raise Invalid("village_unknown", "请选择本镇的村。", fields={"village_id": ["没有这个村"]})
    row.village_id, row.group_name, row.position = village, given["group"], given["order"]
    row.name, row.phone, row.hours, row.note = given["name"], given["phone"], given["hours"], given["note"]
    row.version, row.updated_at = row.version + 1, now()


def _phone_kept(row: PhoneEntry, actor: Actor, what: str) -> PhoneEntry:
    db.session.flush()
    audit.record(actor, what, PHONE, row.id, {"name": row.name})
    bump(queries.surrogate(row.town_id))
    return row


def _town_of(actor: Actor) -> int:
    town_id = int(actor.town_id or 0)
    if not policy.may_write(actor, town_id):
        raise Forbidden
    return town_id


def _demand_version(row: Guide | PhoneEntry, seen: int | None) -> None:
    if row.version != seen:
        raise Conflict(
            "changed_meanwhile",
            "刚刚有人改过这一条，请刷新看一眼再改，您填写的内容还在。",
            details={"current_version": row.version},
        )
