"""Part of the composition root: 办事指南, 邻里互助 and 我需要帮助, and what they ask of others."""

from __future__ import annotations

from backend.care import keeping as care_keeping
from backend.care import kind as care_kind
from backend.care import personal as care_personal
from backend.care import planning
from backend.care import ports as care_ports
from backend.care import queries as care_queries
from backend.care import resident as care_resident
from backend.care import staff as care_staff
from backend.guides import found as guides_found
from backend.guides import public as guides_public
from backend.guides import staff as guides_staff
from backend.guides.queries import SEARCH_KIND as GUIDE
from backend.identity import ports as identity_ports
from backend.identity import services as identity
from backend.neighbours import found as neighbours_found
from backend.neighbours import keeping as neighbour_keeping
from backend.neighbours import kind as neighbour_kind
from backend.neighbours import personal as neighbour_personal
from backend.neighbours import ports as neighbour_ports
from backend.neighbours import public as neighbours_public
from backend.neighbours import resident as neighbours_resident
from backend.neighbours import services as neighbours
from backend.neighbours import staff as neighbours_staff
from backend.notifications import notices
from backend.notifications import personal as inbox_lines
from backend.outbox.timers import periodic
from backend.rights import ports as rights
from backend.rights.ports import Retained
from backend.search.kinds import shows

BLUEPRINTS = (
    guides_public.blueprint,
    guides_staff.blueprint,
    neighbours_public.blueprint,
    neighbours_resident.blueprint,
    neighbours_staff.blueprint,
    care_resident.blueprint,
    care_staff.blueprint,
)
HOUR, DAY = 3600, 86400


def wire() -> None:
    """Wire everything; safe to call for each application that is made."""
    neighbour_kind.register_neighbours()
    neighbour_ports.tells_by(inbox_lines.tell)
    identity.on_merge(neighbours.merge_resident)
    periodic("neighbours.expire", HOUR, neighbours.expire_due)
    care_kind.register_care()
    care_ports.tells_by(inbox_lines.tell, notices.tell_staff)
    identity_ports.count_open_visits_by(care_queries.open_visit_count)
    identity.on_merge(care_personal.merge_resident)
    periodic("care.plan", DAY, planning.plan_due)
    shows(GUIDE, "办事指南", guides_found.cards)
    shows(neighbours.SEARCH_KIND, "邻里互助", neighbours_found.cards)
    for feature in (neighbour_personal, care_personal):
        rights.holds(feature.copy)
        rights.lets_go(feature.let_go)
    _retention()


def _retention() -> None:
    """Who finds and erases what is over its time; `flask retention run --dry-run` says beforehand how much."""
    for rule, held in {
        "neighbour_messages": Retained(neighbour_keeping.old_threads, neighbour_keeping.forget_threads),
        "neighbour_posts": Retained(neighbour_keeping.old_posts, neighbour_keeping.forget_posts),
        "help_requests": Retained(care_keeping.old_requests, care_keeping.forget_requests),
        "care_visits": Retained(care_keeping.old_visits, care_keeping.forget_visits),
        "care_agreements": Retained(care_keeping.old_agreements, care_keeping.forget_agreements),
    }.items():
        rights.retains(rule, held)
