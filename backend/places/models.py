"""Rows of the tree of places and of the towns' own brand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import now
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: From the top of the tree down. A place's own id stands in the column of its own level too.
LEVELS: tuple[str, ...] = ("county", "town", "area", "village", "grid", "micro_grid")

LEVEL_LABELS: dict[str, str] = {
    "county": "县(市、区)",
    "town": "镇(街道)",
    "area": "片区",
    "village": "村",
    "grid": "网格",
    "micro_grid": "小组网格",
}


class Place(Model):
    """One node of the tree.

    It carries the ids of all its ancestors **and its own** in ``<level>_id``, so that "everything
    under place X" is one indexed comparison (``village_id = X``) and never a recursive query.
    Boundaries are GeoJSON geometries in GCJ-02; places are switched off, never deleted.
    """

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("town_id", "code"),
        CheckConstraint(
            "level in ('county','town','area','village','grid','micro_grid')", name="level_known"
        ),
        Index("ix_places_town_id_level", "town_id", "level", "position"),
        Index("ix_places_parent_id_level", "parent_id", "level", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    level: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(BinaryString(32))
    name: Mapped[str] = mapped_column(String(60))
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("places.id"))
    county_id: Mapped[int | None] = mapped_column(BigId)
    town_id: Mapped[int | None] = mapped_column(BigId)
    area_id: Mapped[int | None] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    grid_id: Mapped[int | None] = mapped_column(BigId)
    micro_grid_id: Mapped[int | None] = mapped_column(BigId)
    boundary: Mapped[dict[str, Any] | None] = mapped_column(JsonText)
    center_lon: Mapped[float | None] = mapped_column(Double)
    center_lat: Mapped[float | None] = mapped_column(Double)
    #: order of the line in places.csv, so that lists read as the town wrote them
    position: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    #: public data of a grid (GRID-01): who works it, under which numbers worker and supervision answer
    worker_name: Mapped[str] = mapped_column(String(32), default="")
    worker_phone: Mapped[str] = mapped_column(String(32), default="")
    supervision_phone: Mapped[str] = mapped_column(String(32), default="")
    #: when it was last edited on screen: from then on a load of the files leaves it alone
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Town(Model):
    """What a town shows of itself; its id is the id of its place.

    ``version`` grows with every load that changed the tree: readers that keep the tree in memory
    and the map's ETag follow it.
    """

    __tablename__ = "towns"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(BigId, ForeignKey("places.id"), primary_key=True)
    code: Mapped[str] = mapped_column(BinaryString(32))
    product_name: Mapped[str] = mapped_column(String(60))
    operator: Mapped[str] = mapped_column(String(120))
    filing_number: Mapped[str] = mapped_column(String(60), default="")
    #: list of {"name", "number", "hours"}
    phones: Mapped[list[dict[str, str]]] = mapped_column(JsonText)
    #: {"version", "title", "paragraphs": [...]}
    privacy: Mapped[dict[str, Any]] = mapped_column(JsonText)
    #: {"name": bool}: switches of the front ends
    features: Mapped[dict[str, bool]] = mapped_column(JsonText)
    position: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
