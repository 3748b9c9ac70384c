"""The town's own list of words that a person looks at before a comment is shown (config/towns/<town>/words.txt).

One word a line; `#` begins a remark. Blanks, punctuation, case and full-width letters between and in the words are
seen through. The list holds nothing back for good: a moderator decides (SEC-07).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ahocorasick

from backend.kernel.db import db
from backend.kernel.settings import settings
from backend.places.models import Town

LONGEST, MOST = 20, 5000


class WordListProblems(ValueError):
    """What is wrong with a list, line by line."""


@dataclass(frozen=True)
class Word:
    """A word that was found: characters `start` to before `end` of the text."""

    start: int
    end: int
    word: str


def read_words(text: str) -> list[str]:
    """The words of a list. Raises WordListProblems with every line that is wrong."""
    words, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        word = line.partition("#")[0].strip()
        if not word:
            continue
        if not 2 <= len(squeezed(word)[0]) <= LONGEST:
            problems.append(f"第 {number} 行“{word[:LONGEST]}”：每个词 2 到 {LONGEST} 个字")
        words.append(word)
    if len(words) > MOST:
        problems.append(f"一共 {len(words)} 个词，最多 {MOST} 个")
    if problems:
        raise WordListProblems("\n".join(problems))
    return words


def check(paths: Iterable[Path]) -> None:
    """Read the lists that are there. Raises WordListProblems with the first that is wrong, its path named."""
    for path in paths:
        if path.exists():
            try:
                read_words(path.read_text("utf-8"))
            except (WordListProblems, UnicodeDecodeError) as wrong:
                raise WordListProblems(f"{path}\n{wrong}") from wrong


def squeezed(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, plain and in lower case, with the place of each in the text."""
    kept, places = [], []
    for place, one in enumerate(text):
        for made in unicodedata.normalize("NFKC", one).lower():
            if made.isalnum():
                kept.append(made)
                places.append(place)
    return "".join(kept), places


def found_in(words: tuple[str, ...], text: str) -> list[Word]:
    """Every word of the list that stands in the text, in order."""
    if not words:
        return []
    plain, places = squeezed(text)
    hits = _automaton(words).iter(plain)
    return sorted(
        (Word(places[end - len(key) + 1], places[end] + 1, word) for end, (key, word) in hits),
        key=lambda one: (one.start, one.end),
    )


@cache
def _automaton(words: tuple[str, ...]) -> ahocorasick.Automaton:
    made = ahocorasick.Automaton()
    for word in words:
        key = squeezed(word)[0]
        made.add_word(key, (key, word))
    made.make_automaton()
    return made


def words_of(town_id: int) -> tuple[str, ...]:
    """The list of a town, read again when its file changes; empty when the town has none."""
    town = db.session.get(Town, town_id)
    if town is None:
        return ()
    path = settings().town_config / "towns" / town.code / "words.txt"
    if not path.exists():
        return ()
    seen = path.stat()
    return _read(path, seen.st_mtime_ns, seen.st_size)


@cache
def _read(path: Path, changed: int, size: int) -> tuple[str, ...]:
    return tuple(read_words(path.read_text("utf-8")))
