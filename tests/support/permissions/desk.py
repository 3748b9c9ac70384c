"""Routes of staff that were there first: cases, messages, opinions, one's own account."""

from __future__ import annotations

from sqlalchemy import select

from backend.cases.models import Case
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.notifications.models import FAILED, Delivery
from tests.factories.identity import Caller, desk, id_in
from tests.support.permissions.resident import an_upload
from tests.support.permissions.route import CASE, EVERYONE, NO_CASES, own, staff, town
from tests.support.permissions.scene import Scene

SEEING = EVERYONE - {"administrator"} - NO_CASES
# The case is 城管所's, given to chengguan: a grid worker of the place does not see it.
SEES_THE_CASE = SEEING - {"grid_worker"}


def a_filter(scene: Scene, caller: Caller) -> str:
    """A filter that the caller has saved."""
    body = {"name": "超期", "query": {"due": "overdue"}}
    return id_in(caller.post("/staff/filters", body, key=f"filter-{caller.id}"))


def a_colleague(scene: Scene, caller: Caller) -> str:
    """Somebody who works in 东湾镇."""
    return str(desk(scene.app, "wangge1").id)


def a_failed_message(scene: Scene, caller: Caller) -> str:
    """A message about the scene's case that could not be sent."""

    def unit() -> str:
        case = db.session.scalars(select(Case).where(Case.id == int(scene.report.id))).one()
        message = Delivery(
            id=new_id(), cause_kind="timeline", cause_id=new_id(), person_kind="resident",
            person_id=case.resident_id, template="case_progress", channel="official",
            subject_kind="report", subject_id=case.id, subject_code=case.code, town_id=case.town_id,
            village_id=case.village_id, state=FAILED, job_key=f"message:{new_id()}", error="没有送到",
            created_at=now(),
        )  # fmt: skip
        db.session.add(message)
        return str(message.id)

    with scene.app.app_context():
        ensure_node()
        return run_unit(unit)


ROUTES = {
    "DELETE /api/v1/staff/session": staff(EVERYONE),
    "GET /api/v1/staff/me": staff(EVERYONE),
    "POST /api/v1/staff/me/password": staff(EVERYONE),
    "POST /api/v1/staff/me/binding-code": staff(EVERYONE),
    "GET /api/v1/staff/people": staff({"administrator"}),
    "POST /api/v1/staff/people/<staff_id>/binding-code": staff({"administrator"}, town(a_colleague)),
    "GET /api/v1/staff/queue": staff(SEEING),
    "GET /api/v1/staff/queue/counts": staff(SEEING),
    "GET /api/v1/staff/filters": staff(SEEING),
    "POST /api/v1/staff/filters": staff(SEEING),
    "DELETE /api/v1/staff/filters/<filter_id>": staff(SEEING, own(a_filter)),
    "GET /api/v1/staff/tasks": staff({"grid_worker", "department_clerk"}),
    "GET /api/v1/staff/board": staff({"dispatcher", "checker", "leader", "village_head"}),
    "GET /api/v1/staff/messages": staff({"dispatcher", "administrator"}),
    "POST /api/v1/staff/messages/<message_id>/resend": staff(
        {"dispatcher", "administrator"}, town(a_failed_message)
    ),
    "GET /api/v1/staff/feedback": staff({"dispatcher", "administrator"}),
    # Anyone at the desk may put a photo aside for themselves; what it may be attached to is the action's.
    "POST /api/v1/staff/uploads": staff(EVERYONE),
    "POST /api/v1/staff/uploads/<media_id>/complete": staff(EVERYONE, own(an_upload)),
    "DELETE /api/v1/staff/uploads/<media_id>": staff(EVERYONE, own(an_upload)),
    "GET /api/v1/staff/cases/<case_id>": staff(SEES_THE_CASE, CASE),
    "POST /api/v1/staff/cases/<case_id>/actions/<action>": staff(
        {"dispatcher", "checker", "leader", "department_clerk"}, CASE, {"version": 0, "note": "备注"}
    ),
    "POST /api/v1/staff/cases/<case_id>/presence": staff(SEES_THE_CASE, CASE),
    "POST /api/v1/staff/cases/<case_id>/contact": staff(
        {"dispatcher", "department_clerk"}, CASE, {"reason": "约上门时间"}
    ),
    "GET /api/v1/staff/cases/<case_id>/assignees": staff(
        {"dispatcher", "checker", "leader", "department_clerk"}, CASE
    ),
    "GET /api/v1/staff/case-by-code/<code>": staff({"dispatcher"}, CASE),
}
