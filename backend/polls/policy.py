"""Who manages a poll, who has a vote in it, and which counts can be true. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from backend.kernel.actor import Actor
from backend.polls.states import CLOSING, COMING, OPEN

PERMISSIONS = ("consult.manage", "consult.approve")
#: below this many votes the options' counts are not told: they would tell who voted what
FEWEST_SHOWN = 5


def may_manage(actor: Actor, town_id: int, village_id: int | None) -> bool:
    """Whether some role of the actor reaches that village, or that town for a poll of all villages."""
    return any(actor.may_on(one, {"town": town_id, "village": village_id}, None) for one in PERMISSIONS)


def shown_state(state: str, opens_at: datetime, closes_at: datetime, moment: datetime) -> str:
    """The state as people see it: an open poll may not have begun, or wait to be counted."""
    if state != OPEN:
        return state
    if moment < opens_at:
        return COMING
    return OPEN if moment < closes_at else CLOSING


def holder_of(secret: bytes, poll_id: int, resident_id: int) -> str:
    """The name of a resident within one poll: nobody finds the resident without the poll's secret."""
    return hmac.new(secret, f"{poll_id}:{resident_id}".encode(), hashlib.sha256).hexdigest()


def faults_of_offline(
    options: Sequence[Mapping[str, str]], entitled: int, taken: int, counts: Mapping[str, int], papers: int
) -> dict[str, list[str]]:
    """What cannot be true of an offline count, by field. `taken`: papers that phones have."""
    faults: dict[str, list[str]] = {}
    if set(counts) != {one["code"] for one in options}:
        faults["counts"] = ["每个选项都要填，没有的填 0"]
    elif sum(counts.values()) > papers:
        faults["counts"] = ["各选项的票数加起来多于发出的选票"]
    if papers + taken > entitled:
        faults["papers"] = [f"线下发出的选票加上手机领取的 {taken} 张，多于应到的 {entitled} 人"]
    return faults


def differences(
    options: Sequence[Mapping[str, str]], first: Mapping[str, Any], second: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Where the entries of two people differ: [{label, first, second}], papers first."""
    rows = [("发出的选票", first["papers"], second["papers"])]
    rows += [(one["label"], first["counts"][one["code"]], second["counts"][one["code"]]) for one in options]
    return [{"label": label, "first": a, "second": b} for label, a, b in rows if a != b]


def summed(box: Mapping[str, Any], offline: Mapping[str, Any] | None) -> dict[str, Any]:
    """The result: electronic and offline votes as one sum, so that neither part can be told from the other."""
    added = offline or {"counts": {}, "papers": 0}
    counts = {code: n + added["counts"].get(code, 0) for code, n in box["counts"].items()}
    ballots = sum(counts.values())
    return {
        "counts": counts if ballots == 0 or ballots >= FEWEST_SHOWN else None,
        "ballots": ballots,
        "papers": box["papers"] + added["papers"],
    }
