"""Dry runs of drafted rules: at once for a month of a small town, in the worker with progress for more.

In the worker one job is one chunk: what was counted and the job of the next chunk are one transaction,
so that a worker killed at any moment counts no case twice and leaves none out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from backend.administration.models import RuleTrial
from backend.cases import rules as case_rules
from backend.cases.models import RoutingRule
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import NotFound
from backend.kernel.ids import new_id
from backend.outbox.registry import Job, handles
from backend.outbox.services import enqueue

STEP = "rules.trial"
AT_ONCE = 2000
KEPT = timedelta(days=7)


def start(
    actor: Actor, town_id: int, drafts: Sequence[Mapping[str, Any]], since: datetime, until: datetime
) -> RuleTrial:
    """Try drafted rules on the cases from `since` to before `until` (aware moments)."""
    trial = RuleTrial(
        id=new_id(),
        town_id=town_id,
        staff_id=actor.id,
        state="running",
        done=0,
        total=case_rules.count_cases(town_id, since, until),
        request={
            "rules": [_plain(d) for d in drafts],
            "since": since.isoformat(),
            "until": until.isoformat(),
        },
        result={"after": 0, "trial": asdict(case_rules.Trial())},
        created_at=now(),
    )
    db.session.add(trial)
    db.session.flush()
    if trial.total > AT_ONCE:
        _owe(trial, 0)
        return trial
    while trial.state == "running":
        _advance(trial)
    return trial


def _plain(draft: Mapping[str, Any]) -> dict[str, Any]:
    return {k: str(v) if k == "unit_id" and v is not None else v for k, v in draft.items()}


def _owe(trial: RuleTrial, step: int) -> None:
    enqueue(STEP, {"trial_id": str(trial.id), "step": step}, key=f"{STEP}:{trial.id}:{step}")


@handles(STEP)
def work(job: Job) -> None:
    """One chunk, and the job of the next one."""
    trial = db.session.get(RuleTrial, int(job.payload["trial_id"]), with_for_update=True)
    if trial is None or trial.state != "running":
        return
    _advance(trial)
    if trial.state == "running":
        _owe(trial, int(job.payload["step"]) + 1)


def _advance(trial: RuleTrial) -> None:
    request, result = trial.request, trial.result
    counted = case_rules.Trial(**_numbered(result["trial"]))
    last = case_rules.try_rules(
        trial.town_id,
        [_rule(trial.town_id, number, draft) for number, draft in enumerate(request["rules"])],
        datetime.fromisoformat(request["since"]),
        datetime.fromisoformat(request["until"]),
        int(result["after"]),
        counted,
    )
    trial.result = {"after": last or 0, "trial": asdict(counted)}
    trial.done = counted.cases
    if last is None:
        trial.state, trial.total = "done", counted.cases
    db.session.flush()


def _numbered(kept: Mapping[str, Any]) -> dict[str, Any]:
    return dict(kept) | {"matched": {int(k): v for k, v in kept["matched"].items()}}


def _rule(town_id: int, number: int, draft: Mapping[str, Any]) -> RoutingRule:
    """A rule that is never added to the session: a draft."""
    unit = draft.get("unit_id")
    return RoutingRule(
        id=number,
        town_id=town_id,
        position=number,
        name=draft["name"],
        categories=draft.get("categories") or [],
        groups=draft.get("groups") or [],
        place_ids=draft.get("place_ids") or [],
        urgencies=draft.get("urgencies") or [],
        unit_id=int(unit) if unit else None,
        to_grid=bool(draft.get("to_grid")),
        role=draft.get("role") or "",
        auto=bool(draft.get("auto")),
        active=draft.get("active", True),
    )


def find(actor: Actor, trial_id: int) -> RuleTrial:
    """One of the actor's own dry runs. Raises NotFound."""
    trial = db.session.get(RuleTrial, trial_id)
    if trial is None or trial.staff_id != actor.id:
        raise NotFound
    return trial


def shown(trial: RuleTrial) -> dict[str, Any]:
    """A dry run as the page shows it."""
    counted = trial.result["trial"]
    names = [draft["name"] for draft in trial.request["rules"]]
    return {
        "id": trial.id,
        "state": trial.state,
        "done": trial.done,
        "total": trial.total,
        "since": datetime.fromisoformat(trial.request["since"]),
        "until": datetime.fromisoformat(trial.request["until"]),
        "rules": [
            {"name": name, "matched": counted["matched"].get(str(number), counted["matched"].get(number, 0))}
            for number, name in enumerate(names)
        ],
        "unmatched": counted["unmatched"],
        "undispatched": counted["undispatched"],
        "elsewhere": counted["elsewhere"],
        "examples": counted["examples"],
    }


def forget() -> int:
    """Delete dry runs older than a week; how many."""
    return changed_rows(delete(RuleTrial).where(RuleTrial.created_at < now() - KEPT))
