"""petitions.toml (PET-20): what a town publishes about its petitions is checked line by line, and may be absent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from backend.places.files.petitions import read_petitions
from backend.places.files.problems import Problems
from backend.places.loader import ConfigProblems, read_config

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small towns of the tests, to be spoiled."""
    shutil.copytree(ROOT / "tests" / "town", tmp_path / "config")
    return tmp_path / "config"


def spoil(folder: Path, old: str, new: str) -> list[str]:
    """Change the first town's page; what the loader says of it, without the folder."""
    path = folder / "towns" / "dongwan" / "petitions.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(ConfigProblems) as refused:
        read_config(folder)
    return [f"{p.path.name}:{p.line} {p.text}" for p in refused.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('phone = "0632-0000000"', 'phone = "打总机"', 6, "不像电话号码"),
        ('name = "东湾镇信访办（虚构）"', "", 3, "“name”没有填写"),
        ('channels = ["手机提交", "来信", "来访", "来电"]', "channels = []", 8, "反映渠道至少写一条"),
        ("rating_days = 30", "rating_days = 0", 10, "1 到 365"),
        ("rating_days = 30", 'roll_duties = "no"', 10, "true 或 false"),
        ('code = "village"', 'code = "land"', 18, "编码“land”重复了"),
        ("hours = ", "opening = ", 7, "不认识的项“opening”"),
        ("[[above]]", "[[beyond]]", 3, "至少写一个 [[above]]"),
        ("[[topics]]", "[[subjects]]", 3, "至少写一个 [[topics]]"),
    ],
)
def test_each_fault_is_named_by_its_line(folder: Path, old: str, new: str, line: int, words: str) -> None:
    said = spoil(folder, old, new)
    assert any(one.startswith(f"petitions.toml:{line} ") and words in one for one in said), said


def test_a_town_may_have_none(folder: Path) -> None:
    (folder / "towns" / "dongwan" / "petitions.toml").unlink()
    assert {town.brand.code for town in read_config(folder).towns} == {"dongwan", "xiwan"}


@pytest.mark.parametrize("town", ["nanshahe", "beihe"])
def test_the_towns_own_pages_are_right(town: str) -> None:
    problems = Problems()
    page = read_petitions(ROOT / "config" / "towns" / town / "petitions.toml", problems)
    assert problems.found == []
    assert page is not None
    assert [one.number for one in page.above][-1] == "12388"
    assert "示例" in page.office_name
