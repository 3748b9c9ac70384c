"""Commands of the demonstration county; production never imports this package."""

from __future__ import annotations

from flask import Flask
from flask.cli import AppGroup

demo_cli = AppGroup("demo", help="The demonstration county.")


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    app.cli.add_command(demo_cli)
