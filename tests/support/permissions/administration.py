"""Routes of the administration floor: dictionaries, rules, holidays, what a person keeps."""

from __future__ import annotations

from typing import Any

from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from backend.outbox.models import DEAD, OutboxJob
from backend.outbox.worker import drain
from backend.sheets.models import SheetJob
from tests.factories.identity import Caller, desk, id_in
from tests.support.permissions.route import EVERYONE, NO_CASES, Target, any_value, own, staff, town
from tests.support.permissions.scene import IN_SCOPE, OUT_OF_SCOPE, Scene

ADMIN = {"administrator"}
NOTING = EVERYONE - {"village_head"} - NO_CASES


def _first(scene: Scene, address: str) -> str:
    items: Any = desk(scene.app, "guanli").get(address).json
    return str(items["items"][0]["id"])


def a_category(scene: Scene, caller: Caller) -> str:
    """The first item of 东湾镇's catalogue."""
    return _first(scene, "/staff/categories")


def a_rule(scene: Scene, caller: Caller) -> str:
    """东湾镇's first routing rule."""
    return _first(scene, "/staff/rules")


def a_reply(scene: Scene, caller: Caller) -> str:
    """A standard reply of 东湾镇."""
    body = {"title": "已派人", "text": "已派人处理"}
    return id_in(desk(scene.app, "guanli").post("/staff/standard-replies", body, key="a-reply"))


def a_trial(scene: Scene, caller: Caller) -> str:
    """A dry run that the caller began."""
    body = {"rules": [{"name": "都给网格", "to_grid": True}]}
    return id_in(caller.post("/staff/rules/dry-run", body, key=f"trial-{caller.id}"))


def an_export(scene: Scene, caller: Caller) -> str:
    """An export of the caller's: who reads no case asks for the catalogue, or has one from before."""
    without = [of[role] for of in (IN_SCOPE, OUT_OF_SCOPE) for role in NO_CASES]
    if caller.id in {desk(scene.app, name).id for name in without}:
        return _from_before(scene, caller, written=False)
    administrators = {desk(scene.app, name).id for name in ("guanli", "xguanli")}
    kind = "categories" if caller.id in administrators else "queue"
    return id_in(caller.post(f"/staff/sheets/exports/{kind}", {}, key=f"export-{caller.id}"))


def _from_before(scene: Scene, caller: Caller, *, written: bool) -> str:
    """What the caller asked for while they still held another role."""
    made = id_in(desk(scene.app, "fenliu").post("/staff/sheets/exports/queue", {}, key=f"was-{caller.id}"))

    def hand_over() -> None:
        row = db.session.get(SheetJob, int(made))
        assert row is not None
        row.staff_id = caller.id

    with scene.app.app_context():
        if written:
            drain()
        ensure_node()
        run_unit(hand_over)
    return made


def a_finished_export(scene: Scene, caller: Caller) -> str:
    """An export that the worker has written."""
    if caller.id in {desk(scene.app, IN_SCOPE[role]).id for role in NO_CASES}:
        return _from_before(scene, caller, written=True)
    made = an_export(scene, caller)
    with scene.app.app_context():
        drain()
    return made


def a_dead_job(scene: Scene, caller: Caller) -> str:
    """A job of the worker's that came to rest. It is nobody's town's: any administrator may deal with it."""
    job = OutboxJob(kind="report.route", payload={}, state=DEAD, due_at=now(), created_at=now())

    def unit() -> str:
        db.session.add(job)
        db.session.flush()
        return str(job.id)

    with scene.app.app_context():
        ensure_node()
        return run_unit(unit)


def an_announcement(scene: Scene, caller: Caller) -> str:
    """An announcement of 东湾镇 to everybody, published."""
    admin = desk(scene.app, "guanli")
    made: Any = admin.post("/staff/announcements", {"title": "值班", "text": "今晚"}, key="announce").json
    admin.post(f"/staff/announcements/{made['id']}/publish", {"version": 1})
    return str(made["id"])


ROUTES = {
    "GET /api/v1/staff/dictionary-choices": staff(ADMIN),
    "GET /api/v1/staff/categories": staff(ADMIN),
    "POST /api/v1/staff/categories": staff(ADMIN),
    "POST /api/v1/staff/categories/order": staff(ADMIN),
    "PATCH /api/v1/staff/categories/<category_id>": staff(ADMIN, town(a_category), {"version": 0}),
    "GET /api/v1/staff/standard-replies": staff(NOTING),
    "POST /api/v1/staff/standard-replies": staff(ADMIN),
    "POST /api/v1/staff/standard-replies/order": staff(ADMIN),
    "PATCH /api/v1/staff/standard-replies/<reply_id>": staff(ADMIN, town(a_reply), {"version": 0}),
    "GET /api/v1/staff/rules": staff(ADMIN),
    "POST /api/v1/staff/rules": staff(ADMIN),
    "POST /api/v1/staff/rules/order": staff(ADMIN),
    "PATCH /api/v1/staff/rules/<rule_id>": staff(ADMIN, town(a_rule), {"version": 0}),
    "POST /api/v1/staff/rules/dry-run": staff(ADMIN),
    "GET /api/v1/staff/rules/dry-run/<trial_id>": staff(ADMIN, own(a_trial)),
    "GET /api/v1/staff/holidays": staff(ADMIN),
    "PUT /api/v1/staff/holidays/<year>": staff(ADMIN, any_value("2027")),
    "GET /api/v1/staff/sheets/kinds": staff(EVERYONE),
    "GET /api/v1/staff/sheets/kinds/<kind>/template": staff(ADMIN, any_value("categories")),
    "GET /api/v1/staff/sheets/jobs": staff(EVERYONE),
    "POST /api/v1/staff/sheets/imports/<kind>": staff(ADMIN, any_value("categories")),
    "POST /api/v1/staff/sheets/exports/<kind>": staff(
        EVERYONE - ADMIN - NO_CASES, any_value("queue"), {"filters": {"nonsense": "1"}}
    ),
    "GET /api/v1/staff/sheets/jobs/<job_id>": staff(EVERYONE, own(an_export)),
    "POST /api/v1/staff/sheets/jobs/<job_id>/confirm": staff(EVERYONE, own(an_export)),
    "POST /api/v1/staff/sheets/jobs/<job_id>/cancel": staff(EVERYONE, own(an_export)),
    "POST /api/v1/staff/sheets/jobs/<job_id>/file": staff(EVERYONE, own(a_finished_export)),
    "GET /api/v1/staff/log": staff(ADMIN),
    "GET /api/v1/staff/log/choices": staff(ADMIN),
    "GET /api/v1/staff/system": staff(ADMIN),
    "POST /api/v1/staff/system/jobs/<job_id>/retry": staff(
        ADMIN, Target("none", a_dead_job), {"reason": "改好了"}
    ),
    "POST /api/v1/staff/system/jobs/<job_id>/discard": staff(
        ADMIN, Target("none", a_dead_job), {"reason": "不要了"}
    ),
    "GET /api/v1/staff/announcements": staff(ADMIN),
    "POST /api/v1/staff/announcements": staff(ADMIN),
    "GET /api/v1/staff/announcements/mine": staff(EVERYONE),
    "POST /api/v1/staff/announcements/<announcement_id>/read": staff(EVERYONE, town(an_announcement)),
    "PATCH /api/v1/staff/announcements/<announcement_id>": staff(
        ADMIN, town(an_announcement), {"version": 0}
    ),
    "POST /api/v1/staff/announcements/<announcement_id>/publish": staff(
        ADMIN, town(an_announcement), {"version": 0}
    ),
    "POST /api/v1/staff/announcements/<announcement_id>/withdraw": staff(
        ADMIN, town(an_announcement), {"version": 0}
    ),
    "GET /api/v1/staff/announcements/<announcement_id>/readers": staff(ADMIN, town(an_announcement)),
    "GET /api/v1/staff/preferences/<key>": staff(EVERYONE, any_value("queue.columns")),
    "PUT /api/v1/staff/preferences/<key>": staff(EVERYONE, any_value("queue.columns")),
}
