"""Retention (PI-08): find what is over its time by the rules, erase it in bounded batches, log each one.

A batch is a unit of its own: killed in the middle, the next run goes on with what is left. Nothing
remembers where it was, for what is erased is no longer found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.rights import log, ports
from backend.rights.rules import RULES, Rule

BATCH = 200
MOST_BATCHES = 500
"""So that one night's run ends, whatever it finds; the next one goes on."""


@dataclass(frozen=True)
class Outcome:
    """What a rule found, or did."""

    rule: Rule
    many: int


def due() -> list[Outcome]:
    """How much each rule would erase now; reads only."""
    return [Outcome(rule, _count(rule)) for rule in RULES if rule.after is not None]


def run(batch: int = BATCH, most: int = MOST_BATCHES) -> list[Outcome]:
    """Erase what is over its time; how much, by rule. Opens its own units."""
    return [Outcome(rule, sum(_batches(rule, batch, most))) for rule in RULES if rule.after is not None]


def _batches(rule: Rule, batch: int, most: int) -> Iterator[int]:
    for _ in range(most):
        done = run_unit(lambda: _erase(rule, batch))
        yield done
        if done < batch:
            return


def _erase(rule: Rule, batch: int) -> int:
    """One batch; how many were found. What changed meanwhile (a case opened again) is left alone."""
    held = ports.retained()[rule.code]
    ids = list(db.session.scalars(held.find(_before(rule)).limit(batch)))
    if ids:
        log.note_deletion(rule.code, rule.kind, log.RETENTION, held.erase(ids))
    return len(ids)


def _count(rule: Rule) -> int:
    found = ports.retained()[rule.code].find(_before(rule)).subquery()
    return int(db.session.execute(select(func.count()).select_from(found)).scalar_one())


def _before(rule: Rule) -> datetime:
    return now() - (rule.after or timedelta())
