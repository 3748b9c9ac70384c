"""One database for a whole run, built by the real migrations, as fresh for each test as at the start.

SQLite: the file as it was after loading the town is copied back. MariaDB: tables that a statement
touched are emptied and the rows they had after loading the town put back.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url

from backend.kernel.db import db
from tests.support.services import MariaDB

# A second database of a run must not take the name of the first: dropping that waits for whoever reads it.
_numbers = itertools.count(1)
_WRITES = re.compile(
    r"^\s*(?:INSERT\s+(?:IGNORE\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+[`\"]?(\w+)", re.IGNORECASE
)


def database_url(folder: Path) -> str:
    """Where this run's database is: SQLite, or MariaDB with TEST_DATABASE=mariadb or a DATABASE_URL.

    A DATABASE_URL that names a MariaDB only says which server; the name of the database is our own.
    """
    given = os.environ.get("DATABASE_URL", "")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{os.getpid()}_{worker}_{next(_numbers)}"
    if given.startswith(("mysql", "mariadb")):
        url = make_url(given)
        return _make_database(url.host or "127.0.0.1", url.port or 3306, name)
    if os.environ.get("TEST_DATABASE") == "mariadb":
        port = int(os.environ["TEST_MARIADB_PORT"])
        return _make_database("127.0.0.1", port, name)
    return f"sqlite:///{folder / 'test.db'}"


def _make_database(host: str, port: int, name: str) -> str:
    if host not in {"127.0.0.1", "localhost"}:
        raise ValueError("tests drop databases: DATABASE_URL must be on this machine")
    return MariaDB(Path("unused"), port=port).database(name)


class FreshDatabase:
    """Builds the schema once, remembers the state after loading the town, and goes back to it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.touched: set[str] = set()
        self.kept: dict[str, list[dict[str, Any]]] = {}
        with app.app_context():
            upgrade()
            self.engine: Engine = db.engine
        event.listen(self.engine, "before_cursor_execute", self._note)

    @property
    def file(self) -> Path | None:
        """SQLite's file; None on MariaDB."""
        return Path(str(self.engine.url.database)) if self.engine.dialect.name == "sqlite" else None

    def _note(self, connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        found = _WRITES.match(statement)
        if found:
            self.touched.add(found.group(1))

    def remember(self, name: str = "kept") -> None:
        """The present state is what every test begins with; on SQLite others may be kept under other names."""
        if self.file is not None:
            self.engine.dispose()
            with closing(sqlite3.connect(self.file)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            shutil.copyfile(self.file, self.file.with_suffix(f".{name}"))
        else:
            with self.engine.connect() as connection:
                for table in db.metadata.sorted_tables:
                    rows = connection.execute(text(f"SELECT * FROM `{table.name}`"))  # noqa: S608
                    self.kept[table.name] = [dict(row) for row in rows.mappings()]
        self.touched.clear()

    def reset(self, of: str = "kept") -> None:
        """Go back to the remembered state; costs nothing when no statement wrote."""
        self.app.extensions["page_cache"].forget()
        if not self.touched:
            return
        if self.file is not None:
            self._restore_file(self.file, of)
        else:
            with self.engine.begin() as connection:
                self._restore_rows(connection)
        self.touched.clear()

    def _restore_file(self, file: Path, name: str) -> None:
        self.engine.dispose()
        for ending in ("-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(file.with_suffix(f".{name}"), file)

    def _restore_rows(self, connection: Connection) -> None:
        connection.execute(text("SET FOREIGN_KEY_CHECKS=0"))
        for name in sorted(self.touched & self.kept.keys()):
            connection.execute(text(f"DELETE FROM `{name}`"))  # noqa: S608
            rows = self.kept[name]
            if rows:
                columns = ", ".join(f"`{column}`" for column in rows[0])
                values = ", ".join(f":{column}" for column in rows[0])
                connection.execute(text(f"INSERT INTO `{name}` ({columns}) VALUES ({values})"), rows)  # noqa: S608
        connection.execute(text("SET FOREIGN_KEY_CHECKS=1"))

    def drop(self) -> None:
        """Leave nothing on a MariaDB server that goes on running; who still reads it is ended, not waited for."""
        if self.file is None:
            name = self.engine.url.database
            with self.engine.connect() as connection:
                others = connection.execute(
                    text(
                        "SELECT id FROM information_schema.processlist WHERE db = :name AND id <> connection_id()"
                    ),
                    {"name": name},
                ).scalars()
                for other in others.all():
                    connection.execute(text(f"KILL {int(other)}"))
                connection.execute(text(f"DROP DATABASE `{name}`"))
        self.engine.dispose()
