"""The outbox's handlers of 随手拍; importing this module registers them."""

from __future__ import annotations

from datetime import datetime

from backend.outbox.registry import Job, handles
from backend.reports import merging, more_time, services, supervision


@handles(services.ROUTE_JOB)
def route(job: Job) -> None:
    """Let the town's rules dispatch a new report where they say so, and see whether it is one of many."""
    services.route_by_rule(int(job.payload["case_id"]))
    supervision.watch_repeated(int(job.payload["case_id"]))


@handles(more_time.OVER_JOB)
def suspension_over(job: Job) -> None:
    """Let a suspended case go on at its date."""
    more_time.suspension_over(int(job.payload["case_id"]), int(job.payload["number"]))


@handles(more_time.REVIEW_JOB)
def review_suspension(job: Job) -> None:
    """Ask for the monthly review of a suspended case."""
    begun = datetime.fromisoformat(job.payload["begun"])
    case_id, number, nth = (int(job.payload[name]) for name in ("case_id", "number", "nth"))
    more_time.review_suspension(case_id, number, nth, begun)


@handles(merging.FOLLOW_JOB)
def follow(job: Job) -> None:
    """Tell a merged case how its lead ended."""
    case_id, lead_id, entry_id = (int(job.payload[name]) for name in ("case_id", "lead_id", "entry_id"))
    merging.follow(case_id, lead_id, entry_id)
