"""Rounds of load on the web server beside their ceilings."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from backend.demo.district import BASE_CASES
from backend.kernel.db import db
from lib import bare, bench_load, bench_town
from lib.bench_cost import Cost, Meter
from lib.bench_load import Load
from lib.bench_report import Figure, Row, row
from lib.bench_town import HOME, PAGE, TOWN, Crowd
from lib.say import say
from tests.support.town import Town

TEXT = "二组水渠被树枝堵住，雨后漫到路上，老人孩子走路容易滑倒。"
FAR_PAGE = 1_000
POST, CHANGE = "POST a report", "a change of state"


@dataclass
class Place:
    """A town of the bench, an application in this process on its database, and its crowd."""

    town: Town
    app: Flask
    crowd: Crowd
    recorded: int = 0

    @property
    def cookie(self) -> dict[str, str]:
        """The first dispatcher's session."""
        return {"Cookie": f"staff_session={self.crowd.cookies[0]}"}

    @property
    def report(self) -> dict[str, Any]:
        """What a resident sends."""
        return {"town": TOWN, "text": TEXT, "category_code": self.crowd.category, "point": self.crowd.point}

    def post(self) -> list[bare.Statement]:
        """Bring a report in this process, as the last of the residents; the statements it ran."""
        self.recorded += 1
        headers = {
            "Authorization": f"Bearer {self.crowd.tokens[-1]}",
            "Idempotency-Key": f"record-{self.recorded}",
            "X-Forwarded-For": f"10.8.0.{self.recorded % 250}",
        }
        self.app.extensions["limiter"].storage.reset()
        return self._recorded("POST", "/api/v1/resident/reports", 201, json=self.report, headers=headers)

    def accept(self, case_id: int) -> list[bare.Statement]:
        """Accept a report in this process; the statements it ran."""
        headers = {**self.cookie, "X-Requested-With": "console"}
        path = f"/api/v1/staff/cases/{case_id}/actions/accept"
        return self._recorded("POST", path, 200, json={"version": 1}, headers=headers)

    def get(self, path: str) -> list[bare.Statement]:
        """Ask in this process; the statements it ran."""
        return self._recorded("GET", path, 200, headers=self.cookie)

    def _recorded(self, method: str, path: str, status: int, **options: Any) -> list[bare.Statement]:
        with self.app.app_context():
            engine = db.engine
        client = self.app.test_client(use_cookies=False)
        with bare.record(engine) as statements:
            answer = client.open(path, method=method, **options)
        if answer.status_code != status:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return statements


@dataclass(frozen=True)
class Reading:
    """A GET that is measured: in the large town, and its like in the small one for the tail."""

    name: str
    label: str
    path: str
    like: str | None
    hellos: float
    most: int


def readings(small: Place, large: Place) -> list[Reading]:
    """The queue's first page, its page 1,000, and the look-up of a case by its code."""
    queue = "/api/v1/staff/queue"
    far = f"{queue}?cursor={bench_town.cursor_before_page(large.app, FAR_PAGE)}"
    last = f"{queue}?cursor={bench_town.cursor_before_page(small.app, BASE_CASES // PAGE)}"
    code = f"/api/v1/public/progress/{bench_town.a_code(large.app)}"
    return [
        Reading("queue", "queue, first page", queue, queue, 20, 4),
        Reading("queue1000", "queue, page 1,000", far, last, 20, 4),
        Reading("progress", "public look-up", code, None, 10, 2),
    ]


@dataclass
class Rounds:
    """Measures in rounds and keeps what was found."""

    count: int
    seconds: float
    database: int
    bare_url: str = ""
    rows: list[Row] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    hello: float = 0.0

    def hellos(self, server: int) -> None:
        """What a bare Flask hello costs: the unit of what follows. The database has no part in it."""
        meter = Meter(server, self.database)
        for _ in range(self.count):
            meter.during(lambda: self._get(f"{self.bare_url}/hello", {}))
        self.hello = meter.cost().web
        self.figures.append(Figure("bare Flask hello", self.hello, 0.0, 0))

    def reading(self, wanted: Reading, small: Place, large: Place, statements: int) -> None:
        """Rows of one GET: throughput, tail, CPU, statements."""
        meter, tails = self.meter(large.town), []
        found = []
        for number in range(self.count):
            loads: dict[str, Load] = {}
            turns = [
                (
                    "ours",
                    lambda: meter.during(lambda: self._get(f"{large.town.url}{wanted.path}", large.cookie)),
                ),
                ("bare", lambda: self._get(f"{self.bare_url}/{wanted.name}", {})),
            ]
            if wanted.like is not None:
                turns.append(("like", lambda: self._get(f"{small.town.url}{wanted.like}", small.cookie)))
            for name, turn in turns if number % 2 else reversed(turns):
                loads[name] = turn()
            found.append((loads["ours"].per_second, loads["bare"].per_second))
            tails += [(loads["ours"].p95, loads["like"].p95)] if wanted.like is not None else []
        self.ratio(f"{wanted.label}, of a bare route's requests/s", found, 0.5)
        if tails:
            self._tail(wanted.label, tails)
        self.cost(wanted.label, meter.cost(), statements, wanted.hellos, wanted.most)

    def _tail(self, label: str, tails: Sequence[tuple[float, float]]) -> None:
        large, small = (statistics.median(values) for values in zip(*tails, strict=True))
        times = statistics.median(a / b for a, b in tails)
        self.rows.append(
            row(
                f"{label}, p95 in ms at 770,000 to 7,700 cases",
                times,
                1.3,
                "times",
                ours=large,
                ceiling=small,
            )
        )

    def ratio(self, name: str, found: Sequence[tuple[float, float]], goal: float) -> None:
        """A row from rounds of (ours, ceiling), each a second."""
        ours, most = (statistics.median(values) for values in zip(*found, strict=True))
        value = statistics.median(mine / ceiling for mine, ceiling in found)
        said = ", ".join(f"{mine / ceiling:.2f}" for mine, ceiling in found)
        say(f"{name}: {ours:.0f} of {most:.0f} = {value:.2f} ({said})")
        self.rows.append(row(name, value, goal, "ratio", ours=ours, ceiling=most))

    def cost(self, name: str, cost: Cost, statements: int, goal: float, most: int | None = None) -> None:
        """Rows of what a request costs, in hellos, and of the statements it runs where they have a goal."""
        say(f"{name}: {cost.web:.2f} + {cost.database:.2f} CPU ms, {statements} statements")
        times = cost.together / self.hello
        self.rows.append(
            row(f"CPU ms of {name}", times, goal, "hellos", ours=cost.together, ceiling=self.hello)
        )
        if most is not None:
            self.rows.append(row(f"statements of {name}", statements, most, ""))
        self.figures.append(Figure(name, cost.web, cost.database, statements))

    def meter(self, town: Town) -> Meter:
        """Of a town's web server and the database."""
        process = town.programs["web"].process
        assert process is not None
        return Meter(process.pid, self.database)

    def posts(self, small: Place, unit: bare.Replay) -> None:
        """Rows of bringing a report."""
        meter, url, found = self.meter(small.town), small.town.env["DATABASE_URL"], []
        self._post(small, 0, 1.0)  # both processes fill their caches

        def ours(number: int) -> float:
            return meter.during(lambda: self._post(small, number, self.seconds)).per_second

        def ceiling(number: int) -> float:
            return bare.units_per_second(url, unit, bench_load.CLIENTS, self.seconds)

        for number in range(1, self.count + 1):
            turns: list[Callable[[int], float]] = [ours, ceiling]
            figures = {turn: turn(number) for turn in (turns if number % 2 else reversed(turns))}
            found.append((figures[ours], figures[ceiling]))
        self.ratio(f"{POST}, of bare PyMySQL's transactions/s", found, 0.35)
        self.cost(POST, meter.cost(), len(unit.plan), 24)

    def changes(self, small: Place, statements: int) -> None:
        """The row of accepting reports."""
        meter = self.meter(small.town)
        for number in range(self.count):
            cases = self.waiting(small, int(self.seconds * 1_000), number)
            # The oldest were passed over by the rounds before, or are what the last one may still be at.
            cases = cases[bench_load.CLIENTS * number :]
            meter.during(
                lambda cases=cases: bench_load.acts(
                    HOME, small.town.url, cases, small.crowd.cookies, self.seconds
                )  # type: ignore[misc]
            )
        self.cost(CHANGE, meter.cost(), statements, 25)

    def waiting(self, small: Place, most: int, turn: int, least: int = 0) -> list[int]:
        """Reports that can be accepted; more are brought until there are `least`."""
        cases = bench_town.waiting_cases(small.app, small.crowd, most)
        while len(cases) < least:
            self._post(small, 1_000 + turn, 4.0)
            turn += 1
            cases = bench_town.waiting_cases(small.app, small.crowd, most)
        bench_town.forget(small.app)
        return cases

    def _post(self, small: Place, turn: int, seconds: float) -> Load:
        return bench_load.posts(HOME, small.town.url, small.crowd.tokens, small.report, seconds, turn)

    def _get(self, url: str, headers: dict[str, str]) -> Load:
        return bench_load.gets(HOME, url, headers, self.seconds)
