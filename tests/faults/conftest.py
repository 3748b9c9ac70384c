"""A town as processes on a real MariaDB: the one that script/test started, or one of our own.

One town stands for the whole group: every test leaves it running and owing nothing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.app import create_app
from backend.kernel.clock import SystemClock, use_clock
from backend.kernel.db import db
from config.settings import load
from tests.faults.world import FIGURES, SAID, World, settle
from tests.support.services import MariaDB, find_program
from tests.support.town import ROOT, Town

HANDS = 8  # dispatchers, handlers, checkers and leaders each: a person may act 60 times a minute


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    """A MariaDB that really writes at each commit."""
    if "TEST_MARIADB_PORT" in os.environ:
        yield MariaDB(Path("unused"), port=int(os.environ["TEST_MARIADB_PORT"]))
        return
    if find_program("mariadbd") is None:
        pytest.skip("mariadbd is not installed: run script/test as root, or apt-get install mariadb-server")
    server = MariaDB(tmp_path_factory.mktemp("mariadb"))
    server.start()
    yield server
    server.stop()


def crowded_town(folder: Path) -> Path:
    """The town of the tests with more people at work in it."""
    config = folder / "config"
    shutil.copytree(ROOT / "tests" / "town", config)
    staff = config / "towns" / "dongwan" / "staff.csv"
    lines = [
        f"{role}{number},{name}{number}号,{unit},{role},dongwan\n"
        for number in range(HANDS)
        for role, name, unit in (
            ("dispatcher", "分流", "hall"),
            ("department_clerk", "办理", "urban"),
            ("checker", "核查", "hall"),
            ("leader", "领导", "hall"),
        )
    ]
    with staff.open("a", encoding="utf-8") as file:
        file.writelines(lines)
    return config


@pytest.fixture(scope="session")
def world(mariadb: MariaDB, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The running town with its people; the same application within the test counts afterwards."""
    folder = tmp_path_factory.mktemp("faults")
    name = f"faults_{os.getpid()}"
    behind_nginx = {"PROXY_HOPS": "1"}  # people have addresses of their own
    town = Town(folder / "data", mariadb.database(name), crowded_town(folder), behind_nginx).prepare()
    use_clock(SystemClock())
    standing = World(town, create_app(load(town.env)))
    try:
        settle(standing)
        town.start()
        yield standing
    finally:
        town.stop()
        with standing.inside.app_context():
            db.engine.dispose()
        mariadb.sql(f"DROP DATABASE `{name}`")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The storm's ledger: what was acknowledged, killed, owed, and arrived."""
    for line in SAID:
        terminalreporter.write_line(line)
    if "STORM_RESULT" in os.environ:
        counts = {how: len(terminalreporter.stats.get(how, ())) for how in ("passed", "failed", "error")}
        result = {"figures": FIGURES, "said": SAID, "tests": counts}
        Path(os.environ["STORM_RESULT"]).write_text(json.dumps(result, ensure_ascii=False), "utf-8")
