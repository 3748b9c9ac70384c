"""Staff at the desk: login, account, password, binding codes, people."""

from __future__ import annotations

from typing import Any

from flask import after_this_request, request
from flask.wrappers import Response

from backend.identity import login, people, schemas, second_factor, services
from backend.identity.bindings import IssuedCode
from backend.identity.guards import (
    STAFF_COOKIE,
    current_actor,
    desk_actor,
    desk_login_guard,
    desk_only,
    even_unfinished,
    staff_guard,
)
from backend.identity.login_log import Where
from backend.identity.policy import STAFF_SESSION
from backend.kernel.http import Blueprint
from backend.kernel.limits import limit
from backend.kernel.settings import settings

login_blueprint = Blueprint(
    "staff_login",
    __name__,
    guard=desk_login_guard,
    url_prefix="/api/v1/staff",
    description="The console's login.",
)
blueprint = Blueprint(
    "staff_identity",
    __name__,
    guard=staff_guard,
    url_prefix="/api/v1/staff",
    description="Staff accounts.",
)
COOKIE_PATH = "/api/v1/staff"


@login_blueprint.post("/session")
@login_blueprint.arguments(schemas.SignIn)
@login_blueprint.response(200, schemas.StaffAccount)
@limit("20/minute")
def sign_in(given: dict[str, str]) -> dict[str, Any]:
    """Log in at the desk; the session lives in an HttpOnly cookie. 401 `second_factor_needed` brings a
    ticket for the second step."""
    token = request.cookies.get(STAFF_COOKIE)
    return _signed_in(services.sign_in(given["username"], given["password"], token, _where()))


@login_blueprint.post("/session/second-factor")
@login_blueprint.arguments(schemas.SecondStep)
@login_blueprint.response(200, schemas.StaffAccount)
@limit("20/minute")
def finish_sign_in(given: dict[str, str]) -> dict[str, Any]:
    """The second step of logging in, where the account has a second factor."""
    token = request.cookies.get(STAFF_COOKIE)
    return _signed_in(login.finish_sign_in(given["ticket"], given["code"], token, _where()))


def _where() -> Where:
    return Where(request.remote_addr, request.user_agent.string)


def _signed_in(done: login.SignedIn) -> dict[str, Any]:
    @after_this_request
    def keep_session(response: Response) -> Response:
        response.set_cookie(
            STAFF_COOKIE,
            done.token,
            path=COOKIE_PATH,
            max_age=int(STAFF_SESSION.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=settings().public_base_url.startswith("https://"),
        )
        return response

    return people.account(desk_actor(done.token)) | {"ended_elsewhere": done.ended_elsewhere}


@blueprint.delete("/session")
@blueprint.response(204)
@even_unfinished
def sign_out() -> None:
    """Log out; the session is ended on the server too."""
    services.log_out(current_actor())

    @after_this_request
    def drop_session(response: Response) -> Response:
        response.delete_cookie(STAFF_COOKIE, path=COOKIE_PATH)
        return response


@blueprint.get("/me")
@blueprint.response(200, schemas.StaffAccount)
@even_unfinished
def read_me() -> dict[str, Any]:
    """Who is at the desk, and what they may do."""
    return people.account(current_actor())


@blueprint.post("/me/password")
@blueprint.arguments(schemas.PasswordChange)
@blueprint.response(204)
@desk_only
@limit("10/minute")
@even_unfinished
def change_password(given: dict[str, str]) -> None:
    """Change one's own password; the other sessions of the account end."""
    login.change_password(current_actor(), given["old"], given["new"])


@blueprint.post("/me/binding-code")
@blueprint.response(200, schemas.BindingCode)
@desk_only
@limit("10/minute")
def issue_own_code() -> IssuedCode:
    """A one-time code that binds one's own WeChat."""
    return services.issue_code(current_actor(), current_actor().id)


@blueprint.post("/me/second-factor")
@desk_only
@limit("10/minute")
@blueprint.arguments(schemas.OwnPassword)
@blueprint.response(200, schemas.SecondFactorSetup)
@even_unfinished
def begin_second_factor(given: dict[str, str]) -> second_factor.Setup:
    """A new secret for one's own second factor; counts once it is confirmed."""
    return second_factor.begin(current_actor(), given["password"])


@blueprint.post("/me/second-factor/confirm")
@desk_only
@limit("10/minute")
@blueprint.arguments(schemas.FactorCode)
@blueprint.response(200, schemas.SpareCodes)
@even_unfinished
def confirm_second_factor(given: dict[str, str]) -> dict[str, Any]:
    """Confirm with the first code; answers with the spare codes, shown this once."""
    return {"codes": second_factor.confirm(current_actor(), given["code"])}


@blueprint.post("/me/second-factor/off")
@desk_only
@limit("10/minute")
@blueprint.arguments(schemas.OwnPassword)
@blueprint.response(204)
def drop_second_factor(given: dict[str, str]) -> None:
    """Log in without a second factor again, where no role demands one."""
    second_factor.turn_off(current_actor(), given["password"])
