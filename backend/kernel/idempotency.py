"""A phone that sends twice makes one case: `Idempotency-Key` on every POST that creates.

A change of state takes one where the sender gives it.
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
from sqlalchemy import UniqueConstraint, bindparam, delete, insert, select, update
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


# Of the table, not of the class, and made once: through the ORM both cost half as much again.
_keys: Any = IdempotencyKey.__table__
_CLAIM = insert(_keys)
_ANSWER = (
    update(_keys)
    .where(_keys.c.owner == bindparam("its_owner"), _keys.c.key == bindparam("its_key"))
    .values(status=bindparam("status"), answer=bindparam("answer"))
)


def idempotent(view: F) -> F:
    """Make a creating POST safe to send twice. Stands outermost, so that it sees the whole answer."""

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = _key()
        if not key:
            raise Invalid("idempotency_key_missing", "请求缺少防重复编号，请更新页面后再试。")
        return _once(key, lambda: view(*args, **kwargs))

    return once  # type: ignore[return-value]


def idempotent_when_keyed(view: F) -> F:
    """Make a change of state safe to send twice for whoever gives it a key. Stands outermost.

    A phone whose answer was lost on the way sends the same again and is given the answer, not the
    409 that its own first sending would cause. Without the header nothing is written or asked.
    """

    @wraps(view)
    def once(*args: Any, **kwargs: Any) -> Any:
        if not request.headers.get("Idempotency-Key", "").strip():
            return view(*args, **kwargs)
        key = _key()
        if not key:
            raise Invalid("idempotency_key_too_long", "防重复编号太长，请更新页面后再试。")
        return _once(key, lambda: view(*args, **kwargs))

    return once  # type: ignore[return-value]


def _key() -> str:
    """The header's key; empty when there is none, or one that is too long to keep."""
    key = request.headers.get("Idempotency-Key", "").strip()
    return key if len(key) <= LONGEST_KEY else ""


def _once(key: str, work: Callable[[], Any]) -> Response:
    """The answer of `work`, done now, or of the earlier request with this key."""
    owner = f"{g.actor.kind}:{g.actor.id}"
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
    earlier = _claim(owner, key, digest)
    if earlier is not None:
        return _answer_again(earlier, digest)
    response = make_response(work())
    said = {"status": response.status_code, "answer": response.get_data(as_text=True)}
    db.session.execute(_ANSWER, {"its_owner": owner, "its_key": key, **said})
    return response


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
        db.session.execute(_CLAIM, row)
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
