"""Public texts are found by words of one, two and more characters, on SQLite here and on MariaDB in its group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.search.models import SearchText
from backend.search.queries import find, matching
from backend.search.services import forget, index

TOWN, OTHER_TOWN = 1, 2
TEXTS = {
    1: ("三组路灯不亮", "村口的路灯坏了两盏，已经换成LED灯泡。"),
    2: ("水渠堵了", "二组水渠被树枝堵住，清理以后水流通畅。WiFi信号杆没有受影响"),
    3: ("灯塔广场地砖松动", "广场东侧地砖松动，重新铺平。"),
}
Find = Callable[[str], set[int]]


def put(number: int, title: str, text: str, town_id: int = TOWN, kind: str = "wall") -> None:
    index(
        kind,
        number,
        town_id=town_id,
        village_id=None,
        title=title,
        text=text,
        at=now() + timedelta(minutes=number),
    )


@pytest.fixture
def found(app: Flask) -> Iterator[Find]:
    """found("路灯"): the ids of what is found among TEXTS in the town."""
    with app.app_context():
        run_unit(lambda: [put(number, *texts) for number, texts in TEXTS.items()])
        yield lambda words: set(find("wall", TOWN, words, most=20))
        db.session.rollback()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("路灯", {1}),
        ("水渠", {2}),
        ("地砖", {3}),
        ("灯", {1, 3}),
        ("亮", {1}),  # the last of a run
        ("路灯不亮", {1}),
        ("灯不", {1}),
        ("广场 松动", {3}),
        ("路灯 水渠", set()),
        ("led", {1}),
        ("LED", {1}),
        ("ＬＥＤ", {1}),
        ("wifi", {2}),
        ("wi", {2}),
        ("ifi", set()),
        ("渠路", set()),
        ("路渠", set()),
        ("", set()),
        ("，。！", set()),
        ('" * -灯塔)', {3}),
        ("+路灯* (", {1}),
        ("the", set()),
    ],
)
def test_words_find_what_holds_them(found: Find, words: str, expected: set[int]) -> None:
    assert found(words) == expected


def test_another_town_and_another_kind_are_not_searched(found: Find) -> None:
    run_unit(lambda: (put(7, "路灯", "别镇", OTHER_TOWN), put(8, "路灯", "议题", kind="consultation")))
    assert found("路灯") == {1}
    assert find("wall", OTHER_TOWN, "路灯", most=20) == [7]
    assert find("consultation", TOWN, "路灯", most=20) == [8]


def test_what_is_written_anew_is_found_by_its_new_words_alone(found: Find) -> None:
    run_unit(lambda: put(1, "井盖", "换了新的"))
    assert found("路灯") == set()
    assert found("井盖") == {1}
    assert db.session.scalar(select(func.count()).select_from(SearchText)) == 3


def test_what_is_forgotten_is_found_no_longer(found: Find) -> None:
    run_unit(lambda: forget("wall", 1))
    assert found("路灯") == set()
    run_unit(lambda: forget("wall", 1))


def test_newest_first_and_page_by_page(found: Find) -> None:
    moment = now()
    assert find("wall", TOWN, "灯", most=1) == [3]
    assert find("wall", TOWN, "灯", most=5, after=(moment + timedelta(minutes=3), 3)) == [1]


def test_what_matches_is_a_condition_of_another_query(found: Find) -> None:
    wanted = select(SearchText.subject_id).where(SearchText.subject_id.in_(matching("wall", TOWN, "广场")))
    assert db.session.scalars(wanted).all() == [3]


def test_a_very_long_question_is_answered(found: Find) -> None:
    assert found("路灯不亮" * 500 + "z" * 500) == set()
