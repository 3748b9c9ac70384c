"""Rows of the administration floor: roles, second factors, the login log, stand-ins, duty.

Beside models.py, which holds people and their sessions, for its length.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.identity.models import SHA256_HEX
from backend.kernel.clock import now
from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id


class TownRole(Model):
    """What a role may do in one town. Built-in ones begin as roles.py has them and are never deleted.

    The guard joins this row at every request: a change holds at the next click.
    """

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("town_id", "code", name="uq_roles_town_id_code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId, ForeignKey("places.id"))
    code: Mapped[str] = mapped_column(String(32))
    label: Mapped[str] = mapped_column(String(32))
    permissions: Mapped[list[str]] = mapped_column(JsonText)
    totp_required: Mapped[bool] = mapped_column(default=False)
    built_in: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class StaffTotp(Model):
    """Somebody's second factor (RFC 6238). `last_step` is the newest 30 s step used: none works twice."""

    __tablename__ = "staff_totp"

    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(EncryptedText("staff_totp.secret"))
    last_step: Mapped[int] = mapped_column(BigId, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Model):
    """One of the ten codes for the day the phone is gone. Only its keyed hash is here; used once."""

    __tablename__ = "staff_recovery_codes"
    __table_args__ = (UniqueConstraint("staff_id", "code_hash", name="uq_staff_recovery_codes_code"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    code_hash: Mapped[str] = mapped_column(BinaryString(SHA256_HEX))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginEntry(Model):
    """One line of the login log (SEC-01: kept for six months and more).

    A name that nobody has is not kept: people type their password there by mistake.
    """

    __tablename__ = "login_log"
    __table_args__ = (
        Index("ix_login_log_at", "at", "id"),
        Index("ix_login_log_town_id", "town_id", "at", "id"),
        Index("ix_login_log_staff_id", "staff_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    town_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("places.id"))
    result: Mapped[str] = mapped_column(BinaryString(16))  # in | refused | out
    reason: Mapped[str] = mapped_column(BinaryString(32), default="")
    address: Mapped[str | None] = mapped_column(BinaryString(45))
    user_agent: Mapped[str | None] = mapped_column(String(200))


class StandIn(Model):
    """代班: `stand_in_id` does what is given to `staff_id` from `starts_at` until before `ends_at`."""

    __tablename__ = "stand_ins"
    __table_args__ = (
        Index("ix_stand_ins_staff_id", "staff_id", "ends_at"),
        Index("ix_stand_ins_stand_in_id", "stand_in_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    stand_in_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(100), default="")
    made_by: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Duty(Model):
    """值班: somebody of a unit is on duty on a Shanghai day, for all of it (`day`) or half (`am`, `pm`)."""

    __tablename__ = "duties"
    __table_args__ = (
        UniqueConstraint("unit_id", "day", "half", "staff_id", name="uq_duties_unit_day_half_staff"),
        Index("ix_duties_staff_id", "staff_id", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("org_units.id"))
    day: Mapped[date]
    half: Mapped[str] = mapped_column(BinaryString(4))
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    made_by: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
