"""The town's word list: what is found in a text, where, and what is wrong with a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.comments.word_list import WordListProblems, check, found_in, read_words

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("这里办证刻章吗", ["办证刻章"]),
        ("办 证、刻-章", ["办 证、刻-章"]),
        ("加ＶＸ领奖", ["加ＶＸ"]),
        ("加vx，再办证刻章", ["加vx", "办证刻章"]),
        ("办证，再刻一枚章", []),
        ("", []),
    ],
)
def test_words_are_found_with_their_place(text: str, held: list[str]) -> None:
    found = found_in(("办证刻章", "加VX"), text)
    assert [text[one.start : one.end] for one in found] == held


def test_a_word_inside_a_word_is_found_too() -> None:
    assert [one.word for one in found_in(("刷单", "刷单返利"), "刷单返利")] == ["刷单", "刷单返利"]


def test_no_list_finds_nothing() -> None:
    assert found_in((), "办证刻章") == []


def test_remarks_and_empty_lines_are_no_words() -> None:
    assert read_words("# 广告\n\n办证刻章  # 常见\n  刷单返利\n") == ["办证刻章", "刷单返利"]


def test_what_is_wrong_is_said_line_by_line() -> None:
    with pytest.raises(WordListProblems) as said:
        read_words(f"办证刻章\n骂\n。。\n{'长' * 21}\n")
    lines = str(said.value).splitlines()
    assert [line.partition("行")[0] for line in lines] == ["第 2 ", "第 3 ", "第 4 "]


def test_the_path_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "words.txt"
    wrong.write_text("骂\n", "utf-8")
    with pytest.raises(WordListProblems, match=r"words\.txt"):
        check([tmp_path / "absent.txt", wrong])


@pytest.mark.parametrize(
    "path", sorted((ROOT / "config" / "towns").glob("*/words.txt")), ids=lambda p: p.parent.name
)
def test_the_lists_we_bring_are_right(path: Path) -> None:
    assert len(read_words(path.read_text("utf-8"))) > 5
