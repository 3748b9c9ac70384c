"""Petitions for tests, begun as the services begin them."""

from __future__ import annotations

from typing import Any

from flask import Flask

from backend.kernel.actor import SYSTEM
from backend.kernel.clock import now, today
from backend.kernel.db import db, run_unit
from backend.kernel.ids import new_id
from backend.petitions import documents, files, uploads
from backend.petitions.models import Petition
from backend.workflow import engine


def petition(app: Flask, town_id: int, **given: Any) -> int:
    """A registered petition; its id. Whatever is named in `given` stands instead of the usual."""
    fields: dict[str, Any] = {
        "kind": "petition",
        "channel": "mini",
        "topic": "land",
        "title": "承包地被占",
        "claim": "请求退还被占的承包地",
        "facts": "去年十月被修路占了半亩",
        "reasons": "没有人给过补偿",
        "received_on": today(),
        "town_id": town_id,
        "created_at": now(),
        "updated_at": now(),
        **given,
    }

    def begin() -> int:
        row = Petition(id=new_id(), state="", chain_head="", **{"code": f"P{new_id()}"[-12:], **fields})
        db.session.add(row)
        engine.begin(row, SYSTEM, action="file")
        db.session.flush()
        return row.id

    with app.app_context():
        return run_unit(begin)


def stored_file(app: Flask, owner: str, petition_id: int | None = None, data: bytes = b"%PDF-") -> int:
    """A file that lies in the store, encrypted, without having been sent; its id."""
    with app.app_context():
        row = run_unit(lambda: files.new_row(owner, files.EVIDENCE, "材料.pdf", uploads.PDF, petition_id))
        files.save(row, data)
        return run_unit(lambda: files.stored(row.id, len(data))).id


def document(app: Flask, petition_id: int, kind: str = "refusal", **values: str) -> int:
    """A written document of a petition; its files are owed, not made. Its id."""

    def written() -> int:
        row = db.session.get_one(Petition, petition_id)
        return documents.write(row, kind, SYSTEM, values, today()).id

    with app.app_context():
        return run_unit(written)
