"""Routes: who is online, signing out by force, the login log. Beside staff.py, which is one's own account."""

from __future__ import annotations

from typing import Any

from backend.identity import desk_schemas, login_log, online
from backend.identity.guards import current_actor, desk_only, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id

blueprint = Blueprint(
    "staff_sessions",
    __name__,
    guard=staff_guard,
    url_prefix="/api/v1/staff",
    description="在线人员、登录日志",
)


@blueprint.get("/sessions")
@requires(online.PERMISSION)
@blueprint.response(200, desk_schemas.Sessions)
def list_sessions() -> dict[str, Any]:
    """The desks in reach that are signed in now."""
    return {"items": online.listed(current_actor())}


@blueprint.delete("/sessions/<session_id>")
@requires(online.PERMISSION)
@desk_only
@blueprint.response(204)
def end_session(session_id: str) -> None:
    """Sign somebody out by force."""
    online.end(current_actor(), parse_id(session_id))


@blueprint.get("/login-log")
@requires("log.view")
@blueprint.arguments(desk_schemas.LoginLogQuery, location="query")
@blueprint.response(200, desk_schemas.LoginLog)
def read_login_log(wanted: dict[str, Any]) -> dict[str, Any]:
    """Who came in, who was refused and why, newest first."""
    return login_log.entries(current_actor(), wanted)
