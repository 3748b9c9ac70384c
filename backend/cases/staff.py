"""Routes of the core for staff: the queue, a case and its actions, filters, figures."""

from __future__ import annotations

from typing import Any

from flask import Response, g
from flask.views import MethodView

from backend.cases import figures, queries, services, views
from backend.cases import queue as hot
from backend.cases.access import get_case_by_code_for, get_case_for
from backend.cases.figure_schemas import BoardQuerySchema, BoardSchema
from backend.cases.readings import note_reading
from backend.cases.schemas import (
    ActSchema,
    AssigneesSchema,
    ContactRequestSchema,
    ContactSchema,
    CountsSchema,
    FilterListSchema,
    FilterSchema,
    QueuePageSchema,
    QueueQuerySchema,
    StaffCaseSchema,
    TaskPageSchema,
    ViewersSchema,
)
from backend.cases.side_schemas import CaseCardSchema
from backend.identity.guards import requires, staff_guard
from backend.kernel.clock import now
from backend.kernel.http import Blueprint, conditional, json_response
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id, read_code
from backend.kernel.limits import limit

blueprint = Blueprint(
    "staff_cases", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="待办、办理、看板"
)
SEEING = ("case.view", "case.handle")


@blueprint.route("/queue")
@requires(*SEEING)
@blueprint.arguments(QueueQuerySchema, location="query")
@blueprint.response(200, QueuePageSchema)
def queue(wanted: dict[str, Any]) -> Response:
    """The live queue, newest first; asked again every few seconds with the ETag of the last answer."""
    page = hot.page(g.actor, wanted)
    seen = [(i["id"], i["version"], i["due_text"], i["assignee_name"]) for i in page["items"]]
    return conditional(f"{g.actor.id}|{now():%Y%m%d%H%M}|{page['next_cursor']}|{seen}", lambda: page)


@blueprint.route("/queue/counts")
@requires(*SEEING)
@blueprint.response(200, CountsSchema)
def counts() -> Response:
    """How many cases wait in each state, due today, and late."""
    found = queries.queue_counts(g.actor)
    return conditional(f"{g.actor.id}|{found}", lambda: found)


@blueprint.route("/tasks")
@requires("case.handle")
@blueprint.response(200, TaskPageSchema)
def tasks() -> Response:
    """A worker's open tasks, soonest due first."""
    return json_response(queries.tasks_page(g.actor))


@blueprint.route("/cases/<case_id>")
class OneCase(MethodView):
    """One case."""

    @requires(*SEEING)
    @blueprint.response(200, StaffCaseSchema)
    def get(self, case_id: str) -> dict[str, Any]:
        """A case with its timeline, photos, clocks, the rule's proposal and the actions open to the viewer."""
        return views.staff_view(note_reading(get_case_for(g.actor, parse_id(case_id)), g.actor), g.actor)


@blueprint.route("/cases/<case_id>/actions/<action>", methods=["POST"])
@idempotent_when_keyed
@requires("case.view", "case.handle", "case.note")
@blueprint.arguments(ActSchema)
@blueprint.response(200, StaffCaseSchema)
@limit("60/minute")
def act(given: dict[str, Any], case_id: str, action: str) -> dict[str, Any]:
    """Take an action that the table allows; 409 when the case has changed since `version`."""
    case = services.act(g.actor, parse_id(case_id), action, given.pop("version"), given)
    return views.staff_view(case, g.actor)


@blueprint.route("/cases/<case_id>/presence", methods=["POST"])
@requires(*SEEING)
@blueprint.response(200, ViewersSchema)
def presence(case_id: str) -> dict[str, Any]:
    """Say that one is looking; hear who else is."""
    return {"viewers": services.look(g.actor, parse_id(case_id))}


@blueprint.route("/cases/<case_id>/contact", methods=["POST"])
@requires("case.contact")
@blueprint.arguments(ContactRequestSchema)
@blueprint.response(200, ContactSchema)
@limit("30/minute")
def contact(given: dict[str, Any], case_id: str) -> dict[str, str]:
    """The citizen's contact in clear, with a reason; audited."""
    return services.read_contact(g.actor, parse_id(case_id), given["reason"])


@blueprint.route("/cases/<case_id>/assignees")
@requires(*views.ASSIGNING, "case.handle")
@blueprint.response(200, AssigneesSchema)
def assignees(case_id: str) -> dict[str, Any]:
    """Everyone to whom the viewer can give the case: in the town, or in the own unit."""
    return views.assignees(get_case_for(g.actor, parse_id(case_id)), g.actor)


@blueprint.route("/case-by-code/<code>")
@requires("case.dispatch")
@blueprint.response(200, CaseCardSchema)
@limit("60/minute")
def case_by_code(code: str) -> dict[str, Any]:
    """The case that another one is to be merged into, by its look-up code; within one's scope."""
    return views.code_card(get_case_by_code_for(g.actor, read_code(code)))


@blueprint.route("/filters")
class Filters(MethodView):
    """One's own saved filters."""

    @requires(*SEEING)
    @blueprint.response(200, FilterListSchema)
    def get(self) -> dict[str, Any]:
        """One's own saved filters."""
        return {"items": queries.filters_of(g.actor)}

    @idempotent
    @requires(*SEEING)
    @blueprint.arguments(FilterSchema)
    @blueprint.response(201, FilterSchema)
    def post(self, given: dict[str, Any]) -> Any:
        """Save a filter under a name."""
        return services.save_filter(g.actor, given["name"], given["query"])


@blueprint.route("/filters/<filter_id>", methods=["DELETE"])
@requires(*SEEING)
@blueprint.response(204)
def delete_filter(filter_id: str) -> None:
    """Delete one of one's own filters."""
    services.delete_filter(g.actor, parse_id(filter_id))


@blueprint.route("/board")
@requires("board.view")
@blueprint.arguments(BoardQuerySchema, location="query")
@blueprint.response(200, BoardSchema)
def board(period: dict[str, Any]) -> dict[str, Any]:
    """The first board of figures, of everything in the viewer's scope."""
    return figures.board(g.actor, period.get("from_"), period.get("to"))
