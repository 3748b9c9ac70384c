"""What the wall keeps of a person: in their copy, and gone with them; what went up with their word comes down."""

from __future__ import annotations

from typing import Any

from backend.kernel.db import run_unit
from backend.wall import personal
from tests.factories.wall import PERSONAL, WallCast


def copied(wall: WallCast, who: str) -> dict[str, list[Any]]:
    person = int(wall.resident(who).me["id"])
    with wall.app.app_context():
        sections = run_unit(lambda: personal.copy(person))
    return {section["code"]: section["records"] for section in sections}


def test_a_persons_questions_follows_and_words_are_in_their_copy_and_go_with_them(wall: WallCast) -> None:
    case_id = wall.closed(category_code=PERSONAL)
    wall.resident("wang").post("/resident/wall-consents", {"case_id": str(case_id), "agree": True})
    entry_id = wall.entry_in("published", case_id)
    asked = wall.ask_on(entry_id, who="zhao")
    assert {code: len(rows) for code, rows in copied(wall, "zhao").items()} == {
        "wall_follow_ups": 1, "wall_follows": 1, "wall_consents": 0,
    }  # fmt: skip
    assert len(copied(wall, "wang")["wall_consents"]) == 1
    for who in ("zhao", "wang"):
        person = int(wall.resident(who).me["id"])
        with wall.app.app_context():
            run_unit(lambda person=person: personal.let_go(person))  # type: ignore[misc]
        assert not any(copied(wall, who).values())
    assert (wall.follow_up(asked).resident_id, wall.entry(entry_id).follower_count) == (0, 0)
    assert wall.entry(entry_id).state == "unpublished"
