"""What staff are told that no timeline caused: a line in the inbox, and a push without a word of what it is.

Such a message is listed to nobody else: whoever keeps the list of messages is not to learn who was told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from backend.cases.words import URGENCIES
from backend.kernel.clock import shanghai
from backend.notifications import rendering
from backend.notifications.table import INBOX_PAGE, TASK
from backend.notifications.telling import Line, tell

#: the hour in Shanghai that stands as the time to look by: the platform refuses an empty one
CLOSES = 18


def tell_staff(
    town_id: int, staff_ids: Collection[int], cause: str, cause_id: int, title: str, text: str
) -> None:
    """Tell members of staff, once for each cause and person; safe to run again."""
    tell(town_id, "staff", staff_ids, Line(cause, cause_id, TASK, title, text, INBOX_PAGE), subject_id=0)


def values(at: datetime) -> Mapping[str, object]:
    """The fields of the template: that there is something, to be looked at before the office closes."""
    closes = shanghai(at).replace(hour=CLOSES, minute=0, second=0, microsecond=0)
    said = {"at": at, "code": "", "due": closes, "urgency": URGENCIES["normal"]}
    return rendering.neutral(said) | {"title": rendering.NEUTRAL_TASK, "status": rendering.NEUTRAL_STATUS}
