"""How a petition begins: filed by a resident, without a name, or written down by the office (PET-01).

Everything is registered, and nothing here refuses a matter for what it says. The clocks run from the day
on which it was received, also when the office writes it down later (PET-03 to PET-05).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.ids import new_code, new_id
from backend.petitions import files, guide, invitations, same_matter
from backend.petitions.models import Petition, PetitionParty
from backend.petitions.states import TABLE
from backend.workflow import clocks, engine
from backend.workflow.kinds import kind_of

FILE = "file"
TITLE_LENGTH = 30
PETITIONER, AGENT, CO_SIGNER, REPRESENTATIVE = "petitioner", "agent", "co_signer", "representative"


@dataclass(frozen=True)
class Party:
    """Somebody who speaks in a petition, as they were written down. `relation`: of an agent (PET-23)."""

    role: str
    name: str
    phone: str = ""
    address: str = ""
    id_number: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Matter:
    """What a petition says (PET-02), already checked field by field, and the files sent with it."""

    town_id: int
    topic: str
    claim: str
    facts: str
    reasons: str
    file_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Filed:
    """A petition that has just been registered, and the one it repeats (PET-07)."""

    petition: Petition
    same: Petition | None = None


def file(actor: Actor, matter: Matter, parties: Iterable[Party], *, joint: bool = False) -> Filed:
    """Register a resident's own petition; the first party is the resident.

    Raises Invalid for an unknown topic or a file that cannot be attached; NotFound where the town takes
    no petitions. Nothing is written then.
    """
    petition = new_petition(matter, channel=actor.channel or "h5", received_on=today())
    petition.resident_id, petition.joint = actor.id, joint
    begin(petition, actor, FILE)
    add_parties(petition, parties, own=actor.id)
    if joint:
        invitations.open_for(petition)
    files.attach(files.owner_of(actor), matter.file_ids, petition.id)
    same = same_matter.find(petition)
    if same is not None:
        same_matter.link(petition, same, actor)
    db.session.flush()
    return Filed(petition, same)


def new_petition(matter: Matter, *, channel: str, received_on: date) -> Petition:
    """The row of a petition; its state and clocks come from the engine. Raises Invalid, NotFound."""
    guide.demand_topic(matter.town_id, matter.topic)
    moment = now()
    return Petition(
        id=new_id(),
        kind=TABLE.kind,
        code=new_code(),
        town_id=matter.town_id,
        channel=channel,
        topic=matter.topic,
        title=_title(matter.claim),
        claim=matter.claim,
        facts=matter.facts,
        reasons=matter.reasons,
        received_on=received_on,
        created_at=moment,
        updated_at=moment,
    )


def begin(petition: Petition, actor: Actor, action: str) -> None:
    """Write the first row of its timeline and start its clocks, from the day it was received."""
    engine.begin(petition, actor, action=action)
    db.session.add(petition)
    db.session.flush()
    edge = TABLE.edge(action, "")
    assert edge is not None  # else begin() would have raised
    if petition.received_on != today():
        for effect in edge.clocks:
            clocks.count_from(petition, kind_of(petition.kind), effect.clock, petition.received_on)


def add_parties(petition: Petition, parties: Iterable[Party], own: int | None = None) -> None:
    """Write down who speaks in it; `own`: the resident who is the petitioner, confirmed by filing."""
    for party in parties:
        mine = own if party.role == PETITIONER else None
        row = PetitionParty(
            petition_id=petition.id,
            role=party.role,
            resident_id=mine,
            name=party.name or None,
            phone=party.phone or None,
            address=party.address or None,
            id_number=party.id_number or None,
            relation=party.relation or None,
            confirmed_at=now() if mine is not None else None,
        )
        db.session.add(row)
    db.session.flush()


def _title(claim: str) -> str:
    first = claim.split("\n", 1)[0].strip()
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"
