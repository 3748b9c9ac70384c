"""`flask keys status` and `flask keys rotate`."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from backend.kernel.db import db, run_unit
from backend.kernel.rotation import BATCH, KeyMissing, KeyRotation, demand_ring, rotate, values_per_key
from backend.kernel.settings import settings

keys_cli = AppGroup("keys", help="The keys that personal data is encrypted with.")


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    app.cli.add_command(keys_cli)


@keys_cli.command("status")
def status() -> None:
    """How many values need each key, and how far a rotation is; exit code 1 when the ring lacks one."""
    counted = run_unit(values_per_key, writing=False)
    ring = [name for name, _ in settings().field_keys.keys]
    for name in [*ring, *sorted(counted.keys() - set(ring))]:
        columns = counted.get(name, {})
        role = "writes" if name == ring[0] else "reads" if name in ring else "MISSING"
        click.echo(f"key {name:12} {role:8} {sum(columns.values())} values")
        for column, many in sorted(columns.items()):
            click.echo(f"    {column:36} {many}")
        if role == "reads" and not columns:
            click.echo("    nothing needs it any more: it may be taken out of FIELD_KEYS")
    for line in run_unit(_progress, writing=False):
        click.echo(line)
    missing = sorted(counted.keys() - set(ring))
    if missing:
        raise click.ClickException(f"FIELD_KEYS lacks {', '.join(missing)}: put the old key back.")


def _progress() -> list[str]:
    rows = db.session.scalars(select(KeyRotation).order_by(KeyRotation.started_at, KeyRotation.column_name))
    return [
        f"rotation to {row.target} {row.column_name}: {row.changed} changed, {row.missed} written meanwhile, "
        + (f"done {row.finished_at:%Y-%m-%d %H:%M}Z" if row.finished_at else f"at {row.last_key}")
        for row in rows
    ]


@keys_cli.command("rotate")
@click.option("--batch", default=BATCH, show_default=True, type=click.IntRange(1, 5000), help="rows a unit")
def rotate_all(batch: int) -> None:
    """Encrypt everything anew under the newest key, while the service runs; run it again to go on."""
    try:
        run_unit(demand_ring)
        total = 0
        for step in rotate(batch):
            total += step.changed
            click.echo(f"{step.column}: {step.changed} changed, {step.missed} written meanwhile")
    except KeyMissing as missing:
        raise click.ClickException(str(missing)) from missing
    left = run_unit(values_per_key, writing=False).keys() - {settings().field_keys.newest[0]}
    if left:
        raise click.ClickException(
            f"{total} values changed, but some were written under {', '.join(sorted(left))} meanwhile: "
            "start every process with the new ring, then run this again."
        )
    click.echo(f"{total} values changed; older keys may be taken out of FIELD_KEYS at the next start")
