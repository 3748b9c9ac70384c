"""Who signed with others follows what they signed, and what was joined is answered with the other (PET-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from backend.kernel.db import db, run_unit
from backend.petitions.models import PetitionDocument
from tests.factories.petition_cast import PetitionCast
from tests.factories.petition_forms import CLAIM, filed
from tests.fakes.platform import RecordingPlatform
from tests.support.people import Person

LI = {"name": "李四", "phone": "13800000002", "address": "湾尾村 3 号"}
DELIVERED = {"way": "in_person", "delivered_on": 0, "signed": "signed", "stance": "agrees"}
Jobs = Callable[[], Counter[str]]


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def signed_by_li(cast: PetitionCast) -> str:
    """A joint petition of wang's that li has signed; its id."""
    receipt = filed(cast.resident("wang"), joint=True)
    token = receipt["invitation_url"].partition("token=")[2]
    assert cast.resident("li").post(f"/resident/petition-invitations/{token}", LI).status_code == 200
    return str(receipt["id"])


def page_of(person: Person, petition_id: Any) -> Any:
    return person.get(f"/resident/petitions/{petition_id}")


def inbox(person: Person) -> list[str]:
    return [m["title"] + m["text"] for m in person.get("/resident/inbox").json["items"]]


def answered(cast: PetitionCast, petition_id: Any) -> None:
    for who, action, given in (
        ("xinfang", "accept", {"unit_id": "urban", "staff_id": "chengguan"}),
        ("chengguan", "start", {}),
        (
            "chengguan",
            "draft_opinion",
            {
                "outcome": "supported",
                "claim": "王小明请求退还承包地",
                "facts": "丈量为 0.5 亩",
                "note": "三十日内退还",
                "basis": "《农村土地承包法》第五十六条",
            },
        ),
        ("lingdao", "approve_opinion", {}),
        ("xinfang", "deliver", DELIVERED),
    ):
        cast.step(who, petition_id, action, **given)


def test_who_signed_reads_it_and_does_nothing_with_it(cast: PetitionCast) -> None:
    petition_id = signed_by_li(cast)
    li, zhao = cast.resident("li"), cast.resident("zhao")
    page = page_of(li, petition_id).json
    assert (page["own"], page["claim"], page["actions"]) == (False, CLAIM, [])
    assert page["invitation_url"] is None
    assert page["timeline"][0]["who"] == "发起人"
    assert [one["id"] for one in li.get("/resident/petitions").json["items"]] == [petition_id]
    for action, given in (
        ("withdraw", {}),
        ("supplement", {"note": "我也有话"}),
        ("ask_avoidance", {"note": "换人"}),
    ):
        assert cast.asks("li", petition_id, action, **given).status_code == 403, action
    assert page_of(zhao, petition_id).status_code == 404
    assert zhao.get("/resident/petitions").json["items"] == []


def test_who_signed_reads_its_papers_and_hears_of_it(cast: PetitionCast, run_jobs: Jobs) -> None:
    petition_id = signed_by_li(cast)
    answered(cast, petition_id)
    run_jobs()
    li = cast.resident("li")
    page = page_of(li, petition_id).json
    assert [paper["kind"] for paper in page["documents"]] == ["acceptance", "opinion"]
    for paper in page["documents"]:
        path = paper["pdf_url"].removeprefix("/api/v1")
        assert li.get(path).status_code == 200
        assert cast.resident("zhao").get(path).status_code == 404
    told = inbox(li)
    assert any("已答复" in words for words in told)
    assert not any(CLAIM in words for words in told)


def test_ratings_and_other_petitions_stay_the_petitioners(cast: PetitionCast) -> None:
    """§1.4: only the petitioner rates; PET-07: what else they brought is theirs."""
    cast.petition_in("registered")
    petition_id = signed_by_li(cast)
    answered(cast, petition_id)
    given = {"score": "unsatisfied", "note": "没有叫我到场"}
    assert cast.asks("wang", petition_id, "rate_unit", **given).status_code == 200
    assert page_of(cast.resident("wang"), petition_id).json["same_matter"] is not None
    theirs = page_of(cast.resident("li"), petition_id)
    assert (theirs.json["ratings"], theirs.json["same_matter"]) == ([], None)
    assert "没有叫我到场" not in theirs.text
    assert not cast.resident("li").get("/resident/petitions").json["items"][0]["needs_rating"]
    assert cast.asks("li", petition_id, "rate_office", score="satisfied").status_code == 403


def test_who_has_not_signed_yet_reads_nothing(cast: PetitionCast) -> None:
    receipt = filed(cast.resident("wang"), joint=True)
    assert page_of(cast.resident("li"), receipt["id"]).status_code == 404


def test_what_was_joined_is_answered_with_the_other(cast: PetitionCast, run_jobs: Jobs) -> None:
    """PET-07: its own paper, to its own petitioner, without the other one's name; and neutral words."""
    lead = filed(cast.resident("wang"))["id"]
    joined = filed(cast.resident("li"), claim="我家的地也请退还", name="李四")["id"]
    last = filed(cast.resident("zhao"), claim="还有我家那一块", name="赵六")["id"]
    cast.step("xinfang", last, "join", into_code=cast.of(joined, "code"), note="同一块地")
    cast.step("xinfang", joined, "join", into_code=cast.of(lead, "code"), note="同一块地")
    answered(cast, lead)
    run_jobs()
    for who, petition_id, own in (("li", joined, "我家的地也请退还"), ("zhao", last, "还有我家那一块")):
        person = cast.resident(who)
        page = page_of(person, petition_id).json
        assert page["state"] == "joined"
        assert page["timeline"][-1]["title"] == "合并办理的同一事项已经答复"
        (paper,) = [one for one in page["documents"] if one["kind"] == "joined"]
        assert person.get(paper["pdf_url"].removeprefix("/api/v1")).status_code == 200
        assert any("有新进展" in words for words in inbox(person))
        assert not any("退还" in words for words in inbox(person))
        assert page_of(person, lead).status_code == 404
        filled = _filled(cast, paper["id"])
        assert own in filled
        assert "三十日内退还" in filled
        assert "王小明" not in filled


def _filled(cast: PetitionCast, document_id: str) -> str:
    with cast.app.app_context():
        return run_unit(lambda: db.session.get_one(PetitionDocument, int(document_id)).filled)
