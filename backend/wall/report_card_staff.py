"""Routes of the report card for staff."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.wall import report_card
from backend.wall.report_card import APPROVE, WRITE
from backend.wall.report_card_schemas import (
    NewReportCorrectionSchema,
    SeenReportCardSchema,
    StaffReportCardSchema,
    StaffReportCardsSchema,
)

blueprint = Blueprint(
    "staff_report_cards",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="月度公报：计算、审核、更正",
)


@blueprint.get("/report-cards")
@requires(WRITE, APPROVE)
@blueprint.response(200, StaffReportCardsSchema)
def read_list() -> dict[str, Any]:
    """The town's report cards, drafts too, newest month first."""
    actor = current_actor()
    return {"items": [report_card.staff_page(card, actor) for card in report_card.of_staff(actor)]}


@blueprint.get("/report-cards/<card_id>")
@requires(WRITE, APPROVE)
@blueprint.response(200, StaffReportCardSchema)
def read_one(card_id: str) -> dict[str, Any]:
    """One of them."""
    actor = current_actor()
    return report_card.staff_page(report_card.get_for(actor, parse_id(card_id)), actor)


@blueprint.post("/report-cards/<card_id>/figures")
@requires(WRITE)
@blueprint.arguments(SeenReportCardSchema)
@blueprint.response(200, StaffReportCardSchema)
def remake(given: dict[str, Any], card_id: str) -> dict[str, Any]:
    """Reckon a draft anew. Whoever does that does not publish it."""
    actor = current_actor()
    return report_card.staff_page(report_card.remake(actor, parse_id(card_id), given["version"]), actor)


@blueprint.post("/report-cards/<card_id>/publication")
@requires(APPROVE)
@blueprint.arguments(SeenReportCardSchema)
@blueprint.response(200, StaffReportCardSchema)
def publish(given: dict[str, Any], card_id: str) -> dict[str, Any]:
    """Publish a card or a correction; not by whoever had it made."""
    actor = current_actor()
    return report_card.staff_page(report_card.publish(actor, parse_id(card_id), given["version"]), actor)


@blueprint.post("/report-cards/<card_id>/corrections")
@idempotent
@requires(WRITE)
@blueprint.arguments(NewReportCorrectionSchema)
@blueprint.response(201, StaffReportCardSchema)
def correct(given: dict[str, Any], card_id: str) -> dict[str, Any]:
    """Begin a correction of a published card: the figures anew, with the reason."""
    actor = current_actor()
    return report_card.staff_page(report_card.correct(actor, parse_id(card_id), given["reason"]), actor)


@blueprint.post("/report-cards/<card_id>/discarding")
@requires(WRITE)
@blueprint.arguments(SeenReportCardSchema)
@blueprint.response(204)
def discard(given: dict[str, Any], card_id: str) -> None:
    """Take back a correction that nobody has published."""
    report_card.discard(current_actor(), parse_id(card_id), given["version"])
