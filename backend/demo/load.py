"""Fill the demonstration county: people, a year of cases, pictures. Once; a second call does nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import insert, select

from backend.cases.models import Case
from backend.demo import people
from backend.demo.bulletin import Kept, bring_bulletin, make_files, no_news
from backend.demo.cases import TownYear
from backend.demo.consultations import bring_consultations
from backend.demo.finance import bring_finance
from backend.demo.mutual import bring_mutual
from backend.demo.notices import bring_notices
from backend.demo.objections import bring_objections
from backend.demo.petitions import bring_petitions
from backend.demo.pictures import Pool, make_pool
from backend.demo.report_cards import publish_cards
from backend.demo.side_states import leave
from backend.demo.side_ways import SideWays
from backend.demo.story import Rows, Story
from backend.demo.towns import BEIHE, NANSHAHE, DemoTown
from backend.demo.wall import Copy, fill_wall, make_copies
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.settings import settings
from backend.media.models import MediaFile
from backend.outbox import enqueue
from backend.places.queries import town_by_code
from backend.reports.models import Report
from backend.workflow.clocks import BREACH, WARNING, calendar
from backend.workflow.models import TimelineEntry, WorkClock

CHUNK = 500


@dataclass(frozen=True)
class Plan:
    """How much of a town to invent."""

    town: DemoTown
    cases: int
    residents: int
    seed: int
    #: whether some of it leaves the straight way
    side_ways: bool = False
    #: whether some of what was closed stands on the wall
    wall: bool = False


PLANS: tuple[Plan, ...] = (
    Plan(NANSHAHE, 2000, 400, 20261122, side_ways=True, wall=True),
    Plan(BEIHE, 40, 12, 7, wall=True),
)


def load(plans: Sequence[Plan] = PLANS, say: Callable[[str], None] = lambda line: None) -> int:
    """Load what is missing of the plans; how many cases were made.

    Needs the towns themselves (`flask town load`). Each town is one unit: all of it or nothing.
    """
    missing = [plan for plan in plans if not run_unit(lambda plan=plan: _is_loaded(plan))]  # type: ignore[misc]
    if not missing:
        say("the demonstration is there already")
        return 0
    pool = make_pool(current_app.extensions["store"])
    copies = make_copies(current_app.extensions["store"], pool)
    articles = make_files(current_app.extensions["store"])
    accounts = [(plan.town, people.accounts_of(plan.town)) for plan in missing]
    total = sum(len(of_town) for _, of_town in accounts)
    words, hashes = people.make_passwords(total)
    passwords: dict[str, str] = {}
    made = 0
    for plan, (_, of_town) in zip(missing, accounts, strict=True):
        part, words = words[: len(of_town)], words[len(of_town) :]
        hashed, hashes = hashes[: len(of_town)], hashes[len(of_town) :]
        passwords |= dict(zip((a.username for a in of_town), part, strict=True))
        made += run_unit(partial(_fill, plan, of_town, hashed, pool, copies, articles))
        say(f"{plan.town.name}: {len(of_town)} staff, {plan.cases} cases")
    path = people.write_accounts(settings().data_dir, accounts, passwords)
    say(f"accounts: {path}")
    return made


def _is_loaded(plan: Plan) -> bool:
    town_id = town_by_code(plan.town.code).id
    return db.session.scalars(select(Case.id).where(Case.town_id == town_id).limit(1)).first() is not None


def _fill(
    plan: Plan,
    accounts: list[people.Account],
    hashes: list[str],
    pool: Pool,
    copies: Mapping[str, Copy],
    articles: Mapping[str, Kept],
) -> int:
    town = town_by_code(plan.town.code)
    consent = str(town.privacy["version"])
    actors = people.save_staff(accounts, hashes, town.id)
    first = plan.town is NANSHAHE
    residents = people.save_residents(plan.residents, consent, sandbox=first and settings().sandbox)
    if first and settings().sandbox:
        people.bind_workers(actors, consent)
    pool.rows = []
    rows = Rows()
    year = TownYear(town.id, actors, residents, pool, calendar(), now(), plan.seed)
    open_ones = year.tell(plan.cases, rows)
    _insert(rows)
    for story in open_ones:
        _owe_timers(story)
    if plan.side_ways:
        with db.session.begin_nested():  # what is owed is written at once here, and can be taken back
            ways = SideWays(town.id, actors, pool, plan.seed)
            ways.take(before_silence=lambda ways: leave(ways, residents))
            bring_petitions(town.id, actors, residents)
            bring_consultations(town.id, actors, residents)
            bring_mutual(town.id, actors, residents)
            bring_finance(town.id, actors)
            bring_notices(town.id, actors)
            bring_objections(town.id, actors, residents)
            no_news()
    if plan.wall:
        with db.session.begin_nested():
            fill_wall(town.id, actors, residents, copies)
            publish_cards(town.id, actors)
            bring_bulletin(town.id, actors, articles)
            no_news()
    return len(rows.cases)


def _insert(rows: Rows) -> None:
    tables: tuple[tuple[type[Any], list[dict[str, Any]]], ...] = (
        (Case, rows.cases),
        (Report, rows.reports),
        (TimelineEntry, rows.timeline),
        (WorkClock, rows.clocks),
        (MediaFile, rows.media),
    )
    for model, found in tables:
        for begin in range(0, len(found), CHUNK):
            db.session.execute(insert(model.__table__), found[begin : begin + CHUNK])


def _owe_timers(story: Story) -> None:
    """The warnings and breaches that are still to come, as the engine would have enqueued them."""
    for clock in story.running():
        payload = {"clock_id": str(clock["id"]), "clock_version": clock["version"]}
        warning = calendar().warning(clock["started_at"], clock["due_at"])
        for kind, moment, rung in (
            (WARNING, warning, clock["warned_at"]),
            (BREACH, clock["due_at"], clock["breached_at"]),
        ):
            if rung is None:
                enqueue(kind, payload, key=f"{kind}:{clock['id']}:{clock['version']}", not_before=moment)
