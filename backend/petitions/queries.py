"""Reads of petitions for those who work on them: the queue, a card for messages, what lies beside one.

Joined by case, never by person: nothing here takes a resident, a name or a phone (§8.1 point 2).
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, false, func, or_, select

from backend.cases.queries import SubjectCard
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import read_code
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor
from backend.petitions import states
from backend.petitions.access import co_signers_of, excluded_from
from backend.petitions.models import (
    Petition,
    PetitionAvoidance,
    PetitionDocument,
    PetitionLink,
    PetitionParty,
)
from backend.petitions.policy import may_see
from backend.petitions.words import next_steps

#: what a message may say on a lock screen: nothing of the matter
NEUTRAL_TITLE = "您反映的事项"
VIEWS = ("todo", "handling", "mine", "all", "ended")
#: states in which the next step is the office's
WITH_OFFICE = (
    states.REGISTERED,
    states.OBJECTED,
    states.OPINION_APPROVED,
    states.REVIEWING,
    states.REEXAMINING,
    states.HEARING,
)
IN_WORK = (*states.IN_HAND, states.OPINION_DRAFTED)


def page(actor: Actor, view: str, cursor: str | None) -> Page[Petition]:
    """A page of the actor's petitions, newest first."""
    query = select(Petition).where(in_sight(actor), _of_view(actor, view))
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(Petition.created_at, Petition.id, at))
    rows = db.session.execute(
        query.order_by(Petition.created_at.desc(), Petition.id.desc()).limit(PAGE_SIZE + 1)
    )
    return make_page(list(rows.scalars()), PAGE_SIZE, lambda row: (row.created_at, row.id))


def counts(actor: Actor) -> dict[str, int]:
    """How many petitions each view of the queue holds."""
    sums = [
        func.coalesce(func.sum(case((_of_view(actor, view), 1), else_=0)), 0).label(view) for view in VIEWS
    ]
    row = db.session.execute(select(*sums).where(in_sight(actor))).one()
    return {view: int(getattr(row, view)) for view in VIEWS}


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """The same rule as policy.may_see(): the office, the heads, whoever has it or helps; not who keeps out."""
    kept_out = exists().where(
        PetitionAvoidance.petition_id == Petition.id, PetitionAvoidance.staff_id == actor.id
    )
    reasons = [scope(actor, "petition.triage"), scope(actor, "petition.approve"), _theirs(actor)]
    if actor.may("petition.handle"):
        reasons.append(_helped_by(actor))
    return and_(or_(*reasons), ~kept_out)


def scope(actor: Actor, permission: str) -> ColumnElement[bool]:
    """The petitions that roles with this permission reach: towns, perhaps one unit's only."""
    found: list[ColumnElement[bool]] = [false()]
    for grant in actor.grants_with(permission):
        if grant.place_level == "town":
            of_town = Petition.town_id == grant.place_id
            unit = grant.unit_id
            found.append(of_town if unit is None else and_(of_town, Petition.assignee_unit_id == unit))
    return or_(*found)


def _theirs(actor: Actor) -> ColumnElement[bool]:
    """Given to them or to whom they stand in for, or to their unit and to nobody in it."""
    if not actor.may("petition.handle"):
        return false()
    people = [actor.id, *(away for away, _ in actor.stands_in_for)]
    given = Petition.assignee_staff_id.in_(people)
    if actor.unit_id is None:
        return given
    return or_(given, and_(Petition.assignee_staff_id.is_(None), Petition.assignee_unit_id == actor.unit_id))


def _helped_by(actor: Actor) -> ColumnElement[bool]:
    """Their unit was asked to help. Ids are long enough that one stands in the text for itself only."""
    text = cast(Petition.helpers, String)
    unit = text.like(f'%"id":"{actor.unit_id}","name":%"staff_id":""%')
    return or_(text.like(f'%"staff_id":"{actor.id}"%'), unit)


def _of_view(actor: Actor, view: str) -> ColumnElement[bool]:
    if view == "ended":
        return Petition.state.in_(states.ENDED)
    if view == "handling":
        return Petition.state.in_(IN_WORK)
    if view == "mine":
        return and_(Petition.state.in_(states.OPEN), or_(_theirs(actor), Petition.registered_by == actor.id))
    if view == "todo":
        return _waits_for(actor)
    return Petition.state.in_(states.OPEN)


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    """What the actor could take further now."""
    asked = and_(Petition.pending_request != "", func.coalesce(Petition.pending_by, 0) != actor.id)
    drafted = and_(
        Petition.state == states.OPINION_DRAFTED, func.coalesce(Petition.drafted_by, 0) != actor.id
    )
    return or_(
        and_(scope(actor, "petition.triage"), Petition.state.in_(WITH_OFFICE)),
        and_(scope(actor, "petition.approve"), or_(asked, drafted)),
        and_(_theirs(actor), Petition.state.in_(states.IN_HAND)),
    )


def parties_of(petition_id: int) -> list[PetitionParty]:
    """Everybody who speaks in it, in the order they were named."""
    query = select(PetitionParty).where(PetitionParty.petition_id == petition_id).order_by(PetitionParty.id)
    return list(db.session.scalars(query))


def documents_of(petition_id: int) -> list[PetitionDocument]:
    """The written documents, oldest first."""
    query = select(PetitionDocument).where(PetitionDocument.petition_id == petition_id)
    return list(db.session.scalars(query.order_by(PetitionDocument.id)))


def links_of(petition_id: int) -> list[tuple[PetitionLink, Petition]]:
    """The petitions about the same matter that this one was linked to, with the reason."""
    query = (
        select(PetitionLink, Petition)
        .join(Petition, Petition.id == PetitionLink.earlier_id)
        .where(PetitionLink.petition_id == petition_id)
        .order_by(PetitionLink.linked_at)
    )
    return [(link, earlier) for link, earlier in db.session.execute(query)]


def avoidances_of(petition_id: int) -> list[PetitionAvoidance]:
    """Who has to keep out of it (回避)."""
    query = select(PetitionAvoidance).where(PetitionAvoidance.petition_id == petition_id)
    return list(db.session.scalars(query.order_by(PetitionAvoidance.decided_at)))


def by_code_for(actor: Actor, code: str, but: Petition) -> Petition:
    """Another petition of the same town by its look-up code, within the actor's sight; Invalid otherwise."""
    found = db.session.scalars(select(Petition).where(Petition.code == read_code(code))).first()
    visible = found is not None and may_see(found, actor, excluded_from(found.id))
    if found is None or not visible or found.id == but.id or found.town_id != but.town_id:
        raise Invalid(
            "code_unknown", "没有找到这个查询码的另一件信访事项。", fields={"into_code": ["请核对查询码"]}
        )
    return found


def card(petition_id: int) -> SubjectCard | None:
    """What a message needs to know of a petition, in words that give nothing away."""
    row = db.session.get(Petition, petition_id)
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
        resident_id=row.resident_id,
        assignee_staff_id=row.assignee_staff_id,
        assignee_unit_id=row.assignee_unit_id,
        assignee_unit_name=row.assignee_unit_name,
        places=row.places,
        registered_by=row.registered_by,
        handled_with="petition.handle",
        kept_out=excluded_from(row.id),
        next_steps=next_steps(row),
        also_for=tuple(co_signers_of(row.id)),
    )


def staff_names(ids: Collection[int | None]) -> dict[int, str]:
    """Names of staff by id."""
    return {i: c.name for i, c in identity.staff_cards(i for i in ids if i is not None).items()}
