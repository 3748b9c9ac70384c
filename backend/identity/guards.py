"""Who is asking: guards on blueprints, permissions on routes. Deny by default.

A guard reads session, person, unit and roles in ONE prebuilt statement and keeps nothing between
requests: a role taken away is gone at the next click.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, request
from sqlalchemy import Row, and_, bindparam, select

from backend.identity import login_log, policy, sessions
from backend.identity.desk_models import StandIn, TownRole
from backend.identity.models import LoginSession, OrgUnit, Resident, Staff, StaffBinding, StaffRole
from backend.identity.roles import known, lent_to_phone
from backend.kernel.actor import PUBLIC, Actor, Grant
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.errors import Forbidden, Unauthorized
from backend.kernel.http import anyone
from backend.kernel.settings import settings
from backend.places.models import Place

F = TypeVar("F", bound=Callable[..., Any])

STAFF_COOKIE = "staff_session"
CONSOLE_HEADER = "X-Requested-With"
CONSOLE_VALUE = "console"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
UNFINISHED = {
    "password": "请先修改一次性密码，再做别的事。",
    "second_factor": "您的角色要求动态验证码，请先在“我的账号”里设置，再做别的事。",
}
NOT_BOUND = "这个微信还没有绑定工作人员账号。请向管理员要一个绑定码，在“我的”里绑定。"

# Tables, not classes: asked through the ORM these rows cost a third more, at every request.
_sessions, _staff, _roles, _units, _bindings, _residents, _places, _town_roles = (
    model.__table__
    for model in (LoginSession, Staff, StaffRole, OrgUnit, StaffBinding, Resident, Place, TownRole)
)
_stand_ins, _away = StandIn.__table__, Staff.__table__.alias("away")
_SESSION = (
    _sessions.c.id.label("session_id"),
    _sessions.c.channel,
    _sessions.c.last_used_at,
    _sessions.c.expires_at,
    _sessions.c.revoked_at,
)
_STAFF = (
    _staff.c.id.label("staff_id"),
    _staff.c.name.label("staff_name"),
    _staff.c.active,
    _staff.c.town_id,
    _staff.c.unit_id,
    _staff.c.must_change_password,
    _staff.c.totp_since,
    _units.c.name.label("unit_name"),
    _roles.c.place_id,
    _roles.c.unit_id.label("role_unit_id"),
    _places.c.level,
    _town_roles.c.permissions,
    _town_roles.c.totp_required,
    _away.c.id.label("away_id"),
    _away.c.name.label("away_name"),
)
_MEANT = and_(
    _town_roles.c.town_id == _staff.c.town_id, _town_roles.c.code == _roles.c.role, _town_roles.c.active
)
_STANDING_IN = and_(
    _stand_ins.c.stand_in_id == _staff.c.id,
    _stand_ins.c.starts_at <= bindparam("moment"),
    _stand_ins.c.ends_at > bindparam("moment"),
)
_TOKEN = _sessions.c.token_hash == bindparam("token")

_RESIDENT_SESSION = (
    select(*_SESSION, _residents.c.id.label("resident_id"))
    .join(_residents, _residents.c.id == _sessions.c.resident_id)
    .where(_TOKEN)
)
_DESK_SESSION = (
    select(*_SESSION, *_STAFF)
    .join(_staff, _staff.c.id == _sessions.c.staff_id)
    .join(_units, _units.c.id == _staff.c.unit_id)
    .outerjoin(_roles, _roles.c.staff_id == _staff.c.id)
    .outerjoin(_places, _places.c.id == _roles.c.place_id)
    .outerjoin(_town_roles, _MEANT)
    .outerjoin(_stand_ins, _STANDING_IN)
    .outerjoin(_away, _away.c.id == _stand_ins.c.staff_id)
    .where(_TOKEN)
)
_PHONE_SESSION = (
    select(*_SESSION, *_STAFF)
    .select_from(_sessions)
    .outerjoin(_bindings, _bindings.c.resident_id == _sessions.c.resident_id)
    .outerjoin(_staff, _staff.c.id == _bindings.c.staff_id)
    .outerjoin(_units, _units.c.id == _staff.c.unit_id)
    .outerjoin(_roles, _roles.c.staff_id == _staff.c.id)
    .outerjoin(_places, _places.c.id == _roles.c.place_id)
    .outerjoin(_town_roles, _MEANT)
    .outerjoin(_stand_ins, _STANDING_IN)
    .outerjoin(_away, _away.c.id == _stand_ins.c.staff_id)
    .where(_TOKEN, _sessions.c.resident_id.is_not(None))
)


#: as the floors below have it
public_guard = anyone


def desk_login_guard() -> None:
    """The console's login: anyone, but only from our own pages (login CSRF)."""
    g.actor = PUBLIC
    _demand_console_header()


def resident_guard() -> None:
    """A resident with a living session in `Authorization: Bearer`; Unauthorized otherwise."""
    token = _bearer()
    if token is None:
        raise Unauthorized
    rows = _rows(_RESIDENT_SESSION, token)
    _demand_living_phone_session(rows)
    row = rows[0]
    _slide(row)
    g.actor = Actor(
        kind="resident", id=row.resident_id, name="居民", channel=row.channel, session_id=row.session_id
    )


def staff_guard() -> None:
    """A member of staff: at the desk by cookie, or a bound worker's phone by Bearer token.

    Raises Unauthorized without a living session, Forbidden for a phone that is bound to nobody and
    for a write by cookie that does not come from the console's own pages (CSRF).
    """
    token = _bearer()
    if token is not None:
        g.actor = _phone_actor(token)
        return
    cookie = request.cookies.get(STAFF_COOKIE)
    if not cookie:
        raise Unauthorized
    actor = desk_actor(cookie)
    if request.method not in READING:
        _demand_console_header()
    _demand_finished(actor)
    g.actor = actor


def _demand_finished(actor: Actor) -> None:
    """Whoever has to change a password, or to set up a second factor, does that before anything else."""
    if actor.must and not getattr(current_app.view_functions[request.endpoint or ""], "unfinished", False):
        raise Forbidden(f"{actor.must}_due", UNFINISHED[actor.must])


def even_unfinished(view: F) -> F:
    """Mark a route that is open to those who still have to change a password or set up a second factor."""
    view.unfinished = True  # type: ignore[attr-defined]
    return view


# The contract's other names for the same three.
public = public_guard
resident_required = resident_guard
staff_required = staff_guard


def current_actor() -> Actor:
    """Who is asking, as the blueprint's guard found; RuntimeError when there was no guard."""
    actor = g.get("actor")
    if actor is None:
        raise RuntimeError(f"{request.endpoint} was reached without a guard")
    return cast(Actor, actor)


def requires(*permissions: str) -> Callable[[F], F]:
    """Let a route be called only by those to whom some role gives one of `permissions`.

    It only opens the door: which records are in scope is decided where they are loaded. The names
    stay readable as `view.permissions`, for the generated test of all routes.
    """

    def decorate(view: F) -> F:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = current_actor()
            if not any(actor.may(permission) for permission in permissions):
                raise Forbidden
            return view(*args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return cast(F, guarded)

    return decorate


def desk_only(view: F) -> F:
    """Let a route be called at the desk only: a phone that is lost must not manage an account."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_actor().channel != "console":
            raise Forbidden("desk_only", "请在电脑工作台上操作。")
        return view(*args, **kwargs)

    return cast(F, guarded)


def _bearer() -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def _rows(statement: Any, token: str) -> Sequence[Row[Any]]:
    asked = {"token": sessions.token_hash(token), "moment": now()}
    return db.session.execute(statement, asked).all()


def _expired() -> Unauthorized:
    return Unauthorized("login_expired", "登录已过期，请重新登录。您填写的内容还在。")


def _ended(staff_id: int) -> Unauthorized:
    """A session that somebody ended says so: a second login may be a stranger's."""
    sentence = {
        "elsewhere": "您的账号刚刚在别处登录，这里已退出。如果不是您本人，请马上修改密码。",
        "forced": "管理员已让您下线。有疑问请联系本镇管理员。",
        "password": "您的密码已重置，请用新的密码登录。",
    }.get(login_log.ended_because(staff_id))
    return Unauthorized("session_ended", sentence) if sentence else _expired()


def _demand_living_phone_session(rows: Sequence[Row[Any]]) -> None:
    if not rows or not policy.resident_session_alive(rows[0].expires_at, rows[0].revoked_at, now()):
        raise _expired()


def _slide(row: Row[Any]) -> None:
    if now() - row.last_used_at >= policy.RESIDENT_TOUCH:
        run_unit(lambda: sessions.touch_resident(row.session_id))


def _phone_actor(token: str) -> Actor:
    rows = _rows(_PHONE_SESSION, token)
    _demand_living_phone_session(rows)
    if rows[0].staff_id is None or not rows[0].active:
        raise Forbidden("not_bound", NOT_BOUND)
    _slide(rows[0])
    return _staff_actor(rows, lent_to_phone)


def desk_actor(token: str) -> Actor:
    """Who sits at the desk with this session, with every role; Unauthorized when it has ended."""
    rows = _rows(_DESK_SESSION, token)
    idle = timedelta(minutes=settings().staff_idle_minutes)
    row = rows[0] if rows else None
    if row is None or not row.active:
        raise _expired()
    if row.revoked_at is not None:
        raise _ended(row.staff_id)
    if not policy.staff_session_alive(row.expires_at, row.revoked_at, row.last_used_at, idle, now()):
        raise _expired()
    if now() - row.last_used_at >= policy.STAFF_TOUCH and not _by_itself():
        run_unit(lambda: sessions.touch_staff(row.session_id))
    return _staff_actor(rows, known)


def _by_itself() -> bool:
    """Whether the page asks by itself. A screen left open must not keep its session alive (SEC-02):
    polls carry If-None-Match, or X-Background where there is nothing to compare yet."""
    return request.method in READING and bool(request.if_none_match or request.headers.get("X-Background"))


def _staff_actor(rows: Sequence[Row[Any]], lent: Callable[[Iterable[str]], frozenset[str]]) -> Actor:
    first = rows[0]
    # A row for each role and each person one stands in for: what is there twice is meant once.
    grants = dict.fromkeys(
        Grant(lent(row.permissions), row.level, row.place_id, row.role_unit_id)
        for row in rows
        if row.permissions and lent(row.permissions)
    )
    return Actor(
        kind="staff",
        id=first.staff_id,
        name=first.staff_name,
        town_id=first.town_id,
        unit_id=first.unit_id,
        unit_name=first.unit_name,
        grants=tuple(grants),
        stands_in_for=tuple(dict.fromkeys((r.away_id, r.away_name) for r in rows if r.away_id is not None)),
        channel=first.channel,
        session_id=first.session_id,
        must=_must(rows) if first.channel == "console" else "",
    )


def _must(rows: Sequence[Row[Any]]) -> str:
    if rows[0].must_change_password:
        return "password"
    needed = rows[0].totp_since is None and any(row.totp_required for row in rows)
    return "second_factor" if needed else ""


def _demand_console_header() -> None:
    if request.headers.get(CONSOLE_HEADER) != CONSOLE_VALUE:
        raise Forbidden("not_from_console", "请从工作台的页面操作。")
