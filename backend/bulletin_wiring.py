"""Part of the composition root: what the bulletin and its subscriptions ask of others, and what they hand them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from backend.bulletin import cards
from backend.bulletin import ports as volumes
from backend.bulletin import public as bulletin_public
from backend.bulletin import staff as bulletin_staff
from backend.bulletin.kind import register_bulletin
from backend.bulletin.ports import VolumeEntry
from backend.cases.parts import parts_by
from backend.identity import services as identity
from backend.kernel.db import db
from backend.notices.categories import KINDS, PUBLIC
from backend.notices.models import Notice
from backend.notices.states import STANDS
from backend.notifications import publications
from backend.outbox.timers import periodic
from backend.places.queries import places_named
from backend.rights import ports as rights
from backend.search.kinds import shows
from backend.subscriptions import personal, ports, services
from backend.subscriptions import resident as subscriptions_resident

BLUEPRINTS = (bulletin_public.blueprint, bulletin_staff.blueprint, subscriptions_resident.blueprint)
#: the digest is made within this many seconds after 18:00
LOOK_EVERY = 600


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    register_bulletin()
    parts_by("article", cards.of_article, lambda actor: [], lambda staff: 0)
    shows("article", "党的声音传万家", cards.found)
    volumes.chapter_by("三务公开", notices_of)
    ports.tells_by(publications.tell_residents)
    rights.holds(personal.copy)
    rights.forgets_person(personal.forget_person)
    identity.on_merge(services.merge_resident)
    periodic("subscriptions.digests", LOOK_EVERY, services.make_digests)


def notices_of(town_id: int, first: date, last: date) -> list[VolumeEntry]:
    """What the town and its villages published of these days, corrections after what they correct; never what is
    for one village alone (OPEN-17)."""
    rows = db.session.scalars(
        select(Notice)
        .where(
            Notice.town_id == town_id,
            Notice.audience == PUBLIC,
            Notice.state.in_(STANDS),
            Notice.published_on >= first,
            Notice.published_on <= last,
        )
        .order_by(Notice.published_on, Notice.id)
    ).all()
    names = places_named([row.village_id for row in rows if row.village_id is not None])
    return [_entry(row, names[row.village_id].name if row.village_id in names else "") for row in rows]


def _entry(row: Notice, village: str) -> VolumeEntry:
    lines = [line.strip() for line in row.body.splitlines() if line.strip()]
    told = [f"更正：{row.reason}"] if row.corrects_id is not None else []
    where = f"{village or '镇'}{KINDS[row.section]}"
    return VolumeEntry(row.title, row.published_on or row.created_at.date(), where, [*told, *lines])
