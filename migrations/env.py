"""Alembic's environment: the same revisions run on SQLite and MariaDB."""

from __future__ import annotations

from alembic import context
from flask import current_app

from backend.kernel.db import db

target = db.metadata


def run_migrations() -> None:
    """Run the revisions on a connection of their own."""
    engine = db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database: set DATABASE_URL.")
run_migrations()
