"""Entries of the wall on their way: a closed case, a draft from it, and whatever state a test wants."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select

from backend.comments.models import Comment
from backend.kernel.db import db, run_unit, transaction
from backend.kernel.ids import ensure_node
from backend.media.models import MediaFile
from backend.wall.models import WallEntry, WallFollowUp
from tests.factories.petition_cast import PetitionCast

TEXTS = {
    "title": "路口的路灯修好了",
    "matter": "路口的路灯晚上不亮。",
    "done": "更换灯泡和线路，当晚恢复照明。",
}
ASKED = "三天后又不亮了"
#: a category whose closed matters go up only with the citizen's consent
PERSONAL = "0202"


class WallCast(PetitionCast):
    """Everyone who takes part in the wall."""

    def __init__(self, app: Flask, run_jobs: Callable[[], Any]) -> None:
        super().__init__(app)
        self.run_jobs = run_jobs

    def closed(self, **changes: Any) -> int:
        """A closed case; its id."""
        return self.bring_to("closed", **changes)

    def drafted(self, case_id: int | None = None, who: str = "fenliu", **texts: str) -> int:
        """A draft of that case, or of a new one; its id."""
        source = {"case_id": str(case_id or self.closed())}
        answer = self.desk(who).post("/staff/wall", {**source, **TEXTS, **texts})
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    def do(self, username: str, entry_id: int, action: str, **given: Any) -> Any:
        """An action on an entry with its present version unless one is given; the answer."""
        given.setdefault("version", self.entry(entry_id).version)
        return self.desk(username).post(f"/staff/wall/{entry_id}/actions/{action}", given)

    def must(self, username: str, entry_id: int, action: str, **given: Any) -> dict[str, Any]:
        """The same; it must succeed."""
        answer = self.do(username, entry_id, action, **given)
        assert answer.status_code == 200, answer.text
        seen: dict[str, Any] = answer.json
        return seen

    def entry_in(self, state: str, case_id: int | None = None, **texts: str) -> int:
        """An entry in that state: written by fenliu, approved by lingdao; its id."""
        entry_id = self.drafted(case_id, **texts)
        for username, action, given in ENTRY_WAY[state]:
            self.must(username, entry_id, action, **given)
        return entry_id

    def entry(self, entry_id: int) -> WallEntry:
        """The row as it is now."""
        with self.app.app_context(), transaction(writing=False):
            return db.session.scalars(select(WallEntry).where(WallEntry.id == entry_id)).one()

    def ask_on(self, entry_id: int, text: str = ASKED, who: str = "zhao", *, run: bool = True) -> int:
        """A follow-up question by a neighbour, shown once the checks have run; its id."""
        answer = self.resident(who).post(f"/resident/wall/{entry_id}/follow-ups", {"text": text})
        assert answer.status_code == 201, answer.text
        if run:
            self.run_jobs()
        return int(answer.json["id"])

    def follow_up(self, follow_up_id: int) -> WallFollowUp:
        """The row as it is now."""
        with self.app.app_context(), transaction(writing=False):
            return db.session.scalars(select(WallFollowUp).where(WallFollowUp.id == follow_up_id)).one()

    def comment_of(self, follow_up_id: int) -> Comment:
        """The words of a follow-up, as they are kept."""
        comment_id = self.follow_up(follow_up_id).comment_id
        with self.app.app_context(), transaction(writing=False):
            return db.session.scalars(select(Comment).where(Comment.id == comment_id)).one()

    def reply(self, username: str, follow_up_id: int, action: str = "answer", **given: Any) -> Any:
        """An action on a follow-up at the desk; the answer."""
        given.setdefault("version", self.follow_up(follow_up_id).version)
        if action == "answer":
            given.setdefault("reply", "已经再次派人检修，换了整条线。")
        return self.desk(username).post(f"/staff/wall-follow-ups/{follow_up_id}/actions/{action}", given)

    def photo_on(self, case_id: int, role: str = "before") -> int:
        """A photo of the case with real bytes in the store: a red left half, a blue right half; its id."""
        purpose = "report" if role == "before" else "after"
        owner = int(self.photo_of(1, purpose))
        picture = Image.new("RGB", (640, 480), "#2040d0")
        for x in range(0, 320, 4):
            picture.paste("#d02020" if x % 8 else "#f0f000", (x, 0, x + 4, 480))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=95)
        with self.app.app_context():
            ensure_node()

            def unit() -> str:
                row = db.session.get_one(MediaFile, owner)
                row.state, row.subject_kind, row.subject_id, row.role = "attached", "report", case_id, role
                assert row.file_key is not None
                return row.file_key

            key = run_unit(unit)
            self.app.extensions["store"].save(key, out.getvalue(), "image/jpeg")
        return owner


_UP: tuple[tuple[str, str, dict[str, Any]], ...] = (("fenliu", "submit", {}), ("lingdao", "approve", {}))
#: who does what, from the draft to that state
ENTRY_WAY: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    "drafted": (),
    "submitted": _UP[:1],
    "returned": (*_UP[:1], ("lingdao", "return", {"note": "请写清更换了什么"})),
    "published": _UP,
    "unpublished": (*_UP, ("lingdao", "unpublish", {"reason": "mistake"})),
    "discarded": (("fenliu", "discard", {}),),
}
