"""The login log (SEC-01): who came in, who was refused and why, who was signed out. Written, read, forgotten.

Its own file: login.py, the sessions and the accounts all write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, or_, select

from backend.identity import people
from backend.identity.desk_models import LoginEntry
from backend.identity.models import OrgUnit, Staff
from backend.kernel.actor import Actor
from backend.kernel.clock import now, start_of_day
from backend.kernel.db import changed_rows, db
from backend.kernel.paging import behind, make_page, parse_cursor
from backend.places.models import Place

KEPT = timedelta(days=366)
"""SEC-01 asks for six months at least."""

PAGE = 50
LONGEST_AGENT = 200
REASONS: dict[str, str] = {
    "": "",
    "second_factor": "动态验证码",
    "recovery_code": "恢复码",
    "wrong_password": "密码不对",
    "unknown_name": "没有这个用户名",
    "inactive": "账号已停用",
    "locked": "失败次数太多，已锁定",
    "wrong_code": "动态验证码不对",
    "own": "本人退出",
    "elsewhere": "在别处登录",
    "forced": "被管理员下线",
    "password": "密码已更换",
    "switched_off": "账号被停用",
}
RESULTS = {"in": "登录", "refused": "拒绝", "out": "退出"}


@dataclass(frozen=True)
class Where:
    """Where a request came from; services do not read it themselves."""

    address: str | None = None
    user_agent: str = ""


def note(result: str, reason: str, staff: Staff | None, where: Where | None = None) -> None:
    """Write one line; `result` and `reason` are keys of RESULTS and REASONS."""
    if result not in RESULTS or reason not in REASONS:
        raise ValueError(f"unknown login result {result!r} or reason {reason!r}")
    db.session.add(
        LoginEntry(
            at=now(),
            staff_id=staff.id if staff else None,
            town_id=staff.town_id if staff else None,
            result=result,
            reason=reason,
            address=where.address if where else None,
            user_agent=where.user_agent[:LONGEST_AGENT] if where else None,
        )
    )


def ended_because(staff_id: int) -> str:
    """Why somebody was signed out last: a key of REASONS, or "" when that is not known."""
    last = (
        select(LoginEntry.reason)
        .where(LoginEntry.staff_id == staff_id, LoginEntry.result == "out")
        .order_by(LoginEntry.at.desc(), LoginEntry.id.desc())
        .limit(1)
    )
    return db.session.execute(last).scalar_one_or_none() or ""


def entries(actor: Actor, wanted: dict[str, Any]) -> dict[str, Any]:
    """The log as far as the actor's log.view reaches, newest first, a page of 50.

    `wanted`: result, text (user name or name), from_day and to_day (Shanghai dates, both included),
    cursor. Refusals of names that nobody has are seen by those who see the whole town.
    """
    query = (
        select(LoginEntry, Staff.username, Staff.name, OrgUnit.name.label("unit_name"))
        .outerjoin(Staff, Staff.id == LoginEntry.staff_id)
        .outerjoin(OrgUnit, OrgUnit.id == Staff.unit_id)
        .outerjoin(Place, Place.id == people.seat())
    )
    reach = people.in_reach(actor, "log.view")
    sees_town = actor.may_on("log.view", {"town": actor.town_id}, None)
    nobodys = LoginEntry.staff_id.is_(None)
    query = query.where(or_(reach, nobodys) if sees_town else reach)
    query = _narrowed(query, wanted)
    at = parse_cursor(wanted.get("cursor"))
    if at is not None:
        query = query.where(behind(LoginEntry.at, LoginEntry.id, at))
    rows = db.session.execute(
        query.order_by(LoginEntry.at.desc(), LoginEntry.id.desc()).limit(PAGE + 1)
    ).all()
    page = make_page(rows, PAGE, lambda row: (row.LoginEntry.at, row.LoginEntry.id))
    return {"items": [_shown(row) for row in page.items], "next_cursor": page.next_cursor}


def _narrowed(query: Any, wanted: dict[str, Any]) -> Any:
    if wanted.get("result"):
        query = query.where(LoginEntry.result == wanted["result"])
    if wanted.get("username"):
        query = query.where(Staff.username == wanted["username"].lower())
    first: date | None = wanted.get("from_day")
    last: date | None = wanted.get("to_day")
    if first is not None:
        query = query.where(LoginEntry.at >= start_of_day(first))
    if last is not None:
        query = query.where(LoginEntry.at < start_of_day(last + timedelta(days=1)))
    return query


def _shown(row: Any) -> dict[str, Any]:
    entry: LoginEntry = row.LoginEntry
    return {
        "id": entry.id,
        "at": entry.at,
        "username": row.username,
        "name": row.name,
        "unit_name": row.unit_name,
        "result": entry.result,
        "result_label": RESULTS[entry.result],
        "reason_label": REASONS.get(entry.reason, entry.reason),
        "address": entry.address,
        "user_agent": entry.user_agent,
    }


def forget() -> int:
    """Delete what is older than a year; how many lines."""
    return changed_rows(delete(LoginEntry).where(LoginEntry.at < now() - KEPT))
