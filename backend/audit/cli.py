"""`flask audit seal` and `flask audit verify`."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from backend.audit import services
from backend.kernel.db import run_unit

audit_commands = AppGroup("audit", help="The audit's seals.")


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    app.cli.add_command(audit_commands)


@audit_commands.command("seal")
@click.option("--batch", default=services.BATCH, show_default=True, help="entries under one seal")
def seal(batch: int) -> None:
    """Seal everything that has no seal yet."""
    total = 0
    while sealed := run_unit(lambda: services.seal_batch(batch)):
        total += sealed
    click.echo(f"{total} entries sealed")


@audit_commands.command("verify")
def verify() -> None:
    """Check all seals and entries; exit code 1 when something does not fit."""
    verdict = run_unit(services.verify, writing=False)
    click.echo(f"{verdict.seals} seals over {verdict.entries} entries, {verdict.unsealed} not sealed yet")
    click.echo(f"head {verdict.head}")
    for fault in verdict.faults:
        click.echo(f"FAULT {fault}", err=True)
    if verdict.faults:
        raise SystemExit(1)
