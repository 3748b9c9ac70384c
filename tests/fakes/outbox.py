"""Handlers whose every step is recorded and can be told to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from backend.kernel.db import db, run_unit, transaction
from backend.outbox import Call, Failure, Handler, Job, enqueue
from backend.outbox.models import OutboxJob


class Recorder(Handler):
    """Writes down what the worker asked of it; ``answers`` are popped one a call."""

    def __init__(self, *, repeatable: bool = False, channel: str | None = None) -> None:
        self.repeatable = repeatable
        self.channel = channel
        self.called: list[Any] = []
        self.completed: list[Any] = []
        self.ended: list[tuple[Any, str]] = []
        self.answer: Callable[[Job], Any] = lambda job: "ok"
        self.during_complete: Callable[[Job], None] = lambda job: None

    def prepare(self, job: Job) -> Callable[[], Any]:
        def run() -> Any:
            self.called.append(job.payload["n"])
            return self.answer(job)

        return Call(run, self.channel)

    def complete(self, job: Job, result: Any) -> None:
        self.during_complete(job)
        self.completed.append(job.payload["n"])

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        self.ended.append((job.payload["n"], state))


def failing(error: Exception) -> Callable[[Job], Any]:
    """An answer that is always this error."""

    def answer(job: Job) -> Any:
        raise error

    return answer


def put(n: int, **options: Any) -> None:
    run_unit(lambda: enqueue("test", {"n": n}, **options))


def rows() -> list[OutboxJob]:
    with transaction(writing=False):
        return list(
            db.session.scalars(select(OutboxJob).where(OutboxJob.kind == "test").order_by(OutboxJob.id))
        )


def row() -> OutboxJob:
    (only,) = rows()
    return only


def states() -> dict[int, str]:
    return {job.payload["n"]: job.state for job in rows()}
