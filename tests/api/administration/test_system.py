"""运行状态: what needs a person stands first; a job that came to rest is retried or let go, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backend.administration.system import JOB_LABELS
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from backend.kernel.settings import settings
from backend.outbox import timers
from backend.outbox.models import DEAD, OutboxJob, OutboxWorker
from backend.outbox.services import enqueue
from tests.factories.cases import Cast
from tests.support.people import Person

RunJobs = Callable[[], Any]


def checks(admin: Person) -> dict[str, dict[str, Any]]:
    """The checks by code."""
    return {c["code"]: c for c in admin.get("/staff/system").json["checks"]}


def add(app: Flask, *rows: Any) -> None:
    """Rows put there behind everybody's back."""
    with app.app_context():
        ensure_node()
        run_unit(lambda: db.session.add_all(rows))


def dead_job(app: Flask, kind: str = "report.route") -> int:
    """A job that did not succeed and never will by itself."""
    job = OutboxJob(
        kind=kind, payload={"case_id": "1"}, state=DEAD, due_at=now(), attempts=9, created_at=now(),
        finished_at=now(), last_error="LookupError at kind.py:9",
    )  # fmt: skip
    add(app, job)
    return job.id


def test_what_needs_a_person_stands_first_with_what_to_do(app: Flask, admin: Person) -> None:
    listed = admin.get("/staff/system").json["checks"]
    levels = [c["level"] for c in listed]
    assert levels == sorted(levels, key=["act", "watch", "fine"].index)
    assert all(c["advice"] for c in listed if c["level"] != "fine"), "each says what to do"
    found = {c["code"]: c for c in listed}
    assert found["workers"]["level"] == "act"
    assert found["backups"]["level"] == "act"
    add(app, OutboxWorker(name="host:1:a", threads=8, started_at=now(), seen_at=now(), done=7))
    assert checks(admin)["workers"]["sentence"] == "1 个后台进程在运行。"


def test_a_job_that_came_to_rest_is_retried_with_a_reason(app: Flask, admin: Person) -> None:
    job_id = dead_job(app)
    shown = admin.get("/staff/system").json["resting"][0]
    assert (shown["id"], shown["error"]) == (str(job_id), "LookupError at kind.py:9")
    assert "payload" not in shown
    assert checks(admin)["outbox"]["level"] == "act"
    assert admin.post(f"/staff/system/jobs/{job_id}/retry", {"reason": ""}).status_code == 422
    answer = admin.post(f"/staff/system/jobs/{job_id}/retry", {"reason": "配置已改好"})
    assert answer.json["resting"] == []
    told = admin.get("/staff/log?what=job.retry").json["items"][0]
    assert told["more"]["理由"] == "配置已改好"
    assert admin.post(f"/staff/system/jobs/{job_id}/retry", {"reason": "再来"}).status_code == 409


def test_a_job_is_let_go_with_a_reason_and_never_comes_back(
    app: Flask, admin: Person, run_jobs: RunJobs
) -> None:
    job_id = dead_job(app, "no.such.kind")
    assert (
        admin.post(f"/staff/system/jobs/{job_id}/discard", {"reason": "旧版本留下的"}).json["resting"] == []
    )
    run_jobs()
    with app.app_context():
        assert run_unit(lambda: db.session.get_one(OutboxJob, job_id).state) == "discarded"
    assert checks(admin)["outbox"]["level"] == "fine"


def test_a_message_is_not_dealt_with_here(app: Flask, admin: Person) -> None:
    job_id = dead_job(app, "message")
    answer = admin.post(f"/staff/system/jobs/{job_id}/discard", {"reason": "不要了"})
    assert (answer.status_code, answer.json["code"]) == (409, "is_message")


def test_periodic_work_tells_when_it_ran_how_long_and_what_went_wrong(
    app: Flask,
    cast: Cast,
    admin: Person,
    run_jobs: RunJobs,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks() -> None:
        raise ValueError("no")

    monkeypatch.setitem(
        timers._periodic, "trials.forget", timers.Periodic("trials.forget", 86400, breaks, True)
    )
    with app.app_context():
        ensure_node()
        run_unit(timers.seed)
    run_jobs()
    jobs = {j["name"]: j for j in admin.get("/staff/system").json["jobs"]}
    sealed = jobs["audit.seal"]
    assert sealed["label"] == "封存操作日志"
    assert sealed["done_at"] is not None
    assert sealed["took_ms"] >= 0
    assert sealed["next_at"] > sealed["done_at"]
    assert (jobs["trials.forget"]["failed"], sealed["failed"]) == (True, False)
    assert "ValueError" in jobs["trials.forget"]["failure"]


@pytest.mark.parametrize(
    ("age", "restored", "level", "sentence"),
    [
        (timedelta(hours=2), True, "fine", "备份按时，也验证过能恢复。"),
        (timedelta(hours=2), False, "watch", "很久没有验证过能不能恢复"),
        (timedelta(days=3), True, "act", "太旧了"),
    ],
)
def test_backups(
    admin: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: timedelta, restored: bool, level: str, sentence: str
) -> None:  # fmt: skip
    copy = tmp_path / f"{now() - age:%Y%m%dT%H%M%SZ}"
    copy.mkdir()
    (copy / "database.gz").write_bytes(b"x" * 2048)
    if restored:
        import os

        (tmp_path / "RESTORED").touch()
        os.utime(tmp_path / "RESTORED", (now().timestamp(), now().timestamp()))
    found = settings()
    object.__setattr__(found, "backup_dir", tmp_path)
    shown = checks(admin)["backups"]
    object.__setattr__(found, "backup_dir", Path("/var/backups/town"))
    assert shown["level"] == level
    assert sentence in shown["sentence"]
    assert {"label": "大小", "value": "2.0 KB"} in shown["facts"]


def test_the_next_year_of_holidays_is_asked_for_in_time(cast: Cast, clock: FrozenClock) -> None:
    assert checks(cast.desk("guanli"))["holidays"]["level"] == "fine"
    clock.advance(timedelta(days=260))
    late = checks(cast.desk("guanli"))["holidays"]
    assert (late["level"], late["sentence"]) == ("watch", "2027年的放假安排还没有导入。")
    clock.advance(timedelta(days=60))
    assert checks(cast.desk("guanli"))["holidays"]["level"] == "act"


def test_a_job_is_known_by_enqueue_too(app: Flask, admin: Person) -> None:
    with app.app_context():
        ensure_node()
        run_unit(lambda: enqueue("report.route", {"case_id": "1"}))
    facts = {f["label"]: f["value"] for f in checks(admin)["outbox"]["facts"]}
    assert facts["等待"] == "1"


def test_every_work_that_comes_back_has_a_chinese_name(app: Flask) -> None:
    nameless = {one.name for one in timers.registered()} - JOB_LABELS.keys()
    assert nameless == set()
