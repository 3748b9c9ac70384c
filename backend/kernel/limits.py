"""How often: per person first, per address as a backstop (a whole village shares one address).

Counters live in Redis when it is set. Without it each process counts for itself, so that the
limit of a deployment is the limit times its processes (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from backend.kernel.errors import TooMany

ADDRESS_FACTOR = 40  # a village of 1,300 people behind one address
F = TypeVar("F", bound=Callable[..., Any])


def init_limits(app: Flask, redis_url: str | None) -> None:
    """Choose where the counters live."""
    storage = storage_from_string(redis_url or "memory://")
    app.extensions["limiter"] = FixedWindowRateLimiter(storage)


def limit(rate: str, *, name: str | None = None) -> Callable[[F], F]:
    """Refuse a person's calls beyond `rate` ("10/minute") with 429, and an address's beyond 40 times that."""
    item = parse(rate)

    def decorate(view: F) -> F:
        label = name or f"{view.__module__}.{view.__qualname__}"

        @wraps(view)
        def limited(*args: Any, **kwargs: Any) -> Any:
            check_limit(item, label)
            return view(*args, **kwargs)

        return limited  # type: ignore[return-value]

    return decorate


def check_limit(item: RateLimitItem, label: str) -> None:
    """Count one call of this request's person; raises TooMany."""
    limiter: FixedWindowRateLimiter = current_app.extensions["limiter"]
    actor = g.get("actor")
    address = request.remote_addr or "-"
    person = f"{actor.kind}:{actor.id}" if actor is not None and actor.id else ""
    backstop = type(item)(item.amount * ADDRESS_FACTOR, item.multiples)
    if person and not limiter.hit(item, label, person):
        raise TooMany
    if not limiter.hit(backstop, label, address):
        raise TooMany
