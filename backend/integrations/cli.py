"""`flask wechat check` and `flask oss check`: what of a real account is set up, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from backend.integrations.checkup import Line
from backend.integrations.wechat.checkup import check_wechat
from backend.kernel.settings import settings

wechat_commands = AppGroup("wechat", help="The WeChat accounts.")
oss_commands = AppGroup("oss", help="Where photos lie.")
PAGE = "pages/case/index"  # what every message to a resident opens


def register(app: Flask, linked: Callable[[], tuple[int, int]]) -> None:
    """Add the commands; ``linked`` counts (people of the mini-program, those of them with a unionid)."""
    app.extensions["linked_accounts"] = linked
    app.cli.add_command(wechat_commands)
    app.cli.add_command(oss_commands)


@wechat_commands.command("check")
def wechat_check() -> None:
    """Ask the platform about both accounts; exit code 1 when something is missing. Sends nothing."""
    found = current_app.extensions
    lines = check_wechat(
        settings(), found["wechat"], found["wechat_templates"], page=PAGE, linked=found["linked_accounts"]
    )
    _say(lines)


@oss_commands.command("check")
def oss_check() -> None:
    """Write, read, upload and delete once where photos lie; exit code 1 when something is missing."""
    from backend.integrations.oss.checkup import check_store  # oss2 is loaded only by those who use it

    _say(check_store(settings(), current_app.extensions["store"]))


def _say(lines: Iterable[Line]) -> None:
    """Each line as soon as it is known: an answer may take seconds."""
    missing = 0
    for line in lines:
        missing += line.mark == "missing"
        click.echo(str(line))
    if missing:
        click.echo(f"{missing} missing", err=True)
        raise SystemExit(1)
    click.echo("everything that can be asked is there")
