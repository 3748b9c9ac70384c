"""Identifiers: 63-bit numbers that grow with time, and look-up codes that people can spell.

41 bits of milliseconds since 2024, 10 bits of node, 12 bits of sequence. The node is a leased
row, so that two processes never share one. A clock that goes back goes on from the last value.
"""

from __future__ import annotations

import os
import secrets
import threading
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import now
from backend.kernel.db import Model, UtcDateTime, db
from backend.kernel.errors import NotFound

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
NODES = 1024
LARGEST_ID = 2**63 - 1
# Not released at exit: short, so that a process that starts again and again does not use up all nodes.
LEASE = timedelta(hours=2)
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
CODE_LENGTH = 12


class NodeLease(Model):
    """Which process numbers its ids with which node until when."""

    __tablename__ = "node_leases"

    node: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(db.String(64))
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)


class _Generator:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.node: int | None = None
        self.pid = 0
        self.renew_at = EPOCH
        self.last_millisecond = 0
        self.sequence = 0

    def next(self) -> int:
        with self.lock:
            if self.node is None or self.pid != os.getpid():
                raise RuntimeError("new_id() before ensure_node(): no node is leased")
            millisecond = max(int((now() - EPOCH).total_seconds() * 1000), self.last_millisecond)
            self.sequence = self.sequence + 1 if millisecond == self.last_millisecond else 0
            if self.sequence >= 4096:
                millisecond, self.sequence = millisecond + 1, 0
            self.last_millisecond = millisecond
            return (millisecond << 22) | (self.node << 12) | self.sequence


_generator = _Generator()


def new_id() -> int:
    """A new id, greater than every one this process made before."""
    return _generator.next()


def ensure_node(fixed: int | None = None) -> None:
    """Lease a node for this process, or renew the lease; called before a transaction begins."""
    generator = _generator
    with generator.lock:
        moment = now()
        if generator.node is not None and generator.pid == os.getpid() and moment < generator.renew_at:
            return
        if fixed is not None:
            generator.node = fixed
        else:
            generator.node = _lease(f"{os.getpid()}-{secrets.token_hex(8)}", moment)
        generator.pid = os.getpid()
        generator.renew_at = moment + LEASE / 2


def _lease(holder: str, moment: datetime) -> int:
    """Take the first node whose lease has ended, or a new one; its own short transaction."""
    values = {"holder": holder, "lease_until": moment + LEASE}
    for _ in range(20):
        with db.engine.begin() as connection:
            free = connection.execute(
                select(NodeLease.node).where(NodeLease.lease_until < moment).order_by(NodeLease.node).limit(1)
            ).scalar_one_or_none()
            if free is not None:
                taken = connection.execute(
                    update(NodeLease)
                    .where(NodeLease.node == free, NodeLease.lease_until < moment)
                    .values(**values)
                )
                if taken.rowcount == 1:
                    return free
                continue
            used = set(connection.execute(select(NodeLease.node)).scalars())
        node = secrets.choice([n for n in range(NODES) if n not in used] or [0])
        try:
            with db.engine.begin() as connection:
                connection.execute(insert(NodeLease).values(node=node, **values))
            return node
        except IntegrityError:
            continue  # another process took this number a moment ago: look again
    raise RuntimeError("no free id node: all 1024 are leased; see node_leases")


def parse_id(text: str) -> int:
    """The number behind an id sent as a string; NotFound when it is none."""
    if not is_id(text):
        raise NotFound
    return int(text)


def is_id(text: str) -> bool:
    """Whether text can be an id: plain digits of at most 63 bits, so that no database refuses it."""
    return text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST_ID


def new_code() -> str:
    """A look-up code: 12 Crockford characters from a secure source (1 in 1.2 × 10^18)."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def show_code(code: str) -> str:
    """The code as people read it: in threes of four characters."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(text: str) -> str:
    """What a person typed, as a code: case, blanks, dashes and I, L, O are forgiven."""
    plain = "".join(ch for ch in text.upper() if ch.isalnum())
    return plain.translate(str.maketrans("ILO", "110"))
