"""The only ways to a notice: they check the person and say 404 otherwise."""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.notices import policy
from backend.notices.categories import PUBLIC
from backend.notices.models import Notice
from backend.notices.states import STANDS
from backend.villagers.queries import village_of

MISSING = NotFound("notice_not_found", "没有找到这项公开，可能还没有发布，或只对本村村民公开。")


def get_notice_for(viewer: Actor, notice_id: int, *, lock: bool = False) -> Notice:
    """The notice, if the viewer has a part in it at the desk. Missing and forbidden look alike: NotFound."""
    notice = load_notice(notice_id) if lock else db.session.get(Notice, notice_id)
    if notice is None or not policy.may_see(notice, viewer):
        raise MISSING
    return notice


def get_public(notice_id: int) -> Notice:
    """A notice that stands and that everybody may read; a supplement is read with what it corrects. NotFound."""
    notice = standing(notice_id)
    if notice is None or notice.audience != PUBLIC:
        raise MISSING
    return notice


def get_readable(resident: Actor, notice_id: int) -> Notice:
    """A notice that this resident may read: public, or of the village that has confirmed them (OPEN-17). NotFound."""
    notice = standing(notice_id)
    if notice is None or not (notice.audience == PUBLIC or notice.village_id == home_of(resident)):
        raise MISSING
    return notice


def home_of(resident: Actor) -> int | None:
    """The village that has confirmed this resident; None for anybody else."""
    home = village_of(resident.id) if resident.kind == "resident" else None
    return None if home is None else home[0]


def standing(notice_id: int) -> Notice | None:
    """A notice that was published, whoever it is for; None otherwise, and for a supplement."""
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.state not in STANDS or notice.corrects_id is not None:
        return None
    return notice


def load_notice(notice_id: int) -> Notice | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(Notice)
        .where(Notice.id == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
