"""Reads of topics: the public list, one's own, the desk's, and cards for messages. Newest first."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, type_coerce

from backend.cases.queries import SubjectCard
from backend.consultations import following, policy, states
from backend.consultations.models import Consultation, ConsultationFollower
from backend.consultations.words import STAGES
from backend.kernel.actor import Actor
from backend.kernel.db import UtcDateTime, db
from backend.kernel.paging import PAGE_SIZE, Page, behind, in_order_of, make_page, parse_cursor
from backend.media import queries as media
from backend.places import queries as places

VIEWS = ("todo", "open", "all", "ended")
#: of a topic, on the phone
PAGE = "pages-consult/topic/index?id={id}"
#: what may stand on a lock screen: nothing of the matter
NEUTRAL_TITLE = "您关注的议事"
#: states in which the next step is whoever organises's
WITH_MANAGERS = (states.ACCEPTED, states.CONCLUDING, states.CONCLUDED, states.PUBLISHED, states.CARRYING_OUT)
_PUBLIC_STATES = tuple(state for held in STAGES.values() for state in held)


def public_page(town_id: int, village_id: int | None, stage: str, cursor: str | None) -> Page[Consultation]:
    """A page of what everybody may read in a town, or in one village, by when it was screened."""
    query = select(Consultation).where(
        Consultation.town_id == town_id,
        Consultation.public_at.is_not(None),
        Consultation.state.in_(STAGES[stage] if stage else _PUBLIC_STATES),
    )
    if village_id is not None:
        query = query.where(Consultation.village_id == village_id)
    elif not stage:
        query = query.with_hint(Consultation, in_order_of("ix_consultations_public"), "mysql")
    at = parse_cursor(cursor)
    if at is not None:
        screened = type_coerce(Consultation.public_at, UtcDateTime)  # it is not null there
        query = query.where(behind(screened, Consultation.id, at))
    ordered = query.order_by(Consultation.public_at.desc(), Consultation.id.desc())
    rows = list(db.session.scalars(ordered.limit(PAGE_SIZE + 1)))
    return make_page(rows, PAGE_SIZE, lambda row: (row.public_at or row.created_at, row.id))


def of_resident(resident_id: int, cursor: str | None) -> Page[Consultation]:
    """What a resident proposed or follows; of others' what is public only."""
    followed = select(ConsultationFollower.consultation_id).where(
        ConsultationFollower.resident_id == resident_id
    )
    public = and_(Consultation.id.in_(followed), Consultation.state.not_in(states.HIDDEN))
    return _page(select(Consultation).where(or_(Consultation.proposer_id == resident_id, public)), cursor)


def of_desk(actor: Actor, view: str, cursor: str | None) -> Page[Consultation]:
    """The actor's own part of one view."""
    return _page(select(Consultation).where(in_sight(actor), _of_view(actor, view)), cursor)


def counts(actor: Actor) -> dict[str, int]:
    """How many topics each view of the desk holds."""
    sums = [
        func.coalesce(func.sum(case((_of_view(actor, view), 1), else_=0)), 0).label(view) for view in VIEWS
    ]
    row = db.session.execute(select(*sums).where(in_sight(actor))).one()
    return {view: int(getattr(row, view)) for view in VIEWS}


def _page(query: Select[Consultation], cursor: str | None) -> Page[Consultation]:
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Consultation.created_at, Consultation.id, at))
    ordered = query.order_by(Consultation.created_at.desc(), Consultation.id.desc())
    rows = list(db.session.scalars(ordered.limit(PAGE_SIZE + 1)))
    return make_page(rows, PAGE_SIZE, lambda row: (row.created_at, row.id))


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """The same rule as policy.may_see() for staff."""
    return or_(_scope(actor, policy.MANAGE), _scope(actor, policy.APPROVE), _carried_by(actor))


def _scope(actor: Actor, permission: str) -> ColumnElement[bool]:
    columns = {
        "town": Consultation.town_id,
        "area": Consultation.area_id,
        "village": Consultation.village_id,
    }
    reached = [
        columns[grant.place_level] == grant.place_id
        if grant.unit_id is None
        else and_(
            columns[grant.place_level] == grant.place_id, Consultation.assignee_unit_id == grant.unit_id
        )
        for grant in actor.grants_with(permission)
        if grant.place_level in columns
    ]
    return or_(false(), *reached)


def _carried_by(actor: Actor) -> ColumnElement[bool]:
    if actor.unit_id is None or not actor.may(policy.CARRY):
        return false()
    return Consultation.assignee_unit_id == actor.unit_id


def _of_view(actor: Actor, view: str) -> ColumnElement[bool]:
    if view == "ended":
        return Consultation.state.in_(states.ENDED)
    if view == "open":
        return Consultation.state == states.OPEN
    if view == "todo":
        return _waits_for(actor)
    return Consultation.id.is_not(None)


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    """What the actor could take further now."""
    brought = func.coalesce(Consultation.registered_by, 0) != actor.id
    drafted = and_(
        Consultation.state == states.CONCLUDING,
        Consultation.drafted_by.is_not(None),
        Consultation.drafted_by != actor.id,
    )
    screening = and_(Consultation.state == states.PROPOSED, brought)
    return or_(
        and_(_scope(actor, policy.APPROVE), or_(screening, drafted)),
        and_(_scope(actor, policy.MANAGE), Consultation.state.in_(WITH_MANAGERS)),
        and_(_carried_by(actor), Consultation.state == states.CARRYING_OUT),
    )


def village_names(topics: Iterable[Consultation]) -> dict[int, str]:
    """The names of the villages that topics lie in."""
    ids = [topic.village_id for topic in topics if topic.village_id is not None]
    return {place_id: card.name for place_id, card in places.places_named(ids).items()} if ids else {}


def covers(topics: Iterable[Consultation]) -> dict[int, str]:
    """The picture of a list's line: the newest that was published with its progress."""
    photos = media.for_subjects("consultation", [topic.id for topic in topics])
    return {topic_id: held[-1].thumb_url for topic_id, held in photos.items() if held}


def titles(ids: Iterable[int]) -> dict[int, str]:
    """Titles by id, for whoever lists what was said about them."""
    query = select(Consultation.id, Consultation.title).where(Consultation.id.in_(set(ids)))
    return {row.id: row.title for row in db.session.execute(query)}


def card(topic_id: int) -> SubjectCard | None:
    """What a message needs to know of a topic."""
    row = db.session.get(Consultation, topic_id)
    if row is None:
        return None
    return SubjectCard(
        id=row.id,
        kind=row.kind,
        title=NEUTRAL_TITLE,
        code=row.code,
        place_label="",
        category_name="",
        urgency="normal",
        due_at=row.due_at,
        town_id=row.town_id,
        resident_id=row.proposer_id,
        assignee_staff_id=None,
        assignee_unit_id=row.assignee_unit_id,
        assignee_unit_name=row.assignee_unit_name,
        places=row.places,
        registered_by=row.registered_by,
        handled_with=policy.CARRY,
        also_for=tuple(one for one in following.told_of(row.id) if one != row.proposer_id),
        page=PAGE.format(id=row.id),
    )
