"""三务公开 under load: an Excel beside openpyxl alone, the page for the board, notices beside bare bytes, the search.

Towns of their own, made in bulk: `script/bench --only public`. By itself, on SQLite and without wrk or MariaDB, for
a first look: `PYTHONPATH=.:script .venv/bin/python -m lib.bench_public --entries 5000`.
"""

from __future__ import annotations

import argparse
import gc
import io
import logging
import random
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import insert, select, text

from backend.app import create_app
from backend.finance import jobs, writing
from backend.finance.entries import Content, Entry
from backend.finance.models import FinanceJob
from backend.identity import staffing
from backend.identity.acting import acting
from backend.identity.models import OrgUnit
from backend.kernel.actor import Actor
from backend.kernel.clock import now, shanghai, today
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_code, new_id
from backend.notices.models import Notice
from backend.outbox.worker import drain
from backend.places import queries as places
from backend.places.models import Place
from backend.search.grams import grams
from backend.search.models import SearchText
from backend.wall.models import WallEntry
from backend.wall.public_queries import SEARCH_KIND
from config.settings import load
from lib import bench_cost, bench_load, bench_town, bench_wall
from lib.bench_http import Rounds
from lib.bench_report import Row, row
from lib.bench_town import HOME, TOWN
from lib.say import say
from tests.support.services import MariaDB
from tests.support.town import Town, family

LINES = 2_000
TEXTS = 100_000
NOTICES = 2_000
CHUNK = 2_000
ASKED = 200
LIST = f"/api/v1/public/notices?town={TOWN}"
#: a word in every third text, one in ten texts of a hundred thousand, one in none
WORDS = {"frequent": "路灯", "rare": "鹭鸶", "absent": "骆驼"}
RARE = 10
SETTER = "backend.finance.set_board"


class Public:
    """A town with that many public texts, and an application in this process on its database."""

    def __init__(self, name: str, url: str | None, texts: int, keys_of: str = "") -> None:
        say(f"making a town of {texts:,} public texts ({name})")
        self.texts = texts
        shutil.rmtree(HOME / name, ignore_errors=True)  # what an earlier run left in it would be found too
        if keys_of:  # one process of the bench uses both, and a process has one ring of keys
            (HOME / name).mkdir(parents=True)
            shutil.copy(HOME / keys_of / "settings.env", HOME / name / "settings.env")
        self.town = Town(HOME / name, url, more={"PROXY_HOPS": "1"})
        self.town.prepare()
        self.app = create_app(load(self.town.env))
        with self.app.app_context():
            ensure_node()
            grids, _ = bench_wall._places()
            for first in range(0, texts, CHUNK):
                count = min(CHUNK, texts - first)
                run_unit(lambda first=first, count=count: _put_texts(grids, first, count, texts))  # type: ignore[misc]
            self.entry = run_unit(_newest_entry)
            self.notice = run_unit(lambda: _put_notices(grids))
            run_unit(_analyse)
            self.clerk, self.village = run_unit(_clerk)
        bench_town.forget(self.app)

    def p95(self, path: str) -> float:
        """The 95th percentile, in milliseconds, of making a page in this process with nothing kept."""
        client, took = self.app.test_client(use_cookies=False), []
        for _ in range(ASKED):
            self.app.extensions["page_cache"].forget()
            self.app.extensions["limiter"].storage.reset()
            begun = time.perf_counter()
            answer = client.get(path)
            took.append(time.perf_counter() - begun)
            assert answer.status_code == 200, answer.text[:300]
        return statistics.quantiles(took, n=20)[-1] * 1000

    def found(self, words: str) -> int:
        """How many the first page finds."""
        client = self.app.test_client(use_cookies=False)
        said: Any = client.get(search(words)).json
        return len(said["items"])

    def inside(self, unit: Callable[[], Any]) -> Any:
        """Something done within the program."""
        with self.app.app_context():
            return run_unit(unit)


def search(words: str) -> str:
    """The address of what is found by words."""
    return f"/api/v1/public/search?town={TOWN}&words={quote(words)}"


def _put_texts(grids: Sequence[Any], first: int, count: int, texts: int) -> None:
    chance, step = random.Random(first), max(1, texts // RARE)
    entries, found = [], []
    for number in range(first, first + count):
        values = bench_wall._values(chance, list(grids), number)
        if number % 3 == 0:
            values["matter"] = f"村口的{WORDS['frequent']}坏了两盏，夜里看不清路。"
        if number % step == step // 2:
            values["matter"] = f"河湾来了一群{WORDS['rare']}，请勿惊扰。"
        entries.append(values)
        said = " ".join(
            grams("\n".join(str(values[one]) for one in ("title", "matter", "done", "village_name")))
        )
        found.append(
            {"id": new_id(), "kind": SEARCH_KIND, "subject_id": values["id"], "town_id": values["town_id"],
             "village_id": values["village_id"], "at": values["published_at"], "grams": said}
        )  # fmt: skip
    db.session.execute(insert(WallEntry), entries)
    db.session.execute(insert(SearchText), found)


def _newest_entry() -> int:
    newest = select(WallEntry.id).order_by(WallEntry.published_at.desc()).limit(1)
    return int(db.session.execute(newest).scalar_one())


def _put_notices(grids: Sequence[Any]) -> int:
    """Notices as they are once they were published; the newest one's id."""
    chance = random.Random(1)
    rows = [_notice(chance.choice(grids), number) for number in range(NOTICES)]
    db.session.execute(insert(Notice), rows)
    return int(rows[0]["id"])


def _notice(where: Any, number: int) -> dict[str, Any]:
    at = now() - timedelta(hours=3 * number + 1)
    day = shanghai(at).date()
    return {
        "id": new_id(), "kind": "notice", "code": new_code(), "town_id": where.town_id, "area_id": where.area_id,
        "village_id": where.village_id, "number": 1, "section": "finance", "category": "income_expense",
        "title": f"第 {number} 期财务收支公开", "body": "本月收支逐笔公开，见收支表。请村民监督。" * 8, "audience": "public",
        "listed": "public", "period": f"{day:%Y-%m}", "state": "published", "version": 5, "entry_count": 5,
        "chain_head": "0" * 64, "drafted_by": 1, "published_at": at, "published_on": day,
        "shown_until": day + timedelta(days=15), "canonical": "{}", "hash": "0" * 64, "created_at": at,
        "updated_at": at,
    }  # fmt: skip


def _analyse() -> None:
    word = "ANALYZE TABLE" if db.session.get_bind().dialect.name != "sqlite" else "ANALYZE"
    for table in ("search_texts", "wall_entries", "notices"):
        db.session.execute(text(f"{word} {table}"))


def _clerk() -> tuple[Actor, int]:
    """A dispatcher, who drafts for every village of the town, and one of the villages."""
    town = db.session.scalars(select(Place).where(Place.level == "town", Place.code == TOWN)).one()
    unit = db.session.scalars(select(OrgUnit.id).where(OrgUnit.town_id == town.id).limit(1)).one()
    made = staffing.create_staff(
        town.id, f"bench-{new_id()}", "导表员", unit, None, [("dispatcher", town.id, None)]
    )
    db.session.flush()
    actor = acting(made.id)
    assert actor is not None, "somebody who may draft"
    return actor, places.children(town.id, "village")[0].id


def excel(village: str, month: str) -> bytes:
    """A village's month of LINES entries."""
    lines = tuple(
        Entry(
            no, date(int(month[:4]), int(month[5:]), 1 + no % 28), "支付村内道路保洁员第三季度误工费", "out_office", 0,
            12_345 + no, f"记{no}", "示例建材经营部", "李长河", "王玉柱", "赵德厚", 2, "已附发票",
        )
        for no in range(1, LINES + 1)
    )  # fmt: skip
    opening = 10**10
    closing = opening - sum(one.expense_fen for one in lines)
    return writing.export(village, Content(month, lines, opening_fen=opening, closing_fen=closing))


def openpyxl_alone(data: bytes) -> float:
    """Seconds in which openpyxl reads every value, row by row."""
    import openpyxl

    gc.collect()
    begun = time.perf_counter()
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    rows = sum(1 for _ in book.worksheets[0].iter_rows(values_only=True))
    book.close()
    took = time.perf_counter() - begun
    assert rows > LINES, "the whole sheet"
    return took


def import_once(public: Public, data: bytes, month: str) -> tuple[float, int]:
    """Seconds from the worker's taking the job to the sheet being there, and the sheet."""
    job_id = public.inside(
        lambda: jobs.start_import(public.clerk, public.village, month, "bench.xlsx", data, None).id
    )
    gc.collect()
    begun = time.perf_counter()
    with public.app.app_context():
        drain()
    took = time.perf_counter() - begun
    state, sheet = public.inside(
        lambda: db.session.execute(
            select(FinanceJob.state, FinanceJob.sheet_id).where(FinanceJob.id == job_id)
        ).one()
    )
    assert state == "done", state
    return took, int(sheet)


def measure_import(public: Public, count: int) -> tuple[Row, int]:
    """The row of the import, by the median of the rounds' ratios; and a sheet that was imported."""
    with public.app.app_context():
        drain()  # what is due from time to time is done
    gc.collect()
    gc.freeze()  # as the worker does when it starts (backend.work)
    village = public.inside(lambda: places.get_place(public.village).name)
    found, sheet = [], 0
    month = f"{today():%Y-%m}"
    for _ in range(count):
        year, number = int(month[:4]), int(month[5:])
        month = f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02d}"
        data = excel(village, month)
        alone = openpyxl_alone(data)
        took, sheet = import_once(public, data, month)
        found.append((took * 1000, alone * 1000))
    times = statistics.median(ours / alone for ours, alone in found)
    ours, alone = (statistics.median(one) for one in zip(*found, strict=True))
    name = f"import of {LINES:,} entries by the worker, of openpyxl's own ms to read them"
    return row(name, times, 2.0, "times", ours=ours, ceiling=alone), sheet


def measure_print(public: Public, sheet: int) -> Row:
    """The row of the page for the board: what making it takes, in MB: the worker's growth and what sets it."""
    public.town.start("web", "worker")
    try:
        worker = public.town.programs["worker"].process
        assert worker is not None
        peak = _Peak(worker.pid)
        job_id = public.inside(lambda: jobs.start_print(public.clerk, sheet).id)
        told = _until_done(public, job_id)
        idle, own, setting = peak.end()
    finally:
        public.town.stop()
    assert len(told) > 2, f"progress was seen on the way: {told}"
    note = f"the worker from {idle:.0f} to {own:.0f}, what sets it {setting:.0f}; progress seen {len(told)} times"
    return row(f"A3 page of {LINES:,} entries, memory", own - idle + setting, 150, "MB", note=note)


def _until_done(public: Public, job_id: int) -> list[int]:
    told: list[int] = []
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        wanted = select(FinanceJob.state, FinanceJob.done).where(FinanceJob.id == job_id)
        state, done = public.inside(lambda: db.session.execute(wanted).one())  # noqa: B023
        if done not in told:
            told.append(done)
        if state not in {"queued", "running"}:
            assert state == "done", state
            return told
        time.sleep(0.02)  # a measurement: it watches from outside, as the console does
    raise AssertionError("the page is not made")


class _Peak:
    """Watches the worker and what it starts to set pages, a hundred times a second: the most that each took."""

    def __init__(self, pid: int) -> None:
        self.pid, self.setting = pid, 0.0
        self.idle = self.own = bench_cost.resident_megabytes(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            found = [_resident(pid) for pid in family(self.pid)]
            self.own = max([self.own, *(mb for mb, command in found if SETTER not in command)])
            self.setting = max(self.setting, sum(mb for mb, command in found if SETTER in command))

    def end(self) -> tuple[float, float, float]:
        """(the worker before, the worker at most, what sets its pages at most), in MB."""
        self._over.set()
        self._thread.join()
        return self.idle, self.own, self.setting


def _resident(pid: int) -> tuple[float, str]:
    """(MB, command) of one process; nothing of one that has ended meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return 0.0, ""
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024, command


def measure_search(public: Public, engine: str) -> list[Row]:
    """The rows of the search: pages made anew, beside an entry's page by its primary key through the same app."""
    assert public.found(WORDS["frequent"]) == 20
    assert public.found(WORDS["rare"]) == min(RARE, public.texts)
    assert public.found(WORDS["absent"]) == 0
    lookup = public.p95(f"/api/v1/public/wall/{public.entry}")
    rows = []
    for kind, words in WORDS.items():
        took = public.p95(search(words))
        name = f"search of {public.texts:,} texts on {engine}, a {kind} word, p95 in ms to a look-up's by primary key"
        rows.append(row(name, took / lookup, 5.0, "times", ours=took, ceiling=lookup))
    return rows


def bytes_of(public: Public) -> dict[str, bytes]:
    """What the measured pages answer, by the name of the bare route that answers the same."""
    client = public.app.test_client(use_cookies=False)
    return {"notices-list": client.get(LIST).data, "notices-page": client.get(_page(public)).data}


def _page(public: Public) -> str:
    return f"/api/v1/public/notices/{public.notice}"


def measure_notices(rounds: Rounds, public: Public) -> None:
    """The rows of notices; `rounds.bare_url` answers bytes_of(public)."""
    public.town.start("web")
    try:
        for label, name, path in (
            ("notices, first page", "notices-list", LIST),
            ("notices, one page", "notices-page", _page(public)),
        ):
            found = []
            for number in range(rounds.count):
                turns = [
                    ("ours", f"{public.town.url}{path}"),
                    ("bare", f"{rounds.bare_url}/bytes/{name}"),
                ]
                loads = {
                    who: bench_load.gets(HOME, url, {}, rounds.seconds)
                    for who, url in (turns if number % 2 else reversed(turns))
                }
                found.append((loads["ours"].per_second, loads["bare"].per_second))
            rounds.ratio(f"{label}, of a bare route's requests/s with the same bytes", found, 0.6)
    finally:
        public.town.stop()


def make(mariadb: MariaDB, texts: int) -> tuple[Public, Public]:
    """The same town twice: on MariaDB, and on SQLite."""
    on_mariadb = Public("public", mariadb.database("public"), texts)
    return on_mariadb, Public("public_sqlite", None, texts, keys_of="public")


def measure(rounds: Rounds, on_mariadb: Public, on_sqlite: Public) -> None:
    """Every row; `rounds.bare_url` answers bytes_of(on_mariadb)."""
    measure_notices(rounds, on_mariadb)
    imported, sheet = measure_import(on_mariadb, max(3, rounds.count))
    rounds.rows += [imported, measure_print(on_mariadb, sheet)]
    rounds.rows += measure_search(on_mariadb, "MariaDB")
    rounds.rows += measure_search(on_sqlite, "SQLite")


def main() -> None:
    """A first look, on SQLite alone."""
    parser = argparse.ArgumentParser(prog="lib.bench_public")
    parser.add_argument("--entries", type=int, default=5_000)
    parser.add_argument("--folder", default="public_look")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    public = Public(options.folder, None, options.entries)
    imported, sheet = measure_import(public, 3)
    for one in [imported, measure_print(public, sheet), *measure_search(public, "SQLite")]:
        met = "met" if one.met else "NOT MET"
        say(
            f"{one.name}: {one.value:g} {one.unit} ({one.ours or 0:.1f} / {one.ceiling or 0:.1f}), {met} {one.note}"
        )


if __name__ == "__main__":
    main()
