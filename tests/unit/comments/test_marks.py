"""The finder of personal data, by tables: what it marks, where, and what it leaves alone."""

from __future__ import annotations

import pytest

from backend.comments.marks import EVERYTHING, covered, find, sentence

#: an invented number whose check character is right, and the same with it wrong
ID, ID_WRONG = "110105194912310038", "110105194912310039"


@pytest.mark.parametrize(
    ("text", "what", "held"),
    [
        ("请打13812345678找我", "phone", "13812345678"),
        ("电话138 1234 5678", "phone", "138 1234 5678"),
        ("电话138-1234-5678。", "phone", "138-1234-5678"),
        ("+86 13812345678", "phone", "+86 13812345678"),
        ("打１３８１２３４５６７８", "phone", "１３８１２３４５６７８"),
        ("打一三八一二三四五六七八", "phone", "一三八一二三四五六七八"),
        ("打幺三八一二三四五六七八", "phone", "幺三八一二三四五六七八"),
        (f"身份证{ID}", "id_number", ID),
        ("身份证11010519491231002x", "id_number", "11010519491231002x"),
        ("身份证 110105 19491231 0038", "id_number", "110105 19491231 0038"),
        ("老证110105491231002", "id_number", "110105491231002"),
        ("那辆鲁D12345堵着门", "plate", "鲁D12345"),
        ("那辆鲁d·12345", "plate", "鲁d·12345"),
        ("新能源鲁DF12345", "plate", "鲁DF12345"),
        ("卡号6222021234567890123", "", ""),
        ("卡号4111 1111 1111 1111", "", ""),
        ("卡号4539578763621486", "bank_card", "4539578763621486"),
    ],
)
def test_what_is_marked(text: str, what: str, held: str) -> None:
    found = find(text)
    assert [(mark.what, text[mark.start : mark.end]) for mark in found] == ([(what, held)] if what else [])


@pytest.mark.parametrize(
    "text",
    [
        "3号楼东边的路灯坏了三天",
        "拨打12345也可以",
        "镇里电话0632-5512345",
        "预算138123456780元",
        f"编号{ID_WRONG}",
        "2026年3月10日到3月25日",
        "编号110105170001010011是1700年生的？",
        "鲁班锁",
        "鲁ABCDEF",
        "",
    ],
)
def test_what_is_left_alone(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("联系0632-5512345", ["0632-5512345"]),
        ("住3号楼2单元501室", ["3号楼2单元501室"]),
        ("门牌18号旁边", ["门牌18号"]),
        ("在12号院门口", ["12号院"]),
        ("3号楼东边", []),
        ("5号前办好", []),
    ],
)
def test_a_text_of_the_office_is_looked_at_more_closely(text: str, held: list[str]) -> None:
    assert [text[mark.start : mark.end] for mark in find(text, kinds=EVERYTHING)] == held


def test_names_that_are_given_are_found_and_others_are_not() -> None:
    text = "王小明和 李 四说，赵六不知道"
    found = find(text, names=["王小明", "李四", "明", " "])
    assert [(text[mark.start : mark.end], mark.what) for mark in found] == [
        ("王小明", "name"),
        ("李 四", "name"),
    ]


def test_several_in_order_and_none_inside_another() -> None:
    text = f"{ID}，13812345678，鲁D12345"
    found = find(text)
    assert [mark.what for mark in found] == ["id_number", "phone", "plate"]
    assert sentence(found) == "身份证号码、手机号码、车牌号"
    assert covered(text, found) == "○" * 18 + "，" + "○" * 11 + "，" + "○" * 7
