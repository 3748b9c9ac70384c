"""What WeChat pushes about people: following, withdrawn permissions, closed accounts.

The outbox worker hands each event in, inside its transaction and after de-duplication.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete

from backend import audit, outbox
from backend.identity import merging, ports, queries, sessions
from backend.identity.models import Resident, StaffBinding, WeChatAccount
from backend.kernel.actor import SYSTEM
from backend.kernel.clock import now, today
from backend.kernel.db import db

FOLLOWER = "identity.follower"
PHONE, NICKNAME = "8", "19"  # RevokeInfo's numbers of what we may hold (wechat-oss §1.5)

_anonymised: list[Callable[[int], None]] = []


def on_anonymise(forget: Callable[[int], None]) -> Callable[[int], None]:
    """Register `forget(resident_id)`: called in the transaction in which a person's data is removed."""
    if forget not in _anonymised:
        _anonymised.append(forget)
    return forget


def handle_platform_event(event: Mapping[str, Any]) -> bool:
    """Act on one pushed event {app, kind, openid, raw}; returns whether it was one of identity's.

    Safe to run again. Flushes, never commits.
    """
    act = _ACTS.get(str(event["kind"]))
    if act is None:
        return False
    raw = event.get("raw") or {}
    act(str(event["app"]), str(raw.get("OpenID") or event["openid"]), raw)
    return True


def ask_whether_following(openid: str) -> None:
    """Owe the question whether `openid` follows the official account, at most once a day.

    Whoever followed before the first login pushed no event that we could know of.
    """
    account = queries.account_of_openid("official", openid)
    if account is not None and not account.followed:
        outbox.enqueue(FOLLOWER, {"openid": openid}, key=f"{FOLLOWER}:{openid}:{today():%Y%m%d}")


def _follow(app: str, openid: str, raw: Mapping[str, Any]) -> None:
    # The event has no unionid; it is asked for outside of any transaction, and then two records may
    # become one. Nobody is entered who never logged in: a follower alone is not a user of ours.
    outbox.enqueue(FOLLOWER, {"openid": openid}, key=f"{FOLLOWER}:{openid}:{raw.get('CreateTime', '')}")
    account = queries.account_of_openid(app, openid)
    if account is not None:
        account.followed = True


def _unfollow(app: str, openid: str, raw: Mapping[str, Any]) -> None:
    account = queries.account_of_openid(app, openid)
    if account is not None:
        account.followed = False


def _withdraw(app: str, openid: str, raw: Mapping[str, Any]) -> None:
    resident = _resident_behind(app, openid)
    if resident is None:
        return
    items = set(re.findall(r"\d+", str(raw.get("RevokeInfo", ""))))
    if PHONE in items:
        resident.phone = resident.phone_index = None
    if NICKNAME in items:
        resident.nickname = None
    audit.record(SYSTEM, "permission_withdrawn", "resident", resident.id, {"items": sorted(items)})


def _close(app: str, openid: str, raw: Mapping[str, Any]) -> None:
    resident = _resident_behind(app, openid)
    if resident is not None:
        anonymise(resident)


_ACTS: dict[str, Callable[[str, str, Mapping[str, Any]], None]] = {
    "subscribe": _follow,
    "unsubscribe": _unfollow,
    "user_authorization_revoke": _withdraw,
    "user_authorization_cancellation": _close,
}


def anonymise(resident: Resident) -> None:
    """Remove who this was; what they reported stays as a record of the matter (PI-07, PI-08)."""
    resident.phone = resident.phone_index = resident.nickname = resident.unionid = None
    resident.notify = False
    resident.anonymised_at = now()
    sessions.revoke_resident(resident.id)
    for model in (WeChatAccount, StaffBinding):
        db.session.execute(
            delete(model)
            .where(model.resident_id == resident.id)
            .execution_options(synchronize_session="evaluate")
        )
    for forget in _anonymised:
        forget(resident.id)
    audit.record(SYSTEM, "resident_anonymised", "resident", resident.id)
    db.session.flush()


def _resident_behind(app: str, openid: str) -> Resident | None:
    account = queries.account_of_openid(app, openid)
    return None if account is None else db.session.get(Resident, account.resident_id, with_for_update=True)


@outbox.handles(FOLLOWER)
class MatchFollower(outbox.Handler):
    """Ask for a new follower's unionid and join the account to the person it belongs to.

    A person whom we know by the mini-program gets an official-account account here, so that messages
    reach them; one whom we do not know leaves no trace.
    """

    def prepare(self, job: outbox.Job) -> Callable[[], Any] | None:
        openid, platform = job.payload["openid"], ports.platform()
        return outbox.Call(lambda: platform.follower_unionids([openid]), channel="official")

    def complete(self, job: outbox.Job, result: Any) -> None:
        openid = job.payload["openid"]
        unionid = result.get(openid)
        known = queries.account_of_openid("official", openid) is not None
        if known or (unionid and merging.person_of(unionid) is not None):
            merging.account_for("official", openid, unionid).followed = openid in result
