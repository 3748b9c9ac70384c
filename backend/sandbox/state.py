"""What the stand-in remembers: one SQLite file (or memory), one connection, one lock. Times are Unix seconds."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.sandbox.people import PEOPLE, Person

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, name TEXT, role TEXT, words TEXT, colour TEXT, phone TEXT,
  unionid TEXT, mini_openid TEXT UNIQUE, official_openid TEXT UNIQUE, followed INTEGER, blocked INTEGER DEFAULT 0,
  joined INTEGER DEFAULT 1, seen REAL DEFAULT 0, position INTEGER);
CREATE TABLE IF NOT EXISTS codes (code TEXT PRIMARY KEY, kind TEXT, person TEXT, expires REAL, used INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, appid TEXT, issued REAL, expires REAL, revoked INTEGER DEFAULT 0,
  forced INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS web_tokens (token TEXT PRIMARY KEY, person TEXT, expires REAL);
CREATE TABLE IF NOT EXISTS grants (openid TEXT, template_id TEXT, count INTEGER, PRIMARY KEY (openid, template_id));
CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT, person TEXT, openid TEXT, template_id TEXT,
  title TEXT, page TEXT, url TEXT, data TEXT, client_msg_id TEXT, msgid TEXT, at REAL, errcode INTEGER, errmsg TEXT,
  unread INTEGER DEFAULT 1);
CREATE INDEX IF NOT EXISTS messages_of ON messages (person, id);
CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT, person TEXT, kind TEXT, body TEXT, at REAL,
  state TEXT DEFAULT 'waiting', attempts INTEGER DEFAULT 0, answer TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY AUTOINCREMENT, api TEXT, kind TEXT, times INTEGER, ms INTEGER,
  errcode INTEGER, hits INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY AUTOINCREMENT, api TEXT, at REAL, errcode INTEGER);
"""
TABLES = ("people", "codes", "tokens", "web_tokens", "grants", "messages", "events", "faults", "calls")


class State:
    """The stand-in's memory; safe for threads. `with state.changing():` makes several steps one."""

    def __init__(self, file: Path | None) -> None:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._under_way = 0
        self._quiet = threading.Condition()
        self._db = sqlite3.connect(str(file or ":memory:"), check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(SCHEMA)
        self._seed()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Several statements as one step that nobody else can look into."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def answering(self) -> Iterator[None]:
        """A platform call is under way: reset() waits for it, so that a slow one never writes into what comes after."""
        with self._quiet:
            self._under_way += 1
        try:
            yield
        finally:
            with self._quiet:
                self._under_way -= 1
                self._quiet.notify_all()

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a writing statement; returns the number of rows it touched."""
        with self._lock:
            return self._db.execute(statement, values).rowcount

    def add(self, table: str, **columns: Any) -> int:
        """Insert a row; returns its row id. Table and column names are our own literals, never input."""
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        with self._lock:
            return int(self._db.execute(statement, tuple(columns.values())).lastrowid or 0)

    def one(self, statement: str, values: Sequence[Any] = ()) -> dict[str, Any] | None:
        """The first row, or None."""
        with self._lock:
            row = self._db.execute(statement, values).fetchone()
        return dict(row) if row is not None else None

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """All rows."""
        with self._lock:
            return [dict(row) for row in self._db.execute(statement, values).fetchall()]

    def reset(self) -> None:
        """Forget everything and begin again with the invented people, once no call is under way any more."""
        with self._quiet:
            self._quiet.wait_for(lambda: self._under_way == 0, timeout=60)
        with self.changing():
            for table in TABLES:
                self.run(f"DELETE FROM {table}")  # noqa: S608
        self._seed()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _seed(self) -> None:
        with self.changing():
            for position, person in enumerate(PEOPLE):
                if not self.one("SELECT id FROM people WHERE id = ?", (person.id,)):
                    self.add_person(person, position)

    def add_person(self, person: Person, position: int) -> None:
        """Give somebody a phone."""
        self.add(
            "people",
            id=person.id,
            name=person.name,
            role=person.role,
            words=person.words,
            colour=person.colour,
            phone=person.phone,
            unionid=person.unionid,
            mini_openid=person.mini_openid,
            official_openid=person.official_openid,
            followed=int(person.followed),
            position=position,
        )

    # --- people ------------------------------------------------------------------------------------------------

    def people(self) -> list[dict[str, Any]]:
        """Everybody, with the number of unread messages."""
        return self.all(
            "SELECT p.*, (SELECT count(*) FROM messages m WHERE m.person = p.id AND m.errcode = 0 AND m.unread = 1) "
            "AS unread FROM people p ORDER BY position"
        )

    def person(self, person_id: str) -> dict[str, Any] | None:
        """Somebody by our id."""
        return self.one("SELECT * FROM people WHERE id = ?", (person_id,))

    def by_openid(self, app: str, openid: str) -> dict[str, Any] | None:
        """Whose openid of this app (mini or official) it is."""
        column = "mini_openid" if app == "mini" else "official_openid"
        return self.one(f"SELECT * FROM people WHERE {column} = ?", (openid,))  # noqa: S608

    def saw(self, person_id: str) -> None:
        """Somebody used the mini-program just now: content checks are allowed for two hours."""
        self.run("UPDATE people SET seen = ? WHERE id = ?", (time.time(), person_id))

    # --- grants ------------------------------------------------------------------------------------------------

    def grants_of(self, openid: str) -> dict[str, int]:
        """Template → how many messages may still be sent."""
        rows = self.all("SELECT template_id, count FROM grants WHERE openid = ?", (openid,))
        return {row["template_id"]: row["count"] for row in rows}

    def add_grant(self, openid: str, template_id: str) -> None:
        """One more message allowed."""
        self.run(
            "INSERT INTO grants VALUES (?, ?, 1) ON CONFLICT (openid, template_id) DO UPDATE SET count = count + 1",
            (openid, template_id),
        )

    def take_grant(self, openid: str, template_id: str) -> bool:
        """Use one up; false when there is none."""
        statement = "UPDATE grants SET count = count - 1 WHERE openid = ? AND template_id = ? AND count > 0"
        return self.run(statement, (openid, template_id)) == 1

    def drop_grants(self, openid: str, template_id: str) -> None:
        """The person switched this template off."""
        self.run("DELETE FROM grants WHERE openid = ? AND template_id = ?", (openid, template_id))
