"""Routes of what people say in public."""

from __future__ import annotations

from backend.comments import ports
from backend.comments.models import Comment
from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from tests.factories.identity import Caller, place_id
from tests.support.permissions.route import Target, own, public, resident, staff, town
from tests.support.permissions.scene import Scene

NOBODY = 1
#: something on which every member of staff with the permission may answer
OPEN = "test_open"


def _a_comment(scene: Scene, author: int, kind: str, **more: object) -> str:
    def unit() -> str:
        row = Comment(
            id=new_id(), subject_kind=OPEN, subject_id=1, town_id=place_id(scene.app, "dongwan"),
            resident_id=author, kind=kind, text="路口该装灯", marks=[], answer="", objection="", created_at=now(),
            **more,
        )  # fmt: skip
        db.session.add(row)
        return str(row.id)

    with scene.app.app_context():
        ensure_node()
        return run_unit(unit)


def somebodys(scene: Scene, caller: Caller) -> str:
    """A comment of somebody else that everybody reads."""
    return _a_comment(scene, NOBODY, "comment", state="shown")


def ones_own(scene: Scene, caller: Caller) -> str:
    """A comment of the caller."""
    return _a_comment(scene, caller.id, "comment", state="shown")


def ones_own_hidden(scene: Scene, caller: Caller) -> str:
    """A comment of the caller that was hidden."""
    return _a_comment(scene, caller.id, "comment", state="hidden", hidden_reason="abuse")


def a_question(scene: Scene, caller: Caller) -> str:
    """A question that whoever has the permission may answer: whose it is, its subject says."""
    ports.commented_on(
        OPEN, ports.Subject("议题", lambda ids: {}, lambda one: "", may_answer=lambda actor, subject_id: True)
    )
    return _a_comment(scene, NOBODY, "question", state="shown")


ANYBODYS = Target("none", somebodys)
REASON = {"reason": "abuse"}
ROUTES = {
    "GET /api/v1/public/comments/log": public(),
    "GET /api/v1/resident/comments": resident(),
    "GET /api/v1/resident/comment-marks": resident(),
    "DELETE /api/v1/resident/comments/<comment_id>": resident(own(ones_own)),
    "POST /api/v1/resident/comments/<comment_id>/objection": resident(own(ones_own_hidden), {"text": "不是"}),
    "POST /api/v1/resident/comments/<comment_id>/flag": resident(ANYBODYS, REASON),
    "POST /api/v1/resident/comments/<comment_id>/second": resident(ANYBODYS),
    "DELETE /api/v1/resident/comments/<comment_id>/second": resident(ANYBODYS),
    "GET /api/v1/staff/comments": staff({"dispatcher"}),
    "POST /api/v1/staff/comments/<comment_id>/hide": staff({"dispatcher"}, town(somebodys), REASON),
    "POST /api/v1/staff/comments/<comment_id>/show": staff({"dispatcher"}, town(somebodys), {}),
    "POST /api/v1/staff/comments/<comment_id>/answer": staff(
        {"village_head", "dispatcher"}, Target("none", a_question), {"answer": "好的"}
    ),
}
