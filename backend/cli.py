"""Commands: load the town, write the API document and the diagrams, check both."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from backend import diagrams
from backend.administration.loading import Edited, EditedOnScreen, load_dictionaries, load_holidays
from backend.audit import cli as audit_cli
from backend.cases import cli as cases_cli
from backend.comments import word_list
from backend.identity import cli as identity_cli
from backend.identity.sightings import linked_accounts
from backend.identity.staffing import save_staff
from backend.identity.town_roles import seed_roles
from backend.identity.units import save_units
from backend.integrations import cli as integrations_cli
from backend.kernel import cli as kernel_cli
from backend.kernel import json
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from backend.kernel.rotation import KeyMissing, demand_ring
from backend.kernel.settings import settings
from backend.notices import categories as notice_categories
from backend.outbox.cli import outbox_cli
from backend.petitions import cli as petitions_cli
from backend.places.files.model import TownFiles
from backend.places.loader import ConfigProblems, deactivate_missing, load_places, read_config
from backend.rights import cli as rights_cli

town_cli = AppGroup("town", help="The town's own data.")
docs_cli = AppGroup("docs", help="What is drawn from the code.")
ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "docs" / "openapi.json"
STATES = ROOT / "docs" / "states"
#: what a person looks at first, and what neighbours may not trade: read as lists of words
WORD_LISTS = ("words.txt", "not_traded.txt")


def register(app: Flask) -> None:
    """Add every command to the application."""
    app.cli.add_command(town_cli)
    app.cli.add_command(docs_cli)
    app.cli.add_command(outbox_cli)
    audit_cli.register(app)
    kernel_cli.register(app)
    cases_cli.register(app)
    petitions_cli.register(app)
    rights_cli.register(app)
    identity_cli.register(app)
    integrations_cli.register(app, linked_accounts)
    if settings().mode == "test" or os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        _heavy_ones(app)


def _heavy_ones(app: Flask) -> None:
    """What a server and a worker never use and would carry all day: Alembic (25 MB), the drawing of towns (20 MB)."""
    migrate = import_module("flask_migrate").Migrate
    migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    if not settings().is_production:
        # The demonstration county stays out of a production process altogether.
        import_module("backend.demo.cli").register(app)


@town_cli.command("load")
@click.option(
    "--dir", "directory", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None
)
@click.option("--force", "edited", flag_value="force", help="The files win over what was changed on screen.")
@click.option("--keep", "edited", flag_value="keep", help="What was changed on screen stays; load the rest.")
def load_town(directory: Path | None, edited: Edited | None) -> None:
    """Read config/ and put it in place: all of it, or nothing with every fault by file and line."""
    ensure_node()
    try:
        click.echo(load_config(directory, edited or "refuse"))
    except EditedOnScreen as differing:
        raise click.ClickException(
            "nothing was loaded: the files would undo what was changed on screen (ADR 0005)\n"
            + "\n".join(f"  {line}" for line in differing.lines)
            + "\nChange the files, or load with --keep (the screen wins) or --force (the files win)."
        ) from differing
    except (ConfigProblems, KeyMissing, word_list.WordListProblems) as problems:
        raise click.ClickException(str(problems)) from problems


def load_config(directory: Path | None = None, edited: Edited = "refuse") -> str:
    """Load every town's files in one unit; a line about each.

    ConfigProblems when a file is wrong, EditedOnScreen when it would undo what staff changed on screen,
    KeyMissing when the ring lacks a key that stored values need.
    """
    folder = directory or settings().town_config
    files = read_config(folder)
    for name in WORD_LISTS:
        word_list.check(folder / "towns" / town.brand.code / name for town in files.towns)

    for town in files.towns:
        notice_categories.check(folder / "towns" / town.brand.code)

    def unit() -> list[str]:
        demand_ring()  # before the first value is written: later it would have to count them all
        loaded = [_load_one(town, edited) for town in files.towns]
        deactivate_missing({town_id for town_id, _, _ in loaded})
        differing = [line for _, _, lines in loaded for line in lines]
        differing += load_holidays(files.holidays, edited)
        if differing:
            raise EditedOnScreen(differing)
        return [line for _, line, _ in loaded]

    return "\n".join(run_unit(unit))


def _load_one(town: TownFiles, edited: Edited) -> tuple[int, str, list[str]]:
    loaded = load_places(town)
    seed_roles(loaded.town_id)
    units = save_units(loaded.town_id, town.units, loaded.places)
    save_staff(loaded.town_id, town.staff, loaded.places, units)
    differing = load_dictionaries(loaded.town_id, town, loaded.places, units, edited)
    told = (
        f"{town.brand.name}: {loaded.created} places new, {loaded.changed} changed, {loaded.deactivated} switched off, "
        f"{len(units)} units, {len(town.categories)} categories, {len(town.rules)} rules"
    )
    return loaded.town_id, told, differing


@docs_cli.command("write")
def write_docs() -> None:
    """Write docs/openapi.json and docs/states/ anew."""
    for path, text in _drawn().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"wrote {path.relative_to(ROOT)}")


@docs_cli.command("check")
def check_docs() -> None:
    """Fail when a drawn file is not what the code says today."""
    stale = [
        str(path.relative_to(ROOT))
        for path, text in _drawn().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if stale:
        raise click.ClickException(f"run `flask docs write`; out of date: {', '.join(stale)}")
    click.echo("drawn files are up to date")


def _drawn() -> dict[Path, str]:
    answer = current_app.test_client().get("/openapi.json")
    if answer.status_code != 200:
        raise click.ClickException(
            f"/openapi.json answers {answer.status_code}: {answer.get_data(as_text=True)}"
        )
    pretty = json.pretty(json.loads(answer.get_data()))
    return {OPENAPI: pretty} | {STATES / f"{kind}.md": text for kind, text in diagrams.all_diagrams().items()}
