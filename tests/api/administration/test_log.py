"""The operation log: a town's own, field by field, by who, what and when."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from backend.audit import services as audit
from backend.kernel.clock import FrozenClock
from backend.kernel.db import run_unit
from tests.api.administration.test_dictionaries import row
from tests.factories.cases import LAMP, Cast
from tests.support.people import Person


def change(admin: Person, **fields: object) -> None:
    """Change the street lamp's category."""
    lamp = row(admin, LAMP)
    answer = admin.patch(f"/staff/categories/{lamp['id']}", {**fields, "version": lamp["version"]})
    assert answer.status_code == 200, answer.text


def test_a_change_is_shown_field_by_field(admin: Person) -> None:
    change(admin, limit_amount=3, after_photo=True, after_photo_reason="要看到灯亮")
    entry = admin.get("/staff/log?what=category.change").json["items"][0]
    assert (entry["who"], entry["what_label"], entry["subject"]) == ("管理甲", "修改类别", "类别 路灯不亮")
    assert entry["changes"] == [
        {"label": "答复时限", "old": "5", "new": "3"},
        {"label": "要办后照片", "old": "否", "new": "是"},
        {"label": "要办后照片的理由", "old": None, "new": "要看到灯亮"},
    ]


def test_filters_and_pages(cast: Cast, admin: Person, clock: FrozenClock) -> None:
    for amount in range(1, 25):
        change(cast.desk("guanli"), limit_amount=amount + 10)
        clock.advance(timedelta(seconds=1))
    admin = cast.desk("guanli")
    first = admin.get("/staff/log?what=category.").json
    assert len(first["items"]) == 20
    second = admin.get(f"/staff/log?what=category.&cursor={first['next_cursor']}").json
    assert (len(second["items"]), second["next_cursor"]) == (4, None)
    mine = f"/staff/log?actor_id={admin.me['id']}&subject_kind=category&from=2026-03-10&to=2026-03-10"
    assert len(admin.get(mine).json["items"]) == 20
    assert admin.get("/staff/log?from=2026-03-11").json["items"] == []
    choices = admin.get("/staff/log/choices").json
    assert {"value": "category.change", "label": "修改类别"} in choices["whats"]
    assert "管理甲（镇便民服务中心）" in [p["label"] for p in choices["people"]]


def test_another_towns_log_is_not_seen(cast: Cast, admin: Person) -> None:
    change(admin, limit_amount=3)
    assert "类别 路灯不亮" not in [e["subject"] for e in cast.desk("xguanli").get("/staff/log").json["items"]]


def test_the_seals_state_is_shown(app: Flask, admin: Person, cast: Cast, clock: FrozenClock) -> None:
    change(admin, limit_amount=3)
    before = admin.get("/staff/log/choices").json["seals"]
    assert (before["seals"], before["late"]) == (0, False)
    clock.advance(timedelta(minutes=40))
    admin = cast.desk("guanli")
    assert admin.get("/staff/log/choices").json["seals"]["late"]
    with app.app_context():
        run_unit(lambda: audit.seal_batch())
    after = admin.get("/staff/log/choices").json["seals"]
    assert (after["seals"], after["unsealed"], after["late"]) == (1, 0, False)
    assert admin.get("/staff/log?what=category.change").json["items"][0]["sealed"]
