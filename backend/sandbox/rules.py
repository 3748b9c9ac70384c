"""Rules for the fields of a message, as the platform publishes them; written here anew, not shared with the sender."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from backend.sandbox.templates import Template

SENSITIVE = "演示敏感词"  # a send that holds it is refused with 45168
RISKY, DOUBTFUL = "演示违规词", "演示存疑词"  # what the content check calls risky / review


def _han(text: str) -> bool:
    return all("CJK UNIFIED" in unicodedata.name(character, "") for character in text)


def _no_han(text: str) -> bool:
    return not any("CJK" in unicodedata.name(character, "") for character in text)


def _name(text: str) -> bool:
    return len(text) <= (20 if _no_han(text) else 10)


_CLOCK = r"([01]?\d|2[0-3]):[0-5]\d"
_DAY = r"(\d{4}年(1[0-2]|0?[1-9])月([12]\d|3[01]|0?[1-9])日|\d{4}-\d{2}-\d{2})"
_MOMENT = rf"({_DAY}( {_CLOCK})?|{_CLOCK})"

CHECKS: dict[str, Callable[[str], bool]] = {
    "thing": lambda text: len(text) <= 20,
    "phrase": lambda text: len(text) <= 5 and _han(text),
    "character_string": lambda text: len(text) <= 32 and _no_han(text),
    "number": lambda text: bool(re.fullmatch(r"-?[\d.]{1,32}", text)),
    "letter": lambda text: bool(re.fullmatch(r"[A-Za-z]{1,32}", text)),
    "symbol": lambda text: len(text) <= 5,
    "time": lambda text: bool(re.fullmatch(rf"{_MOMENT}(~{_MOMENT})?", text)),
    "date": lambda text: bool(re.fullmatch(rf"{_DAY}( {_CLOCK})?(~{_DAY}( {_CLOCK})?)?", text)),
    "amount": lambda text: bool(re.fullmatch(r"\D?\d{1,10}(\.\d+)?元?", text)),
    "phone_number": lambda text: len(text) <= 17,
    "car_number": lambda text: len(text) <= 8,
    "name": _name,
}


def broken_field(template: Template, data: Any) -> str | None:
    """Why the data of a mini-program message is refused with 47003, in the platform's words; None when it fits."""
    if not isinstance(data, dict):
        return "data is not an object"
    for keyword in template.fields:
        value = _value(data.get(keyword))
        if value is None or not value.strip():
            return f"data.{keyword}.value is emtpy"  # the platform's own spelling
        if any(unicodedata.category(character) == "Cc" for character in value):
            return f"data.{keyword}.value invalid"
        if not CHECKS[keyword.rstrip("0123456789")](value):
            return f"data.{keyword}.value invalid"
    return next((f"data.{keyword} invalid" for keyword in data if keyword not in template.fields), None)


def shown(template: Template, data: Any) -> dict[str, str]:
    """What the official account's message shows: too long is silently cut, line breaks vanish."""
    values = {keyword: _value((data or {}).get(keyword)) or "" for keyword in template.fields}
    return {
        k: v if len(v) <= 20 else v[:20] + "…"
        for k, v in ((k, " ".join(v.split())) for k, v in values.items())
    }


def is_sensitive(data: Any) -> bool:
    """Whether a value holds a word that is refused with 45168."""
    return isinstance(data, dict) and any(SENSITIVE in (_value(part) or "") for part in data.values())


def _value(part: Any) -> str | None:
    value = part.get("value") if isinstance(part, dict) else None
    return str(value) if value is not None else None
