"""A person takes over what the office registered for them, by the code and the phone they gave (PET-21).

From then on they follow it, add to it and rate it like one they filed themselves.
"""

from __future__ import annotations

import hmac

from sqlalchemy import select

from backend.audit.services import record
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.ids import read_code
from backend.petitions.filing import PETITIONER, REPRESENTATIVE
from backend.petitions.models import Petition, PetitionParty


def claim(actor: Actor, code: str, phone: str) -> Petition:
    """Make it the person's own; to claim it again changes nothing.

    A wrong code, a wrong phone, one without a phone and one that is somebody's look alike: NotFound.
    """
    petition = db.session.execute(
        select(Petition)
        .where(Petition.code == read_code(code), Petition.registered_by.is_not(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    party = _speaking(petition, phone) if petition is not None else None
    if petition is None or party is None or petition.resident_id not in {None, actor.id}:
        raise NotFound("claim_unknown", "没有对上。请核对单子上的查询码，和登记时留下的电话。")
    if petition.resident_id is None:
        petition.resident_id = party.resident_id = actor.id
        party.confirmed_at = now()
        record(actor, "petition.claimed", "petition", petition.id)
        db.session.flush()
    return petition


def _speaking(petition: Petition, phone: str) -> PetitionParty | None:
    """Whoever speaks in it for themselves and left this phone; an agent's phone claims nothing."""
    query = select(PetitionParty).where(
        PetitionParty.petition_id == petition.id, PetitionParty.role.in_((PETITIONER, REPRESENTATIVE))
    )
    given = _digits(phone)
    for party in db.session.scalars(query.order_by(PetitionParty.id)):
        left = _digits(party.phone or "")
        if left and hmac.compare_digest(left.encode(), given.encode()):
            return party
    return None


def _digits(phone: str) -> str:
    return "".join(ch for ch in phone if ch.isdigit())
