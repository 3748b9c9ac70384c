"""Anonymous petitions (§1.5): accepted and registered like any other, and nothing of the sender is stored.

No session, no openid, no device, no address, no row of the idempotency table, no audit entry: a code comes
back, and whoever has it may ask. What makes a second sending of the same phone the same petition is a
random word that the phone made up for it; its hash is all that is kept.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.kernel.actor import PUBLIC
from backend.kernel.clock import today
from backend.kernel.db import db
from backend.kernel.errors import Conflict
from backend.kernel.ids import show_code
from backend.petitions import files
from backend.petitions.filing import FILE, Filed, Matter, begin, new_petition
from backend.petitions.models import Petition

CHANNEL = "anonymous"


def file(matter: Matter, sending: str) -> Filed:
    """Register a petition without a name; sent again under the same `sending` it is the same one.

    Raises Conflict when something else was sent under it before, Invalid and NotFound as filing does.
    """
    owner = files.owner_of_sending(sending)
    earlier = _sent_before(owner)
    if earlier is None:
        petition = new_petition(matter, channel=CHANNEL, received_on=today())
        petition.anonymous, petition.sending = True, owner
        try:
            begin(petition, PUBLIC, FILE)
        except IntegrityError:
            db.session.rollback()
            earlier = _sent_before(owner)  # both were sent at once: the other one has committed
            if earlier is None:
                raise
        else:
            files.attach(owner, matter.file_ids, petition.id)
            db.session.flush()
            return Filed(petition)
    return Filed(_the_same(earlier, matter))


def _sent_before(owner: str) -> Petition | None:
    return db.session.execute(select(Petition).where(Petition.sending == owner)).scalar_one_or_none()


def _the_same(earlier: Petition, matter: Matter) -> Petition:
    """What was sent before, if it said the same: words that were changed meanwhile must not be lost silently."""
    said = (earlier.topic, earlier.claim, earlier.facts, earlier.reasons)
    if said != (matter.topic, matter.claim, matter.facts, matter.reasons):
        code = show_code(earlier.code)
        raise Conflict(
            "already_sent",
            f"刚才那一份已经登记，查询码是 {code}。改过的内容请另提交一份，并写上这个查询码。",
            details={"code_display": code},
        )
    return earlier
