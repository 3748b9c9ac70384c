"""Retention by the table of rules: dry run, bounded batches, a log without content, open cases untouched (PI-08)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.cases.readings import CaseReading
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit, transaction
from backend.media.models import MediaFile
from backend.notifications.models import InboxMessage
from backend.outbox.timers import registered
from backend.reports.models import Report
from backend.rights import ports, retention
from backend.rights.models import Deletion, RightsCopy
from backend.rights.rules import RULES
from tests.factories.cases import Cast

EXACT = (117.2104, 35.0047)


def full_case(cast: Cast, state: str = "closed") -> int:
    return cast.bring_to(
        state, at=EXACT, contact_name="王小明", contact_phone="13800000017", address="小卖部对面"
    )


def report(cast: Cast, case_id: int) -> Any:
    with cast.app.app_context(), transaction(writing=False):
        row = db.session.get_one(Report, case_id)
        db.session.expunge(row)
        return row


def run(cast: Cast, **how: int) -> dict[str, int]:
    with cast.app.app_context():
        return {one.rule.code: one.many for one in retention.run(**how) if one.many}


def log(cast: Cast) -> list[Deletion]:
    with cast.app.app_context(), transaction(writing=False):
        rows = list(db.session.scalars(select(Deletion)))
        db.session.expunge_all()
        return rows


def test_every_rule_has_somebody_who_does_it() -> None:
    assert {rule.code for rule in RULES if rule.after is not None} == ports.retained().keys()
    timers = {one.name for one in registered()}
    assert "retention.run" in timers
    for rule in RULES:
        assert rule.timer == "" or rule.timer in timers, rule.code
        assert rule.source, rule.code


@pytest.mark.parametrize(("days", "coarse"), [(89, False), (91, True)])
def test_the_exact_place_goes_90_days_after_closing(
    cast: Cast, clock: FrozenClock, days: int, coarse: bool
) -> None:
    case_id = full_case(cast)
    clock.advance(timedelta(days=days))
    run(cast)
    row = report(cast, case_id)
    assert ((row.point_lon, row.point_lat) != EXACT) is coarse
    assert (row.address is None) is coarse
    assert row.contact_name == "王小明", "the contact's year is not over"


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_the_contact_goes_a_year_after_closing(cast: Cast, clock: FrozenClock, days: int, gone: bool) -> None:
    case_id = full_case(cast)
    clock.advance(timedelta(days=days))
    run(cast)
    assert (report(cast, case_id).contact_name is None) is gone


def test_an_open_case_is_never_touched(cast: Cast, clock: FrozenClock) -> None:
    case_id = full_case(cast, "handling")
    clock.advance(timedelta(days=4000))
    run(cast)
    row = report(cast, case_id)
    assert (row.point_lon, row.point_lat, row.address) == (*EXACT, "小卖部对面")
    assert row.contact_name == "王小明"


def test_a_dry_run_counts_and_erases_nothing(cast: Cast, clock: FrozenClock) -> None:
    case_id = full_case(cast)
    clock.advance(timedelta(days=400))
    told = cast.app.test_cli_runner().invoke(args=["retention", "run", "--dry-run"])
    assert told.exit_code == 0, told.output
    lines = {line.split()[0]: line for line in told.output.splitlines() if "would be erased" in line}
    assert "     1 would be erased" in lines["contact"]
    assert "     1 would be erased" in lines["location"]
    assert report(cast, case_id).contact_name == "王小明"
    assert log(cast) == []
    done = cast.app.test_cli_runner().invoke(args=["retention", "run"])
    assert done.exit_code == 0, done.output
    assert report(cast, case_id).contact_name is None
    assert "contact" in cast.app.test_cli_runner().invoke(args=["retention", "log"]).output


def test_batches_are_bounded_and_a_run_goes_on_where_another_ended(cast: Cast, clock: FrozenClock) -> None:
    cases = [full_case(cast) for _ in range(5)]
    clock.advance(timedelta(days=400))
    assert run(cast, batch=2, most=1)["contact"] == 2
    assert run(cast, batch=2)["contact"] == 3
    assert run(cast).get("contact") is None
    assert [report(cast, one).contact_name for one in cases] == [None] * 5


def test_the_log_says_what_went_by_which_rule_without_content(cast: Cast, clock: FrozenClock) -> None:
    case_id = full_case(cast)
    clock.advance(timedelta(days=91))
    run(cast)
    lines = [one for one in log(cast) if one.rule == "location"]
    assert [(one.kind, one.many, one.because) for one in lines] == [("report", 1, "retention")]
    assert str(case_id) not in str(lines[0].id_hashes)
    assert "小卖部" not in str(vars(lines[0]))


def test_photos_messages_readings_and_copies_go_in_their_time(cast: Cast, clock: FrozenClock) -> None:
    case_id = full_case(cast)
    cast.photo(cast.resident())
    cast.desk("fenliu").get(f"/staff/cases/{case_id}")
    cast.resident().post("/resident/rights/copies")
    with cast.app.app_context():
        run_unit(lambda: ports.tell(int(cast.resident().me["id"]), "题", "文", "/pages/mine/index", 7))
    clock.advance(timedelta(days=31))
    assert run(cast) == {"uploads": 1, "copies": 1}
    clock.advance(timedelta(days=1100))
    done = run(cast)
    assert (done["inbox"], done["readings"]) == (1, 1)
    with cast.app.app_context(), transaction(writing=False):
        for model in (InboxMessage, CaseReading, RightsCopy):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, model.__tablename__
        assert db.session.scalars(select(MediaFile.state).where(MediaFile.state == "ready")).all() == []


def test_a_case_opened_again_meanwhile_is_left_alone(cast: Cast, clock: FrozenClock) -> None:
    case_id = full_case(cast)
    clock.advance(timedelta(days=400))
    with cast.app.app_context():
        held = ports.retained()["contact"]
        ids = run_unit(lambda: list(db.session.scalars(held.find(clock.now()))), writing=False)
        assert ids == [case_id]
    cast.change(case_id, state="handling", closed_at=None)
    with cast.app.app_context():
        assert run_unit(lambda: held.erase(ids)) == []
    assert report(cast, case_id).contact_name == "王小明"


def test_the_chains_of_all_cases_are_verified(cast: Cast) -> None:
    case_id = full_case(cast)
    runner = cast.app.test_cli_runner()
    assert "1 cases checked, 0 do not hold" in runner.invoke(args=["cases", "verify"]).output
    cast.change(case_id, entry_count=99)
    told = runner.invoke(args=["cases", "verify"])
    assert told.exit_code == 1
    assert "99 entries were written, 5 are there" in told.output
