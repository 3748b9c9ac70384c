"""Where personal data stands in a text: phone and ID numbers, plates, bank cards, names that are given, house numbers.

Pure: text in, places out. The same finder looks at comments before they are shown and at what is written for the
wall (domain rules §1.5, PI-06). It marks; whoever asks decides what becomes of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

PHONE, LANDLINE, ID_NUMBER, PLATE, BANK_CARD, NAME, HOUSE = (
    "phone", "landline", "id_number", "plate", "bank_card", "name", "house",
)  # fmt: skip
LABELS: dict[str, str] = {
    PHONE: "手机号码",
    LANDLINE: "固定电话",
    ID_NUMBER: "身份证号码",
    PLATE: "车牌号",
    BANK_CARD: "银行卡号",
    NAME: "姓名",
    HOUSE: "门牌号",
}
#: what nobody should say of anybody in public; a help line's number or "3号楼" may be said
PERSONAL = frozenset({PHONE, ID_NUMBER, PLATE, BANK_CARD, NAME})
#: what may not stand in a text of the office on the wall either
EVERYTHING = frozenset(LABELS)

_SEPARATOR = r"[\s\-—–.·_]?"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PHONE = re.compile(rf"(?<!\d)(?:\+?86{_SEPARATOR})?1{_SEPARATOR}[3-9](?:{_SEPARATOR}\d){{9}}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\s\-—–]{0,2}[2-9]\d{6,7}(?!\d)")
_ID_NEW = re.compile(rf"(?<!\d)[1-9](?:{_SEPARATOR}\d){{16}}{_SEPARATOR}[\dXx](?![\dA-Za-z])")
_ID_OLD = re.compile(r"(?<!\d)[1-9]\d{14}(?!\d)")
_CARD = re.compile(r"(?<!\d)[3-9](?:[\s\-]?\d){15,18}(?!\d)")
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Za-hj-np-z][·\s\-.]?[A-HJ-NP-Za-hj-np-z0-9]{{4,5}}"
    r"[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
)
_HOUSE = re.compile(
    r"\d{1,4}\s*(?:号楼|栋|幢|座)\s*(?:\d{1,2}\s*单元)?\s*\d{1,5}\s*(?:室|户|房|号)"
    r"|\d{1,2}\s*单元\s*\d{2,4}\s*(?:室|户|房|号)?|\d{1,5}\s*号(?:院|宅)|门牌\s*\d{1,5}\s*号?"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0012345678911" + "23456789")


@dataclass(frozen=True, order=True)
class Mark:
    """One place in a text: characters `start` to before `end`, and what stands there (a key of LABELS)."""

    start: int
    end: int
    what: str

    @property
    def label(self) -> str:
        """What it is called on screen."""
        return LABELS[self.what]


def find(text: str, names: Iterable[str] = (), kinds: Collection[str] = PERSONAL) -> list[Mark]:
    """Every place in `text` that holds personal data of these kinds, in order, none inside another.

    `names` are those the asker knows of (of a case, of staff); names of strangers cannot be told from words.
    Full-width digits, Chinese digits and blanks between digits are seen through.
    """
    plain = _plain(text)
    found = [mark for mark in _candidates(plain, plain.translate(_CHINESE_DIGITS)) if mark.what in kinds]
    if NAME in kinds:
        found += _names(plain, names)
    return _apart(found)


def sentence(marks: Iterable[Mark]) -> str:
    """What was found, as a person reads it: 手机号码、车牌号; empty for nothing."""
    return "、".join(dict.fromkeys(mark.label for mark in marks))


def covered(text: str, marks: Iterable[Mark]) -> str:
    """The text with a circle for every character that a mark covers; its length does not change."""
    shown = list(text)
    for mark in marks:
        shown[mark.start : mark.end] = "○" * (mark.end - mark.start)
    return "".join(shown)


def _plain(text: str) -> str:
    """The text with full-width letters and digits as plain ones; every character keeps its place."""
    return "".join(made if len(made := unicodedata.normalize("NFKC", one)) == 1 else one for one in text)


def _candidates(plain: str, digits: str) -> Iterator[Mark]:
    for what, pattern, text, holds in (
        (ID_NUMBER, _ID_NEW, digits, lambda held: _is_id_number(_bare(held))),
        (ID_NUMBER, _ID_OLD, digits, lambda held: _is_date(f"19{held[6:12]}")),
        (PHONE, _PHONE, digits, bool),
        (BANK_CARD, _CARD, plain, lambda held: _passes_luhn(_bare(held))),
        (PLATE, _PLATE, plain, lambda held: any(one.isdigit() for one in held)),
        (LANDLINE, _LANDLINE, plain, bool),
        (HOUSE, _HOUSE, plain, bool),
    ):
        for found in pattern.finditer(text):
            if holds(found[0]):
                yield Mark(*found.span(), what)


def _names(plain: str, names: Iterable[str]) -> Iterator[Mark]:
    for name in {name.strip() for name in names}:
        if len(name) < 2:
            continue  # one character is no name that could be told from a word
        spaced = r"\s?".join(re.escape(one) for one in _plain(name))
        for found in re.finditer(spaced, plain, re.IGNORECASE):
            yield Mark(*found.span(), NAME)


def _apart(marks: Iterable[Mark]) -> list[Mark]:
    """Of two that overlap the longer stays."""
    kept: list[Mark] = []
    for mark in sorted(set(marks), key=lambda one: (one.start - one.end, one.start, one.what)):
        if all(mark.end <= other.start or mark.start >= other.end for other in kept):
            kept.append(mark)
    return sorted(kept)


def _bare(text: str) -> str:
    return "".join(one for one in text if one.isalnum())


def _is_id_number(text: str) -> bool:
    """18 characters with a day that exists and the right check character (GB 11643)."""
    if len(text) != 18 or not _is_date(text[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == text[17].upper()


def _is_date(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:8])
    try:
        date(year, month, day)
    except ValueError:
        return False
    return 1880 <= year <= 2100


def _passes_luhn(text: str) -> bool:
    total = 0
    for position, digit in enumerate(reversed(text)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return 16 <= len(text) <= 19 and total % 10 == 0 and len(set(text)) > 2
