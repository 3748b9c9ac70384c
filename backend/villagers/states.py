"""Where somebody's asking to be known as a villager stands. Few states; no kind of the common engine:
nothing is owed by a date, and nobody but the asker and the village reads it."""

from __future__ import annotations

ASKED, CONFIRMED, REFUSED, ENDED = "asked", "confirmed", "refused", "ended"
STATE_LABELS = {ASKED: "等村里核实", CONFIRMED: "已核实", REFUSED: "未通过", ENDED: "已停用"}
LIVE = frozenset({ASKED, CONFIRMED})
#: what the village may say → the new state, and from which: it may take back what it confirmed
DECISIONS = {"confirm": (CONFIRMED, frozenset({ASKED})), "refuse": (REFUSED, LIVE)}
