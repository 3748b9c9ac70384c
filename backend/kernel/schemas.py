"""Marshmallow base: blanks stripped, unknown fields refused, messages in Chinese, ids as strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import RAISE, ValidationError, fields, pre_load
from marshmallow import Schema as MarshmallowSchema

from backend.kernel.ids import is_id

_MESSAGES = {
    "Missing data for required field.": "必填",
    "Field may not be null.": "不能为空",
    "Unknown field.": "不认识这一项",
    "Not a valid string.": "应当是文字",
    "Not a valid integer.": "应当是整数",
    "Not a valid number.": "应当是数字",
    "Not a valid boolean.": "应当是“是”或“否”",
    "Not a valid list.": "应当是一个列表",
    "Not a valid mapping type.": "格式不对",
    "Invalid input type.": "格式不对",
    "Not a valid date.": "日期不对",
    "Not a valid datetime.": "时间不对",
    "Invalid value.": "内容不对",
    "Special numeric values (nan or infinity) are not permitted.": "应当是普通数字",
}
_PATTERNS = [
    (re.compile(r"Longer than maximum length (\d+)"), "最多 {} 个"),
    (re.compile(r"Shorter than minimum length (\d+)"), "至少 {} 个"),
    (re.compile(r"Must be one of: "), "不在可选范围内"),
    (
        re.compile(r"Must be greater than or equal to (.+) and less than or equal to (.+)\.$"),
        "应在 {} 到 {} 之间",
    ),
    (re.compile(r"Must be greater than or equal to (.+)\.$"), "不能小于 {}"),
    (re.compile(r"Must be less than or equal to (.+)\.$"), "不能大于 {}"),
    (re.compile(r"Length must be between (\d+) and (\d+)"), "应在 {} 到 {} 个之间"),
]


def in_chinese(message: str) -> str:
    """A validator's message as a person here reads it; our own sentences pass through."""
    if message in _MESSAGES:
        return _MESSAGES[message]
    for pattern, sentence in _PATTERNS:
        found = pattern.search(message)
        if found:
            return sentence.format(*found.groups())
    return message


def flatten(messages: Any, path: str = "") -> dict[str, list[str]]:
    """Nested marshmallow messages as `{"point.lon": ["必填"]}`."""
    if isinstance(messages, str):
        return {path or "_": [in_chinese(messages)]}
    if isinstance(messages, list):
        return {path or "_": [in_chinese(str(m)) for m in messages]}
    flat: dict[str, list[str]] = {}
    for key, value in messages.items():
        name = str(key) if key != "_schema" else path or "_"
        inner = name if not path or key == "_schema" else f"{path}.{name}"
        for field, sentences in flatten(value, inner).items():
            flat.setdefault(field, []).extend(sentences)
    return flat


class Schema(MarshmallowSchema):
    """What every schema of ours inherits."""

    class Meta:
        unknown = RAISE

    @pre_load
    def strip_blanks(self, data: Any, **_: Any) -> Any:
        """Blanks around what a person typed mean nothing."""
        if not isinstance(data, Mapping):
            return data
        return {k: v.strip() if isinstance(v, str) else v for k, v in data.items()}


class IdField(fields.Field[int]):
    """A 63-bit id: a string in JSON, because JavaScript's numbers end at 53 bits."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        text = str(value)
        if not is_id(text):
            raise ValidationError("编号不对")
        return int(text)


class TimeField(fields.Field[datetime]):
    """An aware moment as RFC 3339 in UTC, with Z."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        if value is None:
            return None
        # Not strftime: it writes the year 829 with three digits, which is no date-time.
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise ValidationError("时间不对") from error
        if moment.tzinfo is None:
            raise ValidationError("时间要带时区")
        return moment.astimezone(UTC)


class ErrorSchema(MarshmallowSchema):
    """The one error shape, as the API document shows it."""

    code = fields.String(required=True, metadata={"description": "for programs"})
    message = fields.String(required=True, metadata={"description": "a Chinese sentence for a person"})
    fields_ = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), data_key="fields")
    request_id = fields.String()
    details = fields.Dict()
