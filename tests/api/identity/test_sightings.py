"""Who was in the mini-program lately: what the platform will judge content for."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from backend.identity import merging
from backend.identity.sightings import linked_accounts, seen_in_mini
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from tests.factories.identity import resident

TWO_HOURS = timedelta(hours=2)


def test_a_use_counts_for_two_hours(app: Flask, clock: FrozenClock, db_session: Session) -> None:
    zhang = resident(app, "zhang")
    clock.advance(timedelta(days=3))
    assert seen_in_mini(zhang.id, clock.now() - TWO_HOURS) is None
    db_session.rollback()
    assert zhang.get("/resident/me").status_code == 200
    assert seen_in_mini(zhang.id, clock.now() - TWO_HOURS) == "mini-zhang"
    clock.advance(TWO_HOURS)
    assert seen_in_mini(zhang.id, clock.now() - TWO_HOURS) is None


def test_the_official_accounts_pages_do_not_count(
    app: Flask, clock: FrozenClock, db_session: Session
) -> None:
    h5 = resident(app, "zhang", "official")
    assert seen_in_mini(h5.id, clock.now() - TWO_HOURS) is None
    assert seen_in_mini(None, clock.now() - TWO_HOURS) is None


def test_both_accounts_of_one_person_are_one(app: Flask, clock: FrozenClock, db_session: Session) -> None:
    """Posted from the H5 pages by somebody who had the mini-program open a moment ago."""
    mini, h5 = resident(app, "zhang"), resident(app, "zhang", "official")
    assert mini.id == h5.id
    assert seen_in_mini(h5.id, clock.now() - TWO_HOURS) == "mini-zhang"


def test_a_record_that_was_merged_away_leads_on(app: Flask, clock: FrozenClock, db_session: Session) -> None:
    zhang, li = resident(app, "zhang"), resident(app, "li", "official")
    kept = run_unit(lambda: merging.merge(zhang.id, li.id))
    gone = li.id if kept == zhang.id else zhang.id
    assert seen_in_mini(gone, clock.now() - TWO_HOURS) == "mini-zhang"


def test_how_many_have_a_unionid(app: Flask, db_session: Session) -> None:
    assert linked_accounts() == (0, 0)
    resident(app, "zhang")
    run_unit(lambda: merging.account_for("mini", "mini-li", None))
    run_unit(lambda: merging.account_for("official", "official-wu", "union-wu"))
    assert linked_accounts() == (2, 1)
