"""Reads of 办事指南 and 便民电话."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from backend.guides import policy
from backend.guides.models import Guide, PhoneEntry
from backend.guides.schemas import SHOWN, STATES
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.paging import PAGE_SIZE, Page, behind, in_order_of, make_page, parse_cursor
from backend.places.queries import places_named, town_id_of, towns
from backend.search.queries import matching

SEARCH_KIND = "guide"
#: of the mini-program
PAGE = "pages-town/guide/index?id={id}"
NO_GUIDE = NotFound("guide_not_found", "没有找到这份办事指南，可能已经撤下。")
NO_PHONE = NotFound("phone_not_found", "没有找到这个电话，可能已经删除。")


def town_of(code: str) -> int:
    """A town by its code; without one the first. NotFound."""
    return town_id_of(code or next((one.code for one in towns()), ""))


def surrogate(town_id: int) -> str:
    """What the kept pages of a town's guides and numbers depend on."""
    return f"guides:{town_id}"


def public_page_of(town_id: int, words: str, group: str, cursor: str | None) -> dict[str, Any]:
    """What is shown, last updated first, with every group of the town."""
    query = select(Guide).where(Guide.town_id == town_id, Guide.state == SHOWN)
    if group:
        query = query.where(Guide.group_name == group)
    if words:
        query = query.where(Guide.id.in_(matching(SEARCH_KIND, town_id, words)))
    else:
        query = query.with_hint(Guide, in_order_of("ix_guides_public"), "mysql")
    page = _page(query, cursor)
    return {
        "items": [line(row) for row in page.items],
        "groups": groups(town_id),
        "next_cursor": page.next_cursor,
    }


def groups(town_id: int) -> list[str]:
    """Every group under which something is shown, by name."""
    found = select(Guide.group_name).where(Guide.town_id == town_id, Guide.state == SHOWN).distinct()
    return sorted(db.session.scalars(found))


def get_public(guide_id: int) -> Guide:
    """A guide that everybody may read. NotFound."""
    row = db.session.get(Guide, guide_id)
    if row is None or row.state != SHOWN:
        raise NO_GUIDE
    return row


def get_guide_for(actor: Actor, guide_id: int) -> Guide:
    """A guide of the actor's town, locked. NotFound."""
    row = db.session.scalar(select(Guide).where(Guide.id == guide_id).with_for_update())
    if row is None or not policy.may_write(actor, row.town_id):
        raise NO_GUIDE
    return row


def get_phone_for(actor: Actor, phone_id: int) -> PhoneEntry:
    """A number of the actor's town, locked. NotFound."""
    row = db.session.scalar(select(PhoneEntry).where(PhoneEntry.id == phone_id).with_for_update())
    if row is None or not policy.may_write(actor, row.town_id):
        raise NO_PHONE
    return row


def of_desk(actor: Actor, cursor: str | None) -> Page[dict[str, Any]]:
    """Every guide of the actor's town, shown or not, last updated first."""
    query = select(Guide).where(Guide.town_id == actor.town_id)
    page = _page(query.with_hint(Guide, in_order_of("ix_guides_desk"), "mysql"), cursor)
    return Page([for_staff(row) for row in page.items], page.next_cursor)


def _page(query: Select[Any], cursor: str | None) -> Page[Guide]:
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Guide.updated_at, Guide.id, at))
    ordered = query.order_by(Guide.updated_at.desc(), Guide.id.desc()).limit(PAGE_SIZE + 1)
    return make_page(db.session.scalars(ordered).all(), PAGE_SIZE, lambda row: (row.updated_at, row.id))


def line(row: Guide) -> dict[str, Any]:
    """A guide as a line of a list."""
    return {
        "id": row.id,
        "title": row.title,
        "group": row.group_name,
        "who": row.who,
        "takes": row.takes,
        "updated_on": row.updated_on,
    }


def whole(row: Guide) -> dict[str, Any]:
    """A guide with all that a person needs."""
    return line(row) | {
        "materials": row.materials,
        "steps": row.steps,
        "place": row.place,
        "hours": row.hours,
        "phones": row.phones,
        "fee": row.fee,
        "basis": row.basis,
    }


def for_staff(row: Guide) -> dict[str, Any]:
    """A guide as the desk sees it."""
    return whole(row) | {"state": row.state, "state_label": STATES[row.state], "version": row.version}


def found(guide_ids: Iterable[int]) -> dict[int, Guide]:
    """Guides that are shown, by id: for who lists what a search has found."""
    rows = db.session.scalars(select(Guide).where(Guide.id.in_(set(guide_ids)), Guide.state == SHOWN))
    return {row.id: row for row in rows}


def phones(town_id: int) -> list[dict[str, Any]]:
    """All numbers of a town in its own order: by position, then as they were written down."""
    query = select(PhoneEntry).where(PhoneEntry.town_id == town_id)
    return phone_cards(db.session.scalars(query.order_by(PhoneEntry.position, PhoneEntry.id)).all())


def phone_cards(rows: Iterable[PhoneEntry]) -> list[dict[str, Any]]:
    """Numbers with the names of their villages."""
    listed = list(rows)
    named = places_named([row.village_id for row in listed if row.village_id is not None])
    return [
        {
            "id": row.id,
            "group": row.group_name,
            "name": row.name,
            "phone": row.phone,
            "hours": row.hours,
            "note": row.note,
            "village_id": row.village_id,
            "village_name": named[row.village_id].name if row.village_id in named else None,
            "order": row.position,
            "version": row.version,
        }
        for row in listed
    ]
