"""Commands of the demonstration county; a production process never has them."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from backend.demo.district import BASE_CASES, COPIES, load_district
from backend.demo.load import load
from backend.demo.towns import write_towns
from backend.kernel.db import db
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
@click.option(
    "--scale",
    type=click.Choice(["town", "hundredth", "district"]),
    default="town",
    help=f"town: 2,000 cases, to look at. hundredth, district: {BASE_CASES:,} and {BASE_CASES * COPIES:,},"
    " to measure with (district on MariaDB only).",
)
def load_demo(scale: str) -> None:
    """Invent people and a year of cases for both towns; does nothing when they are there."""
    ensure_node()
    if scale == "town":
        load(say=click.echo)
        return
    if scale == "district" and db.engine.dialect.name == "sqlite":
        raise click.UsageError("The district needs MariaDB: set DATABASE_URL.")
    load_district(COPIES if scale == "district" else 1, say=click.echo)
