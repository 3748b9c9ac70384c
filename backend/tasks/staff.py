"""Routes of child tasks for staff: the page of whoever does it, and its actions."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.identity.guards import requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.tasks import queries, services, views
from backend.tasks.schemas import ChildTaskActSchema, ChildTaskSchema

blueprint = Blueprint(
    "staff_child_tasks", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="子任务"
)
SEEING = ("case.view", "case.handle")


@blueprint.route("/child-tasks/<task_id>")
class OneTask(MethodView):
    """One child task."""

    @requires(*SEEING)
    @blueprint.response(200, ChildTaskSchema)
    def get(self, task_id: str) -> dict[str, Any]:
        """A child task with what its case is about and the actions open to the viewer."""
        return views.task_view(queries.get_task_for(g.actor, parse_id(task_id)), g.actor)


@blueprint.route("/child-tasks/<task_id>/actions/<action>", methods=["POST"])
@idempotent_when_keyed
@requires(*SEEING)
@blueprint.arguments(ChildTaskActSchema)
@blueprint.response(200, ChildTaskSchema)
@limit("60/minute")
def act(given: dict[str, Any], task_id: str, action: str) -> dict[str, Any]:
    """Take an action that the table allows; 409 when the task has changed since `version`."""
    task = services.act(g.actor, parse_id(task_id), action, given.pop("version"), given)
    return views.task_view(task, g.actor)
