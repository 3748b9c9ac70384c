"""What may not stand in a text of the wall: where it stands, and what is let through."""

from __future__ import annotations

import pytest

from backend.kernel.errors import Invalid
from backend.wall import redaction

NAMES = ("王小明", "城管甲")
ADDRESS = "湾头村东头老槐树下"


def found(text: str) -> list[tuple[str, str]]:
    places = redaction.check({"done": text}, NAMES, ADDRESS)
    return [(place.what, text[place.start : place.end]) for place in places]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请打 138-1234-5678", [("phone", "138-1234-5678")]),
        ("电话１３８１２３４５６７８", [("phone", "１３８１２３４５６７８")]),
        ("电话幺三八一二三四五六七八", [("phone", "幺三八一二三四五六七八")]),
        ("镇里0632-5123456", [("landline", "0632-5123456")]),
        ("11010519491231002X", [("id_number", "11010519491231002X")]),
        ("鲁D·12345", [("plate", "鲁D·12345")]),
        ("3号楼2单元501室", [("house", "3号楼2单元501室")]),
        ("王小明说的", [("name", "王小明")]),
        ("王 小明说的", [("name", "王 小明")]),
        ("城管甲和王小明", [("name", "城管甲"), ("name", "王小明")]),
        (f"在{ADDRESS}修的", [("address", ADDRESS)]),
        ("", []),
        ("更换灯泡3个，清淤40米，用时5天，花费1200元。", []),
        ("2026年11月22日当天修好，编号0201", []),
        ("湾头村东头的路灯修好了", []),
    ],
)
def test_each_place_is_marked_and_nothing_else(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_all_fields_are_looked_at_and_named() -> None:
    with pytest.raises(Invalid) as refused:
        redaction.demand_clean({"title": "王小明家", "matter": "没有", "done": "请打13812345678"}, NAMES)
    assert set(refused.value.fields) == {"title", "done"}
    assert refused.value.fields["done"] == ["第 3 个字起：手机号码"]
    assert [mark["field"] for mark in refused.value.details["marks"]] == ["done", "title"]


@pytest.mark.parametrize("short", ["", "村", "村里", "村东头"])
def test_an_address_that_says_nothing_is_not_looked_for(short: str) -> None:
    assert redaction.check({"done": "村里村东头都修好了"}, (), short) == []


def test_what_is_suggested_is_covered_at_its_length() -> None:
    text = f"王小明13812345678在{ADDRESS}"
    covered = redaction.covered(text, NAMES, ADDRESS)
    assert len(covered) == len(text)
    assert redaction.check({"x": covered}, NAMES, ADDRESS) == []
    assert covered == "○○○○○○○○○○○○○○在○○○○○○○○○"
