"""The outbox's handlers of the clocks' timers; importing this module registers them."""

from __future__ import annotations

from backend.kernel.actor import SYSTEM
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.outbox.registry import Job, handles
from backend.workflow.clocks import BREACH, WARNING
from backend.workflow.engine import append
from backend.workflow.kinds import kind_of
from backend.workflow.models import WorkClock


@handles(WARNING)
def warn(job: Job) -> None:
    """A clock has used three quarters of its time."""
    ring(int(job.payload["clock_id"]), int(job.payload["clock_version"]), WARNING)


@handles(BREACH)
def breach(job: Job) -> None:
    """A clock has run out."""
    ring(int(job.payload["clock_id"]), int(job.payload["clock_version"]), BREACH)


def ring(clock_id: int, clock_version: int, what: str) -> bool:
    """Note it on the timeline, for staff, and let the kind act; False when the clock has moved on since."""
    found = db.session.get(WorkClock, clock_id)
    if found is None:
        return False
    # The subject's row is the lock that perform() takes too, and is taken first here as there.
    kind = kind_of(found.subject_kind)
    subject = kind.load(found.subject_id)
    clock = db.session.get(WorkClock, clock_id, populate_existing=True, with_for_update=True)
    if subject is None or clock is None or clock.version != clock_version or clock.state != "running":
        return False
    if what == WARNING:
        clock.warned_at = now()
    else:
        clock.breached_at = now()
    if clock.name not in kind.quiet:
        append(
            subject,
            SYSTEM,
            "clock_warning" if what == WARNING else "clock_breach",
            from_state=subject.state,
            visibility="staff",
            data={"clock": clock.name, "due_at": clock.due_at.isoformat()},
        )
    if kind.on_ring is not None:
        kind.on_ring(subject, clock.name, what)
    return True
