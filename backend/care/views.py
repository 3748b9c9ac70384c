"""How requests, agreements and visits are shown: to the household, to who plans, to who goes there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from backend import audit
from backend.care import keeping, policy, queries, services, workers
from backend.care.models import CareAgreement, CareVisit, HelpRequest
from backend.care.states import ENDED, TABLE
from backend.care.words import (
    ACTIVE,
    AGREEMENT_STATES,
    AGREEMENT_TONES,
    FOR_WHOM,
    REASONS,
    REVOKED,
    RHYTHMS,
    VISIT_STATES,
    VISIT_TONES,
    WAITING,
)
from backend.cases.views import action_lines
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now, shanghai
from backend.kernel.paging import Page
from backend.places.queries import places_named
from backend.workflow import engine


def form() -> dict[str, Any]:
    """What the form offers."""
    choices = {"for_whom": FOR_WHOM, "reasons": REASONS, "rhythms": RHYTHMS}
    return {
        name: [{"value": code, "label": label} for code, label in offered.items()]
        for name, offered in choices.items()
    } | {"kept_days": keeping.kept_days()}


def _villages(rows: Sequence[HelpRequest | CareAgreement]) -> dict[int, str]:
    named = places_named([row.village_id for row in rows if row.village_id is not None])
    return {place_id: place.name for place_id, place in named.items()}


def _names(ids: Sequence[int | None]) -> dict[int, str]:
    return {one: card.name for one, card in identity.staff_cards(i for i in ids if i is not None).items()}


def _delete_on(ended: datetime | None) -> date | None:
    if ended is None:
        return None
    return shanghai(ended + timedelta(days=keeping.kept_days())).date()


def _core(
    row: HelpRequest, villages: dict[int, str], names: dict[int, str], *, staff: bool
) -> dict[str, Any]:
    state = TABLE.state(row.state)
    return {
        "id": row.id,
        "state": row.state,
        "state_label": state.for_staff if staff else state.label,
        "tone": state.tone,
        "next_step": state.next_step,
        "village_name": villages.get(row.village_id or 0, ""),
        "asked_at": row.created_at,
        "due_at": row.due_at,
        "visitor": names.get(row.assignee_staff_id or 0, ""),
        "version": row.version,
    }


def _words(row: HelpRequest) -> dict[str, Any]:
    return {
        "for_whom_label": FOR_WHOM.get(row.for_whom or "", ""),
        "reason_label": REASONS.get(row.reason or "", ""),
        "place": row.place or "",
        "text": row.text or "",
        "visited_at": row.visited_at,
        "visit_note": row.visit_note or "",
        "delete_on": _delete_on(row.closed_at),
    }


def own_page(page: Page[HelpRequest], actor: Actor) -> dict[str, Any]:
    """A page of one's own requests."""
    villages, names = _villages(page.items), _names([row.assignee_staff_id for row in page.items])
    return {
        "items": [
            _core(row, villages, names, staff=False)
            | _words(row)
            | {"actions": [edge.action for edge, _ in engine.open_edges(row, actor)]}
            for row in page.items
        ],
        "next_cursor": page.next_cursor,
    }


def own_view(row: HelpRequest, actor: Actor) -> dict[str, Any]:
    """One's own request."""
    return own_page(Page([row], None), actor)["items"][0]  # type: ignore[no-any-return]


def staff_page(page: Page[HelpRequest], actor: Actor) -> dict[str, Any]:
    """A page of what is to be done: neither why nor who."""
    return {"items": _staff_lines(page.items, actor), "next_cursor": page.next_cursor}


def _staff_lines(rows: Sequence[HelpRequest], actor: Actor) -> list[dict[str, Any]]:
    villages, names = _villages(rows), _names([row.assignee_staff_id for row in rows])
    return [
        _core(row, villages, names, staff=True)
        | {
            "mine": policy.goes(row.assignee_staff_id, actor),
            "overdue": row.visited_at is None
            and row.state not in ENDED
            and row.due_at is not None
            and row.due_at < now(),
        }
        for row in rows
    ]


def staff_view(row: HelpRequest, actor: Actor) -> dict[str, Any]:
    """A request for who goes there or plans there. That it was opened is noted (§8.1, guard 8)."""
    audit.record(actor, "care.read", services.SUBJECT, row.id)
    sent = workers.of(row.places) if policy.plans(row, actor) else []
    return (
        _staff_lines([row], actor)[0]
        | _words(row)
        | {
            "phone": row.phone or "",
            "workers": [_worker(card) for card in sent],
            "actions": action_lines(row, actor),
        }
    )


def _worker(card: Any) -> dict[str, Any]:
    return {"id": card.id, "name": card.name, "unit_name": card.unit_name}


def own_agreements(rows: Sequence[CareAgreement]) -> list[dict[str, Any]]:
    """One's own agreements with the visits under them."""
    villages, names = _villages(rows), _names([row.worker_id for row in rows])
    visits = queries.visits_under([row.id for row in rows])
    return [
        _agreement(row, villages, names)
        | {
            "place": row.place or "",
            "agreed_at": row.created_at,
            "delete_on": _delete_on(row.ended_at),
            "visits": [_visit(one) for one in visits.get(row.id, [])],
        }
        for row in rows
    ]


def _agreement(row: CareAgreement, villages: dict[int, str], names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": row.id,
        "rhythm": row.rhythm,
        "rhythm_label": RHYTHMS[row.rhythm],
        "village_name": villages.get(row.village_id or 0, ""),
        "agreed_on": row.agreed_on,
        "state": row.state,
        "state_label": AGREEMENT_STATES[row.state],
        "tone": AGREEMENT_TONES[row.state],
        "visitor": names.get(row.worker_id or 0, ""),
        "version": row.version,
    }


def _visit(row: CareVisit) -> dict[str, Any]:
    return {
        "id": row.id,
        "on": row.day,
        "state": row.state,
        "state_label": VISIT_STATES[row.state],
        "note": row.note or "",
    }


def staff_agreements(page: Page[CareAgreement], actor: Actor) -> dict[str, Any]:
    """A page of agreements for who plans there: no note of any visit."""
    rows = page.items
    villages, names = _villages(rows), _names([row.worker_id for row in rows])
    following = queries.next_days([row.id for row in rows])
    return {
        "items": [
            _agreement(row, villages, names)
            | {
                "on_paper": row.resident_id is None,
                "name": row.name or "",
                "place": row.place or "",
                "next_visit_on": following.get(row.id),
                "workers": [_worker(card) for card in workers.of(row.places)],
                "actions": _agreement_actions(row, actor),
            }
            for row in rows
        ],
        "next_cursor": page.next_cursor,
    }


def staff_agreement(row: CareAgreement, actor: Actor) -> dict[str, Any]:
    """One agreement for who plans there."""
    return staff_agreements(Page([row], None), actor)["items"][0]  # type: ignore[no-any-return]


def _agreement_actions(row: CareAgreement, actor: Actor) -> list[str]:
    if row.state == REVOKED:
        return []
    confirms = row.state == WAITING and row.entered_by != actor.id
    return [*(["confirm"] if confirms else []), *(["assign"] if row.state == ACTIVE else []), "revoke"]


def visits(found: Sequence[tuple[CareVisit, CareAgreement]]) -> list[dict[str, Any]]:
    """A worker's own visits."""
    villages = _villages([agreement for _, agreement in found])
    return [
        _visit(visit)
        | {
            "tone": VISIT_TONES[visit.state],
            "village_name": villages.get(agreement.village_id or 0, ""),
            "rhythm_label": RHYTHMS[agreement.rhythm],
            "name": agreement.name or "",
            "place": agreement.place or "",
            "phone": agreement.phone or "",
            "version": visit.version,
        }
        for visit, agreement in found
    ]
