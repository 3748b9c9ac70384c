"""What care needs of messages; the composition root wires it. What is told to staff says nothing of the matter."""

from __future__ import annotations

from collections.abc import Callable, Collection

TellStaff = Callable[[int, Collection[int], str, int, str, str], None]
_tell: list[Callable[[int, str, str, str, int], None]] = []
_tell_staff: list[TellStaff] = []


def tells_by(tell: Callable[[int, str, str, str, int], None], tell_staff: TellStaff) -> None:
    """Register how a resident gets a line in the inbox, and how staff are told (notifications/notices.py)."""
    _tell[:], _tell_staff[:] = [tell], [tell_staff]


def tell(resident_id: int, title: str, text: str, page: str, cause_id: int) -> None:
    """Put a line into the person's inbox, once for each cause."""
    for one in _tell:
        one(resident_id, title, text, page, cause_id)


def tell_staff(
    town_id: int, staff_ids: Collection[int], cause: str, cause_id: int, title: str, text: str
) -> None:
    """Tell members of staff, once for each cause and person."""
    for one in _tell_staff:
        one(town_id, staff_ids, cause, cause_id, title, text)
