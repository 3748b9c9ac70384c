"""The QR of a look-up code as inline SVG, three hundred times a second instead of once in a millisecond.

A QR symbol of a fixed size and mask is linear in its content: exchanging one character always turns
the same modules over, whatever the other characters are. So the library draws each character of the
alphabet once at each place of the code, and every code after that is put together from those
differences. tests/unit/reports/test_qr.py holds the result equal to the library's own.
"""

from __future__ import annotations

import re
from functools import cache

import segno

from backend.kernel.ids import CODE_ALPHABET, CODE_LENGTH

# Every mask makes a valid symbol; trying all eight for the prettiest costs more than all the rest.
MASK = 3
SCALE, BORDER = 4, 2
_PLAIN = CODE_ALPHABET[0] * CODE_LENGTH
_RUNS = re.compile("1+")


def svg(address: str, code: str) -> str:
    """The QR of `address` + `code`, for a page to show as it is."""
    modules, size = _modules(address, _PLAIN)
    for place, letter in enumerate(code):
        if letter != CODE_ALPHABET[0]:
            modules ^= _turned(address, place, letter)
    bits = f"{modules:0{size * size}b}"
    lines = (_line(bits[row * size : (row + 1) * size], row) for row in range(size))
    side = (size + 2 * BORDER) * SCALE
    return (
        f'<svg width="{side}" height="{side}" class="segno"><path transform="scale({SCALE})" '
        f'class="qrline" stroke="#000" d="{"".join(lines)}"/></svg>'
    )


def _line(bits: str, row: int) -> str:
    """A row of dark modules as strokes."""
    strokes: list[str] = []
    at = 0
    for run in _RUNS.finditer(bits):
        begin, end = run.span()
        move = f"m{begin - at} 0" if strokes else f"M{begin + BORDER} {row + BORDER}.5"
        strokes.append(f"{move}h{end - begin}")
        at = end
    return "".join(strokes)


@cache
def _turned(address: str, place: int, letter: str) -> int:
    """The modules that turn over when `letter` takes the place of the alphabet's first letter."""
    plain, _ = _modules(address, _PLAIN)
    other, _ = _modules(address, _PLAIN[:place] + letter + _PLAIN[place + 1 :])
    return plain ^ other


@cache
def _modules(address: str, code: str) -> tuple[int, int]:
    """The symbol the library draws, its modules as bits row by row, and its size."""
    matrix = segno.make(
        address + code, error="m", mask=MASK, boost_error=False, mode="byte", micro=False
    ).matrix
    return int("".join(str(module & 1) for row in matrix for module in row), 2), len(matrix)
