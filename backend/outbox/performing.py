"""One job from its lease to its end: prepare, call, complete, or what becomes of it when one fails."""

from __future__ import annotations

import logging
import random
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from backend.kernel.clock import now
from backend.kernel.db import assert_no_transaction, is_retryable, run_unit
from backend.outbox import leases, pauses
from backend.outbox.leases import Lease, LostLease
from backend.outbox.models import DEAD, PENDING
from backend.outbox.registry import Call, Failure, Handler, Postpone, handler_of
from backend.outbox.retry import MAX_TRIES, MAX_UNKNOWNS, ErrorClass, decide, postponed

log = logging.getLogger(__name__)
T = TypeVar("T")

DONE, FAILED, POSTPONED, FENCED = "done", "failed", "postponed", "fenced"

#: Waits between tries to write a finish that the database refused; their sum stays below a lease.
FINISH_WAITS = (0.1, 0.3, 1.0, 2.0, 3.0, 4.0, 5.0)


@dataclass(frozen=True)
class Prepared:
    """What came of preparing: a call to make, or nothing left to do."""

    call: Callable[[], Any] | None
    channel: str | None = None
    marked: bool = False


def perform(lease: Lease, *, chance: Callable[[], float] = random.random) -> str:
    """Do one job; returns done, failed, postponed or fenced. Never raises for what a handler does.

    Raises DBAPIError when the database stays away: the lease then ends by itself.
    """
    return _unless_lost(lease, lambda: _perform(lease, chance))


def _unless_lost(lease: Lease, write: Callable[[], str]) -> str:
    try:
        return write()
    except LostLease:
        log.warning("outbox lease lost, nothing written", extra=_about(lease))
        return FENCED


def _perform(lease: Lease, chance: Callable[[], float]) -> str:
    handler = handler_of(lease.job.kind)
    if handler is None:
        return _fail(lease, None, Failure(ErrorClass.TRANSIENT, "nobody handles this kind"), chance)
    if lease.job.attempts > MAX_TRIES:
        failure = Failure(ErrorClass.PERMANENT, "its workers died, time and again")
        return _fail(lease, handler, failure, chance)
    if lease.job.unknowns >= MAX_UNKNOWNS and not handler.repeatable:
        failure = Failure(ErrorClass.UNKNOWN, "a worker died while sending, twice")
        return _fail(lease, handler, failure, chance)
    try:
        prepared = run_unit(lambda: _prepare(lease, handler))
    except Postpone as wish:
        return _postpone(lease, wish, chance)
    except LostLease:
        raise
    except Exception as error:
        return _fail(lease, handler, _account(error, ErrorClass.TRANSIENT), chance)
    if prepared.call is None:
        return DONE
    return _call(lease, handler, prepared, chance)


def _prepare(lease: Lease, handler: Handler) -> Prepared:
    call = handler.prepare(lease.job)
    if call is None:
        leases.finish(lease)
        handler.complete(lease.job, None)
        return Prepared(None)
    channel = call.channel if isinstance(call, Call) else None
    marked = False
    if channel is not None:
        admission = pauses.admit(channel, now())
        if admission.until is not None:
            raise Postpone(admission.until)
        marked = admission.marked
    leases.renew(lease, calling=True)
    return Prepared(call, channel, marked)


def _call(lease: Lease, handler: Handler, prepared: Prepared, chance: Callable[[], float]) -> str:
    assert prepared.call is not None
    assert_no_transaction(f"the call of outbox kind {lease.job.kind!r}")
    try:
        result = prepared.call()
    except Exception as error:
        failure = _account(error, _otherwise(handler))
        return _fail(lease, handler, failure, chance, prepared.channel)
    return _write(lease, handler, prepared, result, chance)


def write_result(lease: Lease, handler: Handler, prepared: Prepared, result: Any) -> str:
    """Write the result of a call that went through: done, failed or fenced. Raises DBAPIError as perform()."""
    return _unless_lost(lease, lambda: _write(lease, handler, prepared, result, random.random))


def write_failure(lease: Lease, handler: Handler, prepared: Prepared, error: Exception) -> str:
    """Write what becomes of a job whose call raised `error`: failed or fenced. Raises DBAPIError as perform()."""
    failure = _account(error, _otherwise(handler))
    return _unless_lost(lease, lambda: _fail(lease, handler, failure, random.random, prepared.channel))


def _otherwise(handler: Handler) -> ErrorClass:
    return ErrorClass.TRANSIENT if handler.repeatable else ErrorClass.UNKNOWN


def _write(
    lease: Lease, handler: Handler, prepared: Prepared, result: Any, chance: Callable[[], float]
) -> str:
    try:
        until_written(lambda: _complete(lease, handler, prepared, result))
    except LostLease:
        raise
    except Exception as error:
        if is_away(error):
            raise
        # The call went through and its result could not be written. Sending again would be a
        # second message: a person looks at it.
        failure = _account(error, _otherwise(handler))
        return _fail(lease, handler, failure, chance, unknowns=MAX_UNKNOWNS)
    return DONE


def _complete(lease: Lease, handler: Handler, prepared: Prepared, result: Any) -> None:
    leases.finish(lease)
    handler.complete(lease.job, result)
    if prepared.channel is not None and prepared.marked:
        pauses.lift(prepared.channel)


def _fail(
    lease: Lease,
    handler: Handler | None,
    failure: Failure,
    chance: Callable[[], float],
    channel: str | None = None,
    unknowns: int | None = None,
) -> str:
    at, job = now(), lease.job
    unknown = failure.error_class is ErrorClass.UNKNOWN
    if unknowns is None:
        unknowns = min(MAX_UNKNOWNS, job.unknowns + 1) if unknown else job.unknowns
    verdict = decide(
        failure.error_class,
        attempts=job.attempts,
        unknowns=unknowns,
        waited=at - job.created_at,
        at=at,
        chance=chance,
    )

    def unit() -> None:
        leases.settle(
            lease,
            verdict.state,
            verdict.due_at,
            counts=verdict.counts,
            unknowns=unknowns,
            error_class=str(failure.error_class),
            error=failure.message,
        )
        if verdict.state != PENDING and handler is not None:
            handler.gave_up(job, failure, verdict.state)
        if channel is not None and verdict.pause_until is not None:
            pauses.pause(channel, verdict.pause_until, failure.error_class, failure.message, at)
        elif channel is not None and failure.error_class in (ErrorClass.TRANSIENT, ErrorClass.UNKNOWN):
            pauses.strike(channel, failure.error_class, failure.message, at)

    until_written(unit)
    alarming = verdict.state == DEAD or verdict.pause_until is not None
    log.log(
        logging.ERROR if alarming else logging.WARNING,
        "outbox job failed",
        extra=_about(lease)
        | {"error_class": str(failure.error_class), "error": failure.message, "becomes": verdict.state},
    )
    return FAILED


def _postpone(lease: Lease, wish: Postpone, chance: Callable[[], float]) -> str:
    def unit() -> None:
        leases.settle(
            lease,
            PENDING,
            postponed(wish.until, chance),
            counts=False,
            unknowns=lease.job.unknowns,
            error_class=str(ErrorClass.TRANSIENT),
            error=str(wish),
        )

    until_written(unit)
    return POSTPONED


def until_written(unit: Callable[[], T]) -> T:
    """Run the unit, and again while the database is away: what was sent should be known as sent."""
    for wait in FINISH_WAITS:
        try:
            return run_unit(unit)
        except DBAPIError as error:
            if not is_away(error):
                raise
            log.warning("outbox finish refused by the database", extra={"error": type(error).__name__})
            time.sleep(wait)
    return run_unit(unit)


def is_away(error: Exception) -> bool:
    """Whether the database is away, or too busy for now."""
    return is_retryable(error) or isinstance(error, InterfaceError | OperationalError)


def _account(error: Exception, otherwise: ErrorClass) -> Failure:
    """A failure whose text says where, not what: an exception's text may hold personal data."""
    if isinstance(error, Failure):
        return error
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return Failure(otherwise, f"{type(error).__name__}{where}")


def _about(lease: Lease) -> dict[str, Any]:
    return {"job_id": lease.job.id, "job_kind": lease.job.kind, "attempts": lease.job.attempts}
