"""The order of a list that people arrange by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backend.kernel.errors import Conflict
from backend.kernel.ordering import moved


@dataclass(frozen=True)
class Line:
    id: int
    position: int


LINES = [Line(11, 0), Line(12, 1), Line(13, 2)]


def test_only_what_stands_elsewhere_is_moved() -> None:
    assert moved(LINES, [13, 12, 11], "规则") == [(LINES[2], 0), (LINES[0], 2)]
    assert moved(LINES, [11, 12, 13], "规则") == []


@pytest.mark.parametrize("ids", [[11, 12], [11, 12, 13, 14], [11, 12, 13, 13], [11, 12, 14]])
def test_an_order_of_another_list_is_refused(ids: list[int]) -> None:
    with pytest.raises(Conflict) as refused:
        moved(LINES, ids, "规则")
    assert (refused.value.code, refused.value.message) == (
        "changed_meanwhile",
        "规则刚刚有增减，请刷新后再排。",
    )
