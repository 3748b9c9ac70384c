"""What identity keeps of a resident, for the resident; and how it is forgotten, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select

from backend import audit
from backend.identity import policy, queries, sessions
from backend.identity.desk_models import LoginEntry, TownRole
from backend.identity.models import LoginSession, Resident, Staff, StaffRole
from backend.identity.platform_events import anonymise
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index
from backend.kernel.db import db
from backend.kernel.errors import Invalid

APPS = {"mini": "小程序", "official": "公众号", "console": "工作台"}
NICKNAME_MOST = 32


def copy(resident_id: int) -> list[dict[str, Any]]:
    """Account, WeChat accounts and living sessions, in full."""
    resident = db.session.get_one(Resident, resident_id)
    account = [
        ("编号", resident.id),
        ("建立时间", resident.created_at),
        ("微信昵称", resident.nickname),
        ("电话", resident.phone),
        ("同意的隐私说明版本", resident.consent_version),
        ("同意时间", resident.consented_at),
        ("长辈版", resident.elder_view),
        ("用微信提醒", resident.notify),
        ("微信统一编号（unionid）", resident.unionid),
    ]
    staff = queries.staff_of_resident(resident_id)
    if staff is not None:
        account.append(("绑定的工作人员账号", f"{staff.unit_name} · {staff.name}"))
    wechat = [
        {
            "title": f"微信{APPS.get(one.app, one.app)}",
            "facts": [
                ("编号（openid）", one.openid),
                ("关注", one.followed),
                ("最近登录", one.last_seen_at),
            ],
        }
        for one in queries.wechat_of_resident(resident_id)
    ]
    return [
        {"code": "account", "title": "账号", "records": [{"title": "账号", "facts": account}]},
        {"code": "wechat", "title": "微信", "records": wechat},
        {"code": "sessions", "title": "登录状态", "records": _sessions(resident_id)},
    ]


def _sessions(resident_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(LoginSession)
        .where(
            LoginSession.resident_id == resident_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now(),
        )
        .order_by(LoginSession.created_at.desc())
    ).scalars()
    return [
        {
            "title": APPS.get(row.channel, row.channel),
            "facts": [("登录时间", row.created_at), ("最近使用", row.last_used_at), ("到期", row.expires_at)],
        }
        for row in rows
    ]


def consent_of(resident_id: int) -> tuple[str | None, datetime | None]:
    """Which version of the notice the person agreed to, and when."""
    resident = db.session.get_one(Resident, resident_id)
    return resident.consent_version, resident.consented_at


def role_labels_of(staff_ids: Iterable[int]) -> dict[int, str]:
    """Staff id → what their town calls the first role they hold; for a citizen, who is told no name."""
    wanted = set(staff_ids)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(StaffRole.staff_id, TownRole.label)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .join(TownRole, (TownRole.town_id == Staff.town_id) & (TownRole.code == StaffRole.role))
        .where(StaffRole.staff_id.in_(wanted))
        .order_by(StaffRole.id.desc())
    )
    return {row.staff_id: row.label for row in rows}


def old_logins(before: datetime) -> Select[Any]:
    """Ids of lines of the login log older than that moment (SEC-01: six months at least)."""
    return select(LoginEntry.id).where(LoginEntry.at < before)


def forget_logins(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase these lines of the login log."""
    db.session.execute(delete(LoginEntry).where(LoginEntry.id.in_(ids)))
    return ids


def correct(actor: Actor, changes: dict[str, str | None]) -> list[str]:
    """Set the resident's own nickname or phone; empty removes it. The names of what changed.

    Raises Invalid for a number that is none.
    """
    resident = _locked(actor.id)
    phone = changes.get("phone") or None
    if phone and not policy.PHONE.fullmatch(phone):
        raise Invalid("bad_phone", "请填写 11 位手机号码。", fields={"phone": ["请填写 11 位手机号码"]})
    changed = [name for name in changes if (changes[name] or None) != getattr(resident, name)]
    if "nickname" in changed:
        resident.nickname = changes["nickname"] or None
    if "phone" in changed:
        resident.phone, resident.phone_index = phone, blind_index("phone", phone) if phone else None
    if changed:
        audit.record(actor, "own_data_corrected", "resident", resident.id, {"what": changed})
    db.session.flush()
    return changed


def withdraw(actor: Actor, what: str) -> bool:
    """Take back one consent: phone, nickname, messages or notice; whether anything was given before."""
    resident = _locked(actor.id)
    given = {
        "phone": bool(resident.phone),
        "nickname": bool(resident.nickname),
        "messages": resident.notify,
        "notice": resident.consent_version is not None,
    }[what]
    if what == "phone":
        resident.phone = resident.phone_index = None
    elif what == "nickname":
        resident.nickname = None
    elif what == "messages":
        resident.notify = False
    else:
        resident.consent_version = resident.consented_at = None
    if given:
        audit.record(actor, "consent_withdrawn", "resident", resident.id, {"what": what})
    db.session.flush()
    return given


def close_account(resident_id: int) -> None:
    """Erase openid, unionid, nickname and phone, end every session; closing twice is no error."""
    resident = _locked(resident_id)
    if resident.anonymised_at is None:
        resident.consent_version = resident.consented_at = None
        anonymise(resident)
    sessions.revoke_resident(resident_id)


def _locked(resident_id: int) -> Resident:
    return db.session.get_one(Resident, resident_id, with_for_update=True, populate_existing=True)
