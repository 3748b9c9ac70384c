"""Routes of the system's page and of the operation log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g

from backend.administration import logbook, system
from backend.administration import system_schemas as schemas
from backend.administration.policy import town_of
from backend.administration.sheet_exports import logbook_filters
from backend.audit import queries as audit
from backend.audit.services import record
from backend.identity import queries as identity
from backend.identity.guards import requires, staff_guard
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.outbox import services as outbox
from backend.outbox.models import OutboxJob

blueprint = Blueprint(
    "staff_system", __name__, url_prefix="/api/v1/staff", guard=staff_guard, description="运行状态与操作日志"
)
MANAGE, LOG = "settings.manage", "log.view"


@blueprint.get("/system")
@requires(MANAGE)
@blueprint.response(200, schemas.SystemSchema)
def read_system() -> dict[str, Any]:
    """How everything stands; what needs a person comes first, with what to do."""
    return system.overview(town_of(g.actor))


@blueprint.post("/system/jobs/<job_id>/retry")
@requires(MANAGE)
@blueprint.arguments(schemas.ReasonSchema)
@blueprint.response(200, schemas.SystemSchema)
@limit("30/minute")
def retry(given: dict[str, str], job_id: str) -> dict[str, Any]:
    """Have a job done again that came to rest; audited with the reason."""
    job = _resting(parse_id(job_id))
    outbox.send_again(job.id)
    _note("job.retry", job, given["reason"])
    return system.overview(town_of(g.actor))


@blueprint.post("/system/jobs/<job_id>/discard")
@requires(MANAGE)
@blueprint.arguments(schemas.ReasonSchema)
@blueprint.response(200, schemas.SystemSchema)
@limit("30/minute")
def discard(given: dict[str, str], job_id: str) -> dict[str, Any]:
    """Let a job rest for good; audited with the reason."""
    job = _resting(parse_id(job_id))
    outbox.discard(job.id)
    _note("job.discard", job, given["reason"])
    return system.overview(town_of(g.actor))


def _resting(job_id: int) -> OutboxJob:
    """A job that is no message: those have their own page, where their town sees them."""
    town_of(g.actor)
    job = db.session.get(OutboxJob, job_id)
    if job is None:
        raise NotFound
    if job.kind.startswith(system.MESSAGES):
        raise Conflict("is_message", "这是一条消息，请在“消息投递”里处理。")
    return job


def _note(what: str, job: OutboxJob, reason: str) -> None:
    record(g.actor, what, "outbox_job", job.id, {"name": job.kind, "reason": reason, "error": job.last_error})


@blueprint.get("/log")
@requires(LOG)
@blueprint.arguments(schemas.LogQuerySchema, location="query")
@blueprint.response(200, schemas.LogPageSchema)
def read_log(wanted: dict[str, Any]) -> dict[str, Any]:
    """What the town's staff did, newest first, with what they changed field by field."""
    given = {name.rstrip("_"): value for name, value in wanted.items()}
    page = audit.town_log(town_of(g.actor, LOG), logbook_filters(given))
    return {"items": [logbook.shown(entry) for entry in page.items], "next_cursor": page.next_cursor}


@blueprint.get("/log/choices")
@requires(LOG)
@blueprint.response(200, schemas.LogChoicesSchema)
def log_choices() -> dict[str, Any]:
    """What the log can be filtered by, and how far its seals reach."""
    town_id = town_of(g.actor, LOG)
    found = audit.whats(town_id, now() - timedelta(days=400))
    return {
        "whats": [{"value": what, "label": logbook.what_label(what)} for what in found],
        "people": [
            {"value": str(p.id), "label": f"{p.name}（{p.unit_name}）"}
            for p in identity.staff_of_town(town_id)
        ],
        "subjects": [{"value": kind, "label": label} for kind, label in logbook.SUBJECTS.items()],
        "seals": audit.seals_state(now()),
    }
