"""The grams a text is found by: pairs of neighbouring characters, and whole words of other scripts.

MariaDB has no parser for Chinese, and SQLite's trigrams return nothing for words of two characters.
Each gram is written in letters and digits (the code points in hex behind a "u", a word behind a "w"),
so that both engines take it for one word, none is shorter than MariaDB counts (three) and none is a
word that it leaves out.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

#: runs of Chinese characters, or of letters and digits
_RUNS = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+)|([0-9a-z]+)")
LONGEST_WORD = 60
MOST_ASKED = 24


def _plain(text: str) -> str:
    """Full-width letters are letters, capitals are small."""
    return unicodedata.normalize("NFKC", text).casefold()


def _hex(character: str) -> str:
    return f"{ord(character):05x}"


def grams(text: str) -> list[str]:
    """The grams of a text, in its order. The last character of a run is one too: else nobody would find it alone."""
    found: list[str] = []
    for run, word in _RUNS.findall(_plain(text)):
        if word:
            found.append(f"w{word[:LONGEST_WORD]}")
            continue
        found += [f"u{_hex(one)}{_hex(two)}" for one, two in pairwise(run)]
        found.append(f"u{_hex(run[-1])}")
    return found


def asked(words: str) -> list[str]:
    """What a text must hold to be found by `words`; a gram that ends with * may go on. Empty: nothing was asked.

    Words of Latin script are found by their beginning; a single character wherever it stands.
    """
    found: list[str] = []
    for run, word in _RUNS.findall(_plain(words)):
        if word:
            found.append(f"w{word[:LONGEST_WORD]}*")
        elif len(run) == 1:
            found.append(f"u{_hex(run)}*")
        else:
            found += [f"u{_hex(one)}{_hex(two)}" for one, two in pairwise(run)]
    return list(dict.fromkeys(found))[:MOST_ASKED]
