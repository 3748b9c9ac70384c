"""The stand-in is as strict as the published rules, and no stricter."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.sandbox.config import SandboxConfig
from backend.sandbox.people import PEOPLE
from backend.sandbox.rules import broken_field, shown
from backend.sandbox.templates import TEMPLATES, Template, of

EVERY = Template(
    "T",
    "mini",
    "all",
    "".join(f"{k}:{{{{{k}1.DATA}}}}\n" for k in ("thing", "phrase", "time", "date", "number", "name")),
)
GOOD = {
    "thing1": "路灯不亮",
    "phrase1": "待受理",
    "time1": "2026年3月10日 10:00~2026年3月11日 10:00",
    "date1": "2026-03-10",
    "number1": "12.5",
    "name1": "王秀兰",
}


def values(**changes: str) -> dict[str, dict[str, str]]:
    return {keyword: {"value": value} for keyword, value in (GOOD | changes).items()}


def test_good_values() -> None:
    assert broken_field(EVERY, values()) is None


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("thing1", "长" * 21),
        ("thing1", "a\nb"),
        ("thing1", ""),
        ("phrase1", "ok"),
        ("phrase1", "六个汉字太多"),
        ("time1", "25:00"),
        ("time1", "2026/3/10"),
        ("date1", "2026年13月1日"),
        ("number1", "十二"),
        ("name1", "名" * 11),
        ("name1", "n" * 21),
    ],
)
def test_bad_values_are_named(keyword: str, value: str) -> None:
    assert (broken_field(EVERY, values(**{keyword: value})) or "").startswith(f"data.{keyword}.value")


def test_missing_and_unknown_fields() -> None:
    assert (
        broken_field(EVERY, {k: v for k, v in values().items() if k != "date1"})
        == "data.date1.value is emtpy"
    )
    assert broken_field(EVERY, values(thing9="x")) == "data.thing9 invalid"
    assert broken_field(EVERY, ["thing1"]) == "data is not an object"


def test_official_messages_are_cut_not_refused() -> None:
    template = of("official")[0]
    assert shown(template, {"thing1": {"value": "长" * 30}})["thing1"] == "长" * 20 + "…"


def test_every_template_has_fields_and_a_place() -> None:
    assert {template.app for template in TEMPLATES.values()} == {"mini", "official"}
    assert all(2 <= len(template.fields) <= 5 for template in TEMPLATES.values())
    assert TEMPLATES["SbxMiniTask-2vB6nZkX8hQ4jWfLr0CsMtYpGdE3aU9i"].fields["phrase4"] == "紧急程度"


def test_people_are_invented_and_say_so() -> None:
    assert all("演示" in person.name for person in PEOPLE)
    openids = {openid for p in PEOPLE for openid in (p.mini_openid, p.official_openid, p.unionid)}
    assert len(openids) == 3 * len(PEOPLE)
    assert {len(openid) for openid in openids} == {28}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"pages": [{"path": "pages/a"}]}', {"pages/a"}),
        ('{ // 首页\n "pages": [{"path": "pages/a"}], /* 多行\n 注释 */ "x": "http://y"}', {"pages/a"}),
        ('{"pages": [], "subPackages": [{"root": "s/", "pages": [{"path": "b/c"}]}]}', {"s/b/c"}),
        ('{"pages": [', None),
    ],
)
def test_pages_of_the_mini_program(tmp_path: Path, text: str, found: set[str] | None) -> None:
    file = tmp_path / "pages.json"
    file.write_text(text, "utf-8")
    assert SandboxConfig(pages_file=file).pages() == found


def test_without_a_pages_file_any_page_is_taken(tmp_path: Path) -> None:
    assert SandboxConfig(pages_file=tmp_path / "none.json").pages() is None
