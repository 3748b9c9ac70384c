"""The demonstration's guides and numbers, what neighbours put up, two visits that were asked for, one agreement.

Told by the services, except the guides' own page; nobody is sent a message about them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from backend.care import agreements
from backend.care import services as care
from backend.comments import services as comments
from backend.demo.mutual_texts import GUIDES, PHONES, POSTS
from backend.demo.side_ways import with_roles
from backend.guides import services as guides
from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.db import db
from backend.moderation.services import CHECK
from backend.moderation.states import TEXT
from backend.neighbours import services as neighbours
from backend.notifications.models import Delivery
from backend.outbox.models import OutboxJob
from backend.places import queries as places
from backend.workflow.models import TimelineEntry

#: the first residents are the confirmed villagers of other stories
FIRST, NUMBER = 20, 10
AT = "村委会往东第三排"
#: whoever asks gives a number; this one is nobody's
CALL = "0632-0000300"


def bring_mutual(town_id: int, actors: Mapping[str, Actor], residents: Sequence[Actor]) -> int:
    """Write all of it; how many rows people see. The agreement is in a village with one grid: its worker goes."""
    desk = with_roles(next(actor for name, actor in actors.items() if name.endswith("dispatcher")))
    for guide in GUIDES:
        guides.write_guide(desk, guide)
    for order, (group, name, phone, hours, note) in enumerate(PHONES, start=1):
        entry = {"group": group, "name": name, "phone": phone, "hours": hours, "note": note}
        guides.write_phone(desk, {**entry, "village_id": None, "order": order})
    people = residents[FIRST : FIRST + NUMBER]
    if len(people) < NUMBER:
        return len(GUIDES) + len(PHONES)
    villages = [village.id for village in places.children(town_id, "village")]
    posted = _posts(town_id, villages, people, desk)
    asked = _visits(town_id, villages, people)
    _say_nothing([*posted, *asked], posted)
    return len(GUIDES) + len(PHONES) + len(posted) + len(asked)


def _posts(town_id: int, villages: Sequence[int], people: Sequence[Actor], desk: Actor) -> dict[int, int]:
    """Posted, looked at and shown; post → its words."""
    found = {}
    for number, (direction, category, title, text, stands) in enumerate(POSTS):
        draft = neighbours.Draft(
            town_id=town_id,
            village_id=villages[number % 3],
            direction=direction,
            category=category,
            title=title,
            text=text,
            expires_on=today() + timedelta(days=stands),
        )
        row = neighbours.post(people[number], draft, [])
        comments.show(desk, row.comment_id)
        found[row.id] = row.comment_id
    return found


def _visits(town_id: int, villages: Sequence[int], people: Sequence[Actor]) -> list[int]:
    """One in a village with one grid, which goes to its worker; one in a village with two, which waits."""
    asked = [
        care.Asking(town_id, villages[0], "family", "alone", AT, "老人一个人在家，想请人常来看看。", CALL),
        care.Asking(town_id, villages[2], "self", "other", AT, "家里水管冻裂了，不知道找谁。", CALL),
    ]
    rows = [care.ask(person, one).id for person, one in zip(people[len(POSTS) :], asked, strict=False)]
    terms = agreements.Terms(town_id, villages[0], "weekly", AT, CALL)
    agreements.agree(people[-1], terms)
    return rows


def _say_nothing(subjects: Sequence[int], posted: Mapping[int, int]) -> None:
    """What was enqueued to tell people of it, and to check it, goes again."""
    db.session.flush()
    rows = db.session.scalars(select(TimelineEntry.id).where(TimelineEntry.subject_id.in_(subjects)))
    keys = [f"timeline:{entry_id}" for entry_id in rows]
    keys += [f"{CHECK}:{comments.SUBJECT}:{TEXT}:{comment_id}" for comment_id in posted.values()]
    pushed = select(Delivery.job_key).where(Delivery.cause_kind == care.SUBJECT)
    keys += db.session.scalars(pushed)
    db.session.execute(delete(Delivery).where(Delivery.cause_kind == care.SUBJECT))
    db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))
