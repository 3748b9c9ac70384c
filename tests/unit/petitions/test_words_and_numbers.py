"""The check digit of an identity number, and when two texts are about one matter. Pure."""

from __future__ import annotations

import pytest

from backend.petitions.id_numbers import is_id_number, tidy
from backend.petitions.same_matter import ALIKE, likeness

#: district 000000: nobody's
RIGHT = "00000019900307105X"


def test_the_right_number_is_right() -> None:
    assert is_id_number(RIGHT)
    assert is_id_number(tidy(" 000000 19900307 105x "))
    assert is_id_number("000000199003071236")


@pytest.mark.parametrize("digit", [d for d in "0123456789X" if d != "X"])
def test_every_other_check_digit_is_wrong(digit: str) -> None:
    assert not is_id_number(RIGHT[:-1] + digit)


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_digit_anywhere_is_found(place: int) -> None:
    other = str((int(RIGHT[place]) + 1) % 10)
    assert not is_id_number(RIGHT[:place] + other + RIGHT[place + 1 :])


@pytest.mark.parametrize("one", range(16))
def test_two_neighbours_exchanged_are_found(one: int) -> None:
    if RIGHT[one] == RIGHT[one + 1]:
        return  # nothing is exchanged
    swapped = RIGHT[:one] + RIGHT[one + 1] + RIGHT[one] + RIGHT[one + 2 :]
    assert not is_id_number(swapped)


@pytest.mark.parametrize(
    "text", ["", "123", "0000001990030710", "００００００19900307105X", "000000199013071058", "0" * 18]
)
def test_what_is_no_number_at_all(text: str) -> None:
    assert not is_id_number(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("请求退还被占的承包地", "请求退还被占的承包地", True),
        ("请求退还被占的承包地", "请求退还被占的承包地，尽快丈量！", True),
        ("请求退还被占的承包地", "请退还我家被占的承包地", True),
        ("请求退还被占的承包地", "宅基地确权证一直没有发下来", False),
        ("请求退还被占的承包地", "请求公开去年的村务支出", False),
        ("请求", "请求", True),
        ("？", "！", False),
    ],
)
def test_the_same_matter_in_other_words(one: str, other: str, same: bool) -> None:
    """PET-07."""
    assert (likeness(one, other) >= ALIKE) is same
    assert likeness(one, other) == likeness(other, one)
