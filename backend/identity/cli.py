"""`flask staff create | password | unlock`. Passwords are asked for; there is no default one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from backend.identity import lockout, queries, staffing
from backend.identity.roles import ROLES
from backend.kernel.db import db, run_unit
from backend.kernel.errors import AppError
from backend.kernel.ids import ensure_node
from backend.places.models import Place, Town

T = TypeVar("T")

staff_commands = AppGroup("staff", help="Staff accounts.")
_PASSWORD: dict[str, Any] = {"prompt": True, "hide_input": True, "confirmation_prompt": True}


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    app.cli.add_command(staff_commands)


@staff_commands.command("create")
@click.argument("username")
@click.option("--town", required=True, help="the town's code in config/")
@click.option("--name", required=True, help="the person's name")
@click.option("--unit", "unit_code", required=True, help="the unit's code in config/")
@click.option("--role", "roles", multiple=True, type=click.Choice(sorted(ROLES)), help="may be repeated")
@click.option("--place", "place_code", help="the roles reach this place only; default: the whole town")
@click.option("--own-unit-only", is_flag=True, help="the roles reach the unit's own cases only")
@click.password_option("--password", **_PASSWORD)
def create(
    username: str,
    town: str,
    name: str,
    unit_code: str,
    roles: tuple[str, ...],
    place_code: str | None,
    own_unit_only: bool,
    password: str,
) -> None:
    """Make an account, or bring one up to date (its password stays)."""
    ensure_node()

    def unit() -> str:
        town_id = _town(town)
        card = queries.unit_by_code(town_id, unit_code)
        if card is None:
            raise click.ClickException(f"{town} has no unit {unit_code}")
        place_id = _place(town_id, place_code) if place_code else town_id
        held = [(role, place_id, card.id if own_unit_only else None) for role in roles]
        new = queries.staff_by_username(username.strip().lower()) is None
        staffing.create_staff(town_id, username, name, card.id, None, held)
        if new:
            staffing.set_password(username, password)
        return "made" if new else "brought up to date; the password stays"

    click.echo(f"{username}: {_try(unit)}")


@staff_commands.command("password")
@click.argument("username")
@click.password_option("--password", **_PASSWORD)
def password(username: str, password: str) -> None:
    """Set a password; every session of the account ends."""
    ensure_node()
    _try(lambda: staffing.set_password(username, password))
    click.echo(f"{username}: password set")


@staff_commands.command("unlock")
@click.argument("username")
def unlock(username: str) -> None:
    """Forget the failed logins of a name."""
    ensure_node()
    forgotten = _try(lambda: lockout.unlock(username))
    click.echo(f"{username}: {'unlocked' if forgotten else 'was not locked'}")


def _try(unit: Callable[[], T]) -> T:
    try:
        return run_unit(unit)
    except AppError as error:
        sentences = [line for lines in error.fields.values() for line in lines] or [error.message]
        raise click.ClickException(" ".join(sentences)) from error


def _town(code: str) -> int:
    found = db.session.execute(select(Town.id).where(Town.code == code)).scalar_one_or_none()
    if found is None:
        raise click.ClickException(f"there is no town {code}; load it first: flask town load")
    return found


def _place(town_id: int, code: str) -> int:
    found = db.session.execute(
        select(Place.id).where(Place.town_id == town_id, Place.code == code)
    ).scalar_one_or_none()
    if found is None:
        raise click.ClickException(f"the town has no place {code}")
    return found
