"""What an administrator does to an account: switch it off and on, a new password, unbind its WeChat.

Its own file: staffing.py says who a person is and what they hold.
"""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select

from backend import audit
from backend.identity import bindings, login_log, passwords, people, sessions
from backend.identity.models import BindingCode, Staff
from backend.identity.staffing import store_password
from backend.identity.town_roles import demand_governable, lock_town
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import CODE_ALPHABET

GROUPS, GROUP_LENGTH = 4, 4


def switch_off(actor: Actor, staff_id: int) -> None:
    """Let somebody in no more, from this moment on: sessions, binding and binding codes end.

    What they hold stays on record for the day they come back. Raises NotFound and Forbidden as
    people.managed does; Invalid for oneself and for the last who governs the town.
    """
    staff = _managed(actor, staff_id, "不能停用自己的账号，请另一位管理员来操作。")
    if not staff.active:
        return
    staff.active, staff.phone_index, staff.edited_at = False, None, now()
    if sessions.revoke_staff(staff.id):
        login_log.note("out", "switched_off", staff)
    db.session.execute(delete(BindingCode).where(BindingCode.staff_id == staff.id))
    bindings.unbind(actor, staff.id)
    db.session.flush()
    demand_governable(staff.town_id)
    audit.record(actor, "person_switched_off", "staff", staff.id, {"name": staff.username})


def switch_on(actor: Actor, staff_id: int) -> None:
    """Let somebody in again who was switched off; with a new password only. Raises Conflict when
    their phone number has become somebody else's."""
    staff = _managed(actor, staff_id, "这个账号是您自己的。")
    if staff.active:
        return
    staff.active, staff.edited_at, staff.password_hash = True, now(), None
    if staff.phone:
        taken = Staff.phone_index.in_(blind_indexes("staff_phone", staff.phone))
        if db.session.scalar(select(Staff.id).where(taken)) is not None:
            sentence = "这个人登记的手机号已经是别人的了，请先改掉手机号。"
            raise Conflict("person_twice", sentence, fields={"phone": [sentence]})
        staff.phone_index = blind_index("staff_phone", staff.phone)
    db.session.flush()
    audit.record(actor, "person_switched_on", "staff", staff.id, {"name": staff.username})


def reset_password(actor: Actor, staff_id: int) -> str:
    """A one-time password, shown this once; it opens only the page where it is changed."""
    staff = _managed(actor, staff_id, "自己的密码请在“我的账号”里修改。")
    if not staff.active:
        raise Invalid("inactive", "这个账号已停用，请先启用。")
    letters = [secrets.choice(CODE_ALPHABET) for _ in range(GROUPS * GROUP_LENGTH)]
    groups = ("".join(letters[i : i + GROUP_LENGTH]) for i in range(0, len(letters), GROUP_LENGTH))
    password = "-".join(groups).lower()
    store_password(staff, passwords.hash_password(password))
    staff.must_change_password = True
    if sessions.revoke_staff(staff.id):
        login_log.note("out", "password", staff)
    audit.record(actor, "password_reset", "staff", staff.id, {"name": staff.username})
    db.session.flush()
    return password


def unbind(actor: Actor, staff_id: int) -> bool:
    """End somebody's WeChat binding; whether there was one."""
    people.managed(actor, staff_id)
    return bindings.unbind(actor, staff_id)


def _managed(actor: Actor, staff_id: int, not_oneself: str) -> Staff:
    lock_town(actor.town_id or 0)
    people.managed(actor, staff_id)
    if staff_id == actor.id:
        raise Forbidden("own_account", not_oneself)
    return db.session.get_one(Staff, staff_id, with_for_update=True)
