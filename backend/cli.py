"""Commands: load the town, write the API document and the diagrams, check both."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from backend import diagrams
from backend.audit import cli as audit_cli
from backend.cases.models import RoutingRule
from backend.cases.services import replace_rules
from backend.identity import cli as identity_cli
from backend.identity.staffing import save_staff, save_units
from backend.identity.town_roles import seed_roles
from backend.kernel import json
from backend.kernel.db import run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.kernel.settings import settings
from backend.outbox.cli import outbox_cli
from backend.places.files.model import CategoryLine, HolidayLine, TownFiles
from backend.places.loader import ConfigProblems, deactivate_missing, load_places, read_config
from backend.reports.models import Category
from backend.reports.services import replace_categories
from backend.workflow.clocks import set_holidays

town_cli = AppGroup("town", help="The town's own data.")
docs_cli = AppGroup("docs", help="What is drawn from the code.")
ROOT = Path(__file__).resolve().parent.parent
OPENAPI = ROOT / "docs" / "openapi.json"
STATES = ROOT / "docs" / "states"


def register(app: Flask) -> None:
    """Add every command to the application."""
    app.cli.add_command(town_cli)
    app.cli.add_command(docs_cli)
    app.cli.add_command(outbox_cli)
    audit_cli.register(app)
    identity_cli.register(app)
    if not settings().is_production:
        # The demonstration county stays out of a production process altogether.
        import_module("backend.demo.cli").register(app)


@town_cli.command("load")
@click.option(
    "--dir", "directory", type=click.Path(exists=True, file_okay=False, path_type=Path), default=None
)
def load_town(directory: Path | None) -> None:
    """Read config/ and put it in place: all of it, or nothing with every fault by file and line."""
    ensure_node()
    try:
        click.echo(load_config(directory))
    except ConfigProblems as problems:
        raise click.ClickException(str(problems)) from problems


def load_config(directory: Path | None = None) -> str:
    """Load every town's files in one unit; a line about each. ConfigProblems when a file is wrong."""
    files = read_config(directory or settings().town_config)

    def unit() -> list[str]:
        loaded = [_load_one(town) for town in files.towns]
        deactivate_missing({town_id for town_id, _ in loaded})
        _load_holidays(files.holidays)
        return [line for _, line in loaded]

    return "\n".join(run_unit(unit))


def _load_one(town: TownFiles) -> tuple[int, str]:
    loaded = load_places(town)
    seed_roles(loaded.town_id)
    units = save_units(loaded.town_id, town.units, loaded.places)
    save_staff(loaded.town_id, town.staff, loaded.places, units)
    replace_categories(loaded.town_id, [_category(loaded.town_id, c) for c in town.categories])
    rules = [
        RoutingRule(
            id=new_id(),
            town_id=loaded.town_id,
            position=r.position,
            name=r.name,
            categories=list(r.categories),
            groups=list(r.groups),
            place_ids=[str(loaded.places[p]) for p in r.places],
            urgencies=list(r.urgencies),
            unit_id=units[r.unit_code] if r.unit_code else None,
            to_grid=r.to_grid,
            role=r.role,
            auto=r.auto,
        )
        for r in town.rules
    ]
    replace_rules(loaded.town_id, rules)
    return loaded.town_id, (
        f"{town.brand.name}: {loaded.created} places new, {loaded.changed} changed, {loaded.deactivated} switched off, "
        f"{len(units)} units, {len(town.categories)} categories, {len(rules)} rules"
    )


def _category(town_id: int, line: CategoryLine) -> Category:
    return Category(
        id=new_id(),
        town_id=town_id,
        code=line.code,
        name=line.name,
        group_code=line.group_code,
        group_name=line.group_name,
        urgency=line.urgency,
        keywords=list(line.keywords),
        after_photo=line.after_photo,
        after_photo_reason=line.after_photo_reason,
        limit_amount=line.limit.amount,
        limit_unit=line.limit.unit,
        accept_amount=line.accept_limit.amount,
        accept_unit=line.accept_limit.unit,
        emergency_number=line.emergency.number if line.emergency else "",
        emergency_words=line.emergency.words if line.emergency else "",
        place_required=line.place_required,
        position=line.position,
    )


def _load_holidays(days: tuple[HolidayLine, ...]) -> None:
    """The files' corrections replace the years that they speak of; other years keep what the town entered."""
    for year in sorted({line.day.year for line in days}):
        of_year = [(d.day, d.working, d.name) for d in days if d.day.year == year]
        set_holidays(of_year, date(year, 1, 1), date(year, 12, 31))


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
    pretty = json.pretty(json.loads(answer.get_data()))
    return {OPENAPI: pretty} | {STATES / f"{kind}.md": text for kind, text in diagrams.all_diagrams().items()}
