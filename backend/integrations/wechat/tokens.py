"""One platform token for all threads and processes: a leased row, renewed by one of them at a time.

Every step is a short transaction on a connection of its own; none is open while the platform is asked. Whoever
finds the token missing or near its end takes the lease by one conditional UPDATE; the others go on with the old
token while it is good (stable_token keeps it valid for its last five minutes) or wait for the new one.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Table, insert, or_, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.integrations.wechat.models import PlatformToken
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.kernel.clock import now
from backend.kernel.db import db, is_retryable, now_writing

RENEW_BEFORE = timedelta(minutes=4)  # inside the five minutes in which old and new are both valid
LEASE = timedelta(seconds=20)  # longer than the fetch's own timeout
FORCE_APART = timedelta(seconds=40)  # the platform allows a forced renewal every 30 s
WAIT_SECONDS = 15.0
#: How long a process goes by what it read of the row; a token that was renewed elsewhere is good for minutes, and
#: one that the platform refuses is read anew.
KEEP_SECONDS = 5.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

#: Asks the platform for a token; the argument says whether to force a new one. Returns (token, seconds it lives).
Fetch = Callable[[bool], tuple[str, int]]


@dataclass(frozen=True)
class Token:
    """A token and the version of the row it came from."""

    value: str = field(repr=False)
    version: int


class Tokens(Protocol):
    """Where a client gets its token."""

    def current(self) -> Token:
        """A token believed good. Raises WeChatError when none can be had."""
        ...

    def renew(self, used: Token) -> Token:
        """Another token, after the platform refused `used`."""
        ...


class RowTokens:
    """Tokens of one appid in the table platform_tokens."""

    def __init__(self, appid: str, fetch: Fetch) -> None:
        self._appid, self._fetch = appid, fetch
        self._table: Table = PlatformToken.__table__  # type: ignore[assignment]
        self._one_at_a_time = threading.Lock()
        self._kept: tuple[Token, datetime, float] | None = None  # until when it is good, and when it was read
        #: The newest version the platform refused. A thread that read the row before the refusal may keep what it
        #: read after it, so what is kept is asked for its version, not only thrown away.
        self._refused = -1

    def current(self) -> Token:
        """See Tokens; waits up to 15 s for somebody else's renewal."""
        kept = self._kept
        if kept is not None and self._still_good(*kept):
            return kept[0]
        read_at = time.monotonic()
        row = self._read()
        if row is not None and row.token and row.expires_at - RENEW_BEFORE > now():
            token = Token(row.token, row.version)
            self._kept = (token, row.expires_at - RENEW_BEFORE, read_at)
            return token
        with self._one_at_a_time:  # one thread of a process renews or waits, the rest find its result
            return self._renewed()

    def renew(self, used: Token) -> Token:
        """See Tokens; the row is dropped only if it is still the one used."""
        self._refused = max(self._refused, used.version)
        self._write(
            update(self._table)
            .where(self._table.c.appid == self._appid, self._table.c.version == used.version)
            .values(expires_at=LONG_AGO, refused=_digest(used.value))
        )
        return self.current()

    def _still_good(self, token: Token, until: datetime, read_at: float) -> bool:
        fresh = time.monotonic() - read_at < KEEP_SECONDS and until > now()
        return fresh and token.version > self._refused

    def _renewed(self) -> Token:
        give_up = time.monotonic() + WAIT_SECONDS
        while True:
            row = self._read()
            if row is None:
                self._create()
                continue
            if row.token and row.expires_at - RENEW_BEFORE > now():
                return Token(row.token, row.version)
            if self._take_lease(row.version, lease := secrets.token_hex(16)):
                return self._fetch_and_keep(row, lease)
            if row.token and row.expires_at > now():
                return Token(row.token, row.version)
            if time.monotonic() > give_up:
                raise WeChatError(
                    "stable_token", None, Reaction.RETRY, "another process is renewing the token"
                )
            time.sleep(0.05)

    def _fetch_and_keep(self, row: Row[Any], lease: str) -> Token:
        forced_at = row.forced_at
        try:
            value, seconds = self._fetch(False)
            if _digest(value) == row.refused and (forced_at is None or now() - forced_at > FORCE_APART):
                forced_at = now()
                value, seconds = self._fetch(True)
        except BaseException:
            self._write(self._held(lease).values(lease_token=None, lease_until=None, forced_at=forced_at))
            raise
        kept = self._write(
            self._held(lease).values(
                token=value,
                version=row.version + 1,
                expires_at=now() + timedelta(seconds=seconds),
                lease_token=None,
                lease_until=None,
                refused=None,
                forced_at=forced_at,
            )
        )
        # The lease was lost (we slept past it): ours is as good as theirs, but theirs stays in the row.
        return Token(value, row.version + 1 if kept else -1)

    def _take_lease(self, version: int, lease: str) -> bool:
        table, moment = self._table, now()
        return self._write(
            update(table)
            .where(
                table.c.appid == self._appid,
                table.c.version == version,
                or_(table.c.lease_until.is_(None), table.c.lease_until < moment),
            )
            .values(lease_token=lease, lease_until=moment + LEASE)
        )

    def _held(self, lease: str) -> Any:
        return update(self._table).where(
            self._table.c.appid == self._appid, self._table.c.lease_token == lease
        )

    def _create(self) -> None:
        try:
            self._write(insert(self._table).values(appid=self._appid, version=0))
        except IntegrityError:
            return  # another process made the row a moment ago; the caller reads it

    def _read(self) -> Row[Any] | None:
        with now_writing(False), db.engine.begin() as connection:
            return connection.execute(
                select(self._table).where(self._table.c.appid == self._appid)
            ).one_or_none()

    def _write(self, statement: Any) -> bool:
        """Run one statement in a transaction of its own; true if it touched a row. Tried again on lock trouble."""
        for attempt in range(4):
            try:
                with now_writing(True), db.engine.begin() as connection:
                    return bool(connection.execute(statement).rowcount == 1)
            except DBAPIError as error:
                if attempt == 3 or not is_retryable(error):
                    raise
        raise AssertionError("unreachable")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
