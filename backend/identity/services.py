"""Residents: logging in by WeChat, and what they tell us of themselves. Flushes, never commits.

Logging in is the exception: it follows a call whose code is spent (ports.after_platform).
The names other features use are gathered here; staff's side is in staffing.py and bindings.py.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from backend import audit
from backend.identity import login_log, policy, ports, queries, sessions
from backend.identity.bindings import bind, issue_code, unbind
from backend.identity.login import sign_in
from backend.identity.merging import account_for, merge, on_merge
from backend.identity.models import Resident, SpentState, Staff
from backend.identity.platform_events import (
    anonymise,
    ask_whether_following,
    handle_platform_event,
    on_anonymise,
)
from backend.identity.staffing import create_staff, save_staff
from backend.identity.units import create_unit, save_units
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index, mask_phone
from backend.kernel.db import db
from backend.kernel.errors import Invalid, Unauthorized
from backend.kernel.settings import settings
from backend.kernel.signing import BadToken, sign, unsign

__all__ = [
    "anonymise",
    "bind",
    "create_staff",
    "create_unit",
    "handle_platform_event",
    "issue_code",
    "merge",
    "on_anonymise",
    "on_merge",
    "save_staff",
    "save_units",
    "sign_in",
    "unbind",
]

_STATE_PURPOSE = "wechat-login"
LOGIN_PAGE = "/m/pages/login/index"
"""The H5 page that WeChat's login page comes back to, with code and state."""


@dataclass(frozen=True)
class LoggedIn:
    """A resident's fresh session; `return_to` only after the web login."""

    token: str
    expires_at: datetime
    resident: dict[str, Any]
    return_to: str | None = None


@dataclass(frozen=True)
class WebLogin:
    """The way to WeChat's login page, and the ticket that stays in this browser's cookie."""

    url: str
    state: str
    ticket: str


def login_mini(code: str) -> LoggedIn:
    """Log a mini-program user in by the code of wx.login; see ports.ask_platform for what is raised."""
    platform = ports.platform()
    return ports.after_platform(
        lambda: platform.code_to_session(code),
        lambda who: _log_in("mini", who.openid, who.unionid, None),
    )


def begin_web_login(return_to: str) -> WebLogin:
    """The address of the official account's login page; raises Invalid for a foreign `return_to`.

    WeChat carries at most 128 letters and digits as state. So the state is a random word, and what
    it stands for is signed into a ticket in the browser's cookie: a state that was caught opens
    nothing in another browser.
    """
    if not policy.own_path(return_to):
        raise Invalid("bad_return_to", "登录后要去的页面不对。", fields={"return_to": ["只能是本站的页面"]})
    if return_to.startswith(LOGIN_PAGE):
        return_to = "/m/"  # begun anew after a failure: not back to the code that failed
    state = secrets.token_hex(16)
    ticket = sign(_STATE_PURPOSE, {"s": _hash(state), "r": return_to}, policy.STATE_LIFE)
    url = ports.platform().authorize_url(f"{settings().public_base_url}{LOGIN_PAGE}", state)
    return WebLogin(url, state, ticket)


def login_official(code: str, state: str, ticket: str | None) -> LoggedIn:
    """Log an H5 user in by the code the login page brought back.

    Raises Unauthorized when the state is not this browser's, has expired or was used before.
    """
    return_to = _check_state(state, ticket)
    platform = ports.platform()
    return ports.after_platform(
        lambda: platform.web_user(code),
        lambda who: _finish_web_login(state, return_to, who),
    )


def _finish_web_login(state: str, return_to: str, who: ports.WebUser) -> LoggedIn:
    _spend(state)
    done = _log_in("official", who.openid, who.unionid, who.nickname)
    ask_whether_following(who.openid)
    return LoggedIn(done.token, done.expires_at, done.resident, return_to)


def _check_state(state: str, ticket: str | None) -> str:
    try:
        held = unsign(_STATE_PURPOSE, ticket or "")
    except BadToken as error:
        raise _stale_login() from error
    if not hmac.compare_digest(held["s"], _hash(state)):
        raise _stale_login()
    spent = select(SpentState.id).where(SpentState.state_hash == _hash(state))
    if db.session.execute(spent).first() is not None:
        raise _stale_login()
    return str(held["r"])


def _spend(state: str) -> None:
    """The unique key makes the state single-use; what can no longer be valid is swept out here."""
    db.session.execute(delete(SpentState).where(SpentState.expires_at < now() - timedelta(minutes=1)))
    try:
        with db.session.begin_nested():
            db.session.add(SpentState(state_hash=_hash(state), expires_at=now() + policy.STATE_LIFE))
    except IntegrityError as error:
        raise _stale_login() from error


def _stale_login() -> Unauthorized:
    return Unauthorized("login_state", "这次登录已过期，请回到页面再点一次登录。")


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _log_in(app: str, openid: str, unionid: str | None, nickname: str | None) -> LoggedIn:
    account = account_for(app, openid, unionid)
    resident = db.session.get_one(Resident, account.resident_id)
    if nickname and resident.nickname != nickname:
        resident.nickname = nickname
    opened = sessions.open_for_resident(resident.id, app)
    return LoggedIn(opened.token, opened.expires_at, me_of(resident))


def me(actor: Actor) -> dict[str, Any]:
    """What the app shows of a resident to themselves."""
    return me_of(db.session.get_one(Resident, actor.id))


def me_of(resident: Resident) -> dict[str, Any]:
    """The `Me` answer; the phone masked, for a screen is seen by others too."""
    card = queries.staff_of_resident(resident.id)
    return {
        "id": resident.id,
        "nickname": resident.nickname,
        "phone_masked": mask_phone(resident.phone) if resident.phone else None,
        "consent_version": resident.consent_version,
        "elder_view": resident.elder_view,
        "notify": resident.notify,
        "unread": ports.unread(resident.id),
        "staff": None
        if card is None
        else {
            "id": card.id,
            "name": card.name,
            "unit_name": card.unit_name,
            "open_tasks": ports.open_tasks(card),
            "open_visits": ports.open_visits(card),
        },
    }


def change_me(actor: Actor, changes: dict[str, Any]) -> dict[str, Any]:
    """Change what a resident decides: elder_view, notify, phone (None or "" removes it)."""
    resident = _own(actor)
    for name in ("elder_view", "notify"):
        if name in changes:
            setattr(resident, name, changes[name])
    if "phone" in changes:
        _keep_phone(actor, resident, changes["phone"] or None)
    db.session.flush()
    return me_of(resident)


def take_phone(actor: Actor, code: str) -> dict[str, Any]:
    """Keep the phone number behind the code of WeChat's getPhoneNumber button."""
    platform = ports.platform()

    def keep(number: str) -> dict[str, Any]:
        resident = _own(actor)
        _keep_phone(actor, resident, number)
        db.session.flush()
        return me_of(resident)

    return ports.after_platform(lambda: platform.phone_number(code), keep)


def consent(actor: Actor, version: str) -> dict[str, Any]:
    """Keep which version of the privacy notice was agreed to, and when (PI-02)."""
    resident = _own(actor)
    if resident.consent_version != version:
        resident.consent_version, resident.consented_at = version, now()
        audit.record(actor, "consent_given", "resident", resident.id, {"version": version})
        db.session.flush()
    return me_of(resident)


def log_out(actor: Actor) -> None:
    """End the session that asks."""
    if actor.session_id is not None:
        sessions.revoke(actor.session_id)
    if actor.kind == "staff":
        login_log.note("out", "own", db.session.get(Staff, actor.id))
        audit.record(actor, "logout", "staff", actor.id)


def _own(actor: Actor) -> Resident:
    return db.session.get_one(Resident, actor.id, with_for_update=True)


def _keep_phone(actor: Actor, resident: Resident, phone: str | None) -> None:
    if resident.phone == phone:
        return
    resident.phone = phone
    resident.phone_index = blind_index("phone", phone) if phone else None
    audit.record(actor, "phone_given" if phone else "phone_removed", "resident", resident.id)
