"""The check digit of a resident identity number (GB 11643, ISO 7064 MOD 11-2). Pure."""

from __future__ import annotations

import re
from datetime import date

_SHAPE = re.compile(r"^[0-9]{17}[0-9X]$")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DIGITS = "10X98765432"
WRONG = "身份证号对不上，请核对每一位；也可以不填（《信访工作条例》第十九条没有要求身份证号）"


def tidy(number: str) -> str:
    """What was typed, with blanks gone and the last letter large."""
    return "".join(number.split()).upper()


def is_id_number(number: str) -> bool:
    """Whether an identity number of 18 characters has a real birthday and the right check digit."""
    if not _SHAPE.match(number):
        return False
    try:
        date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _DIGITS[total % 11] == number[17]
