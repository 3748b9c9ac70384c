"""How long what petitions keep of a person stays (PI-08): found by date, erased in the retention's batches.

The matter, its papers and its names stay stored (档案法); what was only there to reach somebody goes a year after
it has ended. Nothing goes while it is open, nor while a supported claim still waits to be carried out (PET-10).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, or_, select

from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.petitions import visits
from backend.petitions.models import Petition, PetitionParty, PetitionReading
from backend.petitions.visit_models import PetitionContactReading, PetitionVisit

_HELD = or_(
    PetitionParty.phone.is_not(None),
    PetitionParty.address.is_not(None),
    PetitionParty.id_number.is_not(None),
)


def contacts_after_ending(before: datetime) -> Select[Any]:
    """Ids of persons of petitions that ended before that moment (aware) and can still be reached through them."""
    return (
        select(PetitionParty.id)
        .join(Petition, Petition.id == PetitionParty.petition_id)
        .where(Petition.closed_at < before, Petition.follow_up_open.is_(False), _HELD)
        .order_by(PetitionParty.id)
    )


def forget_contacts(party_ids: Sequence[Any]) -> list[Any]:
    """Erase phone, address and identity number, unless the petition was taken up again meanwhile; whose."""
    ended = (
        select(Petition.id)
        .join(PetitionParty, PetitionParty.petition_id == Petition.id)
        .where(
            PetitionParty.id.in_(party_ids),
            Petition.closed_at.is_not(None),
            Petition.follow_up_open.is_(False),
        )
        .with_for_update()
    )
    still_ended = set(db.session.scalars(ended))
    parties = db.session.scalars(select(PetitionParty).where(PetitionParty.id.in_(party_ids)))
    gone = [party for party in parties if party.petition_id in still_ended]
    for party in gone:
        party.phone = party.address = party.id_number = None
    db.session.flush()
    return [party.id for party in gone]


def old_visits(before: datetime) -> Select[Any]:
    """Ids of announced visits whose day (Shanghai) lies before that moment's (aware)."""
    day = shanghai(before).date()
    return select(PetitionVisit.id).where(PetitionVisit.visit_on < day).order_by(PetitionVisit.id)


def forget_visits(visit_ids: Sequence[Any]) -> list[Any]:
    """Erase these visits."""
    query = select(PetitionVisit).where(PetitionVisit.id.in_(visit_ids)).with_for_update()
    return list(visits.forget(db.session.scalars(query).all()))


def old_readings(before: datetime) -> Select[Any]:
    """Readings in hours before that moment, each by its hour; they are erased hour by hour."""
    return select(PetitionReading.hour).where(PetitionReading.hour < before).distinct()


def forget_readings(hours: Sequence[Any]) -> Sequence[Any]:
    """Erase the readings of these hours."""
    db.session.execute(delete(PetitionReading).where(PetitionReading.hour.in_(hours)))
    return hours


def old_reasons(before: datetime) -> Select[Any]:
    """Ids of notes why somebody looked at the persons, older than that moment (aware)."""
    return select(PetitionContactReading.id).where(PetitionContactReading.at < before)


def forget_reasons(ids: Sequence[Any]) -> Sequence[Any]:
    """Erase these notes; that somebody looked stays in the audit."""
    db.session.execute(delete(PetitionContactReading).where(PetitionContactReading.id.in_(ids)))
    return ids
