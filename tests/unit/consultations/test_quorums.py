"""四议两公开: who has to be there and how many have to agree (CON-06; 村民委员会组织法 26, 30)."""

from __future__ import annotations

import pytest

from backend.consultations.quorums import ADULTS, HOUSEHOLDS, REPRESENTATIVES, judge
from backend.kernel.errors import Invalid

VALID, TOO_FEW, NOT_AGREED = "通过", "会议不成立", "没有通过"


@pytest.mark.parametrize(
    ("step", "form", "entitled", "present", "agreed", "says"),
    [
        # party members: two thirds there, more than half of those there
        ("party_meeting", "", 30, 20, 11, VALID),
        ("party_meeting", "", 30, 20, 10, NOT_AGREED),
        ("party_meeting", "", 30, 19, 19, TOO_FEW),
        ("party_meeting", "", 31, 20, 20, TOO_FEW),
        # representatives: the same
        ("assembly", REPRESENTATIVES, 42, 28, 15, VALID),
        ("assembly", REPRESENTATIVES, 42, 27, 27, TOO_FEW),
        ("assembly", REPRESENTATIVES, 42, 28, 14, NOT_AGREED),
        # all adults: more than half there
        ("assembly", ADULTS, 1000, 501, 251, VALID),
        ("assembly", ADULTS, 1000, 500, 500, TOO_FEW),
        # or two thirds of the households
        ("assembly", HOUSEHOLDS, 300, 200, 101, VALID),
        ("assembly", HOUSEHOLDS, 300, 199, 199, TOO_FEW),
        ("assembly", HOUSEHOLDS, 300, 200, 100, NOT_AGREED),
        # committees: more than half
        ("proposal", "", 5, 3, 2, VALID),
        ("committees", "", 9, 4, 4, TOO_FEW),
        ("committees", "", 9, 5, 2, NOT_AGREED),
    ],
)
def test_a_deliberation_is_judged(
    step: str, form: str, entitled: int, present: int, agreed: int, says: str
) -> None:
    found = judge(step, form, entitled, present, agreed)
    assert found.passed == (says == VALID)
    assert says in found.words
    assert f"应到 {entitled}，实到 {present}，同意 {agreed}" in found.words


@pytest.mark.parametrize(
    ("numbers", "field"),
    [((0, 0, 0), "entitled"), ((10, 11, 5), "present"), ((10, 8, 9), "agreed")],
)
def test_numbers_that_cannot_be_are_refused(numbers: tuple[int, int, int], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        judge("party_meeting", "", *numbers)
    assert list(refusal.value.fields) == [field]


def test_an_assembly_says_of_which_kind_it_was() -> None:
    with pytest.raises(Invalid) as refusal:
        judge("assembly", "", 10, 10, 10)
    assert list(refusal.value.fields) == ["form"]
