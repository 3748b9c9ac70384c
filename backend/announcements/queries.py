"""Reads of announcements: mine, all of the town, who has read one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from backend.announcements import policy
from backend.announcements.models import Announcement, AnnouncementRead
from backend.identity import queries as identity
from backend.identity.models import Staff
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound

SHOWN = 100


def mine(actor: Actor) -> list[dict[str, Any]]:
    """What is published for the actor, newest first, and whether they have read it."""
    rows = db.session.execute(
        select(Announcement)
        .where(Announcement.town_id == actor.town_id, Announcement.state == "published")
        .order_by(Announcement.published_at.desc(), Announcement.id.desc())
        .limit(SHOWN)
    ).scalars()
    roles = identity.roles_of([actor.id]).get(actor.id, [])
    shown = [row for row in rows if policy.is_for(row.audience, actor.unit_id, roles)]
    read = _pairs(
        select(AnnouncementRead.announcement_id, AnnouncementRead.read_at).where(
            AnnouncementRead.staff_id == actor.id,
            AnnouncementRead.announcement_id.in_([row.id for row in shown]),
        )
    )
    return [
        {
            "id": row.id,
            "title": row.title,
            "text": row.text,
            "must_read": row.must_read,
            "author_name": row.author_name,
            "published_at": row.published_at,
            "read_at": read.get(row.id),
        }
        for row in shown
    ]


def for_reader(actor: Actor, announcement_id: int) -> Announcement:
    """A published announcement that is for the actor; NotFound otherwise."""
    row = db.session.get(Announcement, announcement_id)
    roles = identity.roles_of([actor.id]).get(actor.id, [])
    if (
        row is None
        or row.town_id != actor.town_id
        or row.state != "published"
        or not policy.is_for(row.audience, actor.unit_id, roles)
    ):
        raise NotFound
    return row


def of_town(actor: Actor) -> list[dict[str, Any]]:
    """All of the town, newest first, with how many of those meant have read it."""
    town_id = policy.town_of(actor)
    rows = list(
        db.session.execute(
            select(Announcement)
            .where(Announcement.town_id == town_id)
            .order_by(Announcement.created_at.desc(), Announcement.id.desc())
            .limit(SHOWN)
        ).scalars()
    )
    staff = _staff(town_id)
    counts = _pairs(
        select(AnnouncementRead.announcement_id, func.count())
        .where(AnnouncementRead.announcement_id.in_([row.id for row in rows]))
        .group_by(AnnouncementRead.announcement_id)
    )
    return [shown(row, len(_meant(row, staff)), counts.get(row.id, 0)) for row in rows]


def one_of_town(row: Announcement) -> dict[str, Any]:
    """One announcement as its page shows it."""
    return shown(row, len(_meant(row, _staff(row.town_id))), len(_reads(row.id)))


def shown(row: Announcement, meant: int, read: int) -> dict[str, Any]:
    """An announcement for those who administer it."""
    units = identity.units_by_id(int(u) for u in row.audience["units"])
    return {
        "id": row.id,
        "title": row.title,
        "text": row.text,
        "units": list(row.audience["units"]),
        "unit_names": [card.name for card in units.values()],
        "roles": list(row.audience["roles"]),
        "must_read": row.must_read,
        "state": row.state,
        "state_label": {"draft": "草稿", "published": "已发布", "withdrawn": "已撤回"}[row.state],
        "author_name": row.author_name,
        "version": row.version,
        "created_at": row.created_at,
        "published_at": row.published_at,
        "meant": meant,
        "read": read,
    }


def readers(actor: Actor, announcement_id: int) -> dict[str, Any]:
    """Who has read it and when, and who of those meant has not."""
    row = db.session.get(Announcement, announcement_id)
    if row is None or row.town_id != policy.town_of(actor):
        raise NotFound
    reads = _reads(row.id)
    meant = _meant(row, _staff(row.town_id))
    cards = identity.staff_cards({*reads, *meant})
    people = [
        {"name": card.name, "unit_name": card.unit_name, "read_at": reads.get(card.id)}
        for card in cards.values()
    ]
    return {
        "read": sorted((p for p in people if p["read_at"]), key=lambda p: str(p["read_at"])),
        "unread": sorted((p for p in people if not p["read_at"]), key=lambda p: (p["unit_name"], p["name"])),
    }


def _pairs(query: Any) -> dict[int, Any]:
    """A statement of two columns as a dict."""
    return {row[0]: row[1] for row in db.session.execute(query)}


def _reads(announcement_id: int) -> dict[int, Any]:
    return _pairs(
        select(AnnouncementRead.staff_id, AnnouncementRead.read_at).where(
            AnnouncementRead.announcement_id == announcement_id
        )
    )


def _staff(town_id: int) -> list[tuple[int, int, list[str]]]:
    rows = db.session.execute(
        select(Staff.id, Staff.unit_id).where(Staff.town_id == town_id, Staff.active)
    ).all()
    roles = identity.roles_of(row.id for row in rows)
    return [(row.id, row.unit_id, roles.get(row.id, [])) for row in rows]


def _meant(row: Announcement, staff: list[tuple[int, int, list[str]]]) -> list[int]:
    return [staff_id for staff_id, unit_id, roles in staff if policy.is_for(row.audience, unit_id, roles)]
