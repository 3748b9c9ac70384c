"""The outbox's handlers of 随手拍; importing this module registers them."""

from __future__ import annotations

from backend.outbox.registry import Job, handles
from backend.reports import services


@handles(services.ROUTE_JOB)
def route(job: Job) -> None:
    """Let the town's rules dispatch a new report where they say so."""
    services.route_by_rule(int(job.payload["case_id"]))
