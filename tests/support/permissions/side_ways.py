"""Routes of the side ways: intake by staff, supervision, call-backs, child tasks."""

from __future__ import annotations

import itertools
from datetime import timedelta

from sqlalchemy import select

from backend.kernel.clock import today
from backend.kernel.db import db, run_unit
from backend.tasks.models import ChildTask
from tests.factories import reports
from tests.factories.identity import Caller, desk
from tests.support.permissions.route import EVERYONE, NO_CASES, resident, staff, town
from tests.support.permissions.scene import Scene

_days = itertools.count(1)


def a_child_task(scene: Scene, caller: Caller) -> dict[str, str]:
    """A part of the scene's case, given to 城管所's chengguan; one that nobody has started."""
    given = reports.with_ids(scene.app, {"unit": "urban", "staff": "chengguan"})
    until = (today() + timedelta(days=next(_days) % 300)).isoformat()
    made = reports.act(
        desk(scene.app, "fenliu"), scene.report, "add_task", until=until, note="看看线路", **given
    )
    assert made.status_code == 200, made.text
    newest = select(ChildTask.id).order_by(ChildTask.id.desc()).limit(1)
    with scene.app.app_context():
        return {"task_id": str(run_unit(lambda: db.session.execute(newest).scalar_one())), "action": "start"}


TAKE_IN = {"dispatcher", "grid_worker"}

ROUTES = {
    "POST /api/v1/staff/reports": staff(TAKE_IN),
    "GET /api/v1/staff/reports": staff(TAKE_IN),
    "POST /api/v1/resident/reports/claim": resident(body={"code": "0000-0000-0000", "phone": "1"}),
    "GET /api/v1/staff/reports/similar": staff(TAKE_IN),
    "GET /api/v1/staff/supervisions": staff(EVERYONE - {"administrator"} - NO_CASES),
    "GET /api/v1/staff/call-backs": staff({"dispatcher", "checker", "leader"}),
    "GET /api/v1/staff/child-tasks/<task_id>": staff(
        EVERYONE - {"administrator", "grid_worker"} - NO_CASES, town(a_child_task)
    ),
    "POST /api/v1/staff/child-tasks/<task_id>/actions/<action>": staff(
        {"department_clerk"}, town(a_child_task), {"version": 1}
    ),
}
