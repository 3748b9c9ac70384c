"""Routes of the vault's readers. To everybody else each of them is an address that is not there."""

from __future__ import annotations

from typing import Any

from flask import g

from backend.identity.guards import staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent
from backend.kernel.ids import parse_id
from backend.kernel.schemas import ErrorSchema
from backend.vault import queries, schemas, services
from backend.vault.access import get_letter_for, readers_only

blueprint = Blueprint(
    "staff_vault", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="检举控告（加密信件）"
)


@blueprint.get("/vault/keys")
@readers_only
@blueprint.response(200, schemas.VaultKeysSchema)
@blueprint.alt_response(404, schema=ErrorSchema)
def keys() -> dict[str, Any]:
    """One's own keys, and those of the other readers."""
    return queries.for_readers(g.actor)


@blueprint.post("/vault/keys")
@readers_only
@idempotent
@blueprint.arguments(schemas.NewKeySchema)
@blueprint.response(201, schemas.OwnKeySchema)
def add_key(given: dict[str, str]) -> dict[str, Any]:
    """Register a key that was made in the browser."""
    return queries.own_key(services.add_key(g.actor, **given))


@blueprint.patch("/vault/keys/<key_id>")
@readers_only
@blueprint.arguments(schemas.RewrappedSchema)
@blueprint.response(200, schemas.OwnKeySchema)
def change_passphrase(given: dict[str, str], key_id: str) -> dict[str, Any]:
    """Put one's own private half under another passphrase."""
    return queries.own_key(services.change_passphrase(g.actor, parse_id(key_id), given["wrapped"]))


@blueprint.post("/vault/keys/<key_id>/confirm")
@readers_only
@blueprint.response(200, schemas.VaultKeysSchema)
def confirm_key(key_id: str) -> dict[str, Any]:
    """Vouch for a colleague's key after comparing its fingerprint."""
    services.confirm_key(g.actor, parse_id(key_id))
    return queries.for_readers(g.actor)


@blueprint.post("/vault/keys/<key_id>/retire")
@readers_only
@blueprint.response(200, schemas.VaultKeysSchema)
def retire_key(key_id: str) -> dict[str, Any]:
    """Seal nothing to this key any more."""
    services.retire_key(g.actor, parse_id(key_id))
    return queries.for_readers(g.actor)


@blueprint.get("/vault")
@readers_only
@blueprint.arguments(schemas.LettersQuerySchema, location="query")
@blueprint.response(200, schemas.LettersSchema)
def letters(wanted: dict[str, Any]) -> Any:
    """The letters that one of the reader's keys opens."""
    return queries.letters_of(g.actor, wanted["cursor"])


@blueprint.get("/vault/<letter_id>")
@readers_only
@blueprint.response(200, schemas.LetterSchema)
def letter(letter_id: str) -> dict[str, Any]:
    """One letter, sealed as it came; audited."""
    return queries.one_letter(g.actor, parse_id(letter_id))


@blueprint.get("/vault/<letter_id>/files/<file_id>")
@readers_only
@blueprint.response(200, schemas.SealedFileSchema)
def letter_file(letter_id: str, file_id: str) -> dict[str, Any]:
    """One attachment, sealed as it came; audited."""
    return queries.one_file(g.actor, parse_id(letter_id), parse_id(file_id))


@blueprint.post("/vault/<letter_id>/actions/<action>")
@readers_only
@blueprint.arguments(schemas.StepSchema)
@blueprint.response(200, schemas.LetterSchema)
def act(given: dict[str, Any], letter_id: str, action: str) -> dict[str, Any]:
    """Take a step: read, transfer, answer, share; 422 when the receiver is who is named, or below."""
    services.act(g.actor, parse_id(letter_id), action, given)
    return queries.letter_view(g.actor, get_letter_for(g.actor, parse_id(letter_id))[0])
