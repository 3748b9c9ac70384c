"""Who voted and what was voted cannot be joined: each way of trying, tried (CON-10, docs/adr/0014).

The attacker of these tests has the whole database with its file, the logs, the backups, and knows in which
order and at which moment people took their papers and cast their ballots; not the phones.
"""

from __future__ import annotations

import itertools
import logging
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, Integer, inspect, select, text

from backend.kernel.db import BinaryString, UtcDateTime, db
from backend.polls import blind, counting, erasing, services
from backend.polls.models import Poll, PollBallot, PollPaper
from tests.api.polls.conftest import Village
from tests.factories.identity import visitor
from tests.support.ballots import Phone

VOTERS = [f"voter{number}" for number in range(40)]
OWN_TABLES = {"poll_papers", "poll_ballots"}
NGINX = Path(__file__).parents[3] / "deploy" / "nginx" / "town.conf"


@pytest.fixture
def phones(village: Village) -> list[Phone]:
    """Forty people have voted one after the other, five minutes apart; in this order."""
    poll = village.open(entitled=60)
    for person in VOTERS:
        village.villager(person)
    found = []
    for number, person in enumerate(VOTERS):
        village.clock.advance(timedelta(minutes=5))
        found.append(village.vote(person, poll, "o1" if number % 3 else "o2"))
    return found


def everything(app: Flask) -> dict[str, set[str]]:
    """Table → its rows as text, of the whole database."""
    with app.app_context():
        return {
            name: {repr(tuple(row)) for row in db.session.execute(text(f"SELECT * FROM {name}"))}  # noqa: S608
            for name in inspect(db.engine).get_table_names()
        }


def file_of(app: Flask) -> Path:
    """SQLite's file with everything written back into it; skips on a server."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip(
                "the server keeps its files to itself; what stands in them is argued in docs/adr/0014"
            )
        path = Path(str(db.engine.url.database))
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def agreement(order: list[int]) -> float:
    """Kendall's tau of a sequence of ranks: 1 in order, -1 in reverse, about 0 by chance (0.11 for forty)."""
    pairs = [(a, b) for a, b in itertools.combinations(order, 2) if a != b]
    return sum(1 if a < b else -1 for a, b in pairs) / len(pairs)


# ---- by key ------------------------------------------------------------------------------------------------------------


def test_by_key_no_value_of_a_paper_is_a_value_of_a_ballot(village: Village, phones: list[Phone]) -> None:
    papers, ballots = village.rows(PollPaper), village.rows(PollBallot)
    assert len(papers) == len(ballots) == len(VOTERS)
    known = {value for paper in papers for value in (paper.holder, paper.blinded)}
    known |= {sha256(value.encode()).hexdigest() for value in known}
    known |= {sha256(phone.blinded.encode()).hexdigest() for phone in phones} | {p.blinded for p in phones}
    assert known.isdisjoint(ballot.serial for ballot in ballots)


def test_by_key_every_paper_asked_for_could_be_any_ballot_even_for_who_kept_all_requests(
    village: Village, phones: list[Phone]
) -> None:
    """The server that keeps what it signed, and its own key, finds a factor for every pair: all fit equally."""
    (poll,) = village.rows(Poll)
    key = blind.read_key(poll.key_secret)
    for asked in phones[:6]:
        signed = blind.sign_blinded(key, int(asked.blinded, 16))
        for cast in phones[:6]:
            factor = signed * pow(int(cast.signature, 16), -1, key.n) % key.n
            assert Phone(poll.id, key.n, token=cast.token, factor=factor).blinded == asked.blinded


def test_by_key_a_holder_is_found_with_the_polls_secret_only(village: Village, phones: list[Phone]) -> None:
    poll, holders = village.rows(Poll)[0], {paper.holder for paper in village.rows(PollPaper)}
    residents = [village.people[person].id for person in VOTERS]
    guesses = {sha256(f"{poll.id}:{one}".encode()).hexdigest() for one in residents}
    guesses |= {sha256(str(one).encode()).hexdigest() for one in residents}
    assert holders.isdisjoint(guesses)
    with village.app.app_context():
        stored = db.session.execute(text("SELECT secret, key_secret FROM polls")).one()
    for column in stored:
        assert re.match(r"^[as]1\.[^.]+\.", column), "sealed under FIELD_KEYS, which no backup holds"
        assert poll.secret not in column


# ---- by order and by time ------------------------------------------------------------------------------------------------


def test_by_order_rows_lie_by_their_random_keys(village: Village, phones: list[Phone]) -> None:
    cast = [blind.serial_of(phone.token) for phone in phones]
    with village.app.app_context():
        stored = list(db.session.execute(text("SELECT serial FROM poll_ballots")).scalars())
        if db.engine.dialect.name == "sqlite":
            for table in OWN_TABLES:
                with pytest.raises(Exception, match="no such column: rowid"):
                    db.session.execute(text(f"SELECT rowid FROM {table}"))  # noqa: S608
    assert stored == sorted(stored)
    assert abs(agreement([stored.index(serial) for serial in cast])) < 0.6


def test_by_order_in_the_raw_file_nothing_is_left_of_it_once_the_box_is_stirred(
    village: Village, phones: list[Phone]
) -> None:
    assert village.inside(erasing.stir_open_polls) == 1
    assert village.inside(erasing.stir_open_polls) == 0, "nothing new: nothing to stir"
    raw = file_of(village.app).read_bytes()
    serials = [blind.serial_of(phone.token).encode() for phone in phones]
    places = [raw.find(serial) for serial in serials]
    assert min(places) > 0
    assert [raw.count(serial) for serial in serials] == [1] * len(serials), (
        "an older copy tells the older order"
    )
    ranks = sorted(places)
    assert abs(agreement([ranks.index(place) for place in places])) < 0.6
    assert len(village.rows(PollBallot)) == len(village.rows(PollPaper)) == len(VOTERS)


def test_by_time_no_row_has_one_nor_anything_that_grows(app: Flask) -> None:
    kinds = (BinaryString, Boolean, Integer)
    columns = {f"{m.__tablename__}.{c.name}": c for m in (PollPaper, PollBallot) for c in m.__table__.columns}
    assert columns.keys() == {
        "poll_papers.poll_id", "poll_papers.holder", "poll_papers.blinded", "poll_papers.offline",
        "poll_papers.fresh", "poll_ballots.poll_id", "poll_ballots.serial", "poll_ballots.option",
        "poll_ballots.fresh",
    }  # fmt: skip
    for name, column in columns.items():
        assert not isinstance(column.type, UtcDateTime), name
        assert isinstance(column.type, kinds) or name.endswith("poll_id"), name


# ---- by idempotency record, audit, message: by any other row at all ------------------------------------------------------


def test_a_vote_changes_two_rows_of_the_whole_database_and_no_other(village: Village) -> None:
    poll = village.open()
    wang = village.villager("wang")
    phone, key = Phone.of(poll), {"Idempotency-Key": "a-phone-that-sends-one-anyway"}
    before = everything(village.app)
    paper: Any = wang.post(f"/resident/polls/{poll['id']}/paper", {"blinded": phone.blinded}, headers=key)
    assert village.cast(phone.finish(paper.json["signature"]), "o1", headers=key).status_code == 200
    after = everything(village.app)
    changed = {
        table: (len(before[table] - after[table]), len(after[table] - before[table])) for table in after
    }
    assert {table: count for table, count in changed.items() if count != (0, 0)} == dict.fromkeys(
        OWN_TABLES, (0, 1)
    )
    village.cast(phone, "o2", headers=key)
    again = everything(village.app)
    assert {table for table in again if again[table] != after[table]} == {"poll_ballots"}


def test_refusals_change_nothing_at_all(village: Village) -> None:
    poll = village.open()
    phone = village.vote("wang", poll, "o1")
    before = everything(village.app)
    assert village.cast(phone, "o9").status_code == 422
    taken = village.villager("wang").post(
        f"/resident/polls/{poll['id']}/paper", {"blinded": Phone.of(poll).blinded}
    )
    assert taken.status_code == 409
    assert everything(village.app) == before


# ---- by log --------------------------------------------------------------------------------------------------------------


def test_by_log_neither_call_leaves_a_line(
    village: Village, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    poll = village.open()
    village.villager("wang")
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    capfd.readouterr()
    phone = village.vote("wang", poll, "o1")
    village.cast(phone, "o9")
    visitor(village.app).post(f"/resident/polls/{poll['id']}/paper", {"blinded": phone.blinded})
    assert [record.getMessage() for record in caplog.records if record.name.startswith("backend")] == []
    assert [record.name for record in caplog.records if phone.token.hex() in str(vars(record))] == []
    assert capfd.readouterr().err == ""
    village.look(poll["id"])
    assert [record.getMessage() for record in caplog.records].count("request") == 1, "other routes do log"


def test_by_log_a_request_id_of_the_phones_own_is_not_taken(village: Village) -> None:
    poll = village.open()
    phone = village.paper("wang", poll)
    given = {"X-Request-Id": "the-same-phone-again"}
    assert (
        visitor(village.app).get("/public/ping", headers=given).headers["X-Request-Id"]
        == "the-same-phone-again"
    )
    assert village.cast(phone, "o1", headers=given).headers["X-Request-Id"] != "the-same-phone-again"


def test_by_log_an_accident_names_its_kind_and_no_value(
    village: Village, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = village.open()
    phone = village.paper("wang", poll)

    def broken(*values: Any) -> None:
        raise RuntimeError(f"INSERT … {values}")

    monkeypatch.setattr(services, "cast", broken)
    caplog.clear()
    refused = village.cast(phone, "o1")
    assert refused.status_code == 500
    (line,) = caplog.records
    assert (line.getMessage(), line.exc_info) == ("unexpected error of a silent route", None)
    assert vars(line)["error"] == "RuntimeError"
    assert phone.token.hex() not in str(vars(line))


def test_by_log_the_web_server_in_front_keeps_none_either(app: Flask) -> None:
    silent = {
        re.sub(r"<[^>]+>", "382988794620891226", rule.rule)
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "silent", False)
    }
    assert len(silent) == 2
    blocks = re.findall(r"location ~ (\S+) \{([^}]*)\}", NGINX.read_text("utf-8"))
    for path in silent:
        # the first regular expression that fits is the one that nginx takes
        body = next((body for pattern, body in blocks if re.search(pattern, path)), "")
        assert "access_log off" in body, path
        assert 'proxy_set_header Cookie ""' in body, path


# ---- by what is on the disk ----------------------------------------------------------------------------------------------


def test_by_file_and_backup_neither_token_nor_signature_nor_what_was_signed_is_there(
    village: Village, phones: list[Phone], tmp_path: Path
) -> None:
    path, copy = file_of(village.app), tmp_path / "copy.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # as deploy/backup does
    for raw in (path.read_bytes(), copy.read_bytes()):
        assert blind.serial_of(phones[0].token).encode() in raw, "the ballots themselves are there"
        for phone in phones:
            for value in (phone.token, int(phone.signature, 16).to_bytes(256, "big")):
                assert value not in raw
                assert value.hex().encode() not in raw
            assert phone.blinded.encode() not in raw


def test_after_the_count_nothing_is_left_but_the_counts(
    village: Village, phones: list[Phone], run_jobs: Callable[[], Any]
) -> None:
    (poll,) = village.rows(Poll)
    holders = [paper.holder.encode() for paper in village.rows(PollPaper)]
    village.clock.advance(timedelta(days=15))
    village.inside(lambda: counting.close_poll(poll.id))
    result = village.look(poll.id)["result"]
    assert [one["votes"] for one in result["options"]] == [26, 14, 0]
    with village.app.app_context():
        assert db.session.execute(select(Poll.secret, Poll.key_secret, Poll.box)).all() == [
            (None, None, None)
        ]
    raw = file_of(village.app).read_bytes()
    assert not [one for one in holders if one in raw]
    assert not [phone for phone in phones if blind.serial_of(phone.token).encode() in raw]
