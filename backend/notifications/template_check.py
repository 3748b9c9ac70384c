"""Once a day, and when a worker starts: are the platform's templates still the ones we fill?

A template that was deleted, or got another field, refuses every message (40037, 47003). The file's
own faults are found when it is loaded; this asks the platform. What was found is logged, and kept in a row:
the worker asks, the web process shows it in /metrics.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from backend.integrations.wechat.protocol import WeChatError
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.notifications.models import PlatformCheck

log = logging.getLogger(__name__)

NAME = "templates"


def check(compare: Callable[[], list[str]]) -> list[str]:
    """Ask the platform and log each difference as an error; nothing is found while it does not answer."""
    try:
        problems = compare()
    except WeChatError as error:
        log.warning("the platform's templates could not be read", extra={"error": error.text})
        return []
    for problem in problems:
        log.error("message template does not fit", extra={"problem": problem})
    return problems


def check_and_keep(compare: Callable[[], list[str]]) -> list[str]:
    """As check(), and keep the outcome for findings(). Outside any transaction; opens a unit of its own."""
    unreadable = ""

    def noted() -> list[str]:
        nonlocal unreadable
        try:
            return compare()
        except WeChatError as error:
            unreadable = error.text[:200] or error.reaction.value
            raise

    problems = check(noted)
    run_unit(lambda: _keep(problems, unreadable))
    return problems


def _keep(problems: list[str], unreadable: str) -> None:
    row = db.session.get(PlatformCheck, NAME)
    if row is None:
        row = PlatformCheck(name=NAME, problems=[])
        db.session.add(row)
    row.checked_at, row.unreadable = now(), unreadable
    if not unreadable:
        row.problems = problems


def findings() -> PlatformCheck | None:
    """The outcome of the last check; None before the first."""
    return db.session.get(PlatformCheck, NAME)
