"""Where an entry may come from: a closed case, or through its port an answered petition.

Never: a confidential matter (HOT-05), one that is only stored (PIPL 47), a child's (PI-04), one of a category that
the town keeps off the wall, one that was merged, withdrawn or not accepted. A denunciation is no case at all.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from backend.cases.access import get_case_for
from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.identity import minors
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.kernel.errors import Invalid, NotFound
from backend.media import queries as media
from backend.places import queries as places
from backend.wall import policy, ports, redaction
from backend.wall.models import WallEntry
from backend.wall.ports import NEVER, Source
from backend.workflow import clocks
from backend.workflow.kinds import kind_of
from backend.workflow.models import TimelineEntry
from backend.workflow.table import Limit

TITLE_MOST, TEXT_MOST = 40, 2000
CLOSED = "closed"


def for_staff(actor: Actor, kind: str, source_id: int) -> Source:
    """The matter from which this person may write; NotFound when they may not see it, Invalid when it may not be."""
    if kind == policy.PETITION:
        known = ports.petitions()
        found = known.for_staff(actor, source_id) if known is not None else None
        if found is None:
            raise NotFound("petition_not_found", "没有找到这件信访事项，可能还没有答复，或您无权查看。")
        return found
    case = get_case_for(actor, source_id)
    if not actor.may_on(policy.WRITE, case.places, case.assignee_unit_id):
        raise NotFound("case_not_found", "没有找到这件事，可能编号不对，或您无权查看。")
    source = of_case(case)
    if source.use == NEVER:
        raise Invalid("not_for_the_wall", "这一类事，或这件事本身，不能放到回音壁上。")
    return source


def for_resident(actor: Actor, kind: str, source_id: int) -> Source:
    """One's own matter; NotFound for anybody else's."""
    if kind == policy.PETITION:
        known = ports.petitions()
        found = known.for_resident(actor, source_id) if known is not None else None
    else:
        case = db.session.get(Case, source_id)
        own = case is not None and case.resident_id == actor.id
        found = of_case(case) if case is not None and own else None
    if found is None or found.resident_id != actor.id:
        raise NotFound("case_not_found", "没有找到这件事，可能编号不对，或您无权查看。")
    return found


def of_entry(entry: WallEntry) -> Source | None:
    """The matter behind an entry, for the program: whose names may not be written. None when it is gone."""
    return by_key(entry.source_kind, entry.source_id)


def by_key(kind: str, source_id: int) -> Source | None:
    """The same by what it came from."""
    if kind == policy.PETITION:
        known = ports.petitions()
        return known.source(source_id) if known is not None else None
    case = db.session.get(Case, source_id)
    return of_case(case) if case is not None else None


def of_case(case: Case) -> Source:
    """A case as the wall may use it; what is suggested holds nothing that the redaction check would mark."""
    told = case_kind(case.kind).details(case, "staff")
    names, address = names_of(case, told["contact_name"]), str(told["address"])
    return Source(
        kind=case.kind,
        id=case.id,
        code=case.code,
        town_id=case.town_id,
        places=case.places,
        village_name=_place_name(case.village_id),
        place_label=place_label(case),
        category_code=case.category_code,
        category_name=case.category_name,
        unit_id=case.assignee_unit_id,
        unit_name=case.assignee_unit_name,
        received_on=shanghai(case.created_at).date(),
        closed_on=shanghai(case.closed_at or case.updated_at).date(),
        days_promised=promised_days(case),
        score=case.rating,
        use=use_of(case),
        resident_id=case.resident_id,
        title=redaction.covered(case.title, names, address)[:TITLE_MOST],
        matter=redaction.covered(told["text"], names, address)[:TEXT_MOST],
        done=redaction.covered(told["reply"] or "", names, address)[:TEXT_MOST],
        names=names,
        address=address,
        photos=tuple(media.for_subject(case.kind, case.id)),
    )


def use_of(case: Case) -> str:
    """What the town says of its category, and NEVER for what no configuration can open."""
    table = kind_of(case.kind).table
    shut = (
        case.state != CLOSED
        or not table.state(case.state).answer
        or case.confidential
        or case.stored_only_at is not None
        or minors.is_under_14(case.resident_id)
    )
    return NEVER if shut else ports.uses(case.town_id).get(case.category_code, NEVER)


def names_of(case: Case, contact_name: str) -> tuple[str, ...]:
    """Names that may not be written: who brought it, and every member of staff who had to do with it."""
    names = {contact_name}
    if case.resident_id is not None:
        card = identity.resident_card(case.resident_id)
        names.add((card.nickname if card is not None else None) or "")
    acted = select(TimelineEntry.actor_name).where(
        TimelineEntry.subject_kind == case.kind,
        TimelineEntry.subject_id == case.id,
        TimelineEntry.actor_kind == "staff",
    )
    names |= {(name or "").partition("（")[0] for name in db.session.scalars(acted)}
    assigned: Collection[int] = [case.assignee_staff_id] if case.assignee_staff_id else []
    names |= {card.name for card in identity.staff_cards(assigned).values()}
    return tuple(sorted(name for name in names if len(name) > 1))


def place_label(case: Case) -> str:
    """The place in words, never finer than the micro-grid: the names of the tree, nothing that was typed."""
    finest = case.micro_grid_id or case.grid_id or case.village_id
    ids = [one for one in (case.village_id, finest) if one is not None]
    cards = places.places_named(list(dict.fromkeys(ids)))
    return "·".join(cards[one].name for one in dict.fromkeys(ids) if one in cards)


def _place_name(place_id: int | None) -> str:
    cards = places.places_named([place_id]) if place_id is not None else {}
    return next((card.name for card in cards.values()), "")


def promised_days(case: Case) -> int | None:
    """Calendar days from the clock's start to the date first promised; None where nothing was promised.

    Time in which the citizen was waited for is in it, an extension is not: the wall shows the first promise.
    """
    main = kind_of(case.kind).main_clock
    clock = next((c for c in clocks.of_subject(case.kind, case.id) if c.name == main), None)
    if clock is None:
        return None
    due = clock.due_at
    if clock.agreed:
        limit = Limit(clock.amount, clock.unit)  # type: ignore[arg-type]  # written from a Limit
        due = clocks.calendar().due(clock.started_at, limit)
    return (shanghai(due).date() - shanghai(clock.started_at).date()).days
