"""What is shown of requests to publish: to everybody, to a villager, at the desk. Who joined is nobody's to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from backend.comments import queries as comments
from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, make_page, parse_cursor
from backend.notices import objection_policy as policy
from backend.notices import objection_source as sources
from backend.notices import publishing_request_rolls as roll
from backend.notices import publishing_request_services as requests
from backend.notices.objection_views import actions, in_sight
from backend.notices.objection_words import ENTITLED_FROM, day_of, days_after
from backend.notices.publishing_request_models import PublishingRequest, VillageRoll
from backend.notices.publishing_request_states import (
    COLLECTING,
    HIDDEN,
    KIND,
    REFUSED,
    TABLE,
    WITH_VILLAGE,
    WITHDRAWN,
)
from backend.places import queries as places
from backend.villagers.queries import confirmed_count, representatives_of, village_of

_R = PublishingRequest.__table__.c
VIEWS = ("todo", "collecting", "all")
#: how many notices are offered as the answer to a request, and the field that names one
CHOICES = 30
NOTICE: dict[str, Any] = {
    "name": "notice_id",
    "label": "回应这项申请的公开内容",
    "kind": "choice",
    "required": True,
    "max": None,
    "value": None,
}
#: nothing of it stands on the public list
GONE = (HIDDEN, WITHDRAWN)


def public_page(town_id: int, village_id: int | None, cursor: str | None) -> dict[str, Any]:
    """A page of the requests of a town or one village that everybody may read, newest first."""
    query = select(PublishingRequest).where(
        _R.town_id == town_id, PublishingRequest.shown, _R.state.not_in(GONE)
    )
    if village_id is not None:
        query = query.where(_R.village_id == village_id)
    page = _page(query, cursor)
    return {"items": lines(page.items), "next_cursor": page.next_cursor}


def lines(rows: Sequence[PublishingRequest]) -> list[dict[str, Any]]:
    """Requests as everybody reads them: the words, the counter, and what became of it."""
    said = comments.of_ids([row.comment_id for row in rows])
    return [_line(row, said.get(row.comment_id)) for row in rows]


def _line(row: PublishingRequest, said: dict[str, Any] | None) -> dict[str, Any]:
    state = TABLE.state(row.state)
    due_on = day_of(row.due_at) if row.state in WITH_VILLAGE else None
    late = row.overdue and row.state in WITH_VILLAGE
    return {
        "id": row.id,
        "village_id": row.village_id,
        "village_name": sources.village_name(row.village_id),
        "category": row.category,
        "category_label": sources.category_label(row.town_id, row.category),
        "text": said["text"] if said is not None else "",
        "asked_on": day_of(row.created_at),
        "state": row.state,
        "state_label": state.label,
        "tone": "late" if late else state.tone,
        "next_step": state.next_step,
        "joined": row.joined,
        "needed": row.needed,
        "representatives_joined": row.representatives_joined,
        "representatives_needed": row.representatives_needed,
        "entitled": row.entitled,
        "entitled_label": ENTITLED_FROM[row.entitled_from],
        "closes_on": row.closes_on,
        "days_left": max((row.closes_on - today()).days, 0) if row.state == COLLECTING else None,
        "reached_on": row.reached_on,
        "due_on": due_on,
        "overdue": late,
        "days_late": days_after(due_on, None) if late else 0,
        "answered_on": row.answered_on,
        "notice_id": row.notice_id,
        "reason": row.reason,
        "decided_on": row.decided_on,
        "town_reason": row.town_reason,
    }


def for_resident(actor: Actor, cursor: str | None) -> dict[str, Any]:
    """The requests of one's own village and all one asked oneself, newest first, with whether one has joined."""
    home = village_of(actor.id)
    public = and_(PublishingRequest.shown, _R.state.not_in(GONE))
    here = and_(_R.village_id == home[0], public) if home is not None else None
    own = _R.resident_id == actor.id
    page = _page(select(PublishingRequest).where(own if here is None else or_(own, here)), cursor)
    return {
        "items": own_lines(page.items, actor),
        "next_cursor": page.next_cursor,
        "village_id": home[0] if home is not None else None,
        "village_name": sources.village_name(home[0]) if home is not None else "",
    }


def own_lines(rows: Sequence[PublishingRequest], actor: Actor) -> list[dict[str, Any]]:
    """Requests as a villager sees them: also what one may do, and of one's own why it is not public yet."""
    joined = requests.joined_of([row.id for row in rows], actor.id)
    home = village_of(actor.id)
    return [
        _own(row, line, actor, row.id in joined, home is not None and home[0] == row.village_id)
        for row, line in zip(rows, lines(rows), strict=True)
    ]


def _own(
    row: PublishingRequest, line: dict[str, Any], actor: Actor, joined: bool, villager: bool
) -> dict[str, Any]:
    mine = row.resident_id == actor.id
    said = next(iter(comments.own(actor.id, KIND, row.id)), None) if mine else None
    collecting = row.shown and row.state == COLLECTING
    return line | {
        "text": said["text"] if said is not None else line["text"],
        "version": row.version,
        "mine": mine,
        "shown": row.shown,
        "comment_state_label": said["state_label"] if said is not None else "",
        "held_reason": (said["held_reason"] or "") if said is not None else "",
        "has_joined": joined,
        "may_join": villager and collecting and not joined,
        "may_leave": collecting and joined and not mine,
        "actions": actions(row, actor),
    }


def for_desk(actor: Actor, view: str, cursor: str | None) -> dict[str, Any]:
    """A page of the requests the actor looks at, newest first."""
    page = _page(select(PublishingRequest).where(in_sight(actor, _R), _of_view(view)), cursor)
    return {"items": desk_lines(page.items, actor), "next_cursor": page.next_cursor}


def desk_lines(rows: Sequence[PublishingRequest], actor: Actor) -> list[dict[str, Any]]:
    """Requests at the desk; those that are not public yet have no words here."""
    return [
        line | {"version": row.version, "shown": row.shown, "actions": _desk_actions(row, actor)}
        for row, line in zip(rows, lines(rows), strict=True)
    ]


def _desk_actions(row: PublishingRequest, actor: Actor) -> list[dict[str, Any]]:
    """The actions, and for publishing the notices that it may name."""
    found = actions(row, actor)
    for one in found:
        if one["action"] == "publish":
            one["fields"] = [NOTICE | {"options": _answers(row)}]
    return found


def _answers(row: PublishingRequest) -> list[dict[str, str]]:
    listed = sources.latest(row.town_id, row.village_id, CHOICES)
    return [{"value": str(one.id), "label": f"{one.title}（{one.published_on}）"} for one in listed]


def _of_view(view: str) -> ColumnElement[bool]:
    if view == "todo":
        return _R.state.in_((*WITH_VILLAGE, REFUSED))
    if view == "collecting":
        return _R.state == COLLECTING
    return _R.id.is_not(None)


def rolls(actor: Actor) -> list[dict[str, Any]]:
    """How many villagers each village in the actor's reach has entered, in the town's order."""
    if actor.town_id is None:
        return []
    entered = {
        row.village_id: row
        for row in db.session.scalars(select(VillageRoll).where(VillageRoll.town_id == actor.town_id))
    }
    mine = [v for v in places.children(actor.town_id, "village") if policy.may_look(v.places, actor)]
    return [
        {
            "village_id": village.id,
            "village_name": village.name,
            "villagers": entered[village.id].villagers if village.id in entered else None,
            "noted_on": day_of(entered[village.id].noted_at) if village.id in entered else None,
            "confirmed": confirmed_count(actor.town_id, village.id),
            "needed": roll.needed_of(*roll.entitled_in(actor.town_id, village.id)),
            "representatives": entered[village.id].representatives if village.id in entered else None,
            "representatives_known": len(representatives_of(village.id)),
            "representatives_needed": roll.representatives_needed(village.id),
            "may_enter": policy.answers_for(village.places, actor),
        }
        for village in mine
    ]


def _page(query: Any, cursor: str | None) -> Page[PublishingRequest]:
    at = parse_cursor(cursor)
    if at is not None:
        query = query.where(behind(PublishingRequest.created_at, PublishingRequest.id, at))
    ordered = query.order_by(PublishingRequest.created_at.desc(), PublishingRequest.id.desc())
    rows = list(db.session.scalars(ordered.limit(PAGE_SIZE + 1)))
    return make_page(rows, PAGE_SIZE, lambda row: (row.created_at, row.id))
