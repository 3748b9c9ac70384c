"""意见建议类 (article 29): studied and answered; nothing of articles 34 and 35, which are about claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.kernel import json
from backend.kernel.db import db, transaction
from backend.petitions import templates
from backend.petitions.models import PetitionDocument
from tests.factories.petition_cast import DRAFT, PetitionCast
from tests.fakes.platform import RecordingPlatform

DELIVERED = {"way": "in_person", "delivered_on": 0, "signed": "signed", "stance": "agrees"}


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def answered(cast: PetitionCast) -> int:
    """A suggestion whose answer was delivered."""
    petition_id = cast.petition_in("suggested")
    cast.step("chengguan", petition_id, "start")
    cast.step("chengguan", petition_id, "draft_opinion", **(DRAFT | {"outcome": "adopted"}))
    cast.step("lingdao", petition_id, "approve_opinion")
    cast.step("xinfang", petition_id, "deliver", **DELIVERED)
    return petition_id


def papers(app: Flask, petition_id: int) -> dict[str, dict[str, Any]]:
    with app.app_context(), transaction(writing=False):
        query = select(PetitionDocument).where(PetitionDocument.petition_id == petition_id)
        return {row.kind: json.loads(row.filled) for row in db.session.scalars(query)}


def whole(paper: dict[str, Any]) -> str:
    return "\n".join([paper["heading"], *(part["text"] for part in paper["parts"])])


def test_an_answered_suggestion_has_no_review_and_no_window(cast: PetitionCast) -> None:
    """PET-11 is about a claim: no action, no clock, no word of 复查 on the page of either side."""
    petition_id = answered(cast)
    page = cast.resident("wang").get(f"/resident/petitions/{petition_id}").json
    assert page["state"] == "answered"
    assert {a["action"] for a in page["actions"]}.isdisjoint({"ask_review", "ask_reexamination"})
    assert "rate_unit" in {a["action"] for a in page["actions"]}
    assert [d["clock"] for d in page["dates"]] == ["inform", "handle"]
    for words in (page["next_step"], cast.seen("xinfang", petition_id)["next_step"]):
        assert "复查" not in words
        assert "答复" in words
    refused = cast.asks("wang", petition_id, "ask_review", note="还想再说")
    assert refused.status_code == 403


def test_a_claim_keeps_its_window(cast: PetitionCast) -> None:
    page = cast.resident("wang").get(f"/resident/petitions/{cast.petition_in('answered')}").json
    assert "ask_review" in {a["action"] for a in page["actions"]}
    assert "review_window" in [d["clock"] for d in page["dates"]]
    assert "复查" in page["next_step"]


def test_its_papers_speak_of_a_suggestion(app: Flask, cast: PetitionCast) -> None:
    """Article 29, not 34; 建议, not 投诉请求; and nobody is sent to ask for a review."""
    found = papers(app, answered(cast))
    assert list(found) == ["study", "reply"]
    for paper in found.values():
        said = whole(paper)
        assert "建议" in said
        for other in ("第三十四条", "投诉请求", "复查", "60 日"):
            assert other not in said, other
    assert "第二十九条" in whole(found["study"])
    assert "结论：建议采纳。" in whole(found["reply"])


def test_the_message_of_its_answer_says_nothing_of_a_review(
    cast: PetitionCast, run_jobs: Callable[[], Counter[str]]
) -> None:
    answered(cast)
    run_jobs()
    texts = [m["text"] for m in cast.resident("wang").get("/resident/inbox").json["items"]]
    (told,) = [text for text in texts if "已答复" in text]
    assert "复查" not in told


def test_what_people_wrote_ends_as_a_sentence() -> None:
    """Once: neither without a full stop nor with two."""
    filled = templates.fill(
        "请求是：{{ 投诉请求 }}\n理由：{{ 理由 }}。\n{{ 说明 }}\n请找{{ 应找机关 }}",
        {"投诉请求": "退还承包地", "理由": "不归镇里管", "说明": "等通知！", "应找机关": "市局"},
    )
    assert [part["text"] for part in filled] == [
        "请求是：退还承包地。",
        "理由：不归镇里管。",
        "等通知！",
        "请找市局",
    ]
