"""`flask town load`: safe to run again, everything or nothing, history stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.kernel.db import run_unit
from backend.places import queries
from backend.places.files import ConfigProblems
from backend.places.loader import load_places, read_config
from backend.places.models import Place, Town
from tests.factories import places


@pytest.fixture
def config(tmp_path: Path, town_files: Path) -> Path:
    shutil.copytree(town_files, tmp_path / "config")
    return tmp_path / "config"


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _load(directory: Path) -> object:
    town = read_config(directory, only="dongwan").towns[0]
    return run_unit(lambda: load_places(town))


def test_a_second_load_changes_nothing(app: Flask, config: Path, db_session: Session) -> None:
    before = places.town().version
    db_session.rollback()
    loaded = run_unit(lambda: load_places(read_config(config, only="dongwan").towns[0]))
    assert (loaded.created, loaded.changed, loaded.deactivated) == (0, 0, 0)
    assert places.town().version == before


def test_what_vanished_is_switched_off_and_comes_back(app: Flask, config: Path, db_session: Session) -> None:
    gone = places.place("G01-2").id
    db_session.rollback()
    _change(config / "towns/dongwan/places.csv", "micro_grid,G01-2,第1网格2组,G01\n", "")
    _load(config)
    assert places.place("G01-2").active is False
    assert places.place("G01-2").id == gone
    _change(
        config / "towns/dongwan/places.csv",
        "micro_grid,G01-1,第1网格1组,G01\n",
        "micro_grid,G01-1,第1网格1组,G01\nmicro_grid,G01-2,第1网格2组,G01\n",
    )
    db_session.rollback()
    _load(config)
    assert (places.place("G01-2").active, places.place("G01-2").id) == (True, gone)


def test_a_new_border_is_seen_at_the_next_question(app: Flask, config: Path, db_session: Session) -> None:
    town_id = places.town().id
    found = queries.locate(town_id, 117.21, 35.0095)
    assert found is not None
    assert found.grid is not None
    assert found.grid.code == "G01"
    db_session.rollback()
    _change(config / "towns/dongwan/boundaries.geojson", "35.01]", "35.009]")
    _load(config)
    moved = queries.locate(town_id, 117.21, 35.0095)
    assert moved is not None
    assert moved.grid is not None
    assert moved.grid.code == "G02"
    assert queries.town_map(town_id)["features"][3]["geometry"]["coordinates"][0][2][1] == 35.009


def test_a_place_knows_all_that_is_above_it(app: Flask, db_session: Session) -> None:
    grid = queries.get_place(places.place("G01").id)
    assert set(grid.places) == {"county", "town", "area", "village", "grid"}
    assert grid.places["village"] == places.place("V01").id
    assert [c.code for c in queries.children(places.place("A1").id, "grid")] == ["G01", "G02"]
    assert [c.code for c in queries.children(grid.id, "micro_grid")] == ["G01-1", "G01-2"]
    by_hand = queries.located_place(places.place("V02").id)
    assert by_hand.label == "湾尾村 · 第3网格"
    of_two_grids = queries.located_place(places.place("V01").id)
    assert (of_two_grids.label, of_two_grids.grid) == ("湾头村", None)


def test_a_code_may_not_change_its_level(app: Flask, config: Path, db_session: Session) -> None:
    _change(config / "towns/dongwan/places.csv", "micro_grid,G01-2,第1网格2组,G01\n", "")
    _change(config / "towns/dongwan/places.csv", "grid,G02,第2网格,V01", "grid,G01-2,第2网格,V01")
    _change(config / "towns/dongwan/boundaries.geojson", '"G02"', '"G01-2"')
    _change(config / "towns/dongwan/units.csv", "grid,v01,G02", "grid,v01,G01-2")
    _change(config / "towns/dongwan/staff.csv", "grid_worker,G02", "grid_worker,G01-2")
    db_session.rollback()
    with pytest.raises(ConfigProblems, match="请换一个新编码"):
        _load(config)
    assert places.place("G02").active is True


def test_the_command_reports_every_fault_and_writes_nothing(
    app: Flask, config: Path, db_session: Session
) -> None:
    rows = db_session.scalar(select(func.count()).select_from(Place))
    db_session.rollback()
    _change(config / "towns/dongwan/places.csv", "area,A1,东片区", "area,A1,新片区")
    _change(config / "towns/xiwan/places.csv", "grid,G01,第1网格,V01", "grid,G01,第1网格,V09")
    _change(
        config / "towns/dongwan/units.csv", "urban,城管所,department,hall", "urban,城管所,department,nobody"
    )
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(config)])
    assert done.exit_code != 0
    assert "xiwan/places.csv:4: 上级编码“V09”不存在" in done.output
    assert "dongwan/units.csv:3: 上级单位“nobody”不存在" in done.output
    assert places.place("A1").name == "东片区"
    assert db_session.scalar(select(func.count()).select_from(Place)) == rows


def test_the_command_can_be_run_again(app: Flask, config: Path, db_session: Session) -> None:
    versions = {t.code: t.version for t in db_session.scalars(select(Town))}
    db_session.rollback()
    done = app.test_cli_runner().invoke(args=["town", "load", "--dir", str(config)])
    assert done.exit_code == 0, done.output
    db_session.rollback()
    assert {t.code: t.version for t in db_session.scalars(select(Town))} == versions
