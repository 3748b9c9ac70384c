"""Routes of statements and the common ground."""

from __future__ import annotations

from backend.comments.models import Comment
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from tests.factories.consultation_cast import ConsultationCast
from tests.factories.identity import Caller, place_id
from tests.support.permissions.consultations import an_open_topic
from tests.support.permissions.route import Target, public, resident
from tests.support.permissions.scene import Scene


def a_statement(scene: Scene, caller: Caller) -> str:
    """A statement of somebody else that everybody reads."""
    topic_id = ConsultationCast(scene.app).topic_in("open")

    def unit() -> str:
        row = Comment(
            id=new_id(), subject_kind="consultation", subject_id=topic_id, town_id=place_id(scene.app, "dongwan"),
            resident_id=1, kind="statement", text="桥头先装", marks=[], answer="", objection="", created_at=now(),
            state="shown",
        )  # fmt: skip
        db.session.add(row)
        return str(row.id)

    with scene.app.app_context():
        ensure_node()
        return run_unit(unit)


OPEN = Target("none", an_open_topic)
ROUTES = {
    "GET /api/v1/public/consultations/<topic_id>/statements": public(target=OPEN),
    "GET /api/v1/public/consultations/<topic_id>/common-ground": public(target=OPEN),
    "GET /api/v1/resident/consultations/<topic_id>/statements": resident(OPEN),
    "POST /api/v1/resident/consultations/<topic_id>/statements": resident(OPEN, {"text": "桥头先装"}),
    "POST /api/v1/resident/statements/<statement_id>/vote": resident(
        Target("none", a_statement), {"value": "agree"}
    ),
}
