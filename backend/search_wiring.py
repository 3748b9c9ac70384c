"""Part of the composition root: what is found by the one search box, and what a village's page shows beside it."""

from __future__ import annotations

from backend.consultations import found as topics
from backend.search.kinds import shows
from backend.wall import found as wall
from backend.wall.public_queries import SEARCH_KIND as WALL


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    shows(WALL, "问题回音壁", wall.cards)
    shows(topics.KIND, "有事好商量", topics.cards)
