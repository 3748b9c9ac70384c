"""A job's file in parts that the database takes easily; encrypted, gone with the job."""

from __future__ import annotations

import base64

from sqlalchemy import delete, select

from backend.finance.models import FinancePart
from backend.kernel.db import db

#: encrypted and encoded it stays well below max_allowed_packet (16 MB)
PART_BYTES = 1_500_000


def put(job_id: int, data: bytes) -> None:
    """Keep a file; an earlier one goes."""
    drop(job_id)
    for number, start in enumerate(range(0, len(data), PART_BYTES)):
        text = base64.b64encode(data[start : start + PART_BYTES]).decode()
        db.session.add(FinancePart(job_id=job_id, number=number, data=text))
    db.session.flush()


def get(job_id: int) -> bytes | None:
    """The file; None when there is none, or none any more."""
    texts = db.session.scalars(
        select(FinancePart.data).where(FinancePart.job_id == job_id).order_by(FinancePart.number)
    )
    pieces = [base64.b64decode(text) for text in texts]
    return b"".join(pieces) if pieces else None


def drop(job_id: int) -> None:
    """Forget it."""
    db.session.execute(delete(FinancePart).where(FinancePart.job_id == job_id))
