"""What a person reads when a field is wrong: Chinese, by field, whatever the validator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField, flatten


class Inner(Schema):
    lon = fields.Float(required=True, validate=validate.Range(-180, 180))


class Form(Schema):
    text = fields.String(required=True, validate=validate.Length(1, 5))
    long = fields.String(validate=validate.Length(max=3))
    short = fields.String(validate=validate.Length(min=2))
    count = fields.Integer(validate=validate.Range(min=1, max=9))
    least = fields.Integer(validate=validate.Range(min=1))
    most = fields.Integer(validate=validate.Range(max=9))
    on = fields.Date()
    at = TimeField()
    flag = fields.Boolean()
    choice = fields.String(validate=validate.OneOf(["a", "b"]))
    ids = fields.List(IdField())
    point = fields.Nested(Inner)
    free = fields.Dict(keys=fields.String(), values=fields.String())
    said = fields.String(validate=validate.Length(max=1, error="我们自己的话"))


def faults(**given: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        Form().load({"text": "好", **given})
    return flatten(refused.value.messages)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"text": None}, "text", "不能为空"),
        ({"text": ""}, "text", "应在 1 到 5 个之间"),
        ({"text": "   "}, "text", "应在 1 到 5 个之间"),  # blanks are nothing
        ({"text": 7}, "text", "应当是文字"),
        ({"text": ["好"]}, "text", "应当是文字"),
        ({"long": "四个字了"}, "long", "最多 3 个"),
        ({"short": "一"}, "short", "至少 2 个"),
        ({"count": "many"}, "count", "应当是整数"),
        ({"count": 0}, "count", "应在 1 到 9 之间"),
        ({"count": 10}, "count", "应在 1 到 9 之间"),
        ({"least": 0}, "least", "不能小于 1"),
        ({"most": 10}, "most", "不能大于 9"),
        ({"on": "1970-13-01"}, "on", "日期不对"),
        ({"at": "yesterday"}, "at", "时间不对"),
        ({"at": "2026-03-10T10:00:00"}, "at", "时间要带时区"),
        ({"flag": "maybe"}, "flag", "应当是“是”或“否”"),
        ({"choice": "c"}, "choice", "不在可选范围内"),
        ({"ids": "1"}, "ids", "应当是一个列表"),
        ({"ids": ["1", "x"]}, "ids.1", "编号不对"),
        ({"ids": [str(2**63)]}, "ids.0", "编号不对"),
        ({"ids": [True]}, "ids.0", "编号不对"),
        ({"point": {}}, "point.lon", "必填"),
        ({"point": {"lon": "east"}}, "point.lon", "应当是数字"),
        ({"point": {"lon": float("nan")}}, "point.lon", "应当是普通数字"),
        ({"point": {"lon": 181}}, "point.lon", "应在 -180 到 180 之间"),
        ({"point": 3}, "point", "格式不对"),
        ({"free": 3}, "free", "格式不对"),
        ({"free": {"a": 1}}, "free.a.value", "应当是文字"),
        ({"said": "太长"}, "said", "我们自己的话"),
        ({"unheard": 1}, "unheard", "不认识这一项"),
    ],
)
def test_each_fault_in_chinese(given: dict[str, Any], field: str, sentence: str) -> None:
    assert faults(**given) == {field: [sentence]}


def test_a_missing_field() -> None:
    with pytest.raises(ValidationError) as refused:
        Form().load({})
    assert flatten(refused.value.messages) == {"text": ["必填"]}


@pytest.mark.parametrize("body", [[], "text", 3, None])
def test_a_body_that_is_no_object(body: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        Form().load(body)
    sentences = [s for said in flatten(refused.value.messages).values() for s in said]
    assert sentences
    assert all(not any(ch.isascii() and ch.isalpha() for ch in s) for s in sentences), sentences


def test_blanks_around_what_was_typed_are_dropped() -> None:
    assert Form().load({"text": "  好 \n"}) == {"text": "好"}


def test_ids_are_strings_outside_and_numbers_inside() -> None:
    class One(Schema):
        id = IdField(allow_none=True)

    assert One().dump({"id": 2**62}) == {"id": str(2**62)}
    assert One().load({"id": str(2**63 - 1)}) == {"id": 2**63 - 1}
    assert One().dump({"id": None}) == {"id": None}


def test_times_are_utc_with_z() -> None:
    class One(Schema):
        at = TimeField()

    moment = datetime(2026, 3, 10, 2, 0, 3, tzinfo=UTC)
    assert One().dump({"at": moment}) == {"at": "2026-03-10T02:00:03Z"}
    assert One().load({"at": "2026-03-10T10:00:03+08:00"}) == {"at": moment}
