"""Routes of 信访直通车 for residents: file, follow, act; sign with others."""

from __future__ import annotations

from typing import Any

from flask import g
from flask.views import MethodView

from backend.cases.proof import ProofSchema, proof_of
from backend.identity.guards import resident_guard
from backend.identity.minors import demand_guardian
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent, idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.petitions import claiming, filing, id_numbers, parties, personal, resident_views, services
from backend.petitions.access import get_petition_for, own_petition
from backend.petitions.schemas import (
    ClaimPetitionSchema,
    CorrectPetitionSchema,
    FilePetitionSchema,
    MyPetitionsSchema,
    PetitionCursorSchema,
    PetitionInvitationSchema,
    PetitionReceiptSchema,
    ResidentPetitionActSchema,
    ResidentPetitionSchema,
    SignPetitionSchema,
)
from backend.places.queries import town_id_of

blueprint = Blueprint(
    "resident_petitions",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="信访直通车",
)


@blueprint.route("/petitions")
class Petitions(MethodView):
    """The resident's own petitions."""

    @blueprint.arguments(PetitionCursorSchema, location="query")
    @blueprint.response(200, MyPetitionsSchema)
    def get(self, wanted: dict[str, str]) -> dict[str, Any]:
        """One's own petitions, newest first."""
        return resident_views.mine(g.actor, wanted.get("cursor"))

    @idempotent
    @limit("6/minute", name="petition.file")
    @blueprint.arguments(FilePetitionSchema)
    @blueprint.response(201, PetitionReceiptSchema)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """Bring a petition; it is registered at once, whatever it says (PET-01)."""
        demand_guardian(g.actor.id)
        filed = filing.file(g.actor, matter_of(given), parties_of(given), joint=given["joint"])
        return resident_views.receipt(filed)


def matter_of(given: dict[str, Any]) -> filing.Matter:
    """What was filled in about the matter itself."""
    return filing.Matter(
        town_id=town_id_of(given["town"]),
        topic=given["topic"],
        claim=given["claim"],
        facts=given["facts"],
        reasons=given["reasons"],
        file_ids=tuple(given["file_ids"]),
    )


def parties_of(given: dict[str, Any]) -> list[filing.Party]:
    """The petitioner, and who speaks for them (PET-23)."""
    petitioner = filing.Party(
        role=filing.PETITIONER,
        name=given["name"],
        phone=given["phone"],
        address=given["address"],
        id_number=id_numbers.tidy(given["id_number"]),
    )
    agents = (filing.Party(filing.AGENT, **agent) for agent in given["agents"])
    return [petitioner, *agents]


@blueprint.route("/petitions/claim", methods=["POST"])
@blueprint.arguments(ClaimPetitionSchema)
@blueprint.response(200, ResidentPetitionSchema)
@limit("10/hour", name="petition.claim")
def claim(given: dict[str, str]) -> dict[str, Any]:
    """Take over what the office registered for oneself, by the code and the phone that was given then."""
    return resident_views.detail(claiming.claim(g.actor, given["code"], given["phone"]), g.actor)


@blueprint.route("/petitions/<petition_id>")
class OnePetition(MethodView):
    """One petition."""

    @blueprint.response(200, ResidentPetitionSchema)
    def get(self, petition_id: str) -> dict[str, Any]:
        """One's own petition: its dates, its papers, who opened it, and what one may do now."""
        return resident_views.detail(get_petition_for(g.actor, parse_id(petition_id)), g.actor)


@blueprint.get("/petitions/<petition_id>/proof")
@blueprint.response(200, ProofSchema)
def proof(petition_id: str) -> dict[str, Any]:
    """The own petition's chain of entries, to be checked on the phone; not for who only signed it."""
    return proof_of(own_petition(g.actor, parse_id(petition_id)))


@blueprint.patch("/petitions/<petition_id>/person")
@blueprint.arguments(CorrectPetitionSchema)
@blueprint.response(200, ResidentPetitionSchema)
@limit("10/minute", name="petition.correct")
def correct(given: dict[str, str], petition_id: str) -> dict[str, Any]:
    """Put right one's own name, phone, address or identity number while the matter is open (PI-07)."""
    if "id_number" in given:
        given["id_number"] = id_numbers.tidy(given["id_number"])
    return resident_views.detail(personal.correct(g.actor, parse_id(petition_id), given), g.actor)


@blueprint.route("/petitions/<petition_id>/actions/<action>", methods=["POST"])
@idempotent_when_keyed
@blueprint.arguments(ResidentPetitionActSchema)
@blueprint.response(200, ResidentPetitionSchema)
@limit("10/minute", name="petition.act")
def act(given: dict[str, Any], petition_id: str, action: str) -> dict[str, Any]:
    """Add, withdraw, rate, ask for avoidance or for a review; 409 when it has changed since `version`."""
    given["media_ids"] = [str(one) for one in given.pop("file_ids")]
    petition = services.act_on(g.actor, parse_id(petition_id), action, given.pop("version"), given)
    return resident_views.detail(petition, g.actor)


@blueprint.route("/petition-invitations/<token>")
class Invitation(MethodView):
    """An invitation to sign with others."""

    @blueprint.response(200, PetitionInvitationSchema)
    @limit("60/minute", name="petition.invitation")
    def get(self, token: str) -> dict[str, Any]:
        """What kind of matter it is, and how many have signed; no word of the petition."""
        return parties.invitation(g.actor, token)

    @idempotent_when_keyed
    @limit("10/minute", name="petition.sign")
    @blueprint.arguments(SignPetitionSchema)
    @blueprint.response(200, PetitionInvitationSchema)
    def post(self, given: dict[str, str], token: str) -> dict[str, Any]:
        """Sign with one's own account; signing again changes nothing."""
        demand_guardian(g.actor.id)
        return parties.sign(g.actor, token, given["name"], given["phone"], given["address"])
