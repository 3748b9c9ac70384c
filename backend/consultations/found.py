"""Topics as the search over everything finds and shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from backend.consultations.models import Consultation
from backend.consultations.states import HIDDEN
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.places.queries import places_named
from backend.search import services as search
from backend.search.kinds import Found
from backend.subscriptions.services import is_new, published

KIND, PAGE = "consultation", "pages-consult/topic/index?id={id}"
_C = Consultation.__table__.c


def follow(topic: Consultation) -> None:
    """In the transaction of a change: a topic that everybody may read can be found, any other cannot."""
    if topic.public_at is None or topic.state in HIDDEN:
        search.forget(KIND, topic.id)
        return
    search.index(
        KIND,
        topic.id,
        town_id=topic.town_id,
        village_id=topic.village_id,
        title=topic.title,
        text=f"{topic.body}\n{topic.asked}\n{topic.conclusion}",
        at=topic.public_at,
    )
    if is_new(topic.public_at):
        published(KIND, topic.town_id, topic.village_id, topic.id, topic.title, PAGE.format(id=topic.id))


def cards(topic_ids: Sequence[int]) -> Mapping[int, Found]:
    """Those of them that everybody may read."""
    wanted = select(_C.id, _C.title, _C.body, _C.village_id, _C.public_at).where(
        _C.id.in_(topic_ids), _C.public_at.is_not(None), _C.state.not_in(HIDDEN)
    )
    rows = db.session.execute(wanted).all()
    names = places_named([row.village_id for row in rows if row.village_id is not None])
    return {
        row.id: Found(
            row.title,
            row.body,
            shanghai(row.public_at).date(),
            f"/{PAGE.format(id=row.id)}",
            names[row.village_id].name if row.village_id in names else "",
        )
        for row in rows
    }
