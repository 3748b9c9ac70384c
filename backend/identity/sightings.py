"""What we know of people's WeChat accounts: who was seen lately (content is judged for them only), who is linked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from backend.identity.models import LoginSession, Resident, WeChatAccount
from backend.kernel.db import db, run_unit


def seen_in_mini(resident_id: int | None, since: datetime) -> str | None:
    """The mini-program openid of a resident who was in the mini-program after that moment (aware UTC), or None.

    They were when a session of theirs from there was used (logging in opens one). A session notes its use at
    most every half hour (policy.RESIDENT_TOUCH), so this errs towards "not seen". A record that was merged
    away leads to the one that was kept.
    """
    if resident_id is None:
        return None
    kept = db.session.scalar(select(Resident.merged_into).where(Resident.id == resident_id)) or resident_id
    used = (
        select(LoginSession.id)
        .where(
            LoginSession.resident_id == kept,
            LoginSession.channel == "mini",
            LoginSession.last_used_at > since,
        )
        .exists()
    )
    return db.session.scalar(
        select(WeChatAccount.openid)
        .where(
            WeChatAccount.resident_id == kept,
            WeChatAccount.app == "mini",
            used,
        )
        .order_by(WeChatAccount.last_seen_at.desc())
        .limit(1)
    )


def linked_accounts() -> tuple[int, int]:
    """(accounts of the mini-program, those of them whose unionid is known), in a unit of its own."""
    counted = select(func.count(), func.count(WeChatAccount.unionid)).where(WeChatAccount.app == "mini")
    people, known = run_unit(lambda: db.session.execute(counted).one(), writing=False)
    return int(people), int(known)
