"""Rows of identity: residents and their WeChat accounts, staff, roles, sessions, bindings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import now
from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id

OPENID_LENGTH = 64
SHA256_HEX = 64


class Resident(Model):
    """A person who brings something. Knows no more of them than they gave (PI-01).

    `unionid` is unique: it is the lock that lets only one record be the person behind several
    WeChat accounts. A record that was merged away keeps `merged_into` and nothing personal.
    """

    __tablename__ = "residents"
    __table_args__ = (
        UniqueConstraint("unionid", name="uq_residents_unionid"),
        Index("ix_residents_phone_index", "phone_index"),
        Index("ix_residents_merged_into", "merged_into"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    unionid: Mapped[str | None] = mapped_column(BinaryString(OPENID_LENGTH))
    nickname: Mapped[str | None] = mapped_column(EncryptedText("residents.nickname"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("residents.phone"))
    phone_index: Mapped[str | None] = mapped_column(BinaryString(SHA256_HEX))
    consent_version: Mapped[str | None] = mapped_column(String(32))
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    elder_view: Mapped[bool] = mapped_column(default=False)
    notify: Mapped[bool] = mapped_column(default=True)
    binding_failures: Mapped[int] = mapped_column(default=0)
    binding_locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into: Mapped[int | None] = mapped_column(BigId, ForeignKey("residents.id"))
    anonymised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class WeChatAccount(Model):
    """One openid within one of our two WeChat accounts (`app`: mini or official)."""

    __tablename__ = "wechat_accounts"
    __table_args__ = (
        UniqueConstraint("app", "openid", name="uq_wechat_accounts_app_openid"),
        Index("ix_wechat_accounts_unionid", "unionid"),
        Index("ix_wechat_accounts_resident_id", "resident_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    app: Mapped[str] = mapped_column(String(16))
    openid: Mapped[str] = mapped_column(BinaryString(OPENID_LENGTH))
    unionid: Mapped[str | None] = mapped_column(BinaryString(OPENID_LENGTH))
    resident_id: Mapped[int] = mapped_column(BigId, ForeignKey("residents.id"))
    followed: Mapped[bool] = mapped_column(default=False)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class OrgUnit(Model):
    """A department, station or village office. `code` is the config's own name for it."""

    __tablename__ = "org_units"
    __table_args__ = (
        UniqueConstraint("town_id", "code", name="uq_org_units_town_id_code"),
        Index("ix_org_units_parent_id", "parent_id"),
        Index("ix_org_units_place_id", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId, ForeignKey("places.id"))
    code: Mapped[str] = mapped_column(BinaryString(32))
    name: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    place_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("places.id"))
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("org_units.id"))
    phone: Mapped[str | None] = mapped_column(String(32))  # the office's public number, nobody's own
    active: Mapped[bool] = mapped_column(default=True)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # on screen: a load leaves it alone


class Staff(Model):
    """A person who works on cases. `username` is stored in lower case and unique everywhere.

    So is the phone of an active person, by its blind index: nobody is in two places at once.
    `totp_since` says since when logging in takes a second factor (SEC-03).
    """

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("username", name="uq_staff_username"),
        Index("uq_staff_phone_index", "phone_index", unique=True),
        Index("ix_staff_town_id", "town_id", "active"),
        Index("ix_staff_unit_id", "unit_id", "active"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId, ForeignKey("places.id"))
    username: Mapped[str] = mapped_column(BinaryString(64))
    name: Mapped[str] = mapped_column(EncryptedText("staff.name"))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("org_units.id"))
    password_hash: Mapped[str | None] = mapped_column(BinaryString(255))
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    phone: Mapped[str | None] = mapped_column(EncryptedText("staff.phone"))
    phone_index: Mapped[str | None] = mapped_column(BinaryString(SHA256_HEX))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    totp_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # on screen: a load leaves it alone


class StaffRole(Model):
    """A role held by someone within one place's subtree, optionally for one unit's cases only.

    What a role may do stands in roles.py. NULLs do not collide in a unique key, so the service keeps
    (staff, role, place, unit) single under the lock of the staff row.
    """

    __tablename__ = "staff_roles"
    __table_args__ = (
        UniqueConstraint("staff_id", "role", "place_id", "unit_id", name="uq_staff_roles_grant"),
        Index("ix_staff_roles_place_role", "place_id", "role"),
        Index("ix_staff_roles_unit_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(32))
    place_id: Mapped[int] = mapped_column(BigId, ForeignKey("places.id"))
    unit_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("org_units.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class LoginSession(Model):
    """Someone who is signed in. Only the SHA-256 of the token is here; a dump opens nothing.

    `expires_at`: a resident's slides (90 days after the last day of use), a member of staff's is
    absolute (12 h) and `last_used_at` decides the idle time-out beside it.
    """

    __tablename__ = "login_sessions"
    __table_args__ = (
        UniqueConstraint("token_hash", name="uq_login_sessions_token_hash"),
        CheckConstraint(
            "(resident_id IS NULL AND staff_id IS NOT NULL) OR (resident_id IS NOT NULL AND staff_id IS NULL)",
            name="one_holder",
        ),
        Index("ix_login_sessions_resident_id", "resident_id"),
        Index("ix_login_sessions_staff_id", "staff_id"),
        Index("ix_login_sessions_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(BinaryString(SHA256_HEX))
    channel: Mapped[str] = mapped_column(String(16))  # mini | official | console
    resident_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("residents.id"))
    staff_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(BinaryString(45))  # of staff only
    user_agent: Mapped[str | None] = mapped_column(String(200))


class LoginFailure(Model):
    """Failed password logins of one user name (SEC-04), whether or not anyone has that name.

    Kept apart from staff rows so that unknown names count and lock exactly as known ones do: the
    answer must not tell which names exist. The name is a blind index.
    """

    __tablename__ = "login_failures"
    __table_args__ = (
        UniqueConstraint("username_index", name="uq_login_failures_username_index"),
        Index("ix_login_failures_last_at", "last_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    username_index: Mapped[str] = mapped_column(BinaryString(SHA256_HEX))
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffBinding(Model):
    """The one WeChat person who is this member of staff, bound by a one-time code."""

    __tablename__ = "staff_bindings"
    __table_args__ = (
        UniqueConstraint("staff_id", name="uq_staff_bindings_staff_id"),
        UniqueConstraint("resident_id", name="uq_staff_bindings_resident_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    resident_id: Mapped[int] = mapped_column(BigId, ForeignKey("residents.id"))
    bound_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class BindingCode(Model):
    """A one-time code that lets its holder bind a WeChat to a staff account. Only its hash is kept."""

    __tablename__ = "staff_binding_codes"
    __table_args__ = (
        UniqueConstraint("code_hash", name="uq_staff_binding_codes_code_hash"),
        Index("ix_staff_binding_codes_staff_id", "staff_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    code_hash: Mapped[str] = mapped_column(BinaryString(SHA256_HEX))
    staff_id: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    issued_by: Mapped[int] = mapped_column(BigId, ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SpentState(Model):
    """A web-login state that has been used. The unique key is what makes a state single-use."""

    __tablename__ = "spent_login_states"
    __table_args__ = (
        UniqueConstraint("state_hash", name="uq_spent_login_states_state_hash"),
        Index("ix_spent_login_states_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    state_hash: Mapped[str] = mapped_column(BinaryString(SHA256_HEX))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
