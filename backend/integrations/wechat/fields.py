"""Template fields: what each type of field takes, and how our values are made to fit (wechat-oss §2.3).

A title is cut, because a shortened title still helps; a status or a code is never cut, because half a code
misleads: it is refused, and check_template finds at start what could never fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime

from backend.integrations.wechat.protocol import FieldError
from backend.kernel.clock import shanghai

#: Our logical fields and which platform types each may be put into.
LOGICAL: dict[str, frozenset[str]] = {
    "title": frozenset({"thing"}),
    "status": frozenset({"phrase", "thing"}),
    "at": frozenset({"time", "date"}),
    "hint": frozenset({"thing"}),
    "code": frozenset({"character_string"}),
    "place": frozenset({"thing"}),
    "due": frozenset({"time", "date"}),
    "urgency": frozenset({"phrase", "thing"}),
    "reply": frozenset({"thing"}),
}

KEYWORD = re.compile(r"^([a-z_]+?)(\d+)$")
CONTENT_FIELD = re.compile(r"\{\{(\w+)\.DATA\}\}")
CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
CHINESE = re.compile(r"^[\u4e00-\u9fff]+$")
HAS_CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")

Formatter = Callable[[object], str]


def field_type(keyword: str) -> str:
    """thing1 → thing. Raises FieldError for what is no keyword."""
    match = KEYWORD.match(keyword)
    if match is None or match[1] not in FORMATTERS:
        raise FieldError(f"{keyword} 不是模板字段名（应如 thing1、time3）。")
    return match[1]


def format_field(keyword: str, value: object) -> str:
    """The value as the platform takes it in this field.

    Raises FieldError when it is empty, or cannot be expressed in the field's type.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        raise FieldError(f"{keyword} 是空的，平台会拒收（47003）。")
    return FORMATTERS[field_type(keyword)](value)


def _line(value: object) -> str:
    """Text on one line, without control characters."""
    text = re.sub(r"\s+", " ", CONTROL.sub(" ", str(value))).strip()
    if not text:
        raise FieldError("内容只有空白字符，平台会拒收（47003）。")
    return text


def _thing(value: object) -> str:
    text = _line(value)
    return text if len(text) <= 20 else text[:19].rstrip() + "…"


def _phrase(value: object) -> str:
    text = _line(value)
    if len(text) > 5 or not CHINESE.match(text):
        raise FieldError(f"phrase 只能是 5 个以内的汉字，“{text[:12]}”不行。")
    return text


def _character_string(value: object) -> str:
    text = _line(value)
    if len(text) > 32 or HAS_CHINESE.search(text):
        raise FieldError(f"character_string 只能是 32 位以内的数字、字母、符号，“{text[:12]}”不行。")
    return text


def _matching(pattern: str, words: str) -> Formatter:
    expression = re.compile(pattern)

    def formatter(value: object) -> str:
        text = _line(value)
        if not expression.fullmatch(text):
            raise FieldError(f"{words}，“{text[:12]}”不行。")
        return text

    return formatter


def _name(value: object) -> str:
    text = _line(value)
    limit = 10 if HAS_CHINESE.search(text) else 20
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _time(value: object) -> str:
    """A moment as 2026年11月22日 15:01 in Asia/Shanghai; a day without its time is refused for a time field."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise FieldError("时间没有时区，不知道是几点。")
        local = shanghai(value)
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    if isinstance(value, date):
        return _day(value)
    return _matching(r"[\d年月日/:~\- ]{4,40}", "time 要写成 2019年10月1日 15:01")(value)


def _date(value: object) -> str:
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, date):
        return _day(value)
    return _matching(r"[\d年月日/:~\- ]{4,40}", "date 要写成 2019年10月1日")(value)


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


FORMATTERS: dict[str, Formatter] = {
    "thing": _thing,
    "phrase": _phrase,
    "character_string": _character_string,
    "number": _matching(r"-?\d{1,32}(\.\d+)?", "number 只能是 32 位以内的数字"),
    "letter": _matching(r"[A-Za-z]{1,32}", "letter 只能是 32 位以内的字母"),
    "symbol": _matching(r"[^\w\s]{1,5}", "symbol 只能是 5 位以内的符号"),
    "time": _time,
    "date": _date,
    "amount": _matching(r"[¥￥$]?\d{1,10}(\.\d{1,2})?元?", "amount 要写成 ¥12.50 或 12.50元"),
    "phone_number": _matching(r"[\d+\-() ]{1,17}", "phone_number 只能是 17 位以内的数字和符号"),
    "car_number": _matching(r"[\u4e00-\u9fff]?[A-Z0-9·\u4e00-\u9fff]{4,7}", "car_number 最多 8 位"),
    "name": _name,
    "enum": _line,
}


def check_template(fields: Mapping[str, str], content: str) -> list[str]:
    """What is wrong between our field map (keyword → logical field) and a template as the platform has it.

    Returns sentences; an empty list means that every keyword of the template is filled, and in a type that takes it.
    """
    problems: list[str] = []
    wanted = CONTENT_FIELD.findall(content)
    problems += [
        f"平台模板里没有字段 {keyword}，请从映射中去掉。" for keyword in fields if keyword not in wanted
    ]
    problems += [
        f"平台模板的字段 {keyword} 没有对应内容，发送会被拒（47003）。"
        for keyword in wanted
        if keyword not in fields
    ]
    for keyword, logical in fields.items():
        problems += check_pair(keyword, logical)
    return problems


def check_pair(keyword: str, logical: str) -> list[str]:
    """What is wrong with putting a logical field into a keyword, whatever the platform says."""
    try:
        kind = field_type(keyword)
    except FieldError as error:
        return [str(error)]
    if logical not in LOGICAL:
        return [f"{keyword} 对应的“{logical}”不是我们的字段（可用：{'、'.join(LOGICAL)}）。"]
    if kind not in LOGICAL[logical]:
        return [
            f"{keyword} 是 {kind} 类型，放不下“{logical}”（可用：{'、'.join(sorted(LOGICAL[logical]))}）。"
        ]
    return []
