"""What a check of an outside account says: one line for each thing that must be set up there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: ok · missing (something does not work until it is mended) · look (no interface tells; look yourself)
Mark = Literal["ok", "missing", "look"]
SHOWN: dict[Mark, str] = {"ok": "ok     ", "missing": "MISSING", "look": "look   "}


@dataclass(frozen=True)
class Line:
    """One thing and how it stands; ``what`` names it, ``told`` says what was found or what to do."""

    mark: Mark
    what: str
    told: str

    def __str__(self) -> str:
        return f"{SHOWN[self.mark]}  {self.what}: {self.told}"


def ok(what: str, told: str = "works") -> Line:
    """It is as it should be."""
    return Line("ok", what, told)


def missing(what: str, told: str) -> Line:
    """It does not work; the text says what to do about it."""
    return Line("missing", what, told)


def look(what: str, told: str) -> Line:
    """Nothing tells by itself."""
    return Line("look", what, told)
