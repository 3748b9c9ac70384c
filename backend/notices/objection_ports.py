"""What objections and the watch need of others; backend/objections_wiring.py says who answers."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Complaint:
    """What goes up to the town: who says it, and the words of the case. It lies in no village, so that only the
    town reads it.
    """

    resident_id: int
    town_id: int
    text: str


@dataclass(frozen=True)
class Filed:
    """The case it became."""

    case_id: int
    code: str


TellStaff = Callable[[int, Collection[int], str, int, str, str], None]
_case: list[Callable[[Complaint], Filed]] = []
_code: list[Callable[[int], str]] = []
_tells: list[TellStaff] = []


def case_by(bring: Callable[[Complaint], Filed], code_of: Callable[[int], str]) -> None:
    """Register `bring(complaint)` → the town's case, and `code_of(case_id)` for whoever brought it."""
    _case[:], _code[:] = [bring], [code_of]


def bring_case(complaint: Complaint) -> Filed:
    """Make it a case of the town. RuntimeError when nobody takes cases; what bringing one in raises."""
    if not _case:
        raise RuntimeError("objections have no town to go to: wire objection_ports.case_by()")
    return _case[0](complaint)


def code_of(case_id: int) -> str:
    """The code of a case, for the person who brought it."""
    return _code[0](case_id) if _code else ""


def tells_by(tell: TellStaff) -> None:
    """Register `tell(town_id, staff_ids, cause, cause_id, title, text)`: once for each cause and person."""
    _tells[:] = [tell]


def tell_staff(
    town_id: int, staff_ids: Collection[int], cause: str, cause_id: int, title: str, text: str
) -> None:
    """Tell members of staff, once for each cause."""
    for one in _tells:
        one(town_id, staff_ids, cause, cause_id, title, text)
