"""What an operator asks of a running process: alive, ready, measured."""

from __future__ import annotations

import os
from pathlib import Path

import prometheus_client
from flask import Blueprint, Response, abort, current_app
from prometheus_client import Gauge
from sqlalchemy import text

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.http import json_response
from backend.kernel.settings import settings
from backend.moderation import queries as moderation
from backend.notifications import template_check
from backend.outbox import queries as outbox

blueprint = Blueprint("operations", __name__)
MOST_LAG_SECONDS = 300

OUTBOX_JOBS = Gauge("outbox_jobs", "Jobs of the outbox by state", ["state"])
OUTBOX_WORKERS = Gauge("outbox_workers_alive", "Worker processes seen within the last half minute")
OUTBOX_LAG = Gauge("outbox_lag_seconds", "How long the oldest due job has waited")
TEMPLATE_PROBLEMS = Gauge(
    "wechat_template_problems", "Differences between our message templates and the platform's"
)
TEMPLATE_CHECKED = Gauge("wechat_template_check_timestamp_seconds", "When the templates were last compared")
REVIEWS_WAITING = Gauge("content_reviews_waiting", "Posted content that is not judged yet", ["state"])
PUBLIC_PAGES = Gauge("public_pages", "Public pages this process has answered from memory, or made", ["how"])
PUBLIC_PAGES_BYTES = Gauge("public_pages_bytes", "Memory of the public pages this process keeps")
PROCESS_STARTED = now()


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return json_response({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> Response:
    """Database, storage and outbox do what a request needs; 503 names what does not."""
    database = _database()
    outbox_state = _outbox() if database == "ok" else "unknown without the database"
    checks = {"database": database, "storage": _storage(), "outbox": outbox_state}
    healthy = all(value == "ok" for value in checks.values())
    return json_response(
        {"status": "ok" if healthy else "not ready", "checks": checks}, 200 if healthy else 503
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus' text; open in development only: in production a port of its own, or nginx, guards it."""
    if settings().is_production and not settings().metrics_open:
        abort(404)
    stats = outbox.stats()
    for state, count in stats.counts.items():
        OUTBOX_JOBS.labels(state).set(count)
    OUTBOX_LAG.set(stats.lag_seconds)
    OUTBOX_WORKERS.set(stats.workers_alive)
    _platform_figures()
    pages = current_app.extensions["page_cache"]
    PUBLIC_PAGES.labels("kept").set(pages.hits)
    PUBLIC_PAGES.labels("made").set(pages.misses)
    PUBLIC_PAGES_BYTES.set(pages.bytes)
    return Response(prometheus_client.generate_latest(), mimetype=prometheus_client.CONTENT_TYPE_LATEST)


def _platform_figures() -> None:
    found = template_check.findings()
    if found is not None:
        TEMPLATE_PROBLEMS.set(len(found.problems))
        TEMPLATE_CHECKED.set(found.checked_at.timestamp())
    for state, count in moderation.waiting().items():
        REVIEWS_WAITING.labels(state).set(count)


def _database() -> str:
    try:
        db.session.execute(text("SELECT 1"))
    except Exception as error:  # any failure of the database is the answer here
        current_app.logger.warning("database check failed: %s", type(error).__name__)
        return "does not answer"
    return "ok"


def _storage() -> str:
    if settings().store != "local":
        return "ok"
    folder = Path(settings().data_dir)
    return "ok" if os.access(folder, os.W_OK) else "cannot be written"


def _outbox() -> str:
    lag = outbox.stats().lag_seconds
    return "ok" if lag < MOST_LAG_SECONDS else f"oldest due job has waited {lag:.0f} s"
