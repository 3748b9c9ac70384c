"""What may not stand in a text of the wall, and where it stands. Pure (PI-06; domain-rules §1.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.comments import marks
from backend.kernel.errors import Invalid

#: an address of the case is looked for from so many characters on: "村里" is none
ADDRESS_LEAST = 4
ADDRESS = "address"
LABELS = {**marks.LABELS, ADDRESS: "这件事的详细地址"}


@dataclass(frozen=True, order=True)
class Place:
    """A place in a field of the form: characters `start` to before `end`, and what stands there."""

    field: str
    start: int
    end: int
    what: str

    @property
    def label(self) -> str:
        """What it is called on screen."""
        return LABELS[self.what]

    def as_json(self) -> dict[str, Any]:
        """As the form shows it."""
        return {
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "what": self.what,
            "label": self.label,
        }


def check(texts: Mapping[str, str], names: Iterable[str] = (), address: str = "") -> list[Place]:
    """Every place in these texts that must go: numbers, plates, house numbers, names and address of the case."""
    known = tuple(names)
    found = [
        Place(field, mark.start, mark.end, mark.what)
        for field, text in texts.items()
        for mark in marks.find(text, known, marks.EVERYTHING)
    ]
    if len(address.strip()) >= ADDRESS_LEAST:
        found += [
            place for field, text in texts.items() for place in _addresses(field, text, address.strip())
        ]
    return sorted(found)


def _addresses(field: str, text: str, address: str) -> Iterable[Place]:
    at = text.find(address)
    while at >= 0:
        yield Place(field, at, at + len(address), ADDRESS)
        at = text.find(address, at + len(address))


def demand_clean(texts: Mapping[str, str], names: Iterable[str] = (), address: str = "") -> None:
    """Invalid with every place marked, in `details.marks` and under each field; nothing is kept then."""
    places = check(texts, names, address)
    if places:
        raise refused(places)


def refused(places: Sequence[Place]) -> Invalid:
    """The refusal that marks these places."""
    what = "、".join(dict.fromkeys(place.label for place in places))
    fields: dict[str, list[str]] = {}
    for place in places:
        fields.setdefault(place.field, []).append(f"第 {place.start + 1} 个字起：{place.label}")
    return Invalid(
        "personal_data",
        f"里面像是有{what}，请去掉标出的地方再保存，您写的内容还在。",
        fields=fields,
        details={"marks": [place.as_json() for place in places]},
    )


def covered(text: str, names: Iterable[str] = (), address: str = "") -> str:
    """The text with a circle for every character that must go: what is suggested never holds any of it."""
    places = check({"text": text}, names, address)
    return marks.covered(text, [marks.Mark(one.start, one.end, marks.NAME) for one in places])
