"""Routes of 信访直通车 for everyone: what the town publishes, a petition without a name, progress by code."""

from __future__ import annotations

from typing import Any

from backend.cases.public import TownQuerySchema
from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.limits import limit_unnamed
from backend.petitions import anonymous, guide, progress, resident_views
from backend.petitions.filing import Matter
from backend.petitions.public_schemas import (
    AnonymousPetitionSchema,
    AnonymousReceiptSchema,
    PetitionGuideSchema,
    PetitionProgressQuerySchema,
    PetitionProgressSchema,
)
from backend.places.queries import town_id_of

blueprint = Blueprint(
    "public_petitions",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="信访直通车：公开信息、匿名提交、查进度",
)


@blueprint.get("/petitions/guide")
@blueprint.arguments(TownQuerySchema, location="query")
@blueprint.response(200, PetitionGuideSchema)
def read_guide(wanted: dict[str, str]) -> dict[str, Any]:
    """The office, the ways to it, the procedure, and whom to turn to above the township (PET-20)."""
    return guide.guide(wanted["town"])


@blueprint.post("/petitions")
@limit_unnamed("60/minute", name="petition.anonymous")
@blueprint.arguments(AnonymousPetitionSchema)
@blueprint.response(201, AnonymousReceiptSchema)
def file(given: dict[str, Any]) -> dict[str, Any]:
    """A petition without a name: nothing of the sender is stored; sent twice it is one (`sending`)."""
    matter = Matter(
        town_id=town_id_of(given["town"]),
        topic=given["topic"],
        claim=given["claim"],
        facts=given["facts"],
        reasons=given["reasons"],
        file_ids=tuple(given["file_ids"]),
    )
    return resident_views.receipt(anonymous.file(matter, given["sending"]))


@blueprint.post("/petitions/progress")
@limit_unnamed("120/minute", name="petition.progress")
@blueprint.arguments(PetitionProgressQuerySchema)
@blueprint.response(200, PetitionProgressSchema)
def read_progress(given: dict[str, str]) -> dict[str, Any]:
    """How far a petition is, by code and phone, at any hour; of one without a name, by the code alone."""
    return progress.by_code(given["code"], given["phone"])
