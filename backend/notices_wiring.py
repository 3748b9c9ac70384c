"""Part of the composition root: what notices ask of petitions' cleaner of files, and what they hand to others."""

from __future__ import annotations

from backend.cases.parts import parts_by
from backend.notices import cards, drawing, ports, public, resident, staff, village_money
from backend.notices.kind import register_notices
from backend.petitions import uploads
from backend.search import village_home
from backend.search.kinds import shows

BLUEPRINTS = (public.blueprint, resident.blueprint, staff.blueprint)
#: imported for the worker's jobs that they handle
JOBS = (drawing,)


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    register_notices()
    ports.cleans_by(clean)
    parts_by("notice", cards.of_notice, lambda actor: [], lambda staff: 0)
    shows("notice", "三务公开", cards.found)
    village_home.money_by(village_money.newest)


def clean(data: bytes) -> tuple[bytes, str]:
    """A PDF or a photo as petitions take them: made anew in a child process."""
    made = uploads.cleaned(data)
    return made.data, made.media_type
