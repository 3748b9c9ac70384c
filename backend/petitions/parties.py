"""Signing with others: each confirms by their own WeChat, invited by a link (§1.1, joint petitions).

PET-18 limits who comes in person, not who signs: the number of co-signers is open. The link tells what kind
of matter it is and of which town, and no word of the petition: it is passed on in groups.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from backend.audit.services import record
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.petitions import guide, invitations
from backend.petitions.filing import CO_SIGNER
from backend.petitions.models import Petition, PetitionParty
from backend.petitions.states import TABLE
from backend.places.queries import get_place


def invitation(actor: Actor, token: str) -> dict[str, Any]:
    """What one is invited to; NotFound without such an invitation."""
    return _shown(invitations.invited_to(token), actor)


def sign(actor: Actor, token: str, name: str, phone: str, address: str) -> dict[str, Any]:
    """Sign with one's own account; signing again changes nothing.

    Raises NotFound without such an invitation, Conflict for the petitioner and once the matter has ended.
    """
    petition = invitations.invited_to(token, lock=True)
    if petition.resident_id == actor.id:
        raise Conflict("own_petition", "您是发起人，已经在这件事里了。请把链接发给愿意一起联名的人。")
    if _own(petition, actor) is None:
        if not TABLE.state(petition.state).is_open:
            raise Conflict("petition_ended", "这件事已经有了结果，不能再联名。您可以自己另外提出。")
        row = PetitionParty(
            petition_id=petition.id,
            role=CO_SIGNER,
            resident_id=actor.id,
            name=name,
            phone=phone or None,
            address=address or None,
            confirmed_at=now(),
        )
        db.session.add(row)
        record(actor, "petition.co_signed", "petition", petition.id)
        db.session.flush()
    return _shown(petition, actor)


def _shown(petition: Petition, actor: Actor) -> dict[str, Any]:
    state = TABLE.state(petition.state)
    count = select(func.count()).where(
        PetitionParty.petition_id == petition.id, PetitionParty.role == CO_SIGNER
    )
    return {
        "topic_label": guide.topic_label(petition.town_id, petition.topic),
        "town_name": get_place(petition.town_id).name,
        "co_signers": db.session.scalar(count) or 0,
        "open": state.is_open,
        "own": petition.resident_id == actor.id,
        "signed": _own(petition, actor) is not None,
    }


def _own(petition: Petition, actor: Actor) -> PetitionParty | None:
    """The row in which this person signed."""
    query = select(PetitionParty).where(
        PetitionParty.petition_id == petition.id,
        PetitionParty.resident_id == actor.id,
        PetitionParty.role == CO_SIGNER,
    )
    return db.session.scalars(query.order_by(PetitionParty.id).limit(1)).first()
