"""The nightly synchronisation of the official account's followers: who is linked, who is marked, what a break leaves."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.identity import followers, merging, queries, services
from backend.identity.followers import Synced
from backend.identity.models import Resident, WeChatAccount
from backend.integrations.wechat.protocol import FollowerPage, Reaction, WeChatError
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from tests.factories.identity import resident
from tests.fakes.platform import RecordingPlatform


def _following(session: Session) -> dict[str, bool]:
    session.rollback()
    rows = session.scalars(select(WeChatAccount).where(WeChatAccount.app == "official"))
    found = {row.openid: row.followed for row in rows}
    session.rollback()
    return found


def test_those_whom_we_know_are_linked(app: Flask, platform: RecordingPlatform, db_session: Session) -> None:
    zhang, li = resident(app, "zhang"), resident(app, "li")
    platform.followers |= {f"official-{name}": f"union-{name}" for name in ("zhang", "li", "stranger")}
    assert followers.sync_followers() == Synced(followers=3, linked=2, unfollowed=0)
    assert _following(db_session) == {"official-zhang": True, "official-li": True}
    account = queries.account_of_openid("official", "official-zhang")
    assert account is not None
    assert account.resident_id == zhang.id != li.id


def test_a_second_night_asks_about_nobody_it_knows(
    app: Flask, platform: RecordingPlatform, db_session: Session
) -> None:
    resident(app, "zhang")
    platform.followers |= {"official-zhang": "union-zhang", "official-stranger": "union-stranger"}
    followers.sync_followers()
    platform.calls.clear()
    assert followers.sync_followers() == Synced(followers=2, linked=0, unfollowed=0)
    assert platform.calls == [("follower_page", ("",)), ("follower_unionids", (("official-stranger",),))]


def test_those_who_left_are_marked_and_come_back(
    app: Flask, platform: RecordingPlatform, db_session: Session
) -> None:
    resident(app, "zhang")
    platform.followers["official-zhang"] = "union-zhang"
    followers.sync_followers()
    del platform.followers["official-zhang"]
    assert followers.sync_followers() == Synced(followers=0, linked=0, unfollowed=1)
    assert _following(db_session) == {"official-zhang": False}
    platform.followers["official-zhang"] = "union-zhang"
    assert followers.sync_followers() == Synced(followers=1, linked=1, unfollowed=0)
    assert _following(db_session) == {"official-zhang": True}


def test_a_unionid_that_comes_late_makes_two_records_one(
    app: Flask, platform: RecordingPlatform, db_session: Session
) -> None:
    """The H5 login had no unionid; the accounts were bound to the Open Platform later."""
    h5 = run_unit(lambda: merging.account_for("official", "official-zhang", None).resident_id)
    mini = resident(app, "zhang")
    assert h5 != mini.id
    platform.followers["official-zhang"] = "union-zhang"
    assert followers.sync_followers().linked == 1
    db_session.rollback()
    merged = db_session.scalars(select(Resident).where(Resident.merged_into.is_not(None))).all()
    assert len(merged) == 1
    kept = {a.resident_id for a in db_session.scalars(select(WeChatAccount))}
    assert len(kept) == 1


def test_pages_and_batches(app: Flask, platform: RecordingPlatform, db_session: Session) -> None:
    platform.page_of_followers = 150
    platform.followers |= {f"official-{n:04d}": None for n in range(320)}
    assert followers.sync_followers() == Synced(followers=320, linked=0, unfollowed=0)
    asked = [len(a[0]) for api, a in platform.calls if api == "follower_unionids"]
    assert asked == [100, 50, 100, 50, 20]
    assert [a[0] for api, a in platform.calls if api == "follower_page"] == [
        "",
        "official-0149",
        "official-0299",
    ]


def test_a_list_that_breaks_off_unfollows_nobody(
    app: Flask, platform: RecordingPlatform, db_session: Session
) -> None:
    resident(app, "zhang")
    platform.followers["official-zhang"] = "union-zhang"
    followers.sync_followers()
    platform.page_of_followers = 1
    platform.followers = {"official-a": None, "official-zhang": "union-zhang"}
    platform.refuse("follower_unionids", WeChatError("user_batchget", 45009, Reaction.QUOTA, "quota"))
    with pytest.raises(WeChatError):
        followers.sync_followers()
    assert _following(db_session) == {"official-zhang": True}
    assert followers.sync_followers().unfollowed == 0


def test_who_follows_while_the_list_is_read_is_not_taken_for_gone(
    app: Flask, platform: RecordingPlatform, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident(app, "zhang")
    platform.followers["official-zhang"] = "union-zhang"
    followers.sync_followers()
    platform.followers.clear()
    followers.sync_followers()
    read = platform.follower_page

    def read_and_overtaken(after: str = "") -> FollowerPage:
        page = read(after)
        run_unit(lambda: services.handle_platform_event(FOLLOWS))
        return page

    monkeypatch.setattr(platform, "follower_page", read_and_overtaken)
    assert followers.sync_followers().unfollowed == 0
    assert _following(db_session) == {"official-zhang": True}


FOLLOWS = {"app": "official", "kind": "subscribe", "openid": "official-zhang", "raw": {"CreateTime": 1}}


def test_it_is_done_at_night(app: Flask, platform: RecordingPlatform, clock: FrozenClock) -> None:
    with app.app_context():
        for utc_hour in range(24):
            clock.move_to(datetime(2026, 3, 10, utc_hour, 5, tzinfo=UTC))
            followers.sync_at_night()
            assert len(platform.calls) == int(utc_hour >= 19), "19:05 UTC is 03:05 in Shanghai"
