"""One person, one record: finding the person behind a WeChat account, and making two records one.

Apart from services.py because logins, pushed events and the late match all come here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from backend import audit, outbox
from backend.identity import policy
from backend.identity.models import LoginSession, Resident, StaffBinding, WeChatAccount
from backend.kernel.actor import SYSTEM
from backend.kernel.clock import now
from backend.kernel.db import db

STRAGGLERS = "identity.stragglers"
STRAGGLERS_AFTER = timedelta(minutes=2)  # longer than any request may take

_merged: list[Callable[[int, int], None]] = []


def on_merge(move: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Register `move(kept_id, gone_id)`: whoever keeps resident ids moves theirs, in the same transaction.

    It must be safe to run again for the same two ids. Registering it twice registers it once.
    """
    if move not in _merged:
        _merged.append(move)
    return move


def account_for(app: str, openid: str, unionid: str | None) -> WeChatAccount:
    """The account of an openid, made on first sight, belonging to the person that its unionid names.

    Two logins of one openid at once end at one account (unique key); two accounts of one unionid at
    one resident, whichever came first, and also when the unionid arrives late (wechat-oss §2.5).
    """
    account = _locked_account(app, openid)
    if account is None:
        account = _new_account(app, openid, unionid)
    account.last_seen_at = now()
    if unionid:
        join_by_unionid(account, unionid)
    db.session.flush()
    return account


def join_by_unionid(account: WeChatAccount, unionid: str) -> None:
    """Note the account's unionid and make its resident and the unionid's resident one."""
    account.unionid = unionid
    resident = _locked_resident(account.resident_id)
    if resident.unionid == unionid:
        return
    holder = _holder(unionid)
    if holder is None:
        try:
            with db.session.begin_nested():
                resident.unionid = unionid
            return
        except IntegrityError:  # another login of the same person was a moment faster
            holder = _holder(unionid)
            if holder is None:
                raise
    if holder.id != resident.id:
        merge(holder.id, resident.id)


def merge(one_id: int, other_id: int) -> int:
    """Make two resident records one; returns the id that is kept, the older record's.

    Accounts, sessions and the staff binding move, every on_merge callback is called, the gone record
    keeps `merged_into` and nothing personal. Running it again changes nothing.
    """
    one, other = (_locked_resident(i) for i in sorted((one_id, other_id)))
    if one.id == other.id:
        return one.id
    first = policy.kept_first((one.created_at, one.id), (other.created_at, other.id))
    kept, gone = (one, other) if first else (other, one)
    _take_over(kept, gone)
    _move_rows(kept.id, gone.id)
    _call_back(kept.id, gone.id)
    audit.record(SYSTEM, "resident_merged", "resident", kept.id, {"gone": str(gone.id)})
    # A request that was under way as the gone record may commit after us: look once more, later.
    outbox.enqueue(
        STRAGGLERS,
        {"kept": str(kept.id), "gone": str(gone.id)},
        key=f"{STRAGGLERS}:{gone.id}",
        not_before=now() + STRAGGLERS_AFTER,
    )
    db.session.flush()
    return kept.id


@outbox.handles(STRAGGLERS)
def move_stragglers(job: outbox.Job) -> None:
    """Move what was written for a gone record while it was being merged away."""
    kept = _locked_resident(int(job.payload["kept"]))
    gone_id = int(job.payload["gone"])
    _move_rows(kept.id, gone_id)
    _call_back(kept.id, gone_id)


def _call_back(kept_id: int, gone_id: int) -> None:
    for move in _merged:
        move(kept_id, gone_id)


def _take_over(kept: Resident, gone: Resident) -> None:
    unionid = kept.unionid or gone.unionid
    kept.unionid = gone.unionid = None
    db.session.flush()  # the key is unique: it must be free before it is given
    kept.unionid = unionid
    if kept.phone is None:
        kept.phone, kept.phone_index = gone.phone, gone.phone_index
    if kept.nickname is None:
        kept.nickname = gone.nickname
    if gone.consented_at and (kept.consented_at is None or gone.consented_at > kept.consented_at):
        kept.consent_version, kept.consented_at = gone.consent_version, gone.consented_at
    kept.elder_view = kept.elder_view or gone.elder_view
    kept.notify = kept.notify and gone.notify  # who opted out anywhere stays opted out
    gone.merged_into = kept.id
    gone.phone = gone.phone_index = gone.nickname = None
    db.session.flush()


def _move_rows(kept_id: int, gone_id: int) -> None:
    for model in (WeChatAccount, LoginSession):
        db.session.execute(
            update(model)
            .where(model.resident_id == gone_id)
            .values(resident_id=kept_id)
            .execution_options(synchronize_session="evaluate")
        )
    db.session.execute(
        update(Resident)
        .where(Resident.merged_into == gone_id)
        .values(merged_into=kept_id)
        .execution_options(synchronize_session="evaluate")
    )
    bindings = {
        b.resident_id: b
        for b in db.session.execute(
            select(StaffBinding).where(StaffBinding.resident_id.in_((kept_id, gone_id)))
        ).scalars()
    }
    if gone_id not in bindings:
        return
    if kept_id not in bindings:
        bindings[gone_id].resident_id = kept_id
        return
    # One person, bound as two members of staff: the later decision counts.
    older, later = sorted(bindings.values(), key=lambda b: (b.bound_at, b.id))
    db.session.delete(older)
    db.session.flush()
    later.resident_id = kept_id
    audit.record(SYSTEM, "staff_unbound", "staff", older.staff_id, {"because": "merged"})


def _locked_account(app: str, openid: str) -> WeChatAccount | None:
    return db.session.execute(
        select(WeChatAccount)
        .where(WeChatAccount.app == app, WeChatAccount.openid == openid)
        .with_for_update()
    ).scalar_one_or_none()


def _new_account(app: str, openid: str, unionid: str | None) -> WeChatAccount:
    holder = _holder(unionid) if unionid else None
    try:
        with db.session.begin_nested():
            if holder is None:
                holder = Resident()
                db.session.add(holder)
                db.session.flush()
            account = WeChatAccount(app=app, openid=openid, unionid=unionid, resident_id=holder.id)
            db.session.add(account)
        return account
    except IntegrityError:  # the same login, sent twice: the other one made it
        found = _locked_account(app, openid)
        if found is None:
            raise
        return found


def _holder(unionid: str) -> Resident | None:
    return db.session.execute(
        select(Resident).where(Resident.unionid == unionid).with_for_update()
    ).scalar_one_or_none()


def _locked_resident(resident_id: int) -> Resident:
    """The record, locked and read afresh; a merged one leads to the record that was kept."""
    query = select(Resident).with_for_update().execution_options(populate_existing=True)
    resident = db.session.execute(query.where(Resident.id == resident_id)).scalar_one()
    while resident.merged_into is not None:
        resident = db.session.execute(query.where(Resident.id == resident.merged_into)).scalar_one()
    return resident


def person_of(unionid: str) -> int | None:
    """The resident whom a unionid names, if we know them."""
    return db.session.execute(select(Resident.id).where(Resident.unionid == unionid)).scalar_one_or_none()
