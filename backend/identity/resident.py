"""A resident about themselves: profile, consent, phone number, binding as a worker, logging out."""

from __future__ import annotations

from typing import Any

from backend.identity import schemas, services
from backend.identity.guards import current_actor, resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.limits import limit

blueprint = Blueprint(
    "resident_identity",
    __name__,
    guard=resident_guard,
    url_prefix="/api/v1/resident",
    description="A resident about themselves.",
)


@blueprint.get("/me")
@blueprint.response(200, schemas.Me)
def read_me() -> dict[str, Any]:
    """Who is logged in."""
    return services.me(current_actor())


@blueprint.patch("/me")
@blueprint.arguments(schemas.MeChange)
@blueprint.response(200, schemas.Me)
def change_me(given: dict[str, Any]) -> dict[str, Any]:
    """Larger type, messages on or off, the phone number."""
    return services.change_me(current_actor(), given)


@blueprint.post("/me/phone")
@blueprint.arguments(schemas.PhoneCode)
@blueprint.response(200, schemas.Me)
@limit("5/minute")
def take_phone(given: dict[str, str]) -> dict[str, Any]:
    """Keep the number behind the code of WeChat's getPhoneNumber button."""
    return services.take_phone(current_actor(), given["code"])


@blueprint.post("/me/consent")
@blueprint.arguments(schemas.Consent)
@blueprint.response(200, schemas.Me)
def consent(given: dict[str, str]) -> dict[str, Any]:
    """Agree to a version of the privacy notice."""
    return services.consent(current_actor(), given["version"])


@blueprint.post("/bindings")
@blueprint.arguments(schemas.Binding)
@blueprint.response(200, schemas.Me)
@limit("10/minute")
def bind(given: dict[str, str]) -> dict[str, Any]:
    """Bind this WeChat to a staff account by a one-time code."""
    services.bind(current_actor(), given["code"])
    return services.me(current_actor())


@blueprint.delete("/session")
@blueprint.response(204)
def log_out() -> None:
    """End this session."""
    services.log_out(current_actor())
