"""The QR of a look-up code is the one the library would draw."""

from __future__ import annotations

import random
import re

import pytest
import segno

from backend.kernel.ids import CODE_ALPHABET, CODE_LENGTH
from backend.reports import qr


def modules(svg: str) -> set[tuple[int, int]]:
    """The dark modules that the strokes of a drawing cover, as (column, row) without the border."""
    found: set[tuple[int, int]] = set()
    x = y = 0
    path = re.search(r' d="([^"]*)"', svg)
    assert path is not None
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path.group(1)):
        if command == "h":
            found |= {(x + step - qr.BORDER, y - qr.BORDER) for step in range(int(first))}
            x += int(first)
        elif command == "m":
            x, y = x + int(first), y + int(float(second))
        else:
            x, y = int(first), int(float(second))
    return found


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/m/pages/progress/index?code=", "https://sq.example.gov.cn/p/"]
)
def test_every_code_is_drawn_as_the_library_draws_it(address: str) -> None:
    chance = random.Random(7)
    for _ in range(40):
        code = "".join(chance.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        drawn = segno.make(
            address + code, error="m", mask=qr.MASK, boost_error=False, mode="byte", micro=False
        )
        dark = {(x, y) for y, row in enumerate(drawn.matrix) for x, module in enumerate(row) if module}
        assert modules(qr.svg(address, code)) == dark
        side = f'width="{drawn.symbol_size(scale=qr.SCALE, border=qr.BORDER)[0]}"'
        assert side in qr.svg(address, code)
