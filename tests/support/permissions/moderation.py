"""Routes of those who decide what may be shown in public."""

from __future__ import annotations

from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.moderation.models import ContentReview
from backend.moderation.states import NEEDS_PERSON, TEXT
from tests.factories.identity import Caller
from tests.support.permissions.route import staff, town
from tests.support.permissions.scene import Scene


def a_review(scene: Scene, caller: Caller) -> str:
    """A text of the scene's case that waits for a person."""

    def unit() -> str:
        row = ContentReview(
            id=new_id(), subject_kind="report", subject_id=int(scene.report.id), part=TEXT, part_id=new_id(),
            state=NEEDS_PERSON, reason="not_seen",
        )  # fmt: skip
        db.session.add(row)
        return str(row.id)

    with scene.app.app_context():
        ensure_node()
        return run_unit(unit)


ROUTES = {
    "GET /api/v1/staff/content-reviews": staff({"dispatcher"}),
    "POST /api/v1/staff/content-reviews/<review_id>/decide": staff(
        {"dispatcher"}, town(a_review), {"decision": "pass", "state": NEEDS_PERSON}
    ),
}
