"""The ceilings the bench measures against: the same SQL without the application around it.

`record()` writes down the statements of a request. What differs between two recordings of the same
request (ids, codes, keys, tokens) is fresh in every replay; everything else is sent as recorded.
"""

from __future__ import annotations

import json
import os
import random
import re
import string
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
import pymysql
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

NAMED = re.compile(r"%\((\w+)\)s")
LONG_NUMBER = re.compile(r"\d{15,19}")
LETTERS = string.ascii_letters + string.digits


@dataclass
class Statement:
    """One statement as the driver got it: with the parameters of one row, or of several (executemany)."""

    sql: str
    rows: list[list[Any]]
    many: bool = False


@contextmanager
def record(engine: Engine) -> Iterator[list[Statement]]:
    """Collect what the driver is asked to execute."""
    found: list[Statement] = []

    def note(connection: Any, cursor: Any, sql: str, parameters: Any, context: Any, many: bool) -> None:
        names = NAMED.findall(sql)
        rows = parameters if many else [parameters]
        values = [[row[name] for name in names] if names else list(row or ()) for row in rows]
        found.append(Statement(NAMED.sub("%s", sql), values, many))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Part:
    """What a value becomes in a replay: `fresh` (another each time, the same wherever it stood) or a person's own."""

    fresh: bool
    index: int = 0


Marks = list[list[list[Part | None]]]


def marked(one: list[Statement], other: list[Statement], person: tuple[str, ...] = ()) -> Marks:
    """For every value of `one` what it becomes; None when it is sent as it is.

    What differs between two recordings of the same request is fresh; what is one of `person`'s own
    (ids, hashes of tokens, as text) is put in the place of another's. Raises ValueError when the two
    requests did not run the same statements.
    """
    if [s.sql for s in one] != [s.sql for s in other]:
        raise ValueError("the two recordings ran different statements")
    return [
        [
            [_part(a, b, person) for a, b in zip(row, other_row, strict=True)]
            for row, other_row in zip(first.rows, second.rows, strict=True)
        ]
        for first, second in zip(one, other, strict=True)
    ]


def _part(a: Any, b: Any, person: tuple[str, ...]) -> Part | None:
    if str(a) in person:
        return Part(fresh=False, index=person.index(str(a)))
    if a == b or a is None or isinstance(a, datetime | date | Decimal | float | bool):
        return None
    return Part(fresh=True)


class Replay:
    """Sends one recorded unit again and again, each time with fresh values and as another of `people`."""

    def __init__(self, statements: list[Statement], marks: Marks, people: list[tuple[str, ...]]) -> None:
        self.plan = list(zip(statements, marks, strict=True))
        self.people = people

    def run(self, connection: pymysql.Connection[Any], ids: Iterator[int]) -> None:
        """One unit: every statement, every row fetched, one commit."""
        made: dict[Any, Any] = {}
        person = self.people[next(ids) % len(self.people)]
        with connection.cursor() as cursor:
            for statement, marks in self.plan:
                rows = [
                    [
                        value if part is None else self._other(part, value, person, made, ids)
                        for value, part in zip(row, parts, strict=True)
                    ]
                    for row, parts in zip(statement.rows, marks, strict=True)
                ]
                if statement.many:
                    cursor.executemany(statement.sql, rows)
                else:
                    cursor.execute(statement.sql, rows[0])
                cursor.fetchall()
        connection.commit()

    def _other(
        self, part: Part, old: Any, person: tuple[str, ...], made: dict[Any, Any], ids: Iterator[int]
    ) -> Any:
        if not part.fresh:
            return type(old)(person[part.index])
        if old not in made:
            made[old] = next(ids) if isinstance(old, int) else self._fresh_text(old, made, ids)
        return made[old]

    def _fresh_text(self, old: Any, made: dict[Any, Any], ids: Iterator[int]) -> Any:
        if isinstance(old, bytes):
            return os.urandom(len(old))
        if LONG_NUMBER.search(old):  # a key or JSON that mentions a fresh id: the same one as elsewhere
            return LONG_NUMBER.sub(lambda found: str(made.get(int(found.group())) or next(ids)), old)
        head = min(len(old), 32)  # enough to be unique; the bench is not about making random letters
        return "".join(random.choices(LETTERS, k=head)) + old[head:]


def connect(url: str) -> pymysql.Connection[Any]:
    """A plain PyMySQL connection to a DATABASE_URL, READ COMMITTED as the application's."""
    parts = make_url(url)
    connection = pymysql.connect(
        host=parts.host or "127.0.0.1", port=parts.port or 3306, user=parts.username or "root",
        password=parts.password or "", database=parts.database, charset="utf8mb4", autocommit=False,
        ssl_disabled=True,  # as the application's own on the same machine
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    return connection


def _ids(seed: int) -> Iterator[int]:
    number = (int(time.time() * 1000) << 20) + seed * 50_000_000
    while True:
        number += 1
        yield number


def _hammer(url: str, replay: Replay, threads: int, seconds: float, seed: int, answers: Any) -> None:
    counts = [0] * threads
    failures = [0] * threads
    said = [""] * threads
    end = time.monotonic() + seconds

    def client(which: int) -> None:
        connection, ids = connect(url), _ids(seed * 100 + which)
        while time.monotonic() < end:
            try:
                replay.run(connection, ids)
                counts[which] += 1
            except pymysql.err.MySQLError as refused:
                failures[which] += 1
                said[which] = str(refused)
                connection.rollback()
        connection.close()

    workers = [threading.Thread(target=client, args=(which,)) for which in range(threads)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    answers.put((sum(counts), sum(failures), next(filter(None, said), "")))


def units_per_second(url: str, replay: Replay, clients: int, seconds: float) -> float:
    """How many units bare PyMySQL commits a second with `clients` clients in two processes.

    Raises RuntimeError when more than one in a hundred failed: the ceiling would be no ceiling.
    """
    context = get_context("fork")
    answers = context.Queue()
    processes = [
        context.Process(target=_hammer, args=(url, replay, clients // 2, seconds, seed, answers))
        for seed in (1, 2)
    ]
    for process in processes:
        process.start()
    found = [answers.get(timeout=seconds + 60) for _ in processes]
    for process in processes:
        process.join()
    done, failed = sum(one for one, _, _ in found), sum(two for _, two, _ in found)
    if failed * 100 > done:
        why = next(filter(None, (three for _, _, three in found)), "")
        raise RuntimeError(f"{failed} of {done + failed} bare units failed: {why}")
    return done / seconds


def save(folder: Path, name: str, url: str, statements: list[Statement]) -> None:
    """Write what the bare Flask route /`name` shall run."""
    (folder / f"{name}.json").write_text(
        json.dumps({"url": url, "statements": [[s.sql, s.rows[0]] for s in statements]}, default=str)
    )


def bare_app(folder: Path) -> Callable[..., Any]:
    """A Flask application that says hello, gives saved bytes, and runs saved statements and dumps their rows."""
    from flask import Flask, Response

    plans = {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}
    pages = {path.stem: path.read_bytes() for path in folder.glob("*.bytes")}
    local = threading.local()
    app = Flask("bare")

    @app.get("/hello")
    def hello() -> Response:
        return Response(orjson.dumps({"hello": "world"}), mimetype="application/json")

    @app.get("/bytes/<name>")
    def same_bytes(name: str) -> Response:
        return Response(pages[name], mimetype="application/json")

    @app.get("/<name>")
    def answer(name: str) -> Response:
        plan = plans[name]
        connections = local.__dict__.setdefault("connections", {})
        if plan["url"] not in connections:
            connections[plan["url"]] = connect(plan["url"])
        connection = connections[plan["url"]]
        found = []
        with connection.cursor(pymysql.cursors.DictCursor) as cursor:
            for sql, values in plan["statements"]:
                cursor.execute(sql, values)
                found.append(cursor.fetchall())
        connection.commit()
        return Response(orjson.dumps({"items": found}, default=str), mimetype="application/json")

    return app


def __getattr__(name: str) -> Any:
    """`lib.bare:app` for granian; the folder of the plans comes by the environment."""
    if name == "app":
        return bare_app(Path(os.environ["BARE_PLANS"]))
    raise AttributeError(name)
