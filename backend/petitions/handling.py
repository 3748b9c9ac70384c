"""What else happens while a petition is handled: hearings, mediation, urgent matters (PET-16, PET-17, PET-22)."""

from __future__ import annotations

from backend.audit.services import record
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden
from backend.petitions import queries, views, words
from backend.petitions.access import get_petition_for
from backend.petitions.effects import Taken, carries_out
from backend.petitions.visit_models import PetitionContactReading
from backend.workflow.queries import newest


@carries_out("settle")
def _settle(taken: Taken) -> None:
    """An agreement in writing needs that both sides wanted mediation (PET-17, article 33)."""
    if newest(taken.petition.kind, taken.petition.id, ["agree_mediation"]) is None:
        raise Conflict("no_consent", "请先登记双方同意调解：调解要双方自愿（《信访工作条例》第三十三条）。")
    taken.petition.follow_up_open = False


@carries_out("report_urgent")
def _urgent(taken: Taken) -> None:
    """Grave and urgent: reported at once, never held back (PET-22, article 25)."""
    taken.petition.urgent = True
    record(taken.actor, "petition.urgent", taken.petition.kind, taken.petition.id)


def read_parties(actor: Actor, petition_id: int, reason: str) -> list[dict[str, str]]:
    """The persons of one petition in clear; who read them and why is audited (rule 10).

    Raises NotFound; Forbidden for whoever has nothing to do with informing or handling.
    """
    petition = get_petition_for(actor, petition_id)
    if not views.may_read_contact(petition, actor):
        raise Forbidden
    # The reason may name somebody: it stands encrypted beside the petition, and not in the audit (SEC-01).
    db.session.add(
        PetitionContactReading(petition_id=petition.id, staff_id=actor.id, at=now(), reason=reason)
    )
    record(actor, "petition.contact.read", petition.kind, petition.id)
    return [
        {
            "role_label": words.PARTY_ROLES.get(party.role, party.role),
            "name": party.name or "",
            "phone": party.phone or "",
            "address": party.address or "",
            "id_number": party.id_number or "",
            "relation": party.relation or "",
        }
        for party in queries.parties_of(petition.id)
    ]
