"""The demonstration county: invented in bulk, and yet what the engine itself would have written."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.cases.models import Case
from backend.demo.cases import OPEN_STATES
from backend.demo.load import Plan, load
from backend.demo.towns import BEIHE, NANSHAHE
from backend.identity.models import LoginFailure, Staff, StaffBinding
from backend.kernel.clock import FrozenClock
from backend.kernel.settings import settings
from backend.media import queries as media
from backend.media.models import MediaFile
from backend.outbox.models import OutboxJob
from backend.reports.models import Category, Report
from backend.reports.states import TABLE
from backend.workflow import chain
from backend.workflow.clocks import calendar, forget_calendar
from backend.workflow.models import TimelineEntry, WorkClock
from backend.workflow.table import Limit

CONFIG = Path(__file__).resolve().parents[3] / "config"
PLANS = (Plan(NANSHAHE, 160, 30, 1), Plan(BEIHE, 20, 6, 2))
RINGS = ("clock_warning", "clock_breach")


@pytest.fixture
def demo(app: Flask, db_session: Session) -> Session:
    """Both towns with a small year of cases."""
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(CONFIG)])
    assert done.exit_code == 0, done.output
    forget_calendar()
    db_session.rollback()
    assert load(PLANS) == 180
    return db_session


def _entries(session: Session) -> dict[int, list[TimelineEntry]]:
    found: dict[int, list[TimelineEntry]] = {}
    for entry in session.scalars(select(TimelineEntry).order_by(TimelineEntry.subject_id, TimelineEntry.seq)):
        found.setdefault(entry.subject_id, []).append(entry)
    return found


def every_case_is_what_its_timeline_says(demo: Session, clock: FrozenClock) -> None:
    entries = _entries(demo)
    cases = list(demo.scalars(select(Case)))
    assert {c.state for c in cases} == {state for state, _ in OPEN_STATES} | {"closed"}  # the straight way
    for case in cases:
        way = entries[case.id]
        state = ""
        for entry in way:
            assert entry.from_state == state
            if entry.action not in RINGS:
                edge = TABLE.edge(entry.action, state)
                assert edge is not None, (entry.action, state)
                assert (entry.to_state, entry.visibility) == (edge.target or state, edge.visibility)
            state = entry.to_state
        assert case.state == state
        assert case.entry_count == len(way)
        assert case.version == sum(1 for e in way if e.action not in RINGS)
        moments = [e.at for e in way]
        assert moments == sorted(moments)
        assert case.created_at == moments[0]
        assert moments[-1] < clock.now()
        if case.state == "closed":
            closing = [e.at for e in way if e.to_state == "closed" and e.from_state != "closed"]
            assert case.closed_at == closing[-1]


def every_chain_verifies(demo: Session) -> None:
    heads = {case.id: case.chain_head for case in demo.scalars(select(Case))}
    for case_id, way in _entries(demo).items():
        rows = [
            chain.ChainRow(
                e.seq, e.at, e.action, e.to_state, e.commitment, e.chain, e.salt,
                chain.content(e.actor_name, e.unit_name, e.note, e.data, e.inner_salt),
            )
            for e in way
        ]  # fmt: skip
        assert chain.verify(rows) is None
        assert heads[case_id] == way[-1].chain


def nobody_checks_their_own_work_and_photos_are_there_where_they_must_be(demo: Session) -> None:
    demanding = {c.id for c in demo.scalars(select(Category).where(Category.after_photo))}
    for case in demo.scalars(select(Case)):
        way = list(demo.scalars(select(TimelineEntry).where(TimelineEntry.subject_id == case.id)))
        checked = {e.actor_id for e in way if e.action in ("pass_check", "fail_check")}
        handled = [e for e in way if e.action == "handle"]
        assert not checked & {e.actor_id for e in handled}
        if case.category_id in demanding:
            assert all(e.data["media_ids"] for e in handled)
        photos = demo.scalars(select(MediaFile).where(MediaFile.subject_id == case.id)).all()
        named = {i for e in handled for i in e.data.get("media_ids", [])}
        assert named == {str(p.id) for p in photos if p.role == "after"}


def promises_are_counted_by_the_calendar_and_owed_timers_are_there(demo: Session, clock: FrozenClock) -> None:
    clocks: dict[int, dict[str, WorkClock]] = {}
    for row in demo.scalars(select(WorkClock)):
        clocks.setdefault(row.subject_id, {})[row.name] = row
        assert row.due_at == calendar().due(row.started_at, Limit(row.amount, row.unit))  # type: ignore[arg-type]
    keys = {job.job_key for job in demo.scalars(select(OutboxJob))}
    for case in demo.scalars(select(Case)):
        answer = clocks[case.id]["answer"]
        assert case.due_at == answer.due_at
        assert (answer.state == "running") == (case.state not in ("closed", "reopen_requested"))
        if answer.state == "running" and answer.due_at > clock.now():
            assert f"clock.breach:{answer.id}:{answer.version}" in keys
    kinds = Counter(job.kind for job in demo.scalars(select(OutboxJob)))
    assert set(kinds) == {"clock.warning", "clock.breach"}, "nobody is to be told of what never happened"


def the_border_between_the_towns_holds(demo: Session) -> None:
    towns = {row.town_id for row in demo.scalars(select(Case))}
    assert len(towns) == 2
    category_town = {c.id: c.town_id for c in demo.scalars(select(Category))}
    staff_town = {s.id: s.town_id for s in demo.scalars(select(Staff))}
    for case in demo.scalars(select(Case)):
        assert category_town[case.category_id] == case.town_id
        for staff_id in filter(None, (case.handled_by, case.assignee_staff_id)):
            assert staff_town[staff_id] == case.town_id


def the_stand_ins_people_have_a_past(demo: Session) -> None:
    assert len(demo.scalars(select(StaffBinding)).all()) == 2
    per_person = Counter(demo.scalars(select(Case.resident_id)))
    assert max(per_person.values()) >= 2
    report = demo.scalars(select(Report).where(Report.contact_phone.is_not(None))).first()
    assert report is not None
    assert (report.contact_name or "").startswith("示例")
    some = demo.scalars(select(MediaFile.subject_id)).first()
    assert some is not None
    assert media.for_subject("report", some)[0].url.startswith("/files/")


@pytest.mark.slow
def test_what_was_invented_is_what_the_engine_would_have_written(demo: Session, clock: FrozenClock) -> None:
    """One load for all of it: drawing the pictures and making the passwords takes seconds."""
    every_case_is_what_its_timeline_says(demo, clock)
    every_chain_verifies(demo)
    nobody_checks_their_own_work_and_photos_are_there_where_they_must_be(demo)
    promises_are_counted_by_the_calendar_and_owed_timers_are_there(demo, clock)
    the_border_between_the_towns_holds(demo)
    the_stand_ins_people_have_a_past(demo)


@pytest.mark.slow
def test_the_accounts_open_the_desk_and_a_second_load_changes_nothing(
    app: Flask, demo: Session, client: FlaskClient
) -> None:
    path = settings().data_dir / "demo-accounts.json"
    assert path.stat().st_mode & 0o077 == 0, "only its owner may read the passwords"
    listed = json.loads(path.read_text(encoding="utf-8"))
    accounts: list[dict[str, Any]] = listed["accounts"] + listed["others"]
    assert len({a["password"] for a in accounts}) == len(accounts) == 96 + 6 + 17
    assert Counter(a["role"] for a in accounts if a["town"] == "南沙河镇")["grid_worker"] == 41
    one = next(a for a in listed["accounts"] if a["role"] == "dispatcher")
    demo.rollback()
    answer = client.post(
        "/api/v1/staff/session",
        json={"username": one["username"], "password": one["password"]},
        headers={"X-Requested-With": "console"},
    )
    assert answer.status_code == 200, answer.text
    queue = client.get("/api/v1/staff/queue").json["items"]
    assert queue
    assert all("示例" in item["place_label"] for item in queue)
    picture = next(item["thumb_url"] for item in queue if item["thumb_url"])
    assert client.get(picture, buffered=True).mimetype == "image/jpeg"
    assert demo.scalars(select(LoginFailure)).all() == []
    demo.rollback()
    before = path.read_bytes()
    assert load(PLANS) == 0
    assert path.read_bytes() == before
