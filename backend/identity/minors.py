"""Under 14 (PI-04; MINOR 34-37): a guardian agrees by a one-time code. No birthday is kept, only a bound.

The child's phone shows a code, the guardian's own account enters it. Until then nothing can be
reported from the child's account; what it shows and looks up needs no consent.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Index, Select, UniqueConstraint, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from backend import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime, changed_rows, db
from backend.kernel.errors import Forbidden, Invalid
from backend.kernel.ids import new_id

FULL_AGE = 14
CODE_DIGITS = 8
CODE_LIFE = timedelta(hours=24)
PURPOSE = "guardian_code"


class Minor(Model):
    """An account of somebody under 14, until the day from which they surely are not any more."""

    __tablename__ = "minors"
    __table_args__ = (Index("ix_minors_guardian_id", "guardian_id"),)

    resident_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    until: Mapped[date]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    guardian_id: Mapped[int | None] = mapped_column(BigId)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class GuardianCode(Model):
    """A one-time code by which a guardian agrees. Only its keyed hash is kept."""

    __tablename__ = "guardian_codes"
    __table_args__ = (
        UniqueConstraint("code_hash", name="uq_guardian_codes_code_hash"),
        Index("ix_guardian_codes_expires_at", "expires_at"),
        Index("ix_guardian_codes_resident_id", "resident_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    code_hash: Mapped[str] = mapped_column(BinaryString(64))
    resident_id: Mapped[int] = mapped_column(BigId)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True)
class Standing:
    """Whether an account is a child's, and whether a guardian agreed."""

    under_14: bool
    agreed: bool
    until: date | None = None


def standing(resident_id: int) -> Standing:
    """How an account stands today; 14 or older unless the person said otherwise."""
    row = db.session.get(Minor, resident_id)
    if row is None or row.until <= today():
        return Standing(False, True)
    return Standing(True, row.agreed_at is not None, row.until)


def is_under_14(resident_id: int | None) -> bool:
    """Whether whoever brought something is under 14."""
    return resident_id is not None and standing(resident_id).under_14


def state_age(actor: Actor, age: int) -> Standing:
    """The person says how old they are; below 14 the account waits for a guardian.

    Kept is the day on which somebody of that age has surely turned 14: no birthday can be read from it.
    """
    if not 0 < age <= 120:
        raise Invalid("bad_age", "请选择年龄。", fields={"age": ["请选择年龄"]})
    row = db.session.get(Minor, actor.id, with_for_update=True)
    if age >= FULL_AGE:
        if row is not None and row.until > today():
            raise Forbidden(
                "age_stated", "这个账号说过未满 14 周岁。如果填错了，请在“我的个人信息”里提更正申请。"
            )
        return standing(actor.id)
    day = today()
    until = date(day.year + FULL_AGE - age, day.month, min(day.day, 28))
    if row is None:
        db.session.add(Minor(resident_id=actor.id, until=until, stated_at=now()))
        audit.record(actor, "under_14_stated", "resident", actor.id)
    elif row.agreed_at is None:
        row.until = until
    db.session.flush()
    return standing(actor.id)


def issue_code(actor: Actor) -> tuple[str, datetime]:
    """A fresh code for the child's guardian and when it expires; an earlier one no longer counts."""
    if not standing(actor.id).under_14:
        raise Invalid("not_under_14", "这个账号已满 14 周岁，不需要监护人同意。")
    db.session.execute(delete(GuardianCode).where(GuardianCode.resident_id == actor.id))
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    expires_at = now() + CODE_LIFE
    db.session.add(
        GuardianCode(code_hash=blind_index(PURPOSE, code), resident_id=actor.id, expires_at=expires_at)
    )
    db.session.flush()
    return code, expires_at


def agree(actor: Actor, code: str) -> int:
    """The guardian agrees for the child behind the code; the child's resident id.

    Raises Invalid for a code that is wrong, used or expired, Forbidden for oneself and for a child.
    """
    row = db.session.execute(
        select(GuardianCode)
        .where(GuardianCode.code_hash.in_(blind_indexes(PURPOSE, _digits(code))))
        .with_for_update()
    ).scalar_one_or_none()
    if row is None or row.used_at is not None or row.expires_at <= now():
        raise Invalid(
            "code_unknown",
            "确认码不对或已过期，请在孩子的手机上重新生成。",
            fields={"code": ["不对或已过期"]},
        )
    if row.resident_id == actor.id:
        raise Forbidden("own_child", "要用监护人自己的微信确认，不能用孩子的。")
    if standing(actor.id).under_14:
        raise Forbidden("guardian_under_14", "未满 14 周岁不能作监护人。")
    row.used_at = now()
    changed_rows(
        update(Minor)
        .where(Minor.resident_id == row.resident_id)
        .values(guardian_id=actor.id, agreed_at=now())
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "guardian_agreed", "resident", row.resident_id)
    db.session.flush()
    return row.resident_id


def withdraw(actor: Actor) -> list[int]:
    """The guardian takes the consent back; the ids of the children whose accounts wait again."""
    rows = db.session.scalars(select(Minor).where(Minor.guardian_id == actor.id).with_for_update()).all()
    for row in rows:
        row.guardian_id = row.agreed_at = None
        audit.record(actor, "guardian_withdrew", "resident", row.resident_id)
    db.session.flush()
    return [row.resident_id for row in rows]


def wards(guardian_id: int) -> int:
    """For how many children a person agreed."""
    return len(db.session.scalars(select(Minor.resident_id).where(Minor.guardian_id == guardian_id)).all())


def demand_guardian(resident_id: int) -> None:
    """Forbidden while a child's guardian has not agreed."""
    held = standing(resident_id)
    if held.under_14 and not held.agreed:
        raise Forbidden(
            "guardian_needed",
            "未满 14 周岁，要先请监护人同意：在“我的个人信息”里生成确认码，请家长用自己的微信确认。急事请直接打电话。",
        )


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two resident records became one: under 14 in either is under 14, and a guardian stays one."""
    gone, kept = db.session.get(Minor, gone_id), db.session.get(Minor, kept_id)
    if gone is not None and kept is None:
        fields = {"until": gone.until, "stated_at": gone.stated_at}
        consent = {"guardian_id": gone.guardian_id, "agreed_at": gone.agreed_at}
        db.session.add(Minor(resident_id=kept_id, **fields, **consent))
    if gone is not None:
        db.session.delete(gone)
    db.session.flush()
    db.session.execute(update(Minor).where(Minor.guardian_id == gone_id).values(guardian_id=kept_id))
    db.session.execute(delete(GuardianCode).where(GuardianCode.resident_id == gone_id))


def forget(resident_id: int) -> dict[str, list[Any]]:
    """The account is closed: the child's flag goes, and a guardian's consents with them."""
    db.session.execute(delete(GuardianCode).where(GuardianCode.resident_id == resident_id))
    gone = changed_rows(delete(Minor).where(Minor.resident_id == resident_id))
    db.session.execute(
        update(Minor).where(Minor.guardian_id == resident_id).values(guardian_id=None, agreed_at=None)
    )
    return {"minor": [resident_id] if gone else []}


def old_codes(before: datetime) -> Select[Any]:
    """Ids of codes that expired before that moment."""
    return select(GuardianCode.id).where(GuardianCode.expires_at < before)


def forget_codes(ids: Any) -> Any:
    """Erase these codes."""
    db.session.execute(delete(GuardianCode).where(GuardianCode.id.in_(ids)))
    return ids


def _digits(typed: str) -> str:
    return "".join(ch for ch in typed if ch.isdigit())
