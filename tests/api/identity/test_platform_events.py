"""What WeChat pushes about people."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.identity import merging, platform_events, queries, services
from backend.identity.models import Resident, WeChatAccount
from backend.kernel.db import run_unit
from backend.outbox.models import OutboxJob
from backend.outbox.registry import Job, handler_of
from tests.factories.identity import resident
from tests.fakes.platform import RecordingPlatform


def _push(kind: str, openid: str, app_kind: str = "mini", **raw: object) -> bool:
    event = {"app": app_kind, "kind": kind, "openid": openid, "items": [], "raw": raw}
    return run_unit(lambda: services.handle_platform_event(event))


def _match_followers(session: Session) -> None:
    """Do what the worker does with the jobs that wait."""
    handler = handler_of(platform_events.FOLLOWER)
    assert handler is not None
    session.rollback()
    rows = session.execute(select(OutboxJob).where(OutboxJob.kind == platform_events.FOLLOWER)).scalars()
    jobs = [Job(row.id, row.kind, row.payload, row.job_key, None, 1, 0, row.created_at) for row in rows]
    session.rollback()
    for seen in jobs:
        call = handler.prepare(seen)
        assert call is not None
        result = call()
        run_unit(lambda seen=seen, result=result: handler.complete(seen, result))


def _accounts(session: Session) -> list[tuple[str, int, bool]]:
    session.rollback()
    rows = session.execute(select(WeChatAccount).order_by(WeChatAccount.app, WeChatAccount.openid)).scalars()
    return [(account.app, account.resident_id, account.followed) for account in rows]


def test_a_follower_whom_we_know_by_the_mini_program_gets_messages(
    app: Flask, platform: RecordingPlatform, db_session: Session
) -> None:
    person = resident(app, "zhang")
    platform.followers["official-zhang"] = "union-zhang"
    assert _push("subscribe", "official-zhang", "official", CreateTime=1)
    _match_followers(db_session)
    assert _accounts(db_session) == [("mini", person.id, False), ("official", person.id, True)]


def test_a_follower_whom_we_do_not_know_leaves_no_trace(
    app: Flask, platform: RecordingPlatform, db_session: Session
) -> None:
    platform.followers["official-li"] = "union-li"
    _push("subscribe", "official-li", "official", CreateTime=1)
    _match_followers(db_session)
    assert _accounts(db_session) == []


def test_following_brings_the_late_unionid(
    app: Flask, platform: RecordingPlatform, db_session: Session
) -> None:
    mini = resident(app, "zhang")
    run_unit(lambda: _official_without_unionid("official-zhang"))
    platform.followers["official-zhang"] = "union-zhang"
    _push("subscribe", "official-zhang", "official", CreateTime=1)
    _match_followers(db_session)
    assert _accounts(db_session) == [("mini", mini.id, False), ("official", mini.id, True)]


def _official_without_unionid(openid: str) -> None:
    """An official account that logged in before its unionid was known."""
    merging.account_for("official", openid, None)


def test_unfollowing(app: Flask, db_session: Session) -> None:
    person = resident(app, "zhang", "official")
    _push("subscribe", "official-zhang", "official", CreateTime=1)
    assert _accounts(db_session) == [("official", person.id, True)]
    db_session.rollback()
    _push("unsubscribe", "official-zhang", "official", CreateTime=2)
    _push("unsubscribe", "official-zhang", "official", CreateTime=2)
    assert _accounts(db_session) == [("official", person.id, False)]


@pytest.mark.parametrize(
    ("info", "phone_left", "name_left"),
    [
        ("8", False, True),
        ("19", True, False),
        ("8,19", False, False),
        (["8"], False, True),
        ("13", True, True),
    ],
)
def test_a_withdrawn_permission_takes_the_item_away(
    app: Flask, db_session: Session, info: object, phone_left: bool, name_left: bool
) -> None:
    caller = resident(app)
    caller.patch("/resident/me", {"phone": "13812345678"})
    db_session.get_one(Resident, caller.id).nickname = "老张"
    db_session.commit()
    _push("user_authorization_revoke", "gh_the_app", OpenID="mini-zhang", RevokeInfo=info)
    me = caller.get("/resident/me").json
    assert (me["phone_masked"] is not None, me["nickname"] is not None) == (phone_left, name_left)


@pytest.fixture
def forgotten() -> Iterator[list[int]]:
    told: list[int] = []

    def forget(resident_id: int) -> None:
        told.append(resident_id)

    services.on_anonymise(forget)
    yield told
    platform_events._anonymised.remove(forget)


def test_a_closed_wechat_account_leaves_nobody(app: Flask, db_session: Session, forgotten: list[int]) -> None:
    caller = resident(app)
    caller.patch("/resident/me", {"phone": "13812345678"})
    assert _push("user_authorization_cancellation", "gh_the_app", OpenID="mini-zhang")
    _push("user_authorization_cancellation", "gh_the_app", OpenID="mini-zhang")  # pushed again
    assert forgotten == [caller.id]
    assert caller.get("/resident/me").status_code == 401
    gone = db_session.get_one(Resident, caller.id)
    assert (gone.phone, gone.nickname, gone.unionid) == (None, None, None)
    assert gone.anonymised_at is not None
    assert queries.wechat_of_resident(caller.id) == []
    db_session.rollback()
    assert resident(app).id != caller.id  # who comes back is new


def test_events_of_others_are_left_to_others(app: Flask, db_session: Session) -> None:
    assert not _push("subscribe_msg_popup_event", "mini-zhang")
    assert db_session.execute(select(func.count()).select_from(WeChatAccount)).scalar_one() == 0
