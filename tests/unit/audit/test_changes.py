"""What a change of a record looks like in the log."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from backend import audit
from backend.audit import services
from backend.audit.models import AuditEntry
from backend.kernel.actor import Actor
from backend.kernel.crypto import mask_phone
from backend.kernel.db import db, run_unit

CLERK = Actor("staff", 7, "王丽", town_id=3)
LABELS = {"name": "名称", "phone": "电话", "keywords": "关键词"}


def _change(app: Flask, before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[AuditEntry]:
    def unit() -> None:
        audit.record_change(
            CLERK, "unit.change", "unit", 5, before, after,
            name="城管所", labels=LABELS, personal={"phone": mask_phone},
        )  # fmt: skip

    with app.app_context():
        run_unit(unit)
        return list(db.session.execute(select(AuditEntry).where(AuditEntry.what == "unit.change")).scalars())


def test_only_what_differs_is_kept_and_phones_are_masked(app: Flask) -> None:
    before = {"name": "城管所", "phone": "13800001234", "keywords": ["灯"], "secret": "x"}
    after = {"name": "城管所", "phone": "13900005678", "keywords": ["灯", "路"], "secret": "y"}
    [entry] = _change(app, before, after)
    assert entry.detail == {
        "name": "城管所",
        "changes": [
            {"field": "phone", "label": "电话", "old": "138****1234", "new": "139****5678"},
            {"field": "keywords", "label": "关键词", "old": ["灯"], "new": ["灯", "路"]},
        ],
    }
    assert entry.town_id == 3
    assert services.digest_of(entry) == entry.digest


def test_nothing_is_written_when_nothing_differs(app: Flask) -> None:
    assert _change(app, {"name": "城管所"}, {"name": "城管所", "secret": "y"}) == []


def test_a_new_record_and_one_that_is_gone_are_kept_even_without_fields(app: Flask) -> None:
    entries = [*_change(app, None, {"name": "城管所"}), *_change(app, {}, None)]
    assert [e.detail["changes"] for e in entries if e.detail][-1] == []
    assert entries[0].detail is not None
    assert entries[0].detail["changes"][0]["new"] == "城管所"


def test_a_long_text_is_cut(app: Flask) -> None:
    [entry] = _change(app, {"name": "短"}, {"name": "长" * 500})
    assert entry.detail is not None
    assert len(entry.detail["changes"][0]["new"]) == services.LONGEST_VALUE
