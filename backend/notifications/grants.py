"""The ledger of what WeChat lets us send: per openid and template, fed by the platform's events and our sends.

One accepted pop-up is one message of a one-time template, without end for a long-term one. What a
client says it accepted is not counted: it can be forged, and the pushed event says the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import or_, select, update

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notifications.models import SubscriptionGrant as Grant
from backend.outbox.services import insert_once

#: Beyond this a further accepted pop-up adds nothing that anybody could tell.
MOST = 1000


def add(app: str, openid: str, template_id: str) -> None:
    """A person accepted one more message of a template."""
    _ensure(app, openid, template_id)
    _change(app, [openid], template_id, Grant.remaining < MOST, remaining=Grant.remaining + 1)


def allow_always(app: str, openid: str, template_id: str) -> None:
    """A person accepted a long-term template."""
    _ensure(app, openid, template_id)
    _change(app, [openid], template_id, long_term=True)


def clear(app: str, openid: str, template_id: str) -> None:
    """The person refuses, or the platform says that nothing is left (43101)."""
    _change(app, [openid], template_id, remaining=0, long_term=False)


def spend_all(app: str, openids: Iterable[str], template_id: str) -> None:
    """Messages were sent, one to each of the openids; one named twice was sent two."""
    left = Counter(openids)
    while left:
        _change(
            app,
            list(left),
            template_id,
            Grant.remaining > 0,
            Grant.long_term.is_(False),
            remaining=Grant.remaining - 1,
        )
        left = Counter({openid: count - 1 for openid, count in left.items() if count > 1})


def remaining(app: str, openids: Iterable[str], template_id: str) -> int:
    """Messages left over all of a person's openids; MOST for a long-term grant."""
    rows = db.session.execute(
        select(Grant.remaining, Grant.long_term).where(
            Grant.app == app, Grant.openid.in_(list(openids)), Grant.template_id == template_id
        )
    ).all()
    return MOST if any(row.long_term for row in rows) else sum(row.remaining for row in rows)


class Usable:
    """What some openids may still be sent, read once."""

    def __init__(self, app: str, openids: Collection[str]) -> None:
        read = (
            select(Grant.openid, Grant.template_id)
            .where(
                Grant.app == app,
                Grant.openid.in_(openids),
                or_(Grant.remaining > 0, Grant.long_term.is_(True)),
            )
            .order_by(Grant.updated_at.desc(), Grant.id)
        )
        self._granted = db.session.execute(read).all() if openids else []

    def of(self, openids: Collection[str], template_id: str) -> str | None:
        """One of a person's openids that may still be sent this template, the latest first, or None."""
        found = (row.openid for row in self._granted if row.template_id == template_id)
        return next((openid for openid in found if openid in openids), None)


def _ensure(app: str, openid: str, template_id: str) -> None:
    values = {
        "id": new_id(),
        "app": app,
        "openid": openid,
        "template_id": template_id,
        "remaining": 0,
        "long_term": False,
        "updated_at": now(),
    }
    db.session.execute(insert_once(Grant, values, "app", "openid", "template_id"))


def _change(app: str, openids: Collection[str], template_id: str, *only_if: object, **values: object) -> None:
    db.session.execute(
        update(Grant)
        .where(Grant.app == app, Grant.openid.in_(openids), Grant.template_id == template_id, *only_if)  # type: ignore[arg-type]
        .values(**values, updated_at=now())
        .execution_options(synchronize_session=False)
    )
