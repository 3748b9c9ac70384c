"""What is taken away: everything of a counted poll but its counts, and every hour the order that papers and ballots came in.

A database remembers more than its columns: SQLite fills a page from its end as rows come, InnoDB notes with each
row the transaction that wrote it. So while a poll is open, all its rows are written anew at times, shuffled and in
one transaction; nobody votes meanwhile.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import delete, insert, select

from backend.kernel.db import db
from backend.polls.access import lock_poll
from backend.polls.models import Poll, PollBallot, PollOffline, PollPaper
from backend.polls.states import OPEN

BATCH = 2000
_STIRRED: tuple[Any, ...] = (PollPaper.__table__, PollBallot.__table__)


def erase(poll: Poll) -> None:
    """Delete papers, ballots, the key that signs and the secret that names holders. The poll is locked."""
    overwrite_what_goes()
    for model in (PollPaper, PollBallot, PollOffline):
        db.session.execute(delete(model).where(model.poll_id == poll.id))
    poll.key_secret = poll.secret = None
    db.session.flush()


def overwrite_what_goes() -> None:
    """Have SQLite write zeros over what this connection deletes; InnoDB purges by itself."""
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.connection().exec_driver_sql("PRAGMA secure_delete=ON")


def stir_open_polls() -> int:
    """Stir every open poll into which something came since the last time; how many polls. One unit."""
    stirred = 0
    for poll_id in db.session.scalars(select(Poll.id).where(Poll.state == OPEN)).all():
        stirred += _stir(poll_id)
    return stirred


def _stir(poll_id: int) -> bool:
    poll = lock_poll(poll_id)
    if poll is None or poll.state != OPEN:
        return False
    fresh = [
        db.session.execute(
            select(table.c.poll_id).where(table.c.poll_id == poll_id, table.c.fresh).limit(1)
        ).first()
        for table in _STIRRED
    ]
    if not any(fresh):
        return False
    overwrite_what_goes()
    for table in _STIRRED:
        rows = [
            dict(row)
            for row in db.session.execute(select(table).where(table.c.poll_id == poll_id)).mappings()
        ]
        secrets.SystemRandom().shuffle(rows)
        db.session.execute(delete(table).where(table.c.poll_id == poll_id))
        for at in range(0, len(rows), BATCH):
            db.session.execute(insert(table), [row | {"fresh": False} for row in rows[at : at + BATCH]])
    return True
