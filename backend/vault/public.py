"""Routes for senders: no login, no session, no idempotency row, no audit row, no address."""

from __future__ import annotations

from typing import Any

from backend.identity.guards import public_guard
from backend.kernel.http import Blueprint
from backend.kernel.limits import limit_unnamed
from backend.vault import queries, schemas, services

blueprint = Blueprint(
    "public_vault",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="检举控告（加密信件）",
)


@blueprint.get("/vault/keys")
@blueprint.arguments(schemas.VaultTownSchema, location="query")
@blueprint.response(200, schemas.VaultKeysForSendersSchema)
def keys(wanted: dict[str, str]) -> dict[str, Any]:
    """To whose keys a letter is sealed, and where else to turn."""
    return queries.for_senders(wanted["town"])


@blueprint.post("/vault")
@limit_unnamed("30/hour", name="vault")
@blueprint.arguments(schemas.SendSchema)
@blueprint.response(201, schemas.SentSchema)
def send(given: dict[str, Any]) -> dict[str, Any]:
    """Keep a letter that was sealed on the sender's device; the same sent twice is kept once."""
    return services.take_in(given)


@blueprint.post("/vault/progress")
@limit_unnamed("60/minute", name="vault_progress")
@blueprint.arguments(schemas.VaultLookupSchema)
@blueprint.response(200, schemas.VaultProgressSchema)
def progress(wanted: dict[str, str]) -> dict[str, Any]:
    """State and answers by code; POST, so that nothing of the code stands in an address."""
    return queries.progress(wanted["lookup"])
