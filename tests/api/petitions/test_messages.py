"""Who hears of a petition, and how little a lock screen says of it (§1.5, PET-15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.kernel.db import db, run_unit
from backend.notifications.models import InboxMessage
from tests.factories.petition_cast import PetitionCast
from tests.factories.petition_forms import CLAIM
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def inbox(cast: PetitionCast) -> list[tuple[str, int, str, str, str]]:
    with cast.app.app_context():
        rows = run_unit(lambda: list(db.session.scalars(select(InboxMessage).order_by(InboxMessage.id))))
        return [(r.person_kind, r.person_id, r.title, r.text, r.page) for r in rows]


def told(cast: PetitionCast, person_id: Any) -> list[str]:
    return [title for _, who, title, _, _ in inbox(cast) if who == int(person_id)]


def test_a_petition_is_told_to_the_office_and_then_to_the_unit(
    cast: PetitionCast, run_jobs: Callable[[], Any]
) -> None:
    cast.petition_in("accepted")
    run_jobs()
    assert told(cast, cast.staff_id("xinfang")) == ["有一件新登记的事项"]
    assert told(cast, cast.staff_id("chengguan")) == ["有一件事项交给您"]
    assert told(cast, cast.staff_id("chengguan2")) == []
    assert told(cast, cast.staff_id("fenliu")) == []
    mine = told(cast, cast.resident("wang").me["id"])
    assert mine == ["已登记您反映的事项", "您反映的事项有新进展"]


def test_no_word_of_it_is_in_a_message(cast: PetitionCast, run_jobs: Callable[[], Any]) -> None:
    cast.petition_in("final")
    run_jobs()
    said = "".join(title + text for _, _, title, text, _ in inbox(cast))
    assert said
    for secret in (CLAIM, "承包地", "面积不对", "维持", "王小明", "城管所"):
        assert secret not in said, secret


def test_the_petitioner_is_led_to_the_petition_and_staff_to_the_desk(
    cast: PetitionCast, run_jobs: Callable[[], Any]
) -> None:
    petition_id = cast.petition_in("accepted")
    run_jobs()
    pages = {(kind, page) for kind, _, _, _, page in inbox(cast)}
    assert pages == {
        ("resident", f"pages-petition/detail/index?id={petition_id}"),
        ("staff", "pages/inbox/index"),
    }


def test_whoever_keeps_out_hears_nothing(cast: PetitionCast, run_jobs: Callable[[], Any]) -> None:
    """PET-15: the unit is told, the one complained of is not."""
    petition_id = cast.petition_in("registered")
    given = {"unit_id": cast.unit("urban"), "staff_id": cast.staff_id("chengguan"), "note": "被反映的人"}
    assert cast.does("xinfang", petition_id, "exclude_person", **given).status_code == 200
    cast.step("xinfang", petition_id, "accept", unit_id="urban")
    run_jobs()
    assert told(cast, cast.staff_id("chengguan")) == []
    assert told(cast, cast.staff_id("chengguan2")) == ["有一件事项交给您"]
