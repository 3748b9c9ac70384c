"""Alembic's environment: the same revisions run on SQLite and MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from flask import current_app
from sqlalchemy import BigInteger, Connection

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BinaryString, JsonText, LongText, UtcDateTime, db

target = db.metadata


def render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our column types as the functions of migrations/column_types.py: revisions stand alone."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "moment()"
    if isinstance(item, BinaryString):
        return f"exact({item.length})"
    if isinstance(item, (EncryptedText, JsonText)) or item is LongText:
        return "long_text()"
    if isinstance(item, BigInteger):
        return "big_id()"
    return False


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite alters a table by building it anew: rows that refer to it must bear with that for a moment.

    The references are checked as a whole before they count again.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    # By the driver's own connection: within a transaction the switch would do nothing.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise RuntimeError(f"rows refer to rows that are not there any more: {broken[:5]}")


def run_migrations() -> None:
    """Run the revisions on a connection of their own."""
    engine = db.engine
    with engine.connect() as connection, _tables_may_be_rebuilt(connection):
        context.configure(
            connection=connection,
            target_metadata=target,
            transaction_per_migration=True,
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: set DATABASE_URL.")
run_migrations()
