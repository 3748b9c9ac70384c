"""What may not be traded between neighbours: the town's list (config/towns/<town>/not_traded.txt).

One word a line; `#` begins a remark. Read as the list of words that a person looks at (comments/word_list.py), but
what stands here is refused at once, with the word: medicine, weapons, loans need a licence that no neighbour has.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from backend.comments import marks, word_list
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.settings import settings
from backend.places.models import Town

FILE = "not_traded.txt"
#: contact is through the platform only, so nobody's number stands in a text: an office's neither
CONTACT = marks.PERSONAL | {marks.LANDLINE}


def words_of(town_id: int) -> tuple[str, ...]:
    """The list of a town, read again when its file changes; empty when the town has none."""
    town = db.session.get(Town, town_id)
    if town is None:
        return ()
    path = settings().town_config / "towns" / town.code / FILE
    if not path.exists():
        return ()
    seen = path.stat()
    return _read(path, seen.st_mtime_ns, seen.st_size)


@cache
def _read(path: Path, changed: int, size: int) -> tuple[str, ...]:
    return tuple(word_list.read_words(path.read_text("utf-8")))


def demand_allowed(town_id: int, texts: dict[str, str]) -> None:
    """Invalid with the word and its field when a text names what may not be traded."""
    listed = words_of(town_id)
    found = {name: words for name, text in texts.items() if (words := word_list.found_in(listed, text))}
    if found:
        named = "、".join(dict.fromkeys(one.word for words in found.values() for one in words))
        raise Invalid(
            "not_traded",
            f"“{named}”不能在邻里之间买卖、转让，请去掉再发。您写的内容还在。",
            fields={name: [f"不能有“{one.word}”" for one in words] for name, words in found.items()},
        )


def demand_no_contact(texts: dict[str, str]) -> None:
    """Invalid with the places when a text holds a number by which somebody is reached, or other personal data."""
    found = {name: held for name, text in texts.items() if (held := marks.find(text, kinds=CONTACT))}
    if found:
        what = marks.sentence(one for held in found.values() for one in held)
        raise Invalid(
            "personal_data",
            f"里面像是有{what}。请不要留联系方式，有人想联系您时会在这里发消息。您写的内容还在。",
            fields={
                name: [f"第 {one.start + 1} 个字起：{one.label}" for one in held]
                for name, held in found.items()
            },
        )
