"""Rotating the keys: everything readable before and after, nothing overwritten, killed and resumed, no key lost (SEC-06)."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from backend.identity.models import Resident
from backend.kernel import rotation
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.rotation import FieldKey, KeyMissing, KeyRotation
from backend.kernel.settings import settings, use_settings
from backend.reports.models import Report
from config.settings import KeyRing, Settings
from tests.factories.cases import Cast
from tests.fakes.platform import RecordingPlatform
from tests.support.database import FreshDatabase
from tests.support.settings import environment_of_tests

OLD, NEW = ("t1", b"field".ljust(32, b"-")), ("t2", b"another-field-key".ljust(32, b"-"))
OLD_BLIND, NEW_BLIND = ("t1", b"blind".ljust(32, b"-")), ("t2", b"another-blind-key".ljust(32, b"-"))
PHONE = "13800000017"


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Cast:
    return Cast(app)


@pytest.fixture
def before() -> Iterator[Settings]:
    """The settings as they were; put back afterwards."""
    held = settings()
    yield held
    use_settings(held)


def ring(
    before: Settings, *keys: tuple[str, bytes], blind: tuple[tuple[str, bytes], ...] = (OLD_BLIND,)
) -> None:
    use_settings(replace(before, field_keys=KeyRing(keys), blind_index_keys=KeyRing(blind)))


def residents() -> list[int]:
    return list(db.session.scalars(select(Resident.id).where(Resident.nickname.is_not(None))))


def people(cast: Cast, many: int = 30) -> int:
    """A case with everything personal, and some residents with a phone; the case's id."""
    case_id = cast.bring_to("closed", contact_name="王小明", contact_phone=PHONE, address="小卖部对面")

    def add() -> None:
        for n in range(many):
            phone = f"1390000{n:04d}"
            db.session.add(
                Resident(nickname=f"居民{n}", phone=phone, phone_index=blind_index("phone", phone))
            )

    with cast.app.app_context():
        run_unit(add)
    return case_id


def raw(statement: str) -> list[Any]:
    return list(db.session.execute(text(statement)).scalars())


def keys_used() -> set[str]:
    return {name for name, columns in rotation.values_per_key().items() if sum(columns.values())}


def test_everything_is_under_the_new_key_and_reads_as_before(cast: Cast, before: Settings) -> None:
    case_id = people(cast)
    with cast.app.app_context():
        ring(before, NEW, OLD)
        steps = list(rotation.rotate(batch=7))
        assert sum(step.changed for step in steps) > 60
        assert run_unit(keys_used, writing=False) == {"t2"}
        ring(before, NEW)
        with transaction(writing=False):
            report = db.session.get_one(Report, case_id)
            assert (report.contact_name, report.contact_phone, report.reply) == (
                "王小明",
                PHONE,
                "已经换好了",
            )
            names = db.session.scalars(select(Resident.nickname).where(Resident.nickname.is_not(None))).all()
            assert len(names) >= 30
            assert (
                db.session.scalars(select(KeyRotation).where(KeyRotation.finished_at.is_(None))).all() == []
            )


def test_again_changes_nothing(cast: Cast, before: Settings) -> None:
    people(cast, many=3)
    with cast.app.app_context():
        ring(before, NEW, OLD)
        list(rotation.rotate())
        assert [step for step in rotation.rotate() if step.changed] == []


def test_a_writer_in_between_is_not_overwritten(
    cast: Cast, before: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody corrects a contact after its row was read and before it is written."""
    case_id = people(cast, many=1)
    reading = rotation.unseal

    def unseal(stored: str, context: str) -> str:
        plain = reading(stored, context)
        if context == "reports.contact_name" and plain == "王小明":
            row = db.session.get_one(Report, case_id)
            row.contact_name = "王晓明"
            db.session.flush()
        return plain

    with cast.app.app_context():
        ring(before, NEW, OLD)
        monkeypatch.setattr(rotation, "unseal", unseal)
        steps = list(rotation.rotate())
        assert sum(step.missed for step in steps) == 1
        with transaction(writing=False):
            assert db.session.get_one(Report, case_id).contact_name == "王晓明"
        assert run_unit(keys_used, writing=False) == {"t2"}


def test_writers_beside_a_rotation_lose_nothing(cast: Cast, before: Settings) -> None:
    people(cast, many=25)
    said: dict[int, str] = {}
    ring(before, NEW, OLD)
    with cast.app.app_context():
        ids = run_unit(residents, writing=False)

    def rename() -> None:
        with cast.app.app_context():
            for turn in range(3):
                for one in ids:
                    run_unit(lambda: _rename(one, f"第{turn}次{one}"))  # noqa: B023
                    said[one] = f"第{turn}次{one}"

    writer = threading.Thread(target=rename)
    writer.start()
    with cast.app.app_context():
        while writer.is_alive():
            list(rotation.rotate(batch=3))
        writer.join()
        list(rotation.rotate())
        assert run_unit(keys_used, writing=False) == {"t2"}
        ring(before, NEW)
        with transaction(writing=False):
            names = {row.id: row.nickname for row in db.session.scalars(select(Resident))}
        assert {one: names[one] for one in ids} == said


def _rename(resident_id: int, name: str) -> None:
    db.session.get_one(Resident, resident_id).nickname = name


def test_a_writer_with_an_older_ring_is_caught_by_another_pass(cast: Cast, before: Settings) -> None:
    people(cast, many=5)
    with cast.app.app_context():
        ring(before, NEW, OLD)
        going = rotation.rotate(batch=2)
        for step in going:
            if step.column == "residents.nickname":
                break
        ring(before, OLD, NEW)  # another process, not yet started anew
        run_unit(lambda: db.session.add(Resident(id=1, nickname="早来的")))
        ring(before, NEW, OLD)
        list(going)
        assert run_unit(keys_used, writing=False) == {"t2"}


def test_blind_indexes_move_and_are_found_meanwhile(cast: Cast, before: Settings) -> None:
    people(cast, many=5)
    with cast.app.app_context():
        ring(before, OLD, blind=(NEW_BLIND, OLD_BLIND))

        def found() -> int | None:
            held = Resident.phone_index.in_(blind_indexes("phone", "13900000003"))
            return db.session.scalar(select(Resident.id).where(held))

        assert run_unit(found, writing=False) is not None, "found by the older key"
        list(rotation.rotate())
        ring(before, OLD, blind=(NEW_BLIND,))
        assert run_unit(found, writing=False) is not None, "and by the new one alone"


def test_a_ring_without_the_old_key_is_refused_and_nothing_is_lost(cast: Cast, before: Settings) -> None:
    case_id = people(cast, many=3)
    with cast.app.app_context():
        run_unit(rotation.demand_ring)
        stored = run_unit(lambda: raw("SELECT contact_name FROM reports"), writing=False)
        ring(before, NEW)
        with pytest.raises(
            KeyMissing, match=r"lacks a key: 't1' is needed by \d+ values .*reports.contact_name"
        ):
            run_unit(rotation.demand_ring)
        with pytest.raises(KeyMissing, match="Put the old key back"):
            list(rotation.rotate())
        assert run_unit(lambda: raw("SELECT contact_name FROM reports"), writing=False) == stored
        ring(before, NEW, OLD)
        run_unit(rotation.demand_ring)
        with transaction(writing=False):
            assert db.session.get_one(Report, case_id).contact_name == "王小明"


def test_a_key_that_nothing_needs_may_go(cast: Cast, before: Settings) -> None:
    people(cast, many=3)
    with cast.app.app_context():
        run_unit(rotation.demand_ring)
        ring(before, NEW, OLD)
        run_unit(rotation.demand_ring)
        list(rotation.rotate())
        ring(before, NEW)
        run_unit(rotation.demand_ring)
        with transaction(writing=False):
            retired = {row.name: row.retired_at is not None for row in db.session.scalars(select(FieldKey))}
        assert retired == {"t1": True, "t2": False}


def test_the_commands_say_it_in_a_sentence(cast: Cast, before: Settings) -> None:
    people(cast, many=3)
    ring(before, NEW)
    told = cast.app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert told.exit_code == 1
    assert "FIELD_KEYS lacks a key: 't1' is needed by" in told.output
    told = cast.app.test_cli_runner().invoke(args=["keys", "status"])
    assert told.exit_code == 1
    assert "MISSING" in told.output
    ring(before, NEW, OLD)
    assert cast.app.test_cli_runner().invoke(args=["keys", "rotate", "--batch", "5"]).exit_code == 0
    told = cast.app.test_cli_runner().invoke(args=["keys", "status"])
    assert "nothing needs it any more" in told.output


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_where_it_was(
    cast: Cast, before: Settings, tmp_path: Path, built: tuple[Flask, FreshDatabase]
) -> None:
    built[1].touched.update(db.metadata.tables)  # what another process writes is put back, too
    case_id = people(cast, many=60)
    with cast.app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    env = {
        **environment_of_tests(url, tmp_path),
        "FIELD_KEYS": ",".join(f"{name}:{_base64(key)}" for name, key in (NEW, OLD)),
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "flask", "--app", "backend.wsgi", "keys", "rotate", "--batch", "1"]
    going = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    )
    assert going.stdout is not None
    for line in going.stdout:
        if line.startswith("residents.nickname"):
            break
    going.send_signal(signal.SIGKILL)
    going.wait()
    going.stdout.close()
    with cast.app.app_context():
        ring(before, NEW, OLD)
        assert run_unit(keys_used, writing=False) == {"t1", "t2"}, "it was killed in the middle"
        with transaction(writing=False):
            under_way = db.session.scalars(select(KeyRotation).where(KeyRotation.finished_at.is_(None))).all()
            assert [row.column_name for row in under_way] == ["residents.nickname"]
            assert under_way[0].last_key is not None
    again = subprocess.run(
        [*command[:-1], "50"], env=env, capture_output=True, text=True, cwd=Path(__file__).parents[3]
    )
    assert again.returncode == 0, again.stderr
    with cast.app.app_context():
        ring(before, NEW)
        assert run_unit(keys_used, writing=False) == {"t2"}
        with transaction(writing=False):
            assert db.session.get_one(Report, case_id).contact_name == "王小明"


@pytest.mark.slow
def test_a_server_does_not_start_without_a_key_that_is_needed(
    cast: Cast, before: Settings, tmp_path: Path
) -> None:
    people(cast, many=2)
    with cast.app.app_context():
        run_unit(rotation.demand_ring)
        url = db.engine.url.render_as_string(hide_password=False)
    env = {
        **environment_of_tests(url, tmp_path),
        "FIELD_KEYS": f"{NEW[0]}:{_base64(NEW[1])}",
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "ignore",
    }
    root = Path(__file__).parents[3]
    for command in (["-c", "import backend.wsgi"], ["-m", "flask", "--app", "backend.wsgi", "outbox", "run"]):
        told = subprocess.run([sys.executable, *command], env=env, capture_output=True, text=True, cwd=root)
        assert told.returncode != 0, command
        assert "FIELD_KEYS lacks a key: 't1' is needed by" in told.stderr


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode()


def test_loading_a_town_notes_the_key_so_that_no_start_ever_counts_all_values(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = cast.app.test_cli_runner().invoke(args=["town", "load", "--keep"])
    assert done.exit_code == 0, done.output

    def counted() -> dict[str, dict[str, int]]:
        raise AssertionError("a start reads every encrypted value of the district")

    monkeypatch.setattr(rotation, "values_per_key", counted)
    with cast.app.app_context():
        run_unit(rotation.demand_ring)
