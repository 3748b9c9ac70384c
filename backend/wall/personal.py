"""What the wall keeps of a person: shown and copied in full, and how they go (PI-07, PIPL 47)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from backend.kernel.clock import now
from backend.kernel.db import db
from backend.wall import consents, follow_ups, services
from backend.wall.access import load_entry
from backend.wall.models import WallConsent, WallEntry, WallFollow, WallFollowUp
from backend.wall.states import FOLLOW_UP_TABLE
from backend.workflow.models import TimelineEntry

NOBODY = 0


def copy(resident_id: int) -> list[dict[str, Any]]:
    """One's questions, what one follows, and what one has said about one's own matters. The words are the comments'."""
    asked = select(WallFollowUp).where(WallFollowUp.resident_id == resident_id).order_by(WallFollowUp.id)
    followed = (
        select(WallFollow.created_at, WallEntry.title)
        .join(WallEntry, WallEntry.id == WallFollow.entry_id)
        .where(WallFollow.resident_id == resident_id)
        .order_by(WallFollow.created_at)
    )
    said = select(WallConsent).where(WallConsent.resident_id == resident_id).order_by(WallConsent.id)
    return [
        {
            "code": "wall_follow_ups",
            "title": "您在回音壁的追问",
            "records": [_question(row) for row in db.session.scalars(asked)],
        },
        {
            "code": "wall_follows",
            "title": "您关注的回音",
            "records": [
                {"title": title, "facts": [("时间", at)]} for at, title in db.session.execute(followed)
            ],
        },
        {
            "code": "wall_consents",
            "title": "您对公开自己事项的意见",
            "records": [_consent(row) for row in db.session.scalars(said)],
        },
    ]


def _question(row: WallFollowUp) -> dict[str, Any]:
    return {
        "title": f"追问 {row.id}",
        "facts": [
            ("时间", row.created_at),
            ("状态", FOLLOW_UP_TABLE.state(row.state).label),
            ("公开的答复", row.answer),
        ],
    }


def _consent(row: WallConsent) -> dict[str, Any]:
    return {
        "title": f"事项 {row.source_id}",
        "facts": [
            ("询问时间", row.asked_at),
            ("询问的话", row.message),
            ("您的意见", consents.LABELS[row.state].replace("本人", "您")),
            ("您答复的时间", row.decided_at),
        ],
    }


def let_go(resident_id: int) -> dict[str, list[Any]]:
    """Take the person out: what went up with their word comes down, follows go, questions lose who asked them."""
    words = list(
        db.session.scalars(
            select(WallConsent).where(WallConsent.resident_id == resident_id).with_for_update()
        )
    )
    for row in words:
        if row.state == consents.AGREED:
            services.withdraw_for(row.source_kind, row.source_id)
        row.state, row.decided_at, row.message, row.resident_id = consents.WITHDRAWN, now(), None, NOBODY
    followed = list(
        db.session.scalars(select(WallFollow.entry_id).where(WallFollow.resident_id == resident_id))
    )
    for entry_id in sorted(followed):
        entry = load_entry(entry_id)
        if entry is not None:
            entry.follower_count = max(0, entry.follower_count - 1)
    db.session.execute(delete(WallFollow).where(WallFollow.resident_id == resident_id))
    asked = list(db.session.scalars(select(WallFollowUp.id).where(WallFollowUp.resident_id == resident_id)))
    _forget_askers(asked)
    db.session.flush()
    return {
        "wall_consent": [row.id for row in words],
        "wall_follow": followed,
        follow_ups.SUBJECT: asked,
    }


def _forget_askers(asked: list[int]) -> None:
    """Who asked goes from the question and from its timeline; the commitment stays, so the chain still verifies."""
    db.session.execute(update(WallFollowUp).where(WallFollowUp.id.in_(asked)).values(resident_id=NOBODY))
    own = (
        (TimelineEntry.subject_kind == follow_ups.SUBJECT)
        & TimelineEntry.subject_id.in_(asked)
        & (TimelineEntry.actor_kind == "resident")
    )
    erased = {"note": None, "actor_name": None, "salt": "", "inner_salt": None, "actor_id": NOBODY}
    db.session.execute(
        update(TimelineEntry).where(own).values(**erased).execution_options(synchronize_session=False)
    )
