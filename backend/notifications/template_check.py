"""Once a day, and when a worker starts: are the platform's templates still the ones we fill?

A template that was deleted, or got another field, refuses every message (40037, 47003). The file's
own faults are found when it is loaded; this asks the platform.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from backend.integrations.wechat.protocol import WeChatError

log = logging.getLogger(__name__)


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
