"""What a town switches on only once it has confirmed it: 简易办理 and the days of the body above (PET-25, PET-14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from backend.kernel.clock import FrozenClock
from backend.petitions import guide
from tests.factories.petition_cast import DRAFT, PetitionCast
from tests.fakes.platform import RecordingPlatform

DELIVERED = {"way": "in_person", "delivered_on": 0, "signed": "signed", "stance": "agrees"}


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


@pytest.fixture
def switched_on(cast: PetitionCast, monkeypatch: pytest.MonkeyPatch) -> PetitionCast:
    page_of = guide._page

    def page(code: str) -> Any:
        found = page_of(code)
        return None if found is None else replace(found, simple_handling=True, above_decides=True)

    monkeypatch.setattr(guide, "_page", page)
    return cast


def dates(cast: PetitionCast, petition_id: int) -> dict[str, tuple[str, str]]:
    return {d["clock"]: (d["due_on"], d["state"]) for d in cast.seen("xinfang", petition_id)["dates"]}


def actions(cast: PetitionCast, who: str, petition_id: int) -> set[str]:
    return {a["action"] for a in cast.seen(who, petition_id)["actions"]}


def simple(cast: PetitionCast, petition_id: int) -> Any:
    return cast.does("xinfang", petition_id, "accept_simple", unit_id=cast.unit("urban"))


def test_both_are_off_until_the_town_says_so(cast: PetitionCast) -> None:
    petition_id, above = cast.petition_in("registered"), cast.petition_in("reviewing", who="li")
    assert "accept_simple" not in actions(cast, "xinfang", petition_id)
    assert simple(cast, petition_id).status_code == 403
    assert "above_acceptance" not in dates(cast, above)
    assert cast.does("xinfang", above, "above_accepts", body="滕州市人民政府").status_code == 403


def test_a_simple_one_is_answered_in_ten_working_days(switched_on: PetitionCast, clock: FrozenClock) -> None:
    """PET-25: accepted on Tuesday 10 March, to be answered by Tuesday the 24th."""
    cast = switched_on
    petition_id = cast.petition_in("registered")
    assert simple(cast, petition_id).status_code == 200
    assert dates(cast, petition_id)["simple"] == ("2026-03-24", "running")
    assert "handle" not in dates(cast, petition_id)
    page = cast.resident("wang").get(f"/resident/petitions/{petition_id}").json
    assert (page["due_on"], page["documents"][0]["kind_label"]) == ("2026-03-24", "受理告知书（简易办理）")
    assert "10个工作日" in page["next_step"]
    cast.step("chengguan", petition_id, "start")
    assert "ask_extension" not in actions(cast, "chengguan", petition_id)
    cast.step("chengguan", petition_id, "draft_opinion", **DRAFT)
    cast.step("lingdao", petition_id, "approve_opinion")
    cast.step("xinfang", petition_id, "deliver", **DELIVERED)
    assert dates(cast, petition_id)["simple"] == ("2026-03-24", "stopped")
    answer = cast.desk("xinfang").get("/staff/petitions/figures?month=2026-03").json
    assert answer["answered"] == {"timely": 1, "n": 1, "percent": 100.0}


def test_it_is_accepted_within_three_working_days(switched_on: PetitionCast, clock: FrozenClock) -> None:
    """PET-25: received on Tuesday, until Friday; on Monday only in the ordinary way."""
    cast = switched_on
    in_time, late = cast.petition_in("registered"), cast.petition_in("registered", who="li")
    clock.advance(timedelta(days=3))
    assert simple(cast, in_time).status_code == 200
    clock.advance(timedelta(days=3))
    refused = simple(cast, late)
    assert (refused.status_code, refused.json["code"]) == (409, "simple_late")
    assert "3个工作日" in refused.json["message"]
    assert "2026年3月13日" in refused.json["message"]
    assert cast.of(late, "state") == "registered"


def test_what_is_not_simple_has_its_sixty_days_from_the_acceptance(
    switched_on: PetitionCast, clock: FrozenClock
) -> None:
    """PET-08, PET-25"""
    cast = switched_on
    petition_id = cast.petition_in("registered")
    assert simple(cast, petition_id).status_code == 200
    clock.advance(timedelta(days=5))
    assert cast.does("chengguan", petition_id, "to_ordinary", note="要测绘").status_code == 200
    assert dates(cast, petition_id)["simple"] == ("2026-03-24", "stopped")
    assert dates(cast, petition_id)["handle"] == ("2026-05-09", "running")
    assert cast.seen("xinfang", petition_id)["due_on"] == "2026-05-09"
    assert cast.does("chengguan", petition_id, "to_ordinary", note="再转").status_code == 403


def test_the_body_above_says_within_three_working_days_whether_it_takes_it_up(
    switched_on: PetitionCast, clock: FrozenClock
) -> None:
    """PET-14: asked on Tuesday 10 March, until Friday the 13th; for the re-examination anew."""
    cast = switched_on
    petition_id = cast.petition_in("reviewing")
    assert dates(cast, petition_id)["above_acceptance"] == ("2026-03-13", "running")
    assert cast.seen("xinfang", petition_id)["due_on"] == "2026-04-09", "the answer's date stays the promise"
    due = cast.desk("xinfang").get("/staff/petitions/calendar").json["due"]
    assert [one["clock"] for one in due] == ["above_acceptance"]
    given = {"body": "滕州市人民政府"}
    assert cast.does("xinfang", petition_id, "above_accepts", **given).status_code == 200
    assert dates(cast, petition_id)["above_acceptance"] == ("2026-03-13", "stopped")
    again = cast.does("xinfang", petition_id, "above_accepts", **given)
    assert (again.status_code, again.json["code"]) == (409, "accepted_above_already")
    cast.step(
        "xinfang",
        petition_id,
        "record_review",
        body="滕州市人民政府",
        number="1号",
        note="维持",
        delivered_on=0,
    )
    clock.advance(timedelta(days=1))
    cast.step("wang", petition_id, "ask_reexamination", note="没有核实")
    assert dates(cast, petition_id)["above_acceptance"] == ("2026-03-16", "running")
