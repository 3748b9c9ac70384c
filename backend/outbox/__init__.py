"""What must not be lost: enqueue, leased claim, retry ladder, dead letters, timers."""

from __future__ import annotations

from backend.outbox.registry import Call, Failure, Handler, Job, Postpone, handles
from backend.outbox.retry import ErrorClass
from backend.outbox.services import enqueue
from backend.outbox.timers import periodic

__all__ = [
    "Call",
    "ErrorClass",
    "Failure",
    "Handler",
    "Job",
    "Postpone",
    "enqueue",
    "handles",
    "periodic",
]
