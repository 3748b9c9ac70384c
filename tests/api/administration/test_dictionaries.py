"""Categories and standard replies on screen: checked, versioned, logged, and what a later load may undo."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, transaction
from backend.workflow.models import WorkClock
from tests.factories.cases import LAMP, Cast
from tests.support.people import Person

NEW = {
    "code": "0203", "name": "健身器材损坏", "group_code": "02", "urgency": "normal", "keywords": ["健身"],
    "accept_amount": 2, "accept_unit": "working_hour", "limit_amount": 3, "limit_unit": "working_day",
}  # fmt: skip


def row(admin: Person, code: str) -> dict[str, Any]:
    """A category as its page shows it."""
    items = admin.get("/staff/categories").json["items"]
    found: dict[str, Any] = next(c for c in items if c["code"] == code)
    return found


def log(app: Flask, what: str) -> list[dict[str, Any]]:
    """The details of the log's entries of one kind, oldest first."""
    with app.app_context(), transaction(writing=False):
        query = select(AuditEntry.detail).where(AuditEntry.what == what).order_by(AuditEntry.id)
        return [dict(d) for d in db.session.execute(query).scalars() if d is not None]


def test_a_new_category_is_offered_at_once_and_stands_in_the_log(app: Flask, admin: Person) -> None:
    answer = admin.post("/staff/categories", NEW)
    assert answer.status_code == 201, answer.text
    assert answer.json["group_name"] == "公共设施", "one group, one name"
    public = app.test_client().get("/api/v1/public/categories?town=dongwan").json["items"]
    assert "健身器材损坏" in [c["name"] for c in public]
    [entry] = log(app, "category.create")
    assert entry["name"] == "健身器材损坏"
    assert {"field": "limit_amount", "label": "答复时限", "old": None, "new": 3} in entry["changes"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": LAMP}, "code"),
        ({"code": "有空格"}, "code"),
        ({"limit_amount": 0}, "limit_amount"),
        ({"limit_unit": "fortnight"}, "limit_unit"),
        ({"after_photo": True}, "after_photo_reason"),
        ({"before_photo": True}, "before_photo_reason"),
        ({"emergency_number": "119"}, "emergency_words"),
        ({"group_code": "77"}, "group_name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin: Person, wrong: dict[str, Any], field: str) -> None:
    answer = admin.post("/staff/categories", NEW | wrong)
    assert answer.status_code == 422
    assert field in answer.json["fields"]


def test_a_new_limit_is_taken_by_new_cases_only(
    app: Flask, cast: Cast, admin: Person, clock: FrozenClock
) -> None:
    old = cast.submit()
    before = cast.column(old["id"], "due_at")
    lamp = row(admin, LAMP)
    changed = admin.patch(f"/staff/categories/{lamp['id']}", {"limit_amount": 1, "version": lamp["version"]})
    assert changed.status_code == 200, changed.text
    assert changed.json["limit_text"] == "1个工作日"
    assert cast.column(old["id"], "due_at") == before
    cast.act("fenliu", old["id"], "accept_and_dispatch", unit_id=cast.unit("urban"))
    assert cast.column(old["id"], "due_at") == before
    fresh = cast.submit()
    assert cast.column(fresh["id"], "due_at") == before - timedelta(days=6), "five working days became one"
    with app.app_context(), transaction(writing=False):
        amounts = db.session.execute(select(WorkClock.amount).where(WorkClock.name == "answer")).scalars()
        assert sorted(amounts) == [1, 5]
    [entry] = log(app, "category.change")
    assert entry["changes"] == [{"field": "limit_amount", "label": "答复时限", "old": 5, "new": 1}]


def test_the_second_of_two_is_told_what_the_first_changed(cast: Cast, admin: Person) -> None:
    lamp = row(admin, LAMP)
    address = f"/staff/categories/{lamp['id']}"
    assert admin.patch(address, {"name": "路灯不亮了", "version": lamp["version"]}).status_code == 200
    late = admin.patch(address, {"limit_amount": 9, "version": lamp["version"]})
    assert late.status_code == 409
    assert late.json["details"]["change"] == "名称"
    assert late.json["details"]["changed_by"] == "管理甲"
    assert late.json["details"]["current_version"] == lamp["version"] + 1
    assert row(admin, LAMP)["limit_amount"] == 5


def test_saving_what_stands_changes_nothing(app: Flask, admin: Person) -> None:
    lamp = row(admin, LAMP)
    same = admin.patch(
        f"/staff/categories/{lamp['id']}", {"name": lamp["name"], "version": lamp["version"]}
    ).json
    assert (same["version"], same["edited"]) == (lamp["version"], False)
    assert log(app, "category.change") == []


def test_another_order(admin: Person) -> None:
    items = admin.get("/staff/categories").json["items"]
    ids = [c["id"] for c in items]
    ids[0], ids[1] = ids[1], ids[0]
    answer = admin.post("/staff/categories/order", {"ids": ids})
    assert [c["id"] for c in answer.json["items"]] == ids
    assert admin.post("/staff/categories/order", {"ids": ids[1:]}).status_code == 409


def test_another_towns_category_is_not_there(cast: Cast, admin: Person) -> None:
    lamp = row(admin, LAMP)
    answer = cast.desk("xguanli").patch(
        f"/staff/categories/{lamp['id']}", {"name": "别镇的", "version": lamp["version"]}
    )
    assert answer.status_code == 404


class TestStandardReplies:
    """标准答复."""

    def _add(self, admin: Person, title: str, category: str = "") -> dict[str, Any]:
        answer = admin.post(
            "/staff/standard-replies", {"title": title, "text": f"{title}的内容", "category_code": category}
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json
        return made

    def test_a_clerk_is_offered_those_of_the_category_first(self, cast: Cast, admin: Person) -> None:
        self._add(admin, "已派人处理")
        self._add(admin, "路灯已修好", LAMP)
        self._add(admin, "垃圾已清运", "0101")
        off = self._add(admin, "旧话术")
        gone = {"active": False, "version": off["version"]}
        assert admin.patch(f"/staff/standard-replies/{off['id']}", gone).json["active"] is False
        offered = cast.desk("chengguan").get(f"/staff/standard-replies?category={LAMP}").json["items"]
        assert [r["title"] for r in offered] == ["路灯已修好", "已派人处理"]
        clerks = cast.desk("chengguan").get("/staff/standard-replies?all=true").json["items"]
        assert "旧话术" not in [r["title"] for r in clerks]
        assert "旧话术" in [r["title"] for r in admin.get("/staff/standard-replies?all=true").json["items"]]
        assert cast.desk("xfenliu").get("/staff/standard-replies").json["items"] == []

    def test_changed_by_two(self, app: Flask, admin: Person) -> None:
        made = self._add(admin, "已派人处理")
        address = f"/staff/standard-replies/{made['id']}"
        assert admin.patch(address, {"text": "马上处理", "version": 1}).json["version"] == 2
        assert admin.patch(address, {"text": "尽快处理", "version": 1}).status_code == 409
        [entry] = log(app, "reply.change")
        assert entry["changes"][0] == {
            "field": "text", "label": "内容", "old": "已派人处理的内容", "new": "马上处理"
        }  # fmt: skip

    def test_order_and_unknown_category(self, admin: Person) -> None:
        ids = [self._add(admin, title)["id"] for title in ("一", "二")]
        answer = admin.post("/staff/standard-replies/order", {"ids": ids[::-1]})
        assert [r["title"] for r in answer.json["items"]] == ["二", "一"]
        twice = admin.post("/staff/standard-replies", {"title": "一", "text": "又一条"})
        assert "title" in twice.json["fields"]
        wrong = admin.post("/staff/standard-replies", {"title": "三", "text": "三", "category_code": "没有"})
        assert "category_code" in wrong.json["fields"]


class TestLoadingAgain:
    """ADR 0005: a load never undoes in silence what was changed on screen."""

    def _load(self, app: Flask, *options: str) -> Any:
        return app.test_cli_runner().invoke(args=["town", "load", *options])

    def test_it_says_what_differs_and_loads_nothing(self, app: Flask, admin: Person) -> None:
        lamp = row(admin, LAMP)
        admin.patch(f"/staff/categories/{lamp['id']}", {"limit_amount": 2, "version": lamp["version"]})
        told = self._load(app)
        assert told.exit_code == 1
        assert "路灯不亮：答复时限 屏幕上是 2，文件里是 5" in told.output
        assert "--keep" in told.output
        assert row(admin, LAMP)["limit_amount"] == 2

    def test_the_screen_wins_with_keep(self, app: Flask, admin: Person) -> None:
        lamp = row(admin, LAMP)
        admin.patch(f"/staff/categories/{lamp['id']}", {"limit_amount": 2, "version": lamp["version"]})
        admin.post("/staff/categories", NEW)
        assert self._load(app, "--keep").exit_code == 0
        assert row(admin, LAMP)["limit_amount"] == 2
        assert row(admin, "0203")["active"]

    def test_the_file_wins_with_force(self, app: Flask, admin: Person) -> None:
        lamp = row(admin, LAMP)
        admin.patch(f"/staff/categories/{lamp['id']}", {"limit_amount": 2, "version": lamp["version"]})
        admin.post("/staff/categories", NEW)
        assert self._load(app, "--force").exit_code == 0
        again = row(admin, LAMP)
        assert (again["limit_amount"], again["edited"]) == (5, False)
        assert again["version"] > lamp["version"] + 1, "whoever has the page open is told"
        assert not row(admin, "0203")["active"]
        assert self._load(app).exit_code == 0, "nothing is left to be undone"

    def test_nothing_edited_loads_without_a_question(self, app: Flask) -> None:
        assert self._load(app).exit_code == 0
