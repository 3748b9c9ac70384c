"""The same matter brought again by the same person while it is open (PET-07): linked, and said to that person.

Looked for among that person's own open petitions only: nobody else is shown what somebody has brought.
"""

from __future__ import annotations

from sqlalchemy import select

from backend.audit.services import record
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.petitions.models import Petition, PetitionLink
from backend.petitions.states import OPEN

#: what two texts must share to be taken for one matter: twice the common pairs over all pairs (Dice)
ALIKE = 0.5
REASON = "同一信访人再次提交，内容与正在办理的一件相同（系统提示）"


def find(petition: Petition) -> Petition | None:
    """The newest open petition of the same person about the same matter; None without one."""
    if petition.resident_id is None:
        return None
    query = select(Petition).where(
        Petition.resident_id == petition.resident_id,
        Petition.town_id == petition.town_id,
        Petition.state.in_(OPEN),
        Petition.id != petition.id,
    )
    held = db.session.scalars(query.order_by(Petition.created_at.desc(), Petition.id.desc()))
    return next((one for one in held if likeness(one.claim, petition.claim) >= ALIKE), None)


def link(petition: Petition, earlier: Petition, actor: Actor) -> None:
    """Join both by the matter, with the reason and on record; PET-26: the count is the matter's."""
    row = PetitionLink(
        petition_id=petition.id,
        earlier_id=earlier.id,
        reason=REASON,
        linked_by=0,
        linked_at=now(),
    )
    db.session.add(row)
    petition.repeat_number = earlier.repeat_number + 1
    record(actor, "petition.linked", "petition", petition.id, {"earlier_id": str(earlier.id)})


def told_of(petition: Petition) -> Petition | None:
    """The same person's petition that this one was linked with, for that person's own page."""
    query = (
        select(Petition)
        .join(PetitionLink, PetitionLink.earlier_id == Petition.id)
        .where(PetitionLink.petition_id == petition.id, Petition.resident_id == petition.resident_id)
        .order_by(Petition.id.desc())
    )
    return db.session.scalars(query.limit(1)).first()


def likeness(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1, by the pairs of characters they share."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 1.0 if one.strip() == other.strip() else 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _pairs(text: str) -> set[str]:
    plain = "".join(ch for ch in text if ch.isalnum())
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
