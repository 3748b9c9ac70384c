"""The only way to a sealed letter. Whoever may not is told that there is none, and the attempt is audited.

The audit is kept although the call is refused: the refusal says `keeps_changes`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import request
from sqlalchemy import select

from backend.audit import services as audit
from backend.identity.guards import current_actor
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.ids import is_id
from backend.vault import policy
from backend.vault.models import VaultKey, VaultLetter, VaultWrap

F = TypeVar("F", bound=Callable[..., Any])
SUBJECT = "vault"


def readers_only(view: F) -> F:
    """Let a route of the vault be called by its readers only: to everybody else it does not exist (404).

    Stands outermost, so that a refused call claims no idempotency key. Every attempt is audited.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        actor = current_actor()
        if not policy.is_reader(actor):
            asked = str(kwargs.get("letter_id", ""))
            raise refused(actor, int(asked) if is_id(asked) else None, str(request.url_rule))
        return view(*args, **kwargs)

    guarded.permissions = (policy.READ,)  # type: ignore[attr-defined]
    return cast(F, guarded)


def refused(actor: Actor, letter_id: int | None, rule: str) -> NotFound:
    """Audit an attempt; the refusal to raise. It looks like a letter that is not there."""
    audit.record(actor, "vault.refused", SUBJECT, letter_id, {"method": request.method, "rule": rule})
    return NotFound(keeps_changes=True)


def town_of(actor: Actor) -> int:
    """The reader's town."""
    if actor.town_id is None:
        raise NotFound
    return actor.town_id


def get_letter_for(actor: Actor, letter_id: int, *, lock: bool = False) -> tuple[VaultLetter, VaultWrap]:
    """A letter with the wrap that opens it for this reader, under their newest key.

    NotFound, audited, for a letter of another town, or one that was not sealed to any of their keys.
    """
    query = (
        select(VaultLetter, VaultWrap)
        .join(VaultWrap, VaultWrap.letter_id == VaultLetter.id)
        .join(VaultKey, VaultKey.id == VaultWrap.key_id)
        .where(VaultLetter.id == letter_id, VaultLetter.town_id == actor.town_id)
        .where(VaultKey.staff_id == actor.id)
        .order_by(VaultKey.id.desc())
        .limit(1)
    )
    if lock:
        query = query.with_for_update(of=VaultLetter).execution_options(populate_existing=True)
    row = db.session.execute(query).first()
    if row is None:
        raise refused(actor, letter_id, str(request.url_rule))
    return row[0], row[1]
