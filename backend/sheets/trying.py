"""Rows tried and taken back, and rows written: the same function does both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import AppError, Invalid
from backend.sheets.kinds import Fault, Import, SheetRow


def try_rows(way: Import, actor: Actor, rows: Sequence[SheetRow]) -> list[Fault]:
    """Do with each row what the import would do, note what is refused, and take all of it back."""
    if way.put is None:
        return []
    faults: list[Fault] = []
    everything = db.session.begin_nested()
    try:
        for row in rows:
            try:
                with db.session.begin_nested():
                    way.put(actor, row)
            except AppError as refusal:
                faults += _told(row, refusal, way)
    finally:
        everything.rollback()
        db.session.expire_all()
    return faults


def _told(row: SheetRow, refusal: AppError, way: Import) -> Iterable[Fault]:
    if not refusal.fields:
        return [Fault(row.number, None, refusal.message)]
    return [
        Fault(row.number, way.columns.get(name, name if name in row.texts else None), sentence)
        for name, sentences in refusal.fields.items()
        for sentence in sentences[:1]
    ]


def write_rows(way: Import, actor: Actor, rows: Sequence[SheetRow]) -> int:
    """Write all rows in the caller's transaction; how many records changed.

    Raises AppError for a row that is refused now, because something changed since it was tried: the
    caller takes everything back.
    """
    if way.apply is not None:
        return way.apply(actor, rows)
    assert way.put is not None, "a kind is taken in by put or by apply"
    changed = 0
    for row in way.order(rows):
        try:
            changed += bool(way.put(actor, row))
        except AppError as refusal:
            said = next(iter(refusal.fields.values()), [refusal.message])[0]
            raise Invalid(
                "row_refused", f"第 {row.number} 行：{said}。一行也没有写入，请核对后重新上传。"
            ) from refusal
    return changed
