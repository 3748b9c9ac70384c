"""The only ways to a sheet or a job for somebody: what is out of reach looks as if it were not there."""

from __future__ import annotations

from sqlalchemy import select

from backend.finance.models import FinanceJob, FinanceSheet
from backend.finance.policy import may_read, may_write
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Forbidden, NotFound
from backend.places.queries import PlaceCard, get_place


def get_sheet_for(actor: Actor, sheet_id: int, *, write: bool = False) -> FinanceSheet:
    """A sheet that the actor may read; with `write` locked, and one they may fill in.

    Raises NotFound, Forbidden for a reader who may not write.
    """
    query = select(FinanceSheet).where(FinanceSheet.id == sheet_id)
    if write:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: FinanceSheet | None = db.session.scalars(query).one_or_none()
    if found is None or not may_read(actor, found.town_id, found.village_id):
        raise NotFound
    if write and not may_write(actor, found.town_id, found.village_id):
        raise Forbidden
    return found


def get_village_for(actor: Actor, village_id: int, *, write: bool = False) -> PlaceCard:
    """A village of the actor's reach. Raises NotFound, Forbidden for a reader who may not write."""
    village = get_place(village_id)
    town_id = village.places.get("town", 0)
    if village.level != "village" or not may_read(actor, town_id, village.id):
        raise NotFound
    if write and not may_write(actor, town_id, village.id):
        raise Forbidden
    return village


def get_public_sheet(sheet_id: int) -> FinanceSheet:
    """A sheet that a public notice refers to; NotFound."""
    found = db.session.get(FinanceSheet, sheet_id)
    if found is None or not found.shown:
        raise NotFound
    return found


def get_job_for(actor: Actor, job_id: int, way: str) -> FinanceJob:
    """One of the actor's own jobs; NotFound for anybody else's."""
    found = db.session.get(FinanceJob, job_id)
    if found is None or found.staff_id != actor.id or found.way != way:
        raise NotFound
    return found
