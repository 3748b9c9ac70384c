"""`flask petitions verify`: the chain of every petition, for the operator; no word of one is printed."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from backend.cases.cli import verify_all
from backend.petitions.models import Petition

petitions_cli = AppGroup("petitions", help="信访直通车.")


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    app.cli.add_command(petitions_cli)


@petitions_cli.command("verify")
@click.option("--code", default="", help="one petition by its look-up code; all of them when left out")
def verify_petitions(code: str) -> None:
    """Check the chain of entries of every petition; exit code 1 when one does not hold. Reads only."""
    verify_all(Petition, "petitions", code)
