"""Who handles which kind of job, and the words handlers and the worker use with each other."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from backend.outbox.retry import ErrorClass

LEASE_SECONDS = 30

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """What a handler sees of its job. ``attempts`` counts the present try."""

    id: int
    kind: str
    payload: dict[str, Any]
    job_key: str | None
    lane: str | None
    attempts: int
    unknowns: int
    created_at: datetime


class Failure(Exception):
    """A handler's account of what went wrong. Its text is shown to staff: no personal data."""

    def __init__(self, error_class: ErrorClass, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.error_class = error_class
        self.message = message
        self.code = code


class Postpone(Exception):
    """Raised by prepare(): not now. The try does not count."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until.isoformat()}")
        self.until = until


@dataclass(frozen=True)
class Call:
    """The part of a job that speaks to the outside. It runs while no transaction is open.

    Calls that name a ``channel`` rest together when it fails for all (retry.STRIKES, a used-up
    quota, a wrong secret), with one probe a minute.
    """

    run: Callable[[], Any]
    channel: str | None = None

    def __call__(self) -> Any:
        return self.run()


class Handler:
    """What does the work of one kind. A handler without an outside call defines complete() only.

    ``repeatable``: a call that may have taken effect may simply be made again. ``together``: several jobs
    of the kind may share the transaction that prepares them, and the one that writes their results
    (batches.py); it is repeated for each alone when anything about one of them is unusual.
    """

    repeatable: bool = True
    together: bool = False
    lease_seconds: int = LEASE_SECONDS

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        """Within a transaction: read what the call needs. None: there is nothing to call."""
        return None

    def prepare_all(self, jobs: Sequence[Job]) -> list[Callable[[], Any] | None]:
        """As prepare(), for jobs that share a transaction: what they need is best read in one go."""
        return [self.prepare(job) for job in jobs]

    def complete(self, job: Job, result: Any) -> None:
        """Within the transaction that finishes the job: write the result. No outside calls."""

    def complete_all(self, done: Sequence[tuple[Job, Any]]) -> None:
        """As complete(), for jobs that share a transaction."""
        for job, result in done:
            self.complete(job, result)

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        """Within the transaction that makes the job ``dead`` or ``in_doubt``."""


class _Function(Handler):
    """A plain function as a handler whose whole work is one transaction."""

    def __init__(self, function: Callable[[Job], Any]) -> None:
        self.function = function

    def complete(self, job: Job, result: Any) -> None:
        self.function(job)


class _Adapted(Handler):
    """Any object with some of a handler's methods."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.repeatable = getattr(inner, "repeatable", Handler.repeatable)
        self.lease_seconds = getattr(inner, "lease_seconds", Handler.lease_seconds)

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        prepare: Callable[[Job], Callable[[], Any] | None] | None = getattr(self.inner, "prepare", None)
        return None if prepare is None else prepare(job)

    def complete(self, job: Job, result: Any) -> None:
        self.inner.complete(job, result)

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        tell = getattr(self.inner, "gave_up", None)
        if tell is not None:
            tell(job, failure, state)


_handlers: dict[str, Handler] = {}
_names: dict[str, str] = {}


def handles(kind: str) -> Callable[[T], T]:
    """Register a handler: a Handler class or object, or a function of the job.

    Raises RuntimeError when another handler already has the kind; the same one may come again
    (an application is made more than once in tests).
    """

    def register(thing: T) -> T:
        name = _name_of(thing)
        if _names.get(kind, name) != name:
            raise RuntimeError(f"outbox kind {kind!r} has two handlers: {_names[kind]} and {name}")
        _handlers[kind] = _as_handler(thing)
        _names[kind] = name
        return thing

    return register


def handler_of(kind: str) -> Handler | None:
    """The handler of a kind, or None: a newer release may have written it."""
    return _handlers.get(kind)


def kinds() -> tuple[str, ...]:
    """The kinds somebody handles, sorted."""
    return tuple(sorted(_handlers))


def _as_handler(thing: Any) -> Handler:
    if inspect.isclass(thing):
        thing = thing()
    if isinstance(thing, Handler):
        return thing
    if inspect.isfunction(thing):
        return _Function(thing)
    return _Adapted(thing)


def _name_of(thing: Any) -> str:
    named = thing if inspect.isclass(thing) or inspect.isfunction(thing) else type(thing)
    return f"{named.__module__}.{named.__qualname__}"
