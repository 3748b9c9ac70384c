"""What belongs to a job, in parts that the database takes easily: files as base64, rows as JSON."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, select

from backend.kernel import json
from backend.kernel.db import db
from backend.sheets.kinds import Fault, SheetRow
from backend.sheets.models import SheetPart

FILE_IN, FILE_OUT, ROWS, FAULTS = "in", "out", "rows", "faults"
#: Bytes of a file in one part: encrypted and encoded it stays well below max_allowed_packet (16 MB).
PART_BYTES = 1_500_000


def put_file(job_id: int, name: str, data: bytes) -> None:
    """Keep a file; an earlier one under the name goes."""
    drop(job_id, name)
    for number, start in enumerate(range(0, len(data), PART_BYTES)):
        text = base64.b64encode(data[start : start + PART_BYTES]).decode()
        db.session.add(SheetPart(job_id=job_id, name=name, number=number, data=text))
    db.session.flush()


def get_file(job_id: int, name: str) -> bytes | None:
    """A file that was kept; None when there is none."""
    pieces = [base64.b64decode(text) for text in _texts(job_id, name)]
    return b"".join(pieces) if pieces else None


def put_json(job_id: int, name: str, number: int, value: Any) -> None:
    """Keep one part; the same number again replaces it."""
    db.session.execute(
        delete(SheetPart).where(
            SheetPart.job_id == job_id, SheetPart.name == name, SheetPart.number == number
        )
    )
    db.session.add(SheetPart(job_id=job_id, name=name, number=number, data=json.dumps(value)))
    db.session.flush()


def rows_written(job_id: int) -> Iterator[list[Any]]:
    """The rows of an export, one part at a time."""
    for text in _texts(job_id, ROWS):
        yield from json.loads(text)


def put_read(job_id: int, number: int, rows: list[SheetRow], faults: list[Fault]) -> None:
    """Keep what one step of an import read."""
    put_json(job_id, ROWS, number, [[r.number, dict(r.texts), dict(r.values)] for r in rows])
    put_faults(job_id, number, faults)


def put_faults(job_id: int, number: int, faults: Sequence[Fault]) -> None:
    """Keep what one step found wrong."""
    put_json(job_id, FAULTS, number, [[f.number, f.column, f.sentence] for f in faults])


def rows_read(job_id: int) -> list[SheetRow]:
    """All rows of an import."""
    return [SheetRow(*row) for text in _texts(job_id, ROWS) for row in json.loads(text)]


def faults_read(job_id: int, below: int | None = None) -> list[Fault]:
    """What the steps of an import found wrong; only those of steps numbered `below`."""
    return [Fault(*fault) for text in _texts(job_id, FAULTS, below) for fault in json.loads(text)]


def drop(job_id: int, name: str | None = None) -> None:
    """Forget one thing, or all that belongs to a job."""
    wanted = SheetPart.job_id == job_id
    db.session.execute(delete(SheetPart).where(wanted if name is None else wanted & (SheetPart.name == name)))


def _texts(job_id: int, name: str, below: int | None = None) -> list[str]:
    query = select(SheetPart.data).where(SheetPart.job_id == job_id, SheetPart.name == name)
    if below is not None:
        query = query.where(SheetPart.number < below)
    return list(db.session.execute(query.order_by(SheetPart.number)).scalars())
