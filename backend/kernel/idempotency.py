"""A phone that sends twice makes one case: `Idempotency-Key` on every POST that creates.

The key's row is written in the request's own transaction, so that it exists exactly when its
work does. A second call waits for the first one's commit and is given the same answer; another
body under the same key is refused with 409.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, make_response, request
from sqlalchemy import UniqueConstraint, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import now
from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime, changed_rows, db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id

F = TypeVar("F", bound=Callable[..., Any])
LONGEST_KEY = 64
#: a grid worker's phone may be without a network for days and sends again what it does not know to have arrived
KEPT = timedelta(days=14)


class IdempotencyKey(Model):
    """One remembered POST and its answer; kept for 14 days."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("owner", "key"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    owner: Mapped[str] = mapped_column(BinaryString(48))
    key: Mapped[str] = mapped_column(BinaryString(LONGEST_KEY))
    request_hash: Mapped[str] = mapped_column(BinaryString(64))
    status: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(EncryptedText("idempotency_keys.answer"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def idempotent(view: F) -> F:
    """Make a creating POST safe to send twice. Stands outermost, so that it sees the whole answer."""

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "").strip()
        if not key or len(key) > LONGEST_KEY:
            raise Invalid("idempotency_key_missing", "请求缺少防重复编号，请更新页面后再试。")
        owner = f"{g.actor.kind}:{g.actor.id}"
        digest = hashlib.sha256(
            f"{request.method} {request.path}\n".encode() + request.get_data()
        ).hexdigest()
        earlier = _claim(owner, key, digest)
        if earlier is not None:
            return _answer_again(earlier, digest)
        response = make_response(view(*args, **kwargs))
        db.session.execute(
            update(IdempotencyKey)
            .where(IdempotencyKey.owner == owner, IdempotencyKey.key == key)
            .values(status=response.status_code, answer=response.get_data(as_text=True))
            .execution_options(synchronize_session=False)
        )
        return response

    return once  # type: ignore[return-value]


def _claim(owner: str, key: str, digest: str) -> IdempotencyKey | None:
    """Write the key's row; the earlier row when there is one (its writer has committed by then)."""
    row = {
        "id": new_id(),
        "owner": owner,
        "key": key,
        "request_hash": digest,
        "status": None,
        "answer": None,
        "created_at": now(),
    }
    try:
        # No savepoint: a duplicate key undoes its own statement only, on either database.
        db.session.execute(insert(IdempotencyKey).values(**row))
        return None
    except IntegrityError:
        return db.session.execute(
            select(IdempotencyKey).where(IdempotencyKey.owner == owner, IdempotencyKey.key == key)
        ).scalar_one()


def _answer_again(earlier: IdempotencyKey, digest: str) -> Response:
    if earlier.request_hash != digest:
        raise Conflict("idempotency_key_reused", "这个提交编号已用于另一份内容，请刷新页面后重新提交。")
    return Response(earlier.answer, status=earlier.status, mimetype="application/json")


def forget_keys(before: datetime) -> int:
    """Delete keys made before `before`; how many."""
    return changed_rows(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))
