"""`flask cases verify`: the chain of every case, for the operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from backend.cases.models import Case
from backend.kernel.db import db, run_unit
from backend.kernel.ids import read_code, show_code
from backend.workflow.chain import verify
from backend.workflow.queries import chain_of

BATCH = 200
cases_cli = AppGroup("cases", help="What citizens brought.")


def register(app: Flask) -> None:
    """Add the commands to the application's."""
    app.cli.add_command(cases_cli)


@cases_cli.command("verify")
@click.option("--code", default="", help="one case by its look-up code; all of them when left out")
def verify_cases(code: str) -> None:
    """Check the chain of entries of every case; exit code 1 when one does not hold. Reads only."""
    verify_all(Case, "cases", code)


def verify_all(model: Any, many_of_them: str, code: str) -> None:
    """Check the chains of a kind's rows and say what does not hold; SystemExit(1) then."""
    checked = 0
    faults: list[str] = []
    for batch in _batches(model, read_code(code) if code else ""):
        checked += batch[0]
        faults += batch[1]
        for fault in batch[1]:
            click.echo(f"FAULT {fault}", err=True)
    click.echo(f"{checked} {many_of_them} checked, {len(faults)} do not hold")
    if faults or (code and not checked):
        raise SystemExit(1)


def _batches(model: Any, code: str) -> Iterator[tuple[int, list[str]]]:
    last = 0
    while True:
        many, faults, last = run_unit(lambda: _check_batch(model, code, last), writing=False)  # noqa: B023
        yield many, faults
        if many < BATCH:
            return


def _check_batch(model: Any, code: str, last: int) -> tuple[int, list[str], int]:
    query = select(model).where(model.id > last).order_by(model.id).limit(BATCH)
    rows = list(db.session.scalars(query.where(model.code == code) if code else query))
    faults = [f"{show_code(row.code)}: {why}" for row in rows if (why := fault_of(row))]
    return len(rows), faults, rows[-1].id if rows else last


def fault_of(case: Any) -> str:
    """What does not hold about the record of a case or a petition; empty when all of it does.

    The chain's hashes follow, nothing was cut off its end, and the state is the last entry's.
    """
    rows = chain_of(case.kind, case.id, "staff")
    broken = verify(rows)
    if broken is not None:
        return f"entry {broken} does not fit"
    if len(rows) != case.entry_count or not rows or rows[-1].chain != case.chain_head:
        return f"{case.entry_count} entries were written, {len(rows)} are there, or the last was exchanged"
    if rows[-1].to_state != case.state:
        return f"its state is {case.state}, its last entry says {rows[-1].to_state}"
    return ""
