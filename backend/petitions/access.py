"""The only way to a petition: one function that checks the person, notes the reading and says 404 otherwise."""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.outbox.services import insert_once
from backend.petitions import policy
from backend.petitions.models import Petition, PetitionAvoidance, PetitionParty, PetitionReading

#: parties who signed with the petitioner, and confirmed it
SIGNED = (PetitionParty.role == "co_signer", PetitionParty.confirmed_at.is_not(None))


def get_petition_for(viewer: Actor, petition_id: int) -> Petition:
    """The petition, if the viewer may see it; a reading by staff is noted (§8.1 point 8).

    Missing and forbidden look alike: NotFound.
    """
    petition = db.session.get(Petition, petition_id)
    if petition is None or not _may_see(petition, viewer):
        raise _unknown()
    return _note_reading(petition, viewer)


def own_petition(resident: Actor, petition_id: int) -> Petition:
    """The petition, if the resident is its petitioner and not only signed it; NotFound otherwise."""
    petition = get_petition_for(resident, petition_id)
    if not policy.owns(petition, resident):
        raise _unknown()
    return petition


def _unknown() -> NotFound:
    return NotFound("petition_not_found", "没有找到这件信访事项，可能编号不对，或您无权查看。")


def _may_see(petition: Petition, viewer: Actor) -> bool:
    if viewer.kind == "resident":
        own = policy.may_see(petition, viewer)
        return own or policy.may_see(petition, viewer, signed=co_signers_of(petition.id))
    return policy.may_see(petition, viewer, excluded_from(petition.id))


def co_signers_of(petition_id: int) -> list[int]:
    """The residents who confirmed by their own account that they sign it too."""
    query = select(PetitionParty.resident_id).where(
        PetitionParty.petition_id == petition_id, *SIGNED, PetitionParty.resident_id.is_not(None)
    )
    return [one for one in db.session.scalars(query) if one is not None]


def excluded_from(petition_id: int) -> frozenset[int]:
    """Staff who have to keep out of it (回避, PET-15)."""
    query = select(PetitionAvoidance.staff_id).where(PetitionAvoidance.petition_id == petition_id)
    return frozenset(db.session.execute(query).scalars())


def load_locked(petition_id: int) -> Petition | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(Petition)
        .where(Petition.id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _note_reading(petition: Petition, viewer: Actor) -> Petition:
    if viewer.kind == "staff":
        row = {
            "petition_id": petition.id,
            "staff_id": viewer.id,
            "hour": now().replace(minute=0, second=0, microsecond=0),
            "unit_name": viewer.unit_name,
        }
        db.session.execute(insert_once(PetitionReading, row, "petition_id", "staff_id", "hour"))
    return petition
