"""Entries on the wall as rows, for those who read it: written, approved and asked about without the ways there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from backend.comments.models import Comment
from backend.kernel.clock import now, shanghai
from backend.kernel.db import db, run_unit
from backend.kernel.ids import new_code, new_id
from backend.wall import ports, shown
from backend.wall.models import WallEntry, WallFollowUp, WallPhoto
from tests.factories.places import place


def entry_values(number: int = 1, grid: str = "G01", **more: Any) -> dict[str, Any]:
    """The columns of a published entry in a grid of tests/town, `number` minutes older than now."""
    at, where = more.pop("published_at", None) or now() - timedelta(minutes=number), place(grid)
    day = shanghai(at).date()
    values: dict[str, Any] = {
        "id": new_id(),
        "kind": "wall_entry",
        "code": new_code(),
        "source_kind": "report",
        "source_id": new_id(),
        "source_key": None,
        "town_id": where.town_id,
        "area_id": where.area_id,
        "village_id": where.village_id,
        "grid_id": where.grid_id,
        "micro_grid_id": None,
        "village_name": "一村",
        "place_label": where.name,
        "state": "published",
        "version": 3,
        "entry_count": 3,
        "chain_head": "0" * 64,
        "category_code": "0201",
        "category_name": "路灯不亮",
        "unit_id": None,
        "unit_name": "城管所",
        "title": f"第 {number} 盏路灯亮了",
        "matter": "村口的路灯坏了，晚上看不见路。",
        "done": "换了灯泡，检查了线路。",
        "received_on": day - timedelta(days=4),
        "closed_on": day - timedelta(days=1),
        "days_taken": 3,
        "days_promised": 7,
        "on_time": True,
        "score": "satisfied",
        "needs_consent": False,
        "written_by": 1,
        "writers": [],
        "approved_by": 2,
        "notes": [],
        "follower_count": 0,
        "follow_up_count": 0,
        "unanswered_count": 0,
        "created_at": at,
        "updated_at": at,
        "published_at": at,
        "republished_at": at,
        "closed_at": at,
    }
    return values | more


def put_entry(app: Flask, number: int = 1, **more: Any) -> dict[str, Any]:
    """An entry on the wall, as its writers leave it: found, and told to the kept pages. Its columns."""
    with app.app_context():

        def made() -> dict[str, Any]:
            values = entry_values(number, **more)
            db.session.add(WallEntry(**values))
            db.session.flush()
            shown.changed([values["id"]])
            return values

        return run_unit(made)


def change_entry(app: Flask, entry_id: int, **columns: Any) -> None:
    """Change columns and say so, as a service does."""
    with app.app_context():

        def change() -> None:
            row = db.session.get_one(WallEntry, entry_id)
            for name, value in columns.items():
                setattr(row, name, value)
            db.session.flush()
            ports.changed([entry_id])

        run_unit(change)


def put_photo(app: Flask, entry_id: int, role: str = "after", *, looked_at: bool = True) -> None:
    """A public copy; `looked_at`: somebody has looked for faces."""
    with app.app_context():
        photo = WallPhoto(
            id=new_id(),
            entry_id=entry_id,
            role=role,
            media_id=new_id(),
            boxes=[],
            faces_checked_by=1 if looked_at else None,
            faces_checked_at=now() if looked_at else None,
            file_key=f"wall/{entry_id}-{role}.jpg",
            thumb_key=f"wall/{entry_id}-{role}-thumb.jpg",
            width=800,
            height=600,
            sha256="0" * 64,
            created_at=now(),
        )
        run_unit(lambda: db.session.add(photo))


def put_question(
    app: Flask, entry: dict[str, Any], text: str = "三天后又堵了", *, at: datetime | None = None, **more: Any
) -> int:
    """A follow-up question that is shown; its id."""
    asked = at or now()
    values: dict[str, Any] = {"state": "asked", "shown": True} | more
    comment_id, row_id = new_id(), new_id()
    with app.app_context():

        def made() -> None:
            db.session.add(
                Comment(
                    id=comment_id, subject_kind="wall_entry", subject_id=entry["id"], town_id=entry["town_id"],
                    village_id=entry["village_id"], resident_id=1, kind="follow_up", text=text,
                    state="shown" if values["shown"] else "hidden", hidden_reason="" if values["shown"] else "other",
                    created_at=asked, shown_at=asked, second_count=2,
                )
            )  # fmt: skip
            db.session.add(
                WallFollowUp(
                    id=row_id, entry_id=entry["id"], comment_id=comment_id, source_kind="report",
                    source_id=entry["source_id"], resident_id=1, town_id=entry["town_id"],
                    village_id=entry["village_id"], chain_head="0" * 64, created_at=asked, updated_at=asked, **values,
                )
            )  # fmt: skip
            db.session.flush()

        run_unit(made)
    return row_id
