"""Report cards as rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import delete

from backend.kernel.clock import now
from backend.kernel.db import db, run_unit
from backend.kernel.ids import new_id
from backend.places.queries import town_by_code
from backend.wall.report_card_models import ReportCard

MONTH = date(2026, 2, 1)
FIGURE = {"code": "received", "label": "收到", "value": 12.0, "n": 12, "words": "12 件"}


def put_card(app: Flask, town: str = "dongwan", **more: Any) -> int:
    """A report card of February in the place of an earlier one; its id. Drafted by the program unless told otherwise."""
    with app.app_context():

        def made() -> int:
            values: dict[str, Any] = {
                "id": new_id(),
                "town_id": town_by_code(town).id,
                "month": MONTH,
                "number": 0,
                "figures": {"figures": [FIGURE], "villages": []},
                "made_at": now(),
                "published_at": now() if more.get("state") == "published" else None,
            } | more
            same = (ReportCard.town_id == values["town_id"], ReportCard.month == values["month"])
            db.session.execute(delete(ReportCard).where(*same, ReportCard.number >= values["number"]))
            db.session.add(ReportCard(**values))
            db.session.flush()
            return int(values["id"])

        return run_unit(made)
