"""Part of the composition root: what the bulletin and its subscriptions ask of others, and what they hand them."""

from __future__ import annotations

from backend.bulletin import cards
from backend.bulletin import public as bulletin_public
from backend.bulletin import staff as bulletin_staff
from backend.bulletin.kind import register_bulletin
from backend.cases.parts import parts_by
from backend.identity import services as identity
from backend.notifications import publications
from backend.outbox.timers import periodic
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
    ports.tells_by(publications.tell_residents)
    rights.holds(personal.copy)
    rights.forgets_person(personal.forget_person)
    identity.on_merge(services.merge_resident)
    periodic("subscriptions.digests", LOOK_EVERY, services.make_digests)
