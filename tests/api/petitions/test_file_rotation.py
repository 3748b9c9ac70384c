"""Rotating the keys of encrypted files: readable before, meanwhile and after; killed and resumed (SEC-06)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask
from sqlalchemy import select

from backend.kernel import rotation
from backend.kernel.clock import FrozenClock, SystemClock
from backend.kernel.crypto import UnknownKey, unseal_bytes
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.rotation import KeyMissing, KeyRotation
from backend.petitions import files
from backend.petitions.models import PetitionFile
from config.settings import Settings
from tests.api.keys.test_rotation import NEW, OLD, _base64, before, ring
from tests.factories import petitions
from tests.fakes.platform import RecordingPlatform
from tests.support.database import FreshDatabase
from tests.support.settings import environment_of_tests

__all__ = ["before"]
Jobs = Callable[[], Counter[str]]
MANY = 12


@pytest.fixture
def ids(app: Flask, platform: RecordingPlatform) -> list[int]:
    """Files under the old key, each with words of its own."""
    for path in _objects(app):
        path.unlink()
    return [petitions.stored_file(app, "resident:1", 7, _words(n)) for n in range(MANY)]


def _words(n: int) -> bytes:
    return f"%PDF-1.7 第{n}份材料".encode()


def _objects(app: Flask) -> list[Path]:
    return sorted((app.extensions["store"].root / "petition").rglob("*.sealed"))


def _keys_of_objects(app: Flask) -> Counter[bytes]:
    return Counter(path.read_bytes()[:6] for path in _objects(app))


def _read(ids: list[int]) -> list[bytes]:
    return [files.read(lambda: db.session.get_one(PetitionFile, one)).data for one in ids]  # noqa: B023


def _keys_used() -> set[str]:
    return {name for name, columns in rotation.values_per_key().items() if sum(columns.values())}


EVERYTHING = [_words(n) for n in range(MANY)]


def test_files_come_under_the_new_key_while_they_are_read(
    app: Flask, ids: list[int], before: Settings, run_jobs: Jobs, clock: FrozenClock
) -> None:
    with app.app_context():
        ring(before, NEW, OLD)
        for step in rotation.rotate(batch=5):
            if step.column == "petition_files.bytes":
                assert _read(ids) == EVERYTHING
        assert run_unit(_keys_used, writing=False) == {"t2"}
        assert _keys_of_objects(app) == {b"a1.t1.": MANY, b"a1.t2.": MANY}, "the old ones are owed, not gone"
    run_jobs()
    assert _keys_of_objects(app)[b"a1.t1."] == MANY, "a backup under way may still want them"
    clock.advance(timedelta(days=1, minutes=1))
    run_jobs()
    assert _keys_of_objects(app) == {b"a1.t2.": MANY}
    with app.app_context():
        ring(before, NEW)
        assert _read(ids) == EVERYTHING
        with transaction(writing=False):
            row = db.session.get_one(KeyRotation, ("a1.t2.", "petition_files.bytes"))
            assert (row.changed, row.missed, row.finished_at is not None) == (MANY, 0, True)


def test_a_reader_who_met_the_old_object_is_given_the_new_one(
    app: Flask, ids: list[int], before: Settings, run_jobs: Jobs
) -> None:
    """Between the row and the store the file moves, and the old object is wiped."""
    moved: list[bool] = []

    def find() -> PetitionFile:
        row = db.session.get_one(PetitionFile, ids[0])
        if not moved:
            moved.append(True)
            app.extensions["store"]._path(row.store_key).rename(
                app.extensions["store"]._path(row.store_key + "x")
            )
        else:
            row.store_key += "x"
        return row

    with app.app_context():
        assert files.read(find).data == _words(0)


def test_without_the_old_key_nothing_is_changed_and_nothing_lost(
    app: Flask, ids: list[int], before: Settings
) -> None:
    stored = {path: path.read_bytes() for path in _objects(app)}
    with app.app_context():
        ring(before, NEW)
        with pytest.raises(KeyMissing, match=r"'t1' is needed by \d+ values .*petition_files.bytes"):
            list(rotation.rotate())
        with pytest.raises(UnknownKey):
            _read(ids[:1])
    assert {path: path.read_bytes() for path in _objects(app)} == stored


def test_a_file_that_is_not_there_is_told_and_the_others_go_on(
    app: Flask, ids: list[int], before: Settings
) -> None:
    _objects(app)[0].unlink()
    with app.app_context():
        ring(before, NEW, OLD)
        told = [s for s in rotation.rotate() if s.column == "petition_files.bytes"]
        assert [(step.changed, step.missed) for step in told] == [(MANY - 1, 1)]
        assert run_unit(lambda: rotation.values_per_key()["t1"], writing=False) == {"petition_files.bytes": 1}


def test_what_is_written_between_the_object_and_its_row_is_written_again(
    app: Flask,
    ids: list[int],
    before: Settings,
    monkeypatch: pytest.MonkeyPatch,
    run_jobs: Jobs,
    clock: FrozenClock,
) -> None:
    """Stopped after the store has the new object and before the row names it: the old one still counts."""
    from backend.petitions import files_rotation

    def stop(*_: object) -> bool:
        raise KeyboardInterrupt

    with app.app_context():
        ring(before, NEW, OLD)
        with monkeypatch.context() as patch:
            patch.setattr(files_rotation, "_name_anew", stop)
            with pytest.raises(KeyboardInterrupt):
                list(rotation.rotate())
        assert _keys_of_objects(app) == {b"a1.t1.": MANY, b"a1.t2.": 1}
        assert _read(ids) == EVERYTHING
        list(rotation.rotate())
        assert _read(ids) == EVERYTHING
    clock.advance(timedelta(days=1, minutes=1))
    run_jobs()
    assert _keys_of_objects(app) == {b"a1.t2.": MANY}


def test_the_new_key_seals_each_file_to_its_own_row(app: Flask, ids: list[int], before: Settings) -> None:
    with app.app_context():
        ring(before, NEW, OLD)
        list(rotation.rotate())
        with transaction(writing=False):
            row = db.session.scalars(select(PetitionFile).where(PetitionFile.id == ids[3])).one()
            key = row.store_key
        sealed = app.extensions["store"].read(key)
        assert unseal_bytes(sealed, files.context(ids[3])) == _words(3)
        with pytest.raises(InvalidTag):
            unseal_bytes(sealed, files.context(ids[4]))


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on(
    app: Flask,
    ids: list[int],
    before: Settings,
    built: tuple[Flask, FreshDatabase],
    run_jobs: Jobs,
    clock: FrozenClock,
) -> None:
    built[1].touched.update(db.metadata.tables)  # what another process writes is put back, too
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    env = {
        **environment_of_tests(url, app.extensions["store"].root.parent),
        "FIELD_KEYS": ",".join(f"{name}:{_base64(key)}" for name, key in (NEW, OLD)),
        "PATH": os.environ["PATH"],
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "flask", "--app", "backend.wsgi", "keys", "rotate", "--batch"]
    root = Path(__file__).parents[3]
    going = subprocess.Popen([*command, "1"], env=env, stdout=subprocess.PIPE, text=True, cwd=root)
    assert going.stdout is not None
    for line in going.stdout:
        if re.match(r"petition_files.bytes: 1 ", line):
            break
    going.send_signal(signal.SIGKILL)
    going.wait()
    going.stdout.close()
    with app.app_context():
        ring(before, NEW, OLD)
        left = run_unit(rotation.values_per_key, writing=False)["t1"]
        assert 0 < left["petition_files.bytes"] < MANY, "it was killed in the middle"
        assert _read(ids) == EVERYTHING
    again = subprocess.run([*command, "50"], env=env, capture_output=True, text=True, cwd=root)
    assert again.returncode == 0, again.stderr
    clock.move_to(SystemClock().now() + timedelta(days=2))  # the other process went by the machine's
    run_jobs()
    with app.app_context():
        ring(before, NEW)
        assert run_unit(_keys_used, writing=False) == {"t2"}
        assert _read(ids) == EVERYTHING
    assert _keys_of_objects(app) == {b"a1.t2.": MANY}
