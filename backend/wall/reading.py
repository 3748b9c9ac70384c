"""What the composition root takes of the public side of the wall: its routes, and what it follows."""

from __future__ import annotations

from backend.outbox.timers import periodic
from backend.wall import public, report_card, report_card_public, report_card_staff, share, shown

#: of the API
BLUEPRINTS = (public.blueprint, report_card_public.blueprint, report_card_staff.blueprint)
#: pages
PAGES = share.blueprint
SIX_HOURS = 6 * 3600


def register_reading() -> None:
    """Follow changes of entries; make report cards when a month has ended."""
    shown.follow_changes()
    periodic("report_cards.make", SIX_HOURS, report_card.make_due)
