"""Planted groups are found again, and the picture holds nobody's own position."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from backend.consultations.groups import NEEDED, SMALLEST, picture

#: what each camp thinks of nine statements: all like the first two, nobody likes the third, then they differ
CAMPS = {
    "lamps": [1, 1, -1, 1, 1, 1, -1, -1, 0],
    "parking": [1, 1, -1, -1, -1, -1, 1, 1, 1],
    "nothing": [1, 1, -1, 1, -1, 0, -1, 1, -1],
}


def crowd(
    sizes: dict[str, int], *, noise: float = 0.08, silent: float = 0.1, seed: int = 7
) -> list[list[tuple[int, int]]]:
    """Participants of camps of these sizes, mixed, who now and then think otherwise or say nothing."""
    dice = random.Random(seed)
    rows = []
    for camp, size in sizes.items():
        for _ in range(size):
            row = []
            for index, value in enumerate(CAMPS[camp]):
                if dice.random() < silent:
                    continue
                row.append((index, dice.choice((-1, 0, 1)) if dice.random() < noise else value))
            rows.append(row)
    dice.shuffle(rows)
    return rows


@pytest.mark.parametrize(
    "sizes",
    [
        {"lamps": 30, "parking": 20},
        {"lamps": 60, "parking": 40, "nothing": 25},
        {"lamps": 12, "parking": 12},
    ],
)
def test_planted_groups_are_found_again(sizes: dict[str, int]) -> None:
    found = picture(9, crowd(sizes))
    assert found["participants"] == sum(sizes.values())
    sizes_found = [group["n"] for group in found["groups"]]
    assert len(sizes_found) == len(sizes)
    for planted, counted in zip(sorted(sizes.values(), reverse=True), sizes_found, strict=True):
        assert abs(planted - counted) <= 0.15 * planted + 1
    assert found["unites"][:2] in ([0, 1], [1, 0])
    assert 2 not in found["unites"] + found["divides"]
    assert set(found["divides"]) <= {3, 4, 5, 6, 7, 8}
    assert {3, 6} & set(found["divides"])
    assert [group["code"] for group in found["groups"]] == list("ABC")[: len(sizes)]


@pytest.mark.parametrize(("size", "seed"), [(40, 7), (200, 1), (200, 2), (200, 3)])
def test_who_agrees_in_everything_is_one_group(size: int, seed: int) -> None:
    found = picture(9, crowd({"lamps": size}, noise=0.04, silent=0, seed=seed))
    assert [group["n"] for group in found["groups"]] == [size]
    assert found["divides"] == []
    assert {0, 1} <= set(found["unites"])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mere_noise_is_no_camps(seed: int) -> None:
    dice = random.Random(seed)
    rows = [[(index, dice.choice((-1, 0, 1))) for index in range(9)] for _ in range(80)]
    found = picture(9, rows)
    assert [group["n"] for group in found["groups"]] == [80]
    assert (found["unites"], found["divides"]) == ([], [])


def test_the_same_votes_give_the_same_picture_whoever_comes_first() -> None:
    rows = crowd({"lamps": 30, "parking": 20})
    once = json.dumps(picture(9, rows), sort_keys=True)
    assert json.dumps(picture(9, rows), sort_keys=True) == once


def test_too_few_to_group() -> None:
    found = picture(9, crowd({"lamps": 10, "parking": NEEDED - 11}, silent=0))
    assert (found["participants"], found["groups"]) == (NEEDED - 1, [])


def test_who_said_little_is_in_no_group_but_counts() -> None:
    rows = crowd({"lamps": 20, "parking": 20}, silent=0)
    found = picture(9, [*rows, [(0, 1)], [(1, -1)], []])
    assert (found["participants"], found["grouped"]) == (42, 40)
    assert found["statements"][0]["all"]["n"] == 41


def test_a_small_group_is_never_drawn() -> None:
    found = picture(9, crowd({"lamps": 30, "parking": SMALLEST - 2}, noise=0, silent=0))
    assert [group["n"] for group in found["groups"]] == [30 + SMALLEST - 2]
    assert all(group["n"] >= SMALLEST for group in found["groups"])


def test_a_share_is_told_of_several_only() -> None:
    rows = crowd({"lamps": 20, "parking": 20}, silent=0)
    rows = [[*row, (9, 1)] if at < SMALLEST - 1 else row for at, row in enumerate(rows)]
    told = picture(10, rows)["statements"][9]
    assert told == {"index": 9, "all": None, "groups": [None, None]}


def test_nobodys_point_is_in_the_picture() -> None:
    """Coordinates belong to groups: two for the middle, two for the spread, and there are as many as groups."""
    found = picture(9, crowd({"lamps": 30, "parking": 20}))
    text = json.dumps(found)
    assert text.count('"x"') == text.count('"y"') == len(found["groups"])

    def lists(node: Any) -> list[int]:
        if isinstance(node, dict):
            return [n for value in node.values() for n in lists(value)]
        return [len(node), *(n for value in node for n in lists(value))] if isinstance(node, list) else []

    assert max(lists(found)) <= 9, "no list is as long as the people are many"


def test_everybody_says_the_same() -> None:
    found = picture(3, [[(0, 1), (1, 1), (2, 1)] for _ in range(25)])
    assert [group["n"] for group in found["groups"]] == [25]
    assert found["groups"][0]["spread"] == {"rx": 0.0, "ry": 0.0, "angle": 0}
    assert found["unites"] == [0, 1, 2]


def test_nobody_and_nothing() -> None:
    assert picture(0, []) == {
        "participants": 0, "grouped": 0, "silhouette": 0.0, "groups": [], "statements": [], "unites": [], "divides": []
    }  # fmt: skip
