"""The shared token: fetched once for everybody, renewed once when refused, never looped over."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from backend.integrations.wechat.models import PlatformToken
from backend.integrations.wechat.platform import RealPlatform, make_platform
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.integrations.wechat.tokens import RowTokens
from backend.kernel.clock import FrozenClock, SystemClock, now, use_clock
from backend.kernel.db import db, transaction
from config.settings import Settings
from tests.contract.conftest import Levers

THREADS = 20


def at_once(app: Flask, count: int, work: object) -> list[object]:
    """Run `work` in `count` threads that begin together, each in an application context of its own."""
    barrier = threading.Barrier(count)

    def one(_: int) -> object:
        with app.app_context():
            barrier.wait()
            return work()  # type: ignore[operator]

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_cold_start_fetches_one_token(platform: RealPlatform, levers: Levers) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    at_once(app, THREADS, platform.list_subscribe_templates)
    assert levers.calls() == {("stable_token", 0): 1, ("gettemplate", 0): THREADS}


def test_two_processes_fetch_one_token(in_town: Settings, levers: Levers) -> None:
    """Two clients share nothing but the row, as two processes do."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    clients = [make_platform(in_town), make_platform(in_town)]
    turn = iter(range(THREADS))
    at_once(app, THREADS, lambda: clients[next(turn) % 2].list_subscribe_templates())
    assert levers.calls()["stable_token", 0] == 1


def test_expired_token_is_renewed_once_by_twenty_threads(platform: RealPlatform, levers: Levers) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    platform.list_subscribe_templates()
    levers.fault("gettemplate", "expired_token")
    at_once(app, THREADS, platform.list_subscribe_templates)
    calls = levers.calls()
    assert calls["stable_token", 0] == 2
    assert calls["gettemplate", 0] == THREADS + 1


def test_always_refused_ends_after_one_retry(platform: RealPlatform, levers: Levers) -> None:
    platform.list_subscribe_templates()
    levers.fault("gettemplate", "bad_token", times=0)
    with pytest.raises(WeChatError) as refused:
        platform.list_subscribe_templates()
    assert (refused.value.errcode, refused.value.reaction) == (40001, Reaction.TOKEN)
    calls = levers.calls()
    assert calls["gettemplate", 40001] == 2
    # the platform gave the refused token again, so a new one was forced: one fetch before, two now
    assert calls["stable_token", 0] == 3


def test_a_stale_token_does_not_drop_its_successor(platform: RealPlatform, levers: Levers) -> None:
    tokens = platform._mini.tokens
    first = tokens.current()
    second = tokens.renew(first)
    assert second.version == first.version + 1
    assert tokens.renew(first) == second


def test_token_is_renewed_before_its_end(platform: RealPlatform, levers: Levers) -> None:
    clock = FrozenClock(now())
    use_clock(clock)
    try:
        platform.list_subscribe_templates()
        clock.advance(timedelta(seconds=7200 - 241))
        platform.list_subscribe_templates()
        assert levers.calls()["stable_token", 0] == 1
        clock.advance(timedelta(seconds=2))
        platform.list_subscribe_templates()
        assert levers.calls()["stable_token", 0] == 2
    finally:
        use_clock(SystemClock())


def test_a_holder_that_died_blocks_nobody_for_long(in_town: Settings) -> None:
    clock = FrozenClock(now())
    use_clock(clock)
    try:

        def die(force: bool) -> tuple[str, int]:
            raise SystemExit("killed")

        with pytest.raises(SystemExit):
            RowTokens("wx1", die).current()
        assert RowTokens("wx1", lambda force: ("good", 7200)).current().value == "good"
    finally:
        use_clock(SystemClock())


def test_a_woken_holder_does_not_overwrite(in_town: Settings) -> None:
    """It slept past its lease; another fetched meanwhile; its own token is used but not kept."""
    clock = FrozenClock(now())
    use_clock(clock)
    quick = RowTokens("wx2", lambda force: ("second", 7200))

    def sleepy(force: bool) -> tuple[str, int]:
        clock.advance(timedelta(seconds=30))
        assert quick.current().value == "second"
        return "first", 7200

    try:
        assert RowTokens("wx2", sleepy).current().value == "first"
        assert quick.current().value == "second"
    finally:
        use_clock(SystemClock())


def test_who_read_the_row_late_does_not_bring_a_refused_token_back(
    in_town: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It read the row, another thread renewed the token, and only then does it keep what it had read."""
    given = iter(("first", "second"))
    tokens = RowTokens("wx3", lambda force: (next(given), 7200))
    refused, read_late = tokens.current(), tokens._kept
    assert read_late is None  # whoever fetches keeps nothing
    tokens.current()
    read_late = tokens._kept
    assert read_late is not None
    assert tokens.renew(refused).value == "second"
    write = tokens._write

    def interrupted(statement: object) -> bool:
        done = write(statement)
        tokens._kept = read_late
        return done

    monkeypatch.setattr(tokens, "_write", interrupted)
    assert tokens.renew(refused).value == "second"


def test_token_lies_encrypted(platform: RealPlatform) -> None:
    value = platform._mini.tokens.current().value
    with db.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT token FROM platform_tokens").scalar_one()
    assert value not in stored
    assert value not in repr(platform._mini.tokens.current())


def test_no_call_inside_a_transaction(platform: RealPlatform, levers: Levers) -> None:
    with transaction():
        db.session.execute(select(PlatformToken)).all()
        with pytest.raises(RuntimeError, match="transaction is open"):
            platform.list_subscribe_templates()
    assert levers.calls() == {}
