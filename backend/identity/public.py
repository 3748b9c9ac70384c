"""Logging in, for anyone: the mini-program and the official account's web login."""

from __future__ import annotations

from typing import Any

from flask import after_this_request, request
from flask.wrappers import Response

from backend.identity import schemas, services
from backend.identity.guards import public_guard
from backend.identity.policy import STATE_LIFE
from backend.kernel.http import Blueprint
from backend.kernel.limits import limit
from backend.kernel.settings import settings

blueprint = Blueprint(
    "public_identity",
    __name__,
    guard=public_guard,
    url_prefix="/api/v1/public",
    description="Logging in as a resident.",
)
COOKIE_PATH = "/api/v1/public/sessions"


def _cookie_of(state: str) -> str:
    # One for each login under way, so that a second tab does not end the first one's.
    return f"wechat_login_{state[:8]}"


@blueprint.post("/sessions/mini")
@blueprint.arguments(schemas.MiniLogin)
@blueprint.response(200, schemas.ResidentSession)
@limit("30/minute")
def log_in_mini(given: dict[str, str]) -> services.LoggedIn:
    """Log a mini-program user in by the code of wx.login."""
    return services.login_mini(given["code"])


@blueprint.get("/wechat/authorize")
@blueprint.arguments(schemas.AuthorizeQuery, location="query")
@blueprint.response(200, schemas.AuthorizeAnswer)
@limit("30/minute")
def authorize(given: dict[str, str]) -> services.WebLogin:
    """The address of the official account's login page; it comes back to our login page with code and state."""
    login = services.begin_web_login(given["return_to"])

    @after_this_request
    def keep_ticket(response: Response) -> Response:
        response.set_cookie(_cookie_of(login.state), login.ticket, **_cookie_options())
        return response

    return login


@blueprint.post("/sessions/official")
@blueprint.arguments(schemas.OfficialLogin)
@blueprint.response(200, schemas.OfficialSession)
@limit("30/minute")
def log_in_official(given: dict[str, str]) -> services.LoggedIn:
    """Log an H5 user in by what the login page brought back."""
    name = _cookie_of(given["state"])
    done = services.login_official(given["code"], given["state"], request.cookies.get(name))

    @after_this_request
    def drop_ticket(response: Response) -> Response:
        response.delete_cookie(name, path=COOKIE_PATH)
        return response

    return done


def _cookie_options() -> dict[str, Any]:
    return {
        "path": COOKIE_PATH,
        "max_age": int(STATE_LIFE.total_seconds()),
        "httponly": True,
        # Lax: the login page sends the browser back from another site.
        "samesite": "Lax",
        "secure": settings().public_base_url.startswith("https://"),
    }
