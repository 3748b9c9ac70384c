"""Part of the composition root: what finance sheets need of the rest."""

from __future__ import annotations

from backend.finance import jobs, public, staff
from backend.outbox.timers import periodic

BLUEPRINTS = (public.blueprint, staff.blueprint)


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    periodic("finance.purge", 3600, jobs.purge)
