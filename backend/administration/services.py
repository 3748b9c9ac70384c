"""The only writers of standard replies and of what a person keeps for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from backend.administration.models import StaffPreference, StandardReply
from backend.audit.queries import locked_at_version
from backend.audit.services import record_change
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import Invalid, TooLarge
from backend.kernel.ids import new_id
from backend.kernel.ordering import moved
from backend.outbox.services import insert_once
from backend.reports import queries as reports

SUBJECT = "standard_reply"
LABELS = {
    "title": "标题",
    "category_code": "适用类别",
    "text": "内容",
    "position": "次序",
    "active": "启用",
}
MOST_REPLIES = 300
MOST_PREFERENCES = 30
LARGEST_PREFERENCE = 4000


def reply_fields(reply: StandardReply) -> dict[str, Any]:
    """A standard reply's fields by name."""
    return {name: getattr(reply, name) for name in LABELS}


def save_reply(
    actor: Actor, town_id: int, given: Mapping[str, Any], reply_id: int | None = None
) -> StandardReply:
    """Make a standard reply, or change one that is still at ``given["version"]``.

    Raises Invalid with the field at fault, NotFound, Conflict (409) naming what somebody else changed.
    """
    if reply_id is None:
        reply = StandardReply(
            id=new_id(), town_id=town_id, category_code="", position=_next_position(town_id), active=True
        )
        before = None
    else:
        reply = locked_at_version(StandardReply, town_id, reply_id, given.get("version"), "这条答复", SUBJECT)
        before = reply_fields(reply)
    for name in LABELS:
        if name in given:
            setattr(reply, name, given[name])
    if reply.category_code and reports.find_category(town_id, reply.category_code) is None:
        raise Invalid("category_unknown", "没有这个类别。", fields={"category_code": ["没有这个类别"]})
    _demand_single(reply)
    if before is None:
        db.session.add(reply)
    what = "reply.create" if before is None else "reply.change"
    changed = record_change(
        actor, what, SUBJECT, reply.id, before, reply_fields(reply), name=reply.title, labels=LABELS
    )
    if changed:
        reply.version = 1 if before is None else reply.version + 1
        reply.updated_at = now()
    db.session.flush()
    return reply


def _demand_single(reply: StandardReply) -> None:
    """One title for one category: whoever picks by title must not find two."""
    with db.session.no_autoflush:
        same = db.session.execute(
            select(StandardReply.id).where(
                StandardReply.town_id == reply.town_id,
                StandardReply.title == reply.title,
                StandardReply.category_code == reply.category_code,
                StandardReply.id != reply.id,
            )
        ).first()
    if same is not None:
        raise Invalid(
            "title_taken",
            f"这个类别已有标题是“{reply.title}”的答复。",
            fields={"title": ["已经有了，请换个标题"]},
        )


def _next_position(town_id: int) -> int:
    held, last = db.session.execute(
        select(func.count(), func.max(StandardReply.position)).where(StandardReply.town_id == town_id)
    ).one()
    if held >= MOST_REPLIES:
        raise Invalid("replies_full", f"标准答复最多 {MOST_REPLIES} 条，请先停用或改写不用的。")
    return 0 if last is None else int(last) + 1


def reorder_replies(actor: Actor, town_id: int, ids: Sequence[int]) -> None:
    """Put the replies into this order; 409 when the list is not the one that stands now."""
    rows = db.session.execute(select(StandardReply).where(StandardReply.town_id == town_id)).scalars()
    for reply, position in moved(rows, ids, "标准答复"):
        save_reply(actor, town_id, {"position": position, "version": reply.version}, reply.id)


def keep_preference(actor: Actor, key: str, value: Any) -> None:
    """Keep something small for the actor alone under a key; the last one wins.

    Raises TooLarge above LARGEST_PREFERENCE bytes of JSON, Invalid for too many keys.
    """
    if len(json.dump_bytes(value)) > LARGEST_PREFERENCE:
        raise TooLarge("preference_too_large", "要记住的内容太多了，请减少一些。")
    mine = (StaffPreference.staff_id == actor.id) & (StaffPreference.key == key)
    if changed_rows(update(StaffPreference).where(mine).values(value=value, updated_at=now())):
        return
    held = db.session.execute(
        select(func.count()).select_from(StaffPreference).where(StaffPreference.staff_id == actor.id)
    ).scalar_one()
    if held >= MOST_PREFERENCES:
        raise Invalid("preferences_full", "记住的页面设置太多了。")
    row = {"staff_id": actor.id, "key": key, "value": value, "updated_at": now()}
    db.session.execute(insert_once(StaffPreference, row, "staff_id", "key"))
