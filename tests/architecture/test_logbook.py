"""Whatever the program leaves on record has a word in the operation log: each deed, and each thing noted of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from backend.administration.logbook import MORE, WHATS

BACKEND = Path(__file__).resolve().parents[2] / "backend"
RECORDED = re.compile(r'record(?:_change)?\(\s*[\w.()]+,\s*"([\w.]+)"')
#: shown in another way
OF_ITS_OWN = {"name", "changes"}


def sources() -> Iterator[str]:
    for path in BACKEND.rglob("*.py"):
        yield path.read_text("utf-8")


def noted(source: str) -> Iterator[str]:
    """The keys of what is given to record() and record_change() as a dictionary."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        if getattr(call.func, "attr", getattr(call.func, "id", "")) not in ("record", "record_change"):
            continue
        for given in [*call.args, *(one.value for one in call.keywords if one.arg == "detail")]:
            if isinstance(given, ast.Dict):
                yield from (key.value for key in given.keys if isinstance(key, ast.Constant))


def test_every_deed_has_a_word() -> None:
    found = {what for source in sources() for what in RECORDED.findall(source)}
    assert len(found) > 60
    assert found - WHATS.keys() == set()


def test_everything_noted_of_a_deed_has_a_word() -> None:
    found = {key for source in sources() for key in noted(source)}
    assert len(found) > 30
    assert found - MORE.keys() - OF_ITS_OWN == set()
