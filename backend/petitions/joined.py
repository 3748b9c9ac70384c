"""What was joined with another petition is answered with it (PET-07): each gets its own paper, and its own word.

The paper is addressed to whoever brought that one and repeats their own request: who brought the other one is
nobody's to learn from it.
"""

from __future__ import annotations

from sqlalchemy import select

from backend.kernel.actor import SYSTEM
from backend.kernel.db import db
from backend.petitions import services
from backend.petitions.effects import Taken, carries_out
from backend.petitions.models import Petition
from backend.petitions.states import JOINED


@carries_out("deliver", "answer_joined")
def _answer_joined(taken: Taken) -> None:
    """Answer what was joined with it, and what was joined with that before."""
    query = select(Petition).where(Petition.joined_into == taken.petition.id, Petition.state == JOINED)
    for joined in db.session.scalars(query.order_by(Petition.id).with_for_update()).all():
        services.act(joined, "answer_joined", SYSTEM, None, {})


def lead_of(petition: Petition) -> Petition:
    """The petition with which this one was handled in the end."""
    while petition.joined_into is not None:
        petition = db.session.get_one(Petition, petition.joined_into)
    return petition
