"""How much the letters of a town may take, and how readers hear that one waits (§1.2 检举控告类, §8.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.kernel.settings import settings, use_settings
from backend.notifications.models import InboxMessage
from backend.vault import telling
from backend.vault.models import VaultLetter
from tests.api.notifications.conftest import Stage
from tests.api.vault.conftest import SAID, register
from tests.api.vault.test_letters import letters, opened, step
from tests.fakes.platform import RecordingPlatform
from tests.support.people import Person, resident, staff
from tests.support.sealing import Reader, Sender

MB = 1024 * 1024


@pytest.fixture
def little_space() -> Any:
    """Room for one megabyte of letters in each town."""
    before = settings()
    use_settings(replace(before, vault_space_mb=1))
    yield
    use_settings(before)


def tell(app: Flask) -> None:
    """What the worker does every hour."""
    with app.app_context():
        run_unit(telling.tell_readers)


def told(app: Flask) -> list[tuple[int, str, str]]:
    """(who, title, text) of every line of an inbox that no timeline caused."""
    with app.app_context():
        rows = db.session.scalars(select(InboxMessage).where(InboxMessage.cause_kind == "vault"))
        return [(row.person_id, row.title, row.text) for row in rows]


def test_a_letter_takes_what_is_stored_of_it(app: Flask, reader: Reader, send: Callable[..., Any]) -> None:
    send(files=(b"photo",))
    with app.app_context():
        row = db.session.scalars(select(VaultLetter)).one()
        assert row.space > len(row.content) + 16 * 1024 * 4 / 3


@pytest.mark.usefixtures("little_space", "reader")
def test_when_the_space_is_full_the_sender_is_told_so_and_where_to_turn(
    app: Flask, jianju: Person, send: Callable[..., Any]
) -> None:
    assert send(files=(b"x" * (MB * 5 // 8),)).status_code == 201
    refused = send(Sender("1" * 24), files=(b"x" * (MB // 4),))
    assert (refused.status_code, refused.json["code"]) == (409, "vault_full")
    assert "12388" in refused.json["message"]
    assert len(letters(jianju)) == 1
    assert send(Sender("1" * 24)).status_code == 201, "words alone still have room"


@pytest.mark.usefixtures("little_space", "reader")
@pytest.mark.parametrize(
    ("taken", "level", "shown"),
    [(MB // 20, "fine", "不到一成"), (MB * 85 // 100, "watch", "约8成"), (MB, "act", "约10成")],
)
def test_the_system_page_says_how_full_it_is_in_tenths(
    taken: int, level: str, shown: str, app: Flask, send: Callable[..., Any],
    staff_client: Callable[[str], Person],
) -> None:  # fmt: skip
    send()
    with app.app_context():
        run_unit(lambda: db.session.execute(update(VaultLetter).values(space=taken)))
    checks = staff_client("guanli").get("/staff/system").json["checks"]
    check = next(one for one in checks if one["code"] == "vault")
    assert (check["level"], check["facts"][1]["value"]) == (level, shown)


def test_a_reader_hears_the_next_morning_that_something_waits_and_nothing_of_it(
    app: Flask, reader: Reader, jianju: Person, send: Callable[..., Any], clock: FrozenClock
) -> None:
    send()
    tell(app)
    assert told(app) == [], "a message at once would keep the moment"
    clock.advance(timedelta(hours=20))  # 06:00 of the next day
    tell(app)
    assert told(app) == []
    clock.advance(timedelta(hours=3))
    tell(app)
    tell(app)
    [(who, title, text)] = told(app)
    assert who == int(jianju.me["id"])
    assert title == "有一件事项待办"
    for word in ("检举", "控告", "信", *(str(v) for v in SAID.values() if len(str(v)) > 2)):
        assert word not in title + text


def test_nobody_is_told_of_what_was_opened(
    app: Flask, reader: Reader, jianju: Person, send: Callable[..., Any], clock: FrozenClock
) -> None:
    send()
    assert step(jianju, reader, opened(jianju), "read").status_code == 200
    clock.advance(timedelta(days=1))
    tell(app)
    assert told(app) == []


def test_whoever_the_sender_left_out_hears_nothing(
    app: Flask, reader: Reader, jianju: Person, make_reader: Callable[[str], Person],
    send: Callable[..., Any], clock: FrozenClock,
) -> None:  # fmt: skip
    theirs, _ = register(make_reader("chengguan"))
    jianju.post(f"/staff/vault/keys/{theirs.key_id}/confirm")
    send(to=lambda one: one["key_id"] == reader.key_id)
    clock.advance(timedelta(days=1))
    tell(app)
    assert [who for who, _, _ in told(app)] == [int(jianju.me["id"])]


def test_it_is_pushed_without_a_word_and_in_nobodys_list(
    app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any], reader: Reader,
    send: Callable[..., Any], clock: FrozenClock,
) -> None:  # fmt: skip
    stage = Stage(app, platform, run_jobs)
    stage.worker("jianju")
    stage.accept("jianju", "task_assigned")
    send()
    clock.advance(timedelta(days=1))
    tell(app)
    run_jobs()
    [sent] = stage.sent_to("jianju")
    assert sent.page == "pages/inbox/index"
    assert "有一件事项待办" in sent.data.values()
    assert "检举" not in repr(sent)
    assert resident(app, "jianju").get("/resident/inbox").json["items"][0]["title"] == "有一件事项待办"
    assert staff(app, "guanli").get("/staff/messages").json["items"] == []
    [kept] = stage.deliveries()
    assert (kept.state, kept.subject_id, kept.subject_code) == ("sent", 0, "")
