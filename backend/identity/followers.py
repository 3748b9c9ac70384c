"""The official account's followers, brought up to date every night (wechat-oss §2.5: bindings appear late).

Whoever follows and is known to us by their unionid gets an official-account account, so that messages reach
them; whoever does not follow any more is marked. A follower who never used our program leaves no trace.
The platform is asked with no transaction open; what it says is written a hundred people at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, update

from backend.identity import merging, ports
from backend.identity.models import WeChatAccount
from backend.kernel.clock import now, shanghai
from backend.kernel.db import changed_rows, db, run_unit, transaction

log = logging.getLogger(__name__)

OFFICIAL = "official"
BATCH = 100  # user/info/batchget takes a hundred
MOST_PAGES = 1000  # ten million followers: more than any township's account
NIGHT_HOUR = 3  # Asia/Shanghai


@dataclass(frozen=True)
class Synced:
    """What a synchronisation found: followers in all, newly linked to a person, and gone since the last one."""

    followers: int
    linked: int
    unfollowed: int


def sync_at_night() -> Synced | None:
    """Synchronise when it is three in the morning in Asia/Shanghai; called every hour, outside any transaction."""
    return sync_followers() if shanghai(now()).hour == NIGHT_HOUR else None


def sync_followers() -> Synced:
    """Ask who follows, link whom we know, mark who left. Safe to repeat and to break off: only a whole list unfollows.

    Raises WeChatError when the platform refuses; RuntimeError inside a transaction.
    """
    platform = ports.platform()
    marked = _marked()  # before the list: whoever follows while it is read is not taken for gone
    seen: set[str] = set()
    linked = 0
    for page in _pages(platform):
        seen.update(page)
        unknown = [openid for openid in page if not marked.get(openid)]
        for start in range(0, len(unknown), BATCH):
            unionids = platform.follower_unionids(unknown[start : start + BATCH])
            linked += run_unit(partial(_link, unionids))
    unfollowed = run_unit(lambda: _mark_gone([openid for openid in marked if openid not in seen]))
    done = Synced(len(seen), linked, unfollowed)
    log.info(
        "followers synchronised", extra={"followers": len(seen), "linked": linked, "unfollowed": unfollowed}
    )
    return done


def _pages(platform: ports.LoginPlatform) -> Iterator[tuple[str, ...]]:
    """The list page by page; an answer that leads in a circle ends it loudly."""
    after, total, count = "", 0, 0
    for _ in range(MOST_PAGES):
        page = platform.follower_page(after)
        total, count = page.total, count + len(page.openids)
        if page.openids:
            yield page.openids
        if not page.after or count >= total:
            return
        after = page.after
    raise RuntimeError(f"the list of {total} followers does not end")


def _marked() -> dict[str, bool]:
    """The openids that are marked as following, and whether their unionid is known too."""
    following = select(WeChatAccount.openid, WeChatAccount.unionid.is_not(None)).where(
        WeChatAccount.app == OFFICIAL, WeChatAccount.followed.is_(True)
    )
    with transaction(writing=False):
        return {row.openid: bool(row[1]) for row in db.session.execute(following)}


def _link(unionids: dict[str, str | None]) -> int:
    """Make or mend the accounts of those we know; how many follow now that did not before."""
    known = {
        account.openid: account
        for account in db.session.scalars(
            select(WeChatAccount)
            .where(WeChatAccount.app == OFFICIAL, WeChatAccount.openid.in_(unionids))
            .with_for_update()
        )
    }
    linked = 0
    for openid, unionid in unionids.items():
        account = known.get(openid)
        if account is None and (unionid is None or merging.person_of(unionid) is None):
            continue  # never logged in here: not one of ours
        if account is None:
            account = merging.account_for(OFFICIAL, openid, unionid)
        elif unionid is not None and account.unionid is None:
            merging.join_by_unionid(account, unionid)
        linked += int(not account.followed)
        account.followed = True
    db.session.flush()
    return linked


def _mark_gone(openids: Sequence[str]) -> int:
    """Mark those who follow no more; how many."""
    count = 0
    for start in range(0, len(openids), BATCH):
        gone = WeChatAccount.openid.in_(openids[start : start + BATCH])
        count += changed_rows(
            update(WeChatAccount).where(WeChatAccount.app == OFFICIAL, gone).values(followed=False)
        )
    return count
