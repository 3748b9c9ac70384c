"""Telling readers that a letter waits: of no letter in particular, and of no moment.

A message at the moment of arrival would keep that moment, here and at the platform; of a letter only the
day is to be known. So readers are told once a day, in the morning, of what came before that day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from backend.kernel.clock import now, shanghai
from backend.vault import queries

#: the hour in Shanghai from which readers are told
FROM_HOUR = 8
TITLE = "有一件事项待办"
TEXT = "专办事项有新的来件还没有打开，请在电脑上登录工作台查看。"
CAUSE = "vault"

Tell = Callable[[int, Collection[int], str, int, str, str], None]
_tell: list[Tell] = []


def tells_by(tell: Tell) -> None:
    """How staff are told: (town, staff, kind of cause, its number, title, text), once for each cause and person."""
    _tell[:] = [tell]


def tell_readers() -> None:
    """Tell those for whom a letter lies unopened, once a day from eight in the morning; safe to run again."""
    local = shanghai(now())
    if local.hour < FROM_HOUR:
        return
    day = local.date()
    for town_id, readers in queries.readers_with_unopened(day).items():
        if readers:
            _tell[0](town_id, readers, CAUSE, day.toordinal(), TITLE, TEXT)
