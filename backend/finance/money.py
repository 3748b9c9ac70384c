"""Whole fen, and nothing else: from a cell, to a cell, and in words. Never a float in between but a cell's own."""

from __future__ import annotations

from decimal import Decimal

#: of one entry: a billion yuan
MOST_ENTRY_FEN = 10**11
#: of a sum or a balance; a double holds it to the fen
MOST_FEN = 10**13


def fen_of(value: object) -> int:
    """A number of yuan as fen. Raises ValueError with a sentence: no number, or finer than a fen.

    A double that Excel has reckoned (0.1 + 0.2) is the fen it is nearest to; 1.005 is refused, not rounded.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("金额要是数字，不能是文字")
    exact = Decimal(value) * 100
    if not exact.is_finite() or abs(exact) > MOST_FEN:
        raise ValueError("金额太大了，请核对")
    fen = int(exact.to_integral_value())
    allowed = Decimal("0.0001") if abs(fen) < MOST_ENTRY_FEN else Decimal("0.2")
    if abs(exact - fen) > allowed:
        raise ValueError("金额只能到分（两位小数）")
    return fen


def yuan(fen: int) -> str:
    """1,234.50"""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02d}"


def cell(fen: int) -> Decimal:
    """What is written into an Excel: exact, with two decimals."""
    return Decimal(fen).scaleb(-2)
