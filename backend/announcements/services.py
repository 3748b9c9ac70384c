"""The only writers of announcements: drafted, published, withdrawn, read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.announcements import policy, queries
from backend.announcements.models import Announcement, AnnouncementRead
from backend.audit.queries import locked_at_version
from backend.audit.services import record_change
from backend.identity import queries as identity
from backend.identity.roles import ROLES
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.outbox.services import insert_once

SUBJECT = "announcement"
DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
STATE_LABELS = {DRAFT: "草稿", PUBLISHED: "已发布", WITHDRAWN: "已撤回"}
LABELS = {
    "title": "标题",
    "text": "正文",
    "units": "发给单位",
    "roles": "发给角色",
    "must_read": "必读",
    "state": "状态",
}


def draft(actor: Actor, given: Mapping[str, Any]) -> Announcement:
    """A new announcement that nobody sees yet. Raises Invalid for a unit of another town."""
    row = Announcement(
        id=new_id(),
        town_id=policy.town_of(actor),
        state=DRAFT,
        author_id=actor.id,
        author_name=actor.name,
        version=1,
        created_at=now(),
        audience={"units": [], "roles": []},
        must_read=False,
    )
    _fill(row, given)
    db.session.add(row)
    db.session.flush()
    _note(actor, row, None)
    return row


def change(actor: Actor, announcement_id: int, given: Mapping[str, Any]) -> Announcement:
    """Change a draft, or one that was withdrawn. What people have read is not changed under them: Conflict."""
    row = _locked(actor, announcement_id, given["version"])
    if row.state == PUBLISHED:
        raise Conflict("published", "已发布的公告不能改。请先撤回，改好后再发布。")
    before = _fields(row)
    _fill(row, given)
    _note(actor, row, before)
    return row


def publish(actor: Actor, announcement_id: int, version: int) -> Announcement:
    """Show it to those it is for; one that was withdrawn begins anew, read by nobody."""
    row = _locked(actor, announcement_id, version)
    if row.state == PUBLISHED:
        raise Conflict("published", "这条公告已经发布了。")
    before = _fields(row)
    if row.state == WITHDRAWN:
        for read in db.session.execute(
            select(AnnouncementRead).where(AnnouncementRead.announcement_id == row.id)
        ).scalars():
            db.session.delete(read)
    row.state, row.published_at, row.withdrawn_at = PUBLISHED, now(), None
    _note(actor, row, before)
    return row


def withdraw(actor: Actor, announcement_id: int, version: int) -> Announcement:
    """Take it back: nobody is shown it any more; who had read it stays on record."""
    row = _locked(actor, announcement_id, version)
    if row.state != PUBLISHED:
        raise Conflict("not_published", "只有已发布的公告可以撤回。")
    before = _fields(row)
    row.state, row.withdrawn_at = WITHDRAWN, now()
    _note(actor, row, before)
    return row


def read(actor: Actor, announcement_id: int) -> None:
    """Note that the actor has read it; the first time counts. NotFound for one that is not for them."""
    queries.for_reader(actor, announcement_id)
    row = {"announcement_id": announcement_id, "staff_id": actor.id, "read_at": now()}
    db.session.execute(insert_once(AnnouncementRead, row, "announcement_id", "staff_id"))


def _locked(actor: Actor, announcement_id: int, version: int) -> Announcement:
    town_id = policy.town_of(actor)
    return locked_at_version(Announcement, town_id, announcement_id, version, "这条公告", SUBJECT)


def _fill(row: Announcement, given: Mapping[str, Any]) -> None:
    for name in ("title", "text", "must_read"):
        if name in given:
            setattr(row, name, given[name])
    units = [str(u) for u in given.get("units", row.audience["units"])]
    known = {str(u.id) for u in identity.units(row.town_id)}
    if not set(units) <= known:
        raise Invalid("unit_unknown", "有单位已停用，请重新选择。", fields={"units": ["有单位已停用"]})
    row.audience = {"units": units, "roles": list(given.get("roles", row.audience["roles"]))}


def _fields(row: Announcement) -> dict[str, Any]:
    names = {str(u.id): u.name for u in identity.units(row.town_id)}
    return {
        "title": row.title,
        "text": row.text,
        "units": [names.get(u, u) for u in row.audience["units"]],
        "roles": [ROLES[code].label if code in ROLES else code for code in row.audience["roles"]],
        "must_read": row.must_read,
        "state": STATE_LABELS[row.state],
    }


def _note(actor: Actor, row: Announcement, before: dict[str, Any] | None) -> None:
    what = "announcement.create" if before is None else "announcement.change"
    if record_change(actor, what, SUBJECT, row.id, before, _fields(row), name=row.title, labels=LABELS):
        row.version = 1 if before is None else row.version + 1
    db.session.flush()
