"""Routes of 三务公开 and of the supervision committees."""

from __future__ import annotations

from datetime import timedelta

from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notices.models import CommitteeMember, NoticeFile
from tests.factories.identity import Caller
from tests.factories.notices import NoticeCast
from tests.factories.objection_cast import ObjectionCast
from tests.support.permissions.route import Target, public, resident, staff, town
from tests.support.permissions.scene import Scene

DRAFTERS = {"dispatcher", "village_clerk"}
DESK = DRAFTERS | {"leader", "village_head", "village_supervisor", "village_secretary"}
WATCHERS = {"dispatcher", "leader"}


def a_draft(scene: Scene, caller: Caller) -> dict[str, str]:
    """A draft of V01 with a file."""
    cast = NoticeCast(scene.app)
    notice = cast.drafted()
    file_id = new_id()

    def put() -> None:
        db.session.add(
            NoticeFile(
                id=file_id, notice_id=int(notice["id"]), form="photo", name="照片.jpg", media_type="image/jpeg",
                file_key=f"notices/none/{file_id}.jpg", size=1, sha256="0", state="ready", pages=[],
                created_at=now(),
            )
        )  # fmt: skip

    cast.within(put)
    return {"notice_id": notice["id"], "file_id": str(file_id), "action": "agree"}


def a_published_one(scene: Scene, caller: Caller) -> str:
    """What everybody may read."""
    return str(ObjectionCast(scene.app).notice())


def a_member(scene: Scene, caller: Caller) -> str:
    """Somebody on V01's committee."""
    cast = NoticeCast(scene.app)
    member_id = new_id()

    def put() -> None:
        db.session.add(
            CommitteeMember(
                id=member_id, town_id=cast.town, village_id=cast.village, staff_id=None,
                name="委员丙", no_kin=True, from_on=today(), until_on=today() + timedelta(days=30), entered_by=1,
                created_at=now(),
            )
        )  # fmt: skip

    cast.within(put)
    return str(member_id)


STANDS = Target("none", a_published_one)

ROUTES = {
    "GET /api/v1/public/notices": public(),
    "GET /api/v1/public/notices/categories": public(),
    "GET /api/v1/public/notices/<notice_id>": public(target=STANDS),
    "GET /api/v1/public/notices/<notice_id>/versions/<int:number>": public(
        target=Target(
            "none", lambda scene, caller: {"notice_id": a_published_one(scene, caller), "number": "1"}
        )
    ),
    "POST /api/v1/public/notices/<notice_id>/read": public(target=STANDS),
    "GET /api/v1/resident/notices": resident(),
    "GET /api/v1/resident/notices/<notice_id>": resident(STANDS),
    "GET /api/v1/staff/notices": staff(DESK),
    "POST /api/v1/staff/notices": staff(DRAFTERS),
    "GET /api/v1/staff/notices/<notice_id>": staff(DESK, town(a_draft)),
    "PATCH /api/v1/staff/notices/<notice_id>": staff(
        DRAFTERS, town(a_draft), {"version": 1, "title": "新标题"}
    ),
    "POST /api/v1/staff/notices/<notice_id>/attachments": staff(DRAFTERS, town(a_draft)),
    "DELETE /api/v1/staff/notices/<notice_id>/attachments/<file_id>": staff(DRAFTERS, town(a_draft)),
    "POST /api/v1/staff/notices/<notice_id>/actions/<action>": staff(DESK, town(a_draft), {"version": 1}),
    "POST /api/v1/staff/notices/<notice_id>/supplements": staff(
        DRAFTERS, town(a_draft), {"reason": "数字写错了", "body": "应为两百米"}
    ),
    "GET /api/v1/staff/committees": staff(DESK),
    "POST /api/v1/staff/committees": staff(WATCHERS),
    "DELETE /api/v1/staff/committees/<member_id>": staff(WATCHERS, town(a_member)),
}
