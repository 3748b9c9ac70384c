"""The second factor (SEC-03): a code from an app that changes every 30 seconds (RFC 6238), and ten spare ones.

Its own file: login.py asks here whether a code is right, one's own account page sets it up.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

import pyotp
import segno
from sqlalchemy import delete, select, update

from backend import audit
from backend.identity import lockout, login_log, people, sessions
from backend.identity.desk_models import RecoveryCode, StaffTotp, TownRole
from backend.identity.models import Staff, StaffRole
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import CODE_ALPHABET, read_code

ISSUER = "南事不难办"
STEP_SECONDS = 30
DRIFT_STEPS = 1  # a phone's clock may be half a minute off
_PURPOSE = "recovery_code"
SPARE_CODES = 10
SPARE_LENGTH = 10
WRONG = "动态验证码不对。请等下一个验证码出现后再试，并检查手机的时间是否准确。"


@dataclass(frozen=True)
class Setup:
    """What the app on the phone needs; shown until it is confirmed."""

    secret: str
    uri: str
    qr_svg: str


def begin(actor: Actor, password: str) -> Setup:
    """A new secret for oneself; it counts once a code made with it has come back.

    The password is asked for: whoever finds a desk open must not lock its owner out. Raises Conflict
    when a second factor is set up already, Invalid for a wrong password.
    """
    staff = lockout.demand_password(actor, password)
    if staff.totp_since is not None:
        raise Conflict("second_factor_there", "动态验证码已经设置好了。要换手机，请先关闭再重新设置。")
    secret = pyotp.random_base32()
    row = db.session.get(StaffTotp, staff.id)
    if row is None:
        row = StaffTotp(staff_id=staff.id, secret=secret)
        db.session.add(row)
    row.secret, row.last_step, row.created_at, row.confirmed_at = secret, 0, now(), None
    db.session.flush()
    uri = pyotp.TOTP(secret).provisioning_uri(name=staff.username, issuer_name=ISSUER)
    return Setup(secret, uri, segno.make(uri, error="m").svg_inline(scale=4, border=2))


def confirm(actor: Actor, code: str) -> list[str]:
    """The first code came back right: from now on logging in takes one. Returns ten spare codes, shown
    this once; the account's other sessions end. Raises Invalid for a wrong code."""
    staff = db.session.get_one(Staff, actor.id, with_for_update=True)
    row = db.session.get(StaffTotp, staff.id)
    if row is None or staff.totp_since is not None:
        raise Conflict("no_setup", "没有正在进行的设置，请重新开始。")
    if not _spend_step(row, code):
        raise Invalid("wrong_code", WRONG, fields={"code": [WRONG]})
    row.confirmed_at = staff.totp_since = now()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    spare = ["".join(secrets.choice(CODE_ALPHABET) for _ in range(SPARE_LENGTH)) for _ in range(SPARE_CODES)]
    for one in spare:
        db.session.add(RecoveryCode(staff_id=staff.id, code_hash=_index(one)))
    sessions.revoke_staff(staff.id, but=actor.session_id)
    audit.record(actor, "second_factor_set", "staff", staff.id)
    db.session.flush()
    return [f"{one[:5]}-{one[5:]}" for one in spare]


def turn_off(actor: Actor, password: str) -> None:
    """Log in without a second factor again. Forbidden where one's role demands it."""
    staff = lockout.demand_password(actor, password)
    if _demanded(staff):
        raise Forbidden("second_factor_demanded", "您的角色要求动态验证码，不能关闭。换手机请找管理员重置。")
    _drop(staff)
    audit.record(actor, "second_factor_dropped", "staff", staff.id)


def reset(actor: Actor, staff_id: int) -> None:
    """Drop somebody's second factor, for a phone that is lost; all their sessions end.

    Raises NotFound and Forbidden as people.managed does; one's own is turned off by password.
    """
    people.managed(actor, staff_id)
    if staff_id == actor.id:
        raise Forbidden("own_account", "自己的动态验证码请在“我的账号”里关闭，或请另一位管理员重置。")
    staff = db.session.get_one(Staff, staff_id, with_for_update=True)
    _drop(staff)
    if sessions.revoke_staff(staff.id):
        login_log.note("out", "forced", staff)
    audit.record(actor, "second_factor_reset", "staff", staff.id, {"name": staff.username})


def spend(staff: Staff, typed: str) -> str | None:
    """Use up a code: "second_factor" or "recovery_code" when it is right, None when it is not.

    A code works once: the same one again within its half minute is wrong.
    """
    row = db.session.get(StaffTotp, staff.id)
    plain = read_code(typed)
    if row is not None and _spend_step(row, plain):
        return "second_factor"
    if len(plain) == SPARE_LENGTH and _spend_spare(staff.id, plain):
        return "recovery_code"
    return None


def _spend_step(row: StaffTotp, code: str) -> bool:
    totp, step, typed = pyotp.TOTP(row.secret), int(now().timestamp()) // STEP_SECONDS, code.strip().encode()
    for candidate in range(step - DRIFT_STEPS, step + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.at(candidate * STEP_SECONDS).encode(), typed):
            # The row decides, not what was read: of two at the same moment one is too late.
            newer = update(StaffTotp).where(
                StaffTotp.staff_id == row.staff_id, StaffTotp.last_step < candidate
            )
            return changed_rows(newer.values(last_step=candidate)) == 1
    return False


def _spend_spare(staff_id: int, plain: str) -> bool:
    unused = update(RecoveryCode).where(
        RecoveryCode.staff_id == staff_id,
        RecoveryCode.code_hash.in_(blind_indexes(_PURPOSE, plain)),
        RecoveryCode.used_at.is_(None),
    )
    return changed_rows(unused.values(used_at=now())) == 1


def _demanded(staff: Staff) -> bool:
    held = (
        select(TownRole.id)
        .join(StaffRole, StaffRole.role == TownRole.code)
        .where(
            StaffRole.staff_id == staff.id,
            TownRole.town_id == staff.town_id,
            TownRole.active,
            TownRole.totp_required,
        )
    )
    return db.session.execute(held.limit(1)).first() is not None


def _drop(staff: Staff) -> None:
    staff.totp_since = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff.id))
    db.session.execute(delete(StaffTotp).where(StaffTotp.staff_id == staff.id))
    db.session.flush()


def _index(code: str) -> str:
    # Keyed: ten characters could be tried out against a plain hash.
    return blind_index(_PURPOSE, code)
