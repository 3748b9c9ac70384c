"""The wall under load: kept pages beside a bare Flask route of the same bytes, a wall of 200,000 beside one of 2,000.

Both walls are made in bulk in the bench's own databases. Nobody works on them but one publisher, who is
another process than the two that serve.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, insert, select, text

from backend.app import create_app
from backend.kernel.clock import now, shanghai
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_code, new_id
from backend.places.models import Place
from backend.wall import shown
from backend.wall.models import WallEntry
from config.settings import load
from lib import bench_load, bench_town
from lib.bench_http import Rounds
from lib.bench_report import row
from lib.bench_town import HOME, TOWN
from lib.say import say
from tests.support.services import MariaDB
from tests.support.town import Town

SMALL, LARGE = 2_000, 200_000
CHUNK = 2_000
LIST = f"/api/v1/public/wall?town={TOWN}"
ANEW = 200
VISIBLE_SECONDS = 2.0
WATCH_SECONDS = 3.0


class Wall:
    """A town whose wall has that many entries, and an application in this process on its database."""

    def __init__(self, mariadb: MariaDB, name: str, entries: int) -> None:
        say(f"making a wall of {entries:,} entries")
        self.entries = entries
        self.town = Town(HOME / name, mariadb.database(name), more={"PROXY_HOPS": "1"})
        self.town.prepare()
        self.app = create_app(load(self.town.env))
        with self.app.app_context():
            ensure_node()
            places, others = _places()
            for first in range(0, entries, CHUNK):
                count = min(CHUNK, entries - first)
                run_unit(lambda first=first, count=count: _insert(places, first, count))  # type: ignore[misc]
            run_unit(lambda: db.session.execute(text("ANALYZE TABLE wall_entries")).all())
            self.newest = db.session.execute(
                select(WallEntry.id).order_by(WallEntry.published_at.desc()).limit(1)
            ).scalar_one()
            assert db.session.scalar(select(func.count()).select_from(WallEntry)) == entries, others
        bench_town.forget(self.app)

    @property
    def entry(self) -> str:
        """The address of the newest entry's page."""
        return f"/api/v1/public/wall/{self.newest}"

    def load(self, path: str, seconds: float) -> bench_load.Load:
        """A round of load on the server."""
        return bench_load.gets(HOME, f"{self.town.url}{path}", {}, seconds)

    def anew(self, path: str) -> float:
        """The 95th percentile, in milliseconds, of making a page in this process with nothing kept."""
        client, took = self.app.test_client(use_cookies=False), []
        for _ in range(ANEW):
            self.app.extensions["page_cache"].forget()
            self.app.extensions["limiter"].storage.reset()
            begun = time.perf_counter()
            answer = client.get(path)
            took.append(time.perf_counter() - begun)
            assert answer.status_code == 200, answer.text[:300]
        return statistics.quantiles(took, n=20)[-1] * 1000

    def publish(self, title: str) -> float:
        """Change what the newest entry says, as its publisher's process does; the moment of the commit."""
        with self.app.app_context():

            def change() -> None:
                db.session.get_one(WallEntry, self.newest).title = title
                db.session.flush()
                shown.changed([self.newest])

            run_unit(change)
            return time.monotonic()


def _places() -> tuple[list[Any], int]:
    town = db.session.scalars(select(Place).where(Place.level == "town", Place.code == TOWN)).one()
    here = select(Place).where(Place.town_id == town.id)
    found = list(db.session.scalars(here.where(Place.level == "grid")))
    return found or [town], len(found)


def _insert(places: list[Any], first: int, count: int) -> None:
    chance = random.Random(first)
    db.session.execute(insert(WallEntry), [_values(chance, places, first + n) for n in range(count)])


def _values(chance: random.Random, places: list[Any], number: int) -> dict[str, Any]:
    where, at = chance.choice(places), now() - timedelta(minutes=10 * number + 1)
    day, taken = shanghai(at).date(), chance.randint(1, 9)
    return {
        "id": new_id(), "kind": "wall_entry", "code": new_code(), "source_kind": "report", "source_id": new_id(),
        "town_id": where.town_id, "area_id": where.area_id, "village_id": where.village_id, "grid_id": where.grid_id,
        "village_name": "示例村", "place_label": where.name, "state": "published", "version": 3, "entry_count": 3,
        "chain_head": "0" * 64, "category_code": f"{chance.randint(1, 40):04d}", "category_name": "道路破损",
        "unit_id": chance.randint(1, 30), "unit_name": "城管所", "title": f"第 {number} 处路面修好了",
        "matter": "村口的路面坏了一段，下雨积水，老人孩子走路不便。", "done": "清理基层，重新铺了混凝土，养护三天后开放。",
        "received_on": day - timedelta(days=taken + 1), "closed_on": day - timedelta(days=1), "days_taken": taken,
        "days_promised": 7, "on_time": taken <= 7, "score": "satisfied", "needs_consent": False, "written_by": 1,
        "writers": [], "notes": [], "follower_count": chance.randint(0, 30), "follow_up_count": 0,
        "unanswered_count": 0, "waiting_since": at if chance.random() < 0.02 else None, "created_at": at,
        "updated_at": at, "published_at": at, "republished_at": at, "closed_at": at,
    }  # fmt: skip


def bytes_of(wall: Wall) -> dict[str, bytes]:
    """What the measured pages answer, by the name of the bare route that answers the same."""
    client = wall.app.test_client(use_cookies=False)
    return {"wall-list": client.get(LIST).data, "wall-entry": client.get(wall.entry).data}


def measure(rounds: Rounds, small: Wall, large: Wall) -> None:
    """The rows of the wall; `rounds.bare_url` answers bytes_of(large)."""
    for wall in (small, large):
        wall.town.start("web")
    try:
        for label, name, path in (
            ("wall, first page", "wall-list", lambda wall: LIST),
            ("wall, entry page", "wall-entry", lambda wall: wall.entry),
        ):
            _beside_bare(rounds, label, name, path, small, large)
        _anew(rounds, small, large)
        delays = [_visible_after(large, number) for number in range(max(3, rounds.count))]
        note = f"the slowest of {len(delays)}, asked of both processes"
        rounds.rows.append(
            row("a publication is visible everywhere after", max(delays), VISIBLE_SECONDS, "s", note=note)
        )
    finally:
        for wall in (small, large):
            wall.town.stop()


def _beside_bare(
    rounds: Rounds, label: str, name: str, path: Callable[[Wall], str], small: Wall, large: Wall
) -> None:
    found, tails = [], []
    for number in range(rounds.count):
        turns: list[tuple[str, Callable[[], bench_load.Load]]] = [
            ("ours", lambda: large.load(path(large), rounds.seconds)),
            ("bare", lambda: bench_load.gets(HOME, f"{rounds.bare_url}/bytes/{name}", {}, rounds.seconds)),
            ("like", lambda: small.load(path(small), rounds.seconds)),
        ]
        loads = {who: turn() for who, turn in (turns if number % 2 else reversed(turns))}
        found.append((loads["ours"].per_second, loads["bare"].per_second))
        tails.append((loads["ours"].p95, loads["like"].p95))
    rounds.ratio(f"{label}, of a bare route's requests/s with the same bytes", found, 0.6)
    _tail(rounds, f"{label}, p95 in ms at {large.entries:,} to {small.entries:,} entries", tails)


def _anew(rounds: Rounds, small: Wall, large: Wall) -> None:
    for label, path in (("first page", LIST), ("order of waiting", f"{LIST}&order=waiting")):
        tails = [(large.anew(path), small.anew(path)) for _ in range(rounds.count)]
        _tail(
            rounds,
            f"wall, {label} made anew, p95 in ms at {large.entries:,} to {small.entries:,} entries",
            tails,
        )


def _tail(rounds: Rounds, name: str, tails: list[tuple[float, float]]) -> None:
    large, small = (statistics.median(values) for values in zip(*tails, strict=True))
    times = statistics.median(a / b for a, b in tails)
    say(f"{name}: {large:.2f} to {small:.2f} = {times:.2f}")
    rounds.rows.append(row(name, times, 1.3, "times", ours=large, ceiling=small))


def _visible_after(wall: Wall, number: int) -> float:
    """Seconds from the commit to the last answer that did not show it, asked again and again of both processes."""
    title = f"第 {number} 次更正的标题"
    at = urlsplit(wall.town.url)
    host, port = at.hostname or "127.0.0.1", at.port or 80
    _title(host, port, wall.entry)
    committed = wall.publish(title)
    bench_town.forget(wall.app)
    stale, asked = 0.0, 0
    while time.monotonic() < committed + WATCH_SECONDS:
        begun = time.monotonic()
        asked += 1
        if title not in _title(host, port, wall.entry):
            stale = begun - committed
    assert asked > 100, "too few were asked to say anything"
    return stale


def _title(host: str, port: int, path: str) -> str:
    """The page, on a connection of its own: whichever process takes it."""
    with closing(HTTPConnection(host, port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
