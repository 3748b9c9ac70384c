"""Asking the citizen back: the office's clocks stand still, and the waiting has an end (HOT-08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.cases.models import Case
from backend.kernel.actor import SYSTEM, Actor
from backend.reports import services
from backend.reports.effects import rings, shows
from backend.reports.states import CITIZEN_CLOCK
from backend.workflow.clocks import BREACH
from backend.workflow.queries import newest


@shows("answer_office", "give_up_waiting")
def _who_asked(case: Case, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who asked is told of the answer, whoever has the case by then."""
    asked = newest(case.kind, case.id, ("ask_citizen",))
    return {"asked_by": str(asked.actor_id)} if asked is not None else {}


@rings(CITIZEN_CLOCK, BREACH)
def _waited(case: Case) -> None:
    """The first time the citizen is reminded, the second time the office goes on without the answer."""
    last = newest(case.kind, case.id, ("ask_citizen", "remind_citizen"))
    reminded = last is not None and last.action == "remind_citizen"
    services.act(case, "give_up_waiting" if reminded else "remind_citizen", SYSTEM, None, {})
