"""The revisions go up, down and up on the run's database with rows in the tables, and draw what the models say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select, text
from sqlalchemy.schema import SchemaItem

from backend.kernel.db import db
from tests.conftest import load_town
from tests.factories.cases import Cast, body
from tests.support.database import FreshDatabase


@pytest.fixture
def rebuilt(built: tuple[Flask, FreshDatabase], app: Flask) -> Iterator[Flask]:
    """The application; afterwards every table is put back as it was before the test."""
    yield app
    _, fresh = built
    with app.app_context():
        upgrade()
        db.session.remove()
    fresh.touched.update(db.metadata.tables)


def columns(app: Flask) -> dict[str, dict[str, tuple[str, bool]]]:
    """Table → column → (type, nullable), as the database has them."""
    with app.app_context():
        found = inspect(db.engine)
        return {
            table: {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(table)}
            for table in found.get_table_names()
        }


def extras(app: Flask) -> dict[str, list[str]]:
    """Table → names of its indexes, unique and check constraints."""
    with app.app_context():
        found = inspect(db.engine)
        return {
            table: sorted(
                str(one["name"])
                for listed in (
                    found.get_indexes(table),
                    found.get_unique_constraints(table),
                    found.get_check_constraints(table),
                    found.get_foreign_keys(table),
                )
                for one in listed
            )
            for table in found.get_table_names()
        }


def test_up_down_and_up_again_with_rows_in_the_tables(rebuilt: Flask, cast: Cast) -> None:
    case_id = cast.bring_to("reopen_requested", contact_name="王小明")
    cast.act("fenliu", case_id, "note", note="打过电话")
    cast.desk("fenliu").post(f"/staff/cases/{case_id}/contact", {"reason": "约时间"})
    cast.desk("fenliu").post("/staff/filters", {"name": "今天", "query": {}})
    filled = [name for name, n in cast.rows().items() if n]
    assert len(filled) > 15, filled
    before, before_extras = columns(rebuilt), extras(rebuilt)
    with rebuilt.app_context():
        db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
    assert columns(rebuilt) == before
    assert extras(rebuilt) == before_extras
    with rebuilt.app_context():
        for table in db.metadata.sorted_tables:
            assert db.session.scalar(select(func.count()).select_from(table)) == 0, table.name
        db.session.remove()
    load_town(rebuilt)
    answer = Cast(rebuilt).resident().post("/resident/reports", body())
    assert answer.status_code == 201, answer.text


def _of_a_model(name: str | None, kind: str, parents: object) -> bool:
    """Not SQLite's own tables behind its full-text index: triggers fill them, no model reads them."""
    return kind != "table" or not str(name).startswith("search_grams")


def _drawn_here(one: SchemaItem, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """Not an index that is drawn on another database only (FULLTEXT on MariaDB)."""
    only = getattr(one, "_ddl_if", None)
    return only is None or db.engine.dialect.name in only.dialect


def test_the_revisions_draw_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        opts = {"compare_type": False, "include_name": _of_a_model, "include_object": _drawn_here}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, db.metadata) == []


def test_there_is_one_head_and_the_database_stands_on_it(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        stands_on = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
    configured = Config()
    configured.set_main_option("script_location", str(app.extensions["migrate"].directory))
    assert set(ScriptDirectory.from_config(configured).get_heads()) == stands_on
    assert len(stands_on) == 1
