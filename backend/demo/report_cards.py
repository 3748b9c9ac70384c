"""The demonstration's report cards: of the months that have ended, reckoned by the program from the invented cases.

The latest waits for its publication, so that the desk has one to approve.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from backend.demo.side_ways import with_roles
from backend.kernel.actor import Actor
from backend.kernel.clock import start_of_day, today
from backend.wall import report_card
from backend.wall.public_queries import next_month

MONTHS = 3
#: the day of the next month, counted from its first, on which a card was made, and the hour it was published
PUBLISHED_AFTER = timedelta(days=2, hours=9)


def publish_cards(town_id: int, staff: Mapping[str, Actor]) -> int:
    """Make the last cards and publish all but the latest; how many there are."""
    leader = with_roles(next(actor for name, actor in staff.items() if name.endswith("leader")))
    month = report_card.last_month(today())
    months = [month]
    while len(months) < MONTHS:
        months.append(report_card.last_month(months[-1]))
    for number, one in enumerate(months):
        card = report_card.make(town_id, one)
        made = start_of_day(next_month(one))
        card.made_at = made
        if number:
            report_card.publish(leader, card.id, card.version)
            card.published_at = made + PUBLISHED_AFTER
    return len(months)
