"""A village's supervision committee (OPEN-09): three to five, none of them of the village's committee or its kin."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from backend import audit
from backend.identity import queries as people
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.notices import policy
from backend.notices.models import CommitteeMember
from backend.places.queries import PlaceCard, children, get_place

LEAST, MOST = 3, 5
SUBJECT = "committee"
_NOBODY = NotFound("member_not_found", "没有找到这位成员，可能已经去掉了。")


def sitting(village_id: int, day: date | None = None) -> list[CommitteeMember]:
    """Who sits on a day (today), in the order in which they were entered."""
    on = day or today()
    query = select(CommitteeMember).where(
        CommitteeMember.village_id == village_id,
        CommitteeMember.from_on <= on,
        CommitteeMember.until_on >= on,
    )
    return list(db.session.scalars(query.order_by(CommitteeMember.id)))


def demand_sits(actor: Actor, village_id: int) -> None:
    """Raises Conflict unless the committee has three members at least and this person is one of them (OPEN-09)."""
    members = sitting(village_id)
    if len(members) < LEAST:
        said = f"村务监督委员会要有 {LEAST} 到 {MOST} 名成员，现在登记了 {len(members)} 名，请镇里先登记。"
        raise Conflict("committee_too_small", said)
    if all(one.staff_id != actor.id for one in members):
        raise Conflict("not_on_committee", "您不在这个村现任监督委员会的名单里，请镇里先登记。")


def add(actor: Actor, given: dict[str, Any]) -> CommitteeMember:
    """Enter a member. Raises NotFound, Conflict (five already, a role that excludes), Invalid (kin, days)."""
    village = _village_for(actor, given["village_id"])
    _demand_possible(village, given)
    row = CommitteeMember(
        id=new_id(),
        town_id=village.places["town"],
        village_id=village.id,
        staff_id=given.get("staff_id"),
        name=_name(given),
        no_kin=True,
        from_on=given["from_on"],
        until_on=given["until_on"],
        entered_by=actor.id,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "committee.add", SUBJECT, row.id, {"village": village.name})
    return row


def _demand_possible(village: PlaceCard, given: dict[str, Any]) -> None:
    if given["kin"]:
        said = "村民委员会成员的近亲属、村会计和文书不能担任监督委员会成员。"
        raise Invalid("committee_kin", said, fields={"kin": [said]})
    if given["until_on"] < given["from_on"]:
        raise Invalid("bad_days", "任期的结束日期早于开始。", fields={"until_on": ["早于开始"]})
    # The village's row is locked: two who are entered at once are counted one after the other.
    query = select(CommitteeMember).where(CommitteeMember.village_id == village.id).with_for_update()
    overlapping = [
        one
        for one in db.session.scalars(query)
        if one.from_on <= given["until_on"] and one.until_on >= given["from_on"]
    ]
    if len(overlapping) >= MOST:
        raise Conflict("committee_full", f"监督委员会最多 {MOST} 名成员。")
    staff_id = given.get("staff_id")
    if staff_id is None:
        return
    if any(one.staff_id == staff_id for one in overlapping):
        raise Conflict("member_there", "这个人已经在名单里。")
    for role in policy.EXCLUDED:
        if any(one.id == staff_id for one in people.staff_for(village.places["town"], role, village.places)):
            said = "这个人在本村担任村委会主任、书记、文书或会计，不能担任监督委员会成员。"
            raise Conflict("committee_excluded", said)


def _name(given: dict[str, Any]) -> str:
    """The name of the account, or the one that is written."""
    staff_id = given.get("staff_id")
    card = people.staff_named(staff_id) if staff_id is not None else None
    if staff_id is not None and card is None:
        raise Invalid("staff_unknown", "没有找到这个账号。", fields={"staff_id": ["没有找到"]})
    name = card.name if card is not None else given.get("name", "").strip()
    if not name:
        raise Invalid("name_missing", "请填写姓名。", fields={"name": ["请填写姓名"]})
    return name


def end(actor: Actor, member_id: int) -> CommitteeMember:
    """Somebody sits no longer from today on; what they signed stays. Raises NotFound."""
    row = db.session.get(CommitteeMember, member_id, with_for_update=True)
    if row is None:
        raise _NOBODY
    try:
        village = _village_for(actor, row.village_id)
    except NotFound:
        raise _NOBODY from None
    row.until_on = min(row.until_on, date.fromordinal(today().toordinal() - 1))
    audit.record(actor, "committee.end", SUBJECT, row.id, {"village": village.name})
    db.session.flush()
    return row


def _village_for(actor: Actor, village_id: int) -> PlaceCard:
    """A village whose committee the actor keeps: who watches over it for the town. NotFound."""
    village = get_place(village_id)
    if village.level != "village" or not actor.may_on(policy.WATCH, village.places, None):
        raise NotFound("village_not_found", "没有找到这个村，或不在您负责的范围里。")
    return village


def overview(actor: Actor) -> dict[str, Any]:
    """The committees of the villages in the actor's reach, with who could be entered."""
    villages = [
        one
        for one in (children(actor.town_id, "village") if actor.town_id is not None else [])
        if any(actor.may_on(name, one.places, None) for name in policy.DESK)
    ]
    return {"items": [_of_village(one, actor) for one in villages]}


def _of_village(village: PlaceCard, actor: Actor) -> dict[str, Any]:
    members = sitting(village.id)
    supervisors = people.staff_for(village.places["town"], "village_supervisor", {"village": village.id})
    return {
        "village_id": village.id,
        "village_name": village.name,
        "members": [line(one) for one in members],
        "complete": LEAST <= len(members) <= MOST,
        "may_change": actor.may_on(policy.WATCH, village.places, None),
        "candidates": [{"staff_id": one.id, "name": one.name} for one in supervisors],
    }


def line(row: CommitteeMember) -> dict[str, Any]:
    """One member."""
    return {
        "id": row.id,
        "village_id": row.village_id,
        "staff_id": row.staff_id,
        "name": row.name,
        "from_on": row.from_on,
        "until_on": row.until_on,
    }
