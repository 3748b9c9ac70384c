"""`flask retention run [--dry-run]`, `flask retention rules`, `flask retention log`."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from backend.kernel.db import run_unit
from backend.kernel.ids import ensure_node
from backend.rights import log, retention
from backend.rights.models import Deletion
from backend.rights.rules import RULES

retention_cli = AppGroup("retention", help="How long records are kept, and their erasing.")


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    app.cli.add_command(retention_cli)


@retention_cli.command("rules")
def rules() -> None:
    """Every kind of record: how long, what happens then, by which rule."""
    for rule in RULES:
        done_by = rule.timer or ("retention.run" if rule.after is not None else "-")
        click.echo(
            f"{rule.code:16} {rule.what}：{rule.after_words} → {rule.happens}（{rule.source}）[{done_by}]"
        )


@retention_cli.command("run")
@click.option("--dry-run", is_flag=True, help="only count what would be erased")
def run(dry_run: bool) -> None:
    """Erase what is over its time, in batches; stopped in the middle, run it again."""
    ensure_node()
    outcomes = run_unit(retention.due, writing=False) if dry_run else retention.run()
    for one in outcomes:
        verb = "would be erased" if dry_run else "erased"
        click.echo(f"{one.rule.code:16} {one.many:6} {verb}  {one.rule.what}")


@retention_cli.command("log")
@click.option("--last", default=50, show_default=True, type=click.IntRange(1, 10_000))
def show_log(last: int) -> None:
    """The newest lines of the deletion log."""
    for line in run_unit(lambda: [_told(one) for one in log.lines(last)], writing=False):
        click.echo(line)


def _told(one: Deletion) -> str:
    return f"{one.at:%Y-%m-%d %H:%M}Z {one.rule:24} {one.kind:16} {one.because:10} {one.many}"
