"""How fast one worker delivers, and how long a message takes while the town is at work."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from sqlalchemy import func, select, update

from backend.kernel.db import db, run_unit
from backend.notifications.models import Delivery
from backend.notifications.services import MESSAGE, spread
from backend.outbox import queries
from backend.outbox.cli import THREADS_ON_A_SERVER
from backend.outbox.models import DONE, LEASED, PENDING, OutboxJob, PeriodicRun
from backend.outbox.worker import POLL_SECONDS
from backend.workflow.models import TimelineEntry
from backend.workflow.queries import entries
from lib import bench_cost
from lib.bench_endpoint import MILLISECONDS
from lib.bench_town import HOME
from lib.install import PYTHON
from lib.supervise import Program
from tests.support.services import free_port
from tests.support.town import Town, ask

PATIENCE = 120.0
CALLERS = 16
#: "try later": an overloaded server says so, and a caller tries again
BUSY = 503
#: the goal for one message: the worker's poll interval and ten times what the endpoint takes, seconds
GOAL_SECONDS = POLL_SECONDS + 10 * MILLISECONDS / 1000


class Endpoint:
    """The 20 ms endpoint as a process."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command: list[str | Path] = [PYTHON, "-m", "lib.bench_endpoint", str(self.port)]
        self.program = Program("endpoint", command, dict(os.environ), log=HOME / "endpoint.log")

    def seen(self) -> list[tuple[str, float]]:
        """(page, when accepted) of every message since the last question."""
        return [(page, at) for page, at in ask("GET", f"{self.url}/seen")[1]]


def bare_messages_per_second(endpoint: Endpoint, seconds: float) -> float:
    """What as many threads as a worker has can post to the endpoint when they do nothing else."""
    body = json.dumps(
        {
            "touser": "o1",
            "template_id": "t",
            "page": "pages/case/index?id=1",
            "data": {"thing1": {"value": "路灯不亮"}},
        }
    )
    url, end = f"{endpoint.url}/cgi-bin/message/subscribe/send?access_token=bench", time.monotonic() + seconds

    def post(_: int) -> int:
        count = 0
        with requests.Session() as session:
            session.trust_env = False
            while time.monotonic() < end:
                session.post(url, data=body.encode(), timeout=8).raise_for_status()
                count += 1
        return count

    with ThreadPoolExecutor(THREADS_ON_A_SERVER) as pool:
        done = sum(pool.map(post, range(THREADS_ON_A_SERVER)))
    endpoint.seen()
    return done / seconds


def _untold(since: datetime) -> Any:
    """The accepting of cases since then (the crowd's, who can be told) whose residents have not been told."""
    told = select(Delivery.cause_id)
    return (TimelineEntry.action == "accept") & (TimelineEntry.at >= since) & TimelineEntry.id.not_in(told)


def untold(app: Flask, since: datetime) -> int:
    """How many cases were accepted since then whose residents have not been told."""
    with app.app_context():
        return int(db.session.scalar(select(func.count()).where(_untold(since))) or 0)


def owe_messages(app: Flask, most: int, since: datetime) -> int:
    """Owe the messages of cases that were accepted since then, and nothing else; how many."""
    with app.app_context():
        accepted = select(TimelineEntry.id).where(_untold(since))
        ids = db.session.scalars(accepted.order_by(TimelineEntry.id.desc()).limit(most)).all()
        run_unit(lambda: spread(list(entries(ids).values())))
        _forget_other_jobs()
        return _owed()


def _forget_other_jobs() -> None:
    """What the load left to be done besides messages is nobody's burden."""
    rest = (OutboxJob.state == PENDING) & (OutboxJob.kind != MESSAGE)
    run_unit(lambda: db.session.execute(update(OutboxJob).where(rest).values(state=DONE)))


def settle(town: Town, app: Flask) -> None:
    """Let a worker do what comes back every hour or day once: that is no part of what is measured next."""
    with app.app_context():
        run_unit(
            lambda: db.session.execute(update(OutboxJob).where(OutboxJob.state == PENDING).values(state=DONE))
        )
    begun = datetime.now(UTC)
    town.start("worker")
    try:
        _until(lambda: _came_back(app, begun) and not _busy(app), lambda: None)
    finally:
        town.programs["worker"].end()


def _came_back(app: Flask, moment: datetime) -> bool:
    with app.app_context():
        found = db.session.scalar(select(func.count()).where(PeriodicRun.done_at > moment))
        db.session.rollback()
        return bool(found)


def _busy(app: Flask) -> bool:
    """Whether anything is due that has not failed, or is being done."""
    due = (OutboxJob.state == PENDING) & (OutboxJob.due_at <= datetime.now(UTC))
    with app.app_context():
        found = db.session.scalar(
            select(func.count()).select_from(OutboxJob).where(due | (OutboxJob.state == LEASED))
        )
        db.session.rollback()
        return bool(found)


def _owed() -> int:
    waiting = (
        select(func.count())
        .select_from(OutboxJob)
        .where(OutboxJob.kind == MESSAGE, OutboxJob.state == PENDING)
    )
    return int(db.session.scalar(waiting) or 0)


def drained_per_second(town: Town, endpoint: Endpoint, owed: int) -> float:
    """Messages a second that a worker sends from its first one on, until nothing is owed."""
    endpoint.seen()
    town.start("worker")
    try:
        moments: list[float] = []
        _until(lambda: len(moments) >= owed, lambda: moments.extend(at for _, at in endpoint.seen()))
    finally:
        town.programs["worker"].end()
    moments.sort()
    return (len(moments) - 1) / (moments[-1] - moments[0])


@dataclass(frozen=True)
class Steady:
    """What became of a constant flow of changes; times in seconds."""

    changes_per_second: float
    messages: int
    p95: float
    first_third: float
    last_third: float
    worker_megabytes: float

    @property
    def growth(self) -> float:
        """How many times the median lag of the beginning the median lag of the end is."""
        return self.last_third / self.first_third


def steady(
    town: Town, app: Flask, endpoint: Endpoint, cases: Sequence[int], cookies: Sequence[str], rate: float
) -> Steady:
    """Accept `cases` at `rate` a second with a worker running; from the row's time to accepted."""
    with app.app_context():
        _forget_other_jobs()
    endpoint.seen()
    moment = datetime.now(UTC)
    town.start("worker")
    try:
        _until(lambda: _works_since(app, moment), lambda: None)
        took = accept_all(town, cases, cookies, rate)
        found: list[tuple[str, float]] = []
        _until(lambda: len(found) >= len(cases), lambda: found.extend(endpoint.seen()))
        process = town.programs["worker"].process
        weight = bench_cost.resident_megabytes(process.pid) if process is not None else 0.0
    finally:
        town.programs["worker"].end()
    begun = _changed_at(app, cases)
    lags = [at - begun[page] for page, at in sorted(found, key=lambda one: one[1]) if page in begun]
    third = len(lags) // 3
    return Steady(
        len(cases) / took,
        len(lags),
        statistics.quantiles(lags, n=20)[18],
        statistics.median(lags[:third]),
        statistics.median(lags[-third:]),
        weight,
    )


def _works_since(app: Flask, moment: datetime) -> bool:
    with app.app_context():
        found = any(worker.started_at > moment for worker in queries.workers())
        db.session.rollback()
        return found


def accept_all(town: Town, cases: Sequence[int], cookies: Sequence[str], rate: float) -> float:
    """Callers with kept connections accept one case after the other, each at its moment; how long it took."""
    begun, parts = time.monotonic(), urlsplit(town.url)
    number, lock = iter(range(len(cases))), threading.Lock()
    wrong: list[str] = []

    def caller() -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        while True:
            with lock:
                mine = next(number, None)
            if mine is None or wrong:
                return
            time.sleep(max(0.0, begun + mine / rate - time.monotonic()))  # the rate is what is asked for
            headers = {
                "Cookie": f"staff_session={cookies[mine % len(cookies)]}",
                "Content-Type": "application/json",
                "X-Requested-With": "console",
                "X-Forwarded-For": f"10.9.{mine // 250 % 250}.{mine % 250}",
            }
            path = f"/api/v1/staff/cases/{cases[mine]}/actions/accept"
            status, text = BUSY, b""
            while status == BUSY and time.monotonic() < begun + PATIENCE + len(cases) / rate:
                connection.request("POST", path, b'{"version": 1}', headers)
                answer = connection.getresponse()
                status, text = answer.status, answer.read()
            if status != 200:
                wrong.append(f"{status} {text.decode()[:300]}")

    with ThreadPoolExecutor(CALLERS) as pool:
        for _ in range(CALLERS):
            pool.submit(caller)
    if wrong:
        raise RuntimeError(f"a change was refused: {wrong[0]}")
    return time.monotonic() - begun


def _changed_at(app: Flask, cases: Sequence[int]) -> dict[str, float]:
    """Page of the message → when the change was written (a moment before its commit), seconds since 1970."""
    with app.app_context():
        rows: Any = db.session.execute(
            select(TimelineEntry.subject_id, TimelineEntry.at).where(
                TimelineEntry.subject_kind == "report",
                TimelineEntry.action == "accept",
                TimelineEntry.subject_id.in_(cases),
            )
        )
        return {f"pages/case/index?id={i}": at.timestamp() for i, at in rows}


def _until(done: Callable[[], bool], look: Callable[[], None]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline:
            raise RuntimeError("the worker did not send what it owes in two minutes")
        time.sleep(0.1)  # the endpoint tells when it is asked
        look()
