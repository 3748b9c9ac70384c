"""What petitions need of others, declared by the one who asks; app.py says who answers."""

from __future__ import annotations

from collections.abc import Callable, Collection

_vault: list[Callable[[int], bool]] = []


def vault_open_by(answer: Callable[[int], bool]) -> None:
    """Say who knows whether a town takes sealed denunciations (检举控告) now; by the town's id."""
    _vault[:] = [answer]


def vault_open(town_id: int) -> bool:
    """Whether the town has somebody who could open a sealed denunciation; False while nobody is wired in."""
    return any(answer(town_id) for answer in _vault)


#: (resident id, title, text, page, cause id)
Tell = Callable[[int, str, str, str, int], None]
#: (town id, staff ids, cause, cause id, title, text)
TellStaff = Callable[[int, Collection[int], str, int, str, str], None]
_tell: list[Tell] = []
_tell_staff: list[TellStaff] = []


def tells_by(tell: Tell, tell_staff: TellStaff) -> None:
    """Say who puts a line that no timeline caused into somebody's inbox."""
    _tell[:], _tell_staff[:] = [tell], [tell_staff]


def tell(resident_id: int, title: str, text: str, page: str, cause_id: int) -> None:
    """A line in a resident's inbox."""
    for one in _tell:
        one(resident_id, title, text, page, cause_id)


def tell_staff(
    town_id: int, staff_ids: Collection[int], cause: str, cause_id: int, title: str, text: str
) -> None:
    """A line in the inboxes of members of staff, and a push to those who have bound their WeChat."""
    for one in _tell_staff:
        one(town_id, staff_ids, cause, cause_id, title, text)
