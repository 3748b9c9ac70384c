"""The chain of one's own petition, checked by whoever brought it and by the operator (§8.1 point 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from backend.kernel.db import db, run_unit
from backend.workflow.chain import ChainRow, verify
from backend.workflow.models import TimelineEntry
from tests.api.petitions.test_together import signed_by_li
from tests.factories.petition_cast import DRAFT, PetitionCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def rows(told: dict[str, Any]) -> list[ChainRow]:
    """The rows as the phone would check them: from what was told alone."""
    names = ("action", "to_state", "commitment", "chain", "salt", "content")
    return [
        ChainRow(r["seq"], datetime.fromisoformat(r["at"]), *(r[name] for name in names))
        for r in told["rows"]
    ]


def test_the_petitioner_checks_their_own(cast: PetitionCast) -> None:
    petition_id = cast.petition_in("answered")
    answer = cast.resident("wang").get(f"/resident/petitions/{petition_id}/proof")
    told: Any = answer.json
    assert verify(rows(told)) is None
    assert (told["head"], told["state"]) == (told["rows"][-1]["chain"], "answered")
    assert len(told["rows"]) == told["entries"]
    draft = next(r for r in told["rows"] if r["action"] == "draft_opinion")
    assert (draft["shown"], draft["content"]) == ("hidden", None)
    assert DRAFT["facts"] not in answer.text
    for clerk in ("城管甲", "信访甲"):
        assert clerk not in answer.text


def test_an_altered_row_shows_on_the_phone_and_to_the_operator(cast: PetitionCast, app: Flask) -> None:
    petition_id = cast.petition_in("accepted")
    runner = app.test_cli_runner()
    assert "1 petitions checked, 0 do not hold" in runner.invoke(args=["petitions", "verify"]).output
    change = update(TimelineEntry).where(
        TimelineEntry.subject_id == petition_id, TimelineEntry.action == "accept"
    )
    with app.app_context():
        run_unit(lambda: db.session.execute(change.values(unit_name="别的单位")))
    told = cast.resident("wang").get(f"/resident/petitions/{petition_id}/proof").json
    assert verify(rows(told)) == 2
    checked = runner.invoke(args=["petitions", "verify"])
    assert checked.exit_code == 1
    assert "承包地" not in checked.output


def test_it_is_the_petitioners_alone(cast: PetitionCast) -> None:
    petition_id = signed_by_li(cast)
    for who, status in (("wang", 200), ("li", 404), ("zhao", 404)):
        answer = cast.resident(who).get(f"/resident/petitions/{petition_id}/proof")
        assert answer.status_code == status, who
