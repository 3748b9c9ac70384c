"""Whatever petitions and the vault leave on record has a word in the operation log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from backend.administration.logbook import WHATS

BACKEND = Path(__file__).resolve().parents[3] / "backend"
RECORDED = re.compile(r'record\(\s*[\w.()]+,\s*"([\w.]+)"')


@pytest.mark.parametrize("package", ["petitions", "vault", "cases"])
def test_every_deed_has_a_word(package: str) -> None:
    found = {
        what
        for path in (BACKEND / package).glob("*.py")
        for what in RECORDED.findall(path.read_text("utf-8"))
    }
    assert found
    assert found - WHATS.keys() == set()
