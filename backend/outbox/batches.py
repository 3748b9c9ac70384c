"""Several jobs of one kind at once: one transaction prepares them, one begins their calls, one writes their results.

A message is a handful of statements and three commits when it is done alone; sixteen together are little
more. What holds for one holds for all: the claim is committed before anything is done, no transaction is
open during a call, a call is marked before it is made, and every write is fenced by the lease's token.
Whatever is unusual about one (an error, a lost lease, a channel that rests) takes the shared
transaction back, and each is done alone (performing.py): one that cannot be done holds up no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from backend.kernel.db import assert_no_transaction, run_unit
from backend.outbox import leases, pauses
from backend.outbox.leases import Lease
from backend.outbox.performing import (
    DONE,
    Prepared,
    is_away,
    until_written,
    write_failure,
    write_result,
)
from backend.outbox.registry import Call, Handler, handler_of

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Ready:
    """A job whose call can be made."""

    lease: Lease
    handler: Handler
    prepared: Prepared


@dataclass(frozen=True)
class Answered:
    """A job whose call went through."""

    ready: Ready
    result: Any


def grouped(taken: Sequence[Lease]) -> tuple[list[list[Lease]], list[Lease]]:
    """Groups of one kind that may be done together, and those to be done alone.

    Jobs that were tried before go alone, so that one that breaks its group breaks it once.
    """
    groups: dict[str, list[Lease]] = {}
    alone = []
    for lease in taken:
        handler = handler_of(lease.job.kind)
        if handler is not None and handler.together and lease.job.attempts == 1 and not lease.job.unknowns:
            groups.setdefault(lease.job.kind, []).append(lease)
        else:
            alone.append(lease)
    return list(groups.values()), alone


def prepare(group: Sequence[Lease]) -> list[Ready] | None:
    """Read what the calls of a group need. Jobs with nothing to call are done with it; the others are returned.

    None: nothing was written, each is to be done alone.
    """
    handler = handler_of(group[0].job.kind)
    assert handler is not None
    return _together("prepared", lambda: _prepare(handler, group))


def _prepare(handler: Handler, group: Sequence[Lease]) -> list[Ready]:
    calls = handler.prepare_all([lease.job for lease in group])
    silent = [lease for lease, call in zip(group, calls, strict=True) if call is None]
    if silent:
        leases.finish_all(silent)
        handler.complete_all([(lease.job, None) for lease in silent])
    return [
        Ready(lease, handler, Prepared(call, call.channel if isinstance(call, Call) else None))
        for lease, call in zip(group, calls, strict=True)
        if call is not None
    ]


def begin(ready: Sequence[Ready]) -> bool:
    """Mark the calls as begun, each of which is to be made at once. False: nothing was marked, each goes alone."""
    return _together("begun", lambda: _begin(ready)) is True


def _begin(ready: Sequence[Ready]) -> bool:
    free = pauses.nothing_on_record({one.prepared.channel or "" for one in ready})
    by_seconds: dict[int, list[Lease]] = {}
    for one in ready:
        by_seconds.setdefault(one.handler.lease_seconds, []).append(one.lease)
    for seconds, held in by_seconds.items():
        leases.begin_all(held, seconds, free)
    return True


def call(ready: Ready) -> Answered | str:
    """Make a call that was begun; what it answered, or how the job ended when it did not work."""
    assert ready.prepared.call is not None
    assert_no_transaction(f"the call of outbox kind {ready.lease.job.kind!r}")
    try:
        return Answered(ready, ready.prepared.call())
    except Exception as error:
        return write_failure(ready.lease, ready.handler, ready.prepared, error)


def finish(answered: Sequence[Answered]) -> list[str] | None:
    """Write the results of calls; how each job ended. None: nothing was written, see finish_alone().

    Raises DBAPIError when the database stays away: the leases then end by themselves.
    """
    return _together("finished", lambda: _finish(answered), until_written)


def _finish(answered: Sequence[Answered]) -> list[str]:
    leases.finish_all([one.ready.lease for one in answered])
    by_handler: dict[Handler, list[Answered]] = {}
    for one in answered:
        by_handler.setdefault(one.ready.handler, []).append(one)
    for handler, theirs in by_handler.items():
        handler.complete_all([(one.ready.lease.job, one.result) for one in theirs])
    return [DONE] * len(answered)


def finish_alone(one: Answered) -> str:
    """Write the result of one call. Raises DBAPIError when the database stays away."""
    return write_result(one.ready.lease, one.ready.handler, one.ready.prepared, one.result)


def _together(
    what: str, unit: Callable[[], T], run: Callable[[Callable[[], T]], T] | None = None
) -> T | None:
    try:
        return run_unit(unit) if run is None else run(unit)
    except Exception as error:
        if run is not None and is_away(error):
            raise
        # Not lost: each job is done alone next, and what is wrong with one of them comes up again there.
        log.info("outbox jobs not %s together", what, extra={"error": type(error).__name__})
        return None
