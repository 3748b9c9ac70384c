"""Commands of the demonstration county; a production process never has them."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from backend.demo.load import load
from backend.demo.towns import write_towns
from backend.kernel.ids import ensure_node

demo_cli = AppGroup("demo", help="The demonstration county.")


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(demo_cli)


@demo_cli.command("draw")
@click.option("--dir", "directory", type=click.Path(file_okay=False, path_type=Path), default=Path("config"))
def draw_towns(directory: Path) -> None:
    """Draw places, units and boundaries of both towns anew (the same every time)."""
    for path in write_towns(directory):
        click.echo(f"wrote {path}")


@demo_cli.command("load")
def load_demo() -> None:
    """Invent people and a year of cases for both towns; does nothing when they are there."""
    ensure_node()
    load(say=click.echo)
