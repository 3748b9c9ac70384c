"""Connections to the database that die while nobody looks: people notice nothing."""

from __future__ import annotations

from collections import Counter

from sqlalchemy.engine import make_url

from tests.faults.test_at_once import together
from tests.faults.world import World
from tests.support.services import MariaDB, ServiceError

AT_ONCE = 16


def cut_all_connections(mariadb: MariaDB, world: World) -> int:
    """KILL every connection to the town's database, as a restart of the server would; how many."""
    assert world.town.database_url
    database = make_url(world.town.database_url).database
    listed = mariadb.sql("SELECT id, db FROM information_schema.processlist WHERE db IS NOT NULL").split("\n")
    found = [number for number, _, name in (line.partition("\t") for line in listed) if name == database]
    for number in found:
        try:
            mariadb.sql(f"KILL CONNECTION {number}")
        except ServiceError as error:
            if "Unknown thread id" not in str(error):  # else it was closed a moment ago
                raise
    return len(found)


def test_cut_connections_are_nobodys_business(world: World, mariadb: MariaDB) -> None:
    people = world.residents[:AT_ONCE]
    reading = [lambda p=p: world.call(p, "GET", "/resident/me") for p in people]
    assert Counter(status for status, _ in together(*reading)) == {200: AT_ONCE}
    assert cut_all_connections(mariadb, world) > 1
    assert Counter(status for status, _ in together(*reading)) == {200: AT_ONCE}
    assert cut_all_connections(mariadb, world) > 1
    writing = [lambda p=p: world.report(p, "cut") for p in people]
    assert Counter(status for status, _ in together(*writing)) == {201: AT_ONCE}
