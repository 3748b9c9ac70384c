"""Fields of a template: what is cut, what is refused, and whether a field map fits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from backend.integrations.wechat.fields import check_template, format_field
from backend.integrations.wechat.protocol import FieldError
from backend.integrations.wechat.templates import TemplatesError, load_templates

MOMENT = datetime(2026, 11, 22, 7, 1, tzinfo=UTC)
CONTENT = "事项名称:{{thing1.DATA}}\n办理状态:{{phrase2.DATA}}\n更新时间:{{time3.DATA}}\n"


@pytest.mark.parametrize(
    ("keyword", "value", "text"),
    [
        ("thing1", "二组水渠堵塞", "二组水渠堵塞"),
        ("thing1", "字" * 20, "字" * 20),
        ("thing1", "字" * 21, "字" * 19 + "…"),
        ("thing1", "上\n下\t左", "上 下 左"),
        ("phrase2", "待受理", "待受理"),
        ("character_string5", "7KQ4-M2XN-9ABC", "7KQ4-M2XN-9ABC"),
        ("time3", MOMENT, "2026年11月22日 15:01"),
        ("time3", "15:01", "15:01"),
        ("date3", MOMENT, "2026年11月22日 15:01"),
        ("date3", date(2026, 1, 5), "2026年1月5日"),
        ("number4", 12, "12"),
        ("amount4", "¥12.50", "¥12.50"),
        ("name2", "爱新觉罗溥仪先生的邻居们", "爱新觉罗溥仪先生的…"),
        ("name2", "Alexandra Johnson", "Alexandra Johnson"),
        ("phone_number6", "0632-5555555", "0632-5555555"),
    ],
)
def test_formatted(keyword: str, value: object, text: str) -> None:
    assert format_field(keyword, value) == text


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("thing1", ""),
        ("thing1", None),
        ("thing1", " \n "),
        ("thing1", "\x00"),
        ("phrase2", "in hand"),
        ("phrase2", "正在办理之中"),
        ("phrase2", "办理，中"),
        ("character_string5", "编号7"),
        ("character_string5", "7" * 33),
        ("character_string5", "７"),
        ("time3", datetime(2026, 11, 22)),  # noqa: DTZ001  # a time without a zone is what is refused
        ("time3", "昨天"),
        ("number4", "一百"),
        ("letter1", "a1"),
        ("nothing1", "x"),
        ("thing", "x"),
    ],
)
def test_refused(keyword: str, value: object) -> None:
    with pytest.raises(FieldError):
        format_field(keyword, value)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"thing1": "title", "phrase2": "status", "time3": "at"}, []),
        ({"thing1": "title", "phrase2": "status"}, ["time3 没有对应内容"]),
        ({"thing1": "title", "phrase2": "status", "time3": "at", "thing9": "hint"}, ["没有字段 thing9"]),
        ({"thing1": "title", "phrase2": "title", "time3": "at"}, ["phrase2 是 phrase 类型"]),
        ({"thing1": "colour", "phrase2": "status", "time3": "at"}, ["“colour”不是我们的字段"]),
        (
            {"bogus": "title", "thing1": "title", "phrase2": "status", "time3": "at"},
            ["没有字段 bogus", "不是模板字段名"],
        ),
    ],
)
def test_field_map_against_the_platform(fields: dict[str, str], words: list[str]) -> None:
    problems = check_template(fields, CONTENT)
    assert len(problems) == len(words), problems
    for problem, part in zip(problems, words, strict=True):
        assert part in problem


GOOD = '[a.mini]\ntemplate_id = "T"\n[a.mini.fields]\nthing1 = "title"\nphrase2 = "status"\n'


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ('[a.mini]\ntemplate_id = "T"\n[a.mini.fields\n', "line 3", "Expected"),
        (GOOD + '\n[b.sms]\ntemplate_id = "T"\n', ":7:", "渠道只能是"),
        (GOOD + "\n[b.mini]\n[b.mini.fields]\nthing1 = 'title'\n", ":7:", "缺少 template_id"),
        (GOOD + '\n[b.official]\ntemplate_id = "T"\n', ":7:", "缺少 fields"),
        (GOOD.replace("status", "place"), ":1:", "放不下“place”"),
    ],
)
def test_a_broken_file_is_named_by_line(tmp_path: Path, text: str, where: str, words: str) -> None:
    file = tmp_path / "wechat_templates.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(TemplatesError) as broken:
        load_templates(tmp_path)
    assert any(str(file) in p and where in p and words in p for p in broken.value.problems), (
        broken.value.problems
    )


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(TemplatesError, match="文件不存在"):
        load_templates(tmp_path)


def test_data_of_a_message(tmp_path: Path) -> None:
    (tmp_path / "wechat_templates.toml").write_text(GOOD, "utf-8")
    book = load_templates(tmp_path)
    template = book.get("a", "mini")
    assert template is not None
    assert book.get("a", "official") is None
    assert book.data(template, {"title": "路灯不亮", "status": "办理中"}) == {
        "thing1": "路灯不亮",
        "phrase2": "办理中",
    }
    with pytest.raises(FieldError, match="a/mini status"):
        book.data(template, {"title": "路灯不亮"})
