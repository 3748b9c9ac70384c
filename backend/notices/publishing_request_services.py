"""The only writers of requests to publish something (OPEN-03): ask, join, leave, answer, decide.

A confirmed villager asks, others join; a tenth of the village together can demand it, or a fifth of the villagers'
representatives. Who joined is kept under a keyed hash: the asker alone is known, and told what becomes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from backend import audit
from backend.comments import ports as comment_ports
from backend.comments import services as speaking
from backend.comments.models import Comment
from backend.comments.states import QUESTION as COMMENT_KIND
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, today
from backend.kernel.crypto import blind_index, blind_indexes
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump
from backend.notices import objection_policy as policy
from backend.notices import objection_source as sources
from backend.notices.objection_access import load_request, public_request, request_for, request_of_comment
from backend.notices.objection_services import demand_villager
from backend.notices.objection_words import day_of
from backend.notices.publishing import surrogate
from backend.notices.publishing_request_models import PublishingRequest, PublishingRequestJoin
from backend.notices.publishing_request_rolls import entitled_in, needed_of, representatives_needed
from backend.notices.publishing_request_states import (
    ANSWER_CLOCK,
    COLLECT_CLOCK,
    COLLECT_DAYS,
    COLLECTING,
    HIDDEN,
    KIND,
    TABLE,
)
from backend.notices.texts import demand_clean
from backend.outbox.services import insert_once
from backend.places.queries import get_place
from backend.villagers.queries import representatives_of, village_of
from backend.workflow import engine
from backend.workflow.clocks import BREACH
from backend.workflow.models import TimelineEntry

PAGE = "pages-open/requests/index?id={id}"
HOLDER = "publishing_request"


def ask(actor: Actor, village_id: int | None, category: str, text: str) -> PublishingRequest:
    """Ask the own village to publish something; it can be joined once its words have passed the checks (OPEN-03).

    Raises Forbidden (no confirmed villager, or of another village than that one), Conflict (one's own is still
    being joined), Invalid (no such category), and what posting a comment raises.
    """
    home = village_of(actor.id)
    if home is None or village_id not in (None, home[0]):
        raise Forbidden("villagers_only", "只有本村核实过的村民可以提。请先在“我的”里申请村民核实。")
    village_id, town_id = home
    village = get_place(village_id)
    if category and not sources.knows_category(town_id, category):
        raise Invalid("category_unknown", "没有这一类，请重新选择。", fields={"category": ["请重新选择"]})
    if db.session.scalar(_own_open(actor.id, village_id)) is not None:
        raise Conflict("already_asking", "您提出的另一项公开申请还在联名，结束以后可以再提。")
    row = _new(actor, town_id, village_id, village.places.get("area"), category)
    said = speaking.post(actor, speaking.About(KIND, row.id, town_id), COMMENT_KIND, text)
    row.comment_id = said.id
    engine.begin(row, actor, action="ask", data={"topic": sources.category_label(town_id, category)})
    db.session.add(row)
    db.session.flush()
    _join(row, actor.id)
    return row


def _own_open(resident_id: int, village_id: int) -> Any:
    return select(PublishingRequest.id).where(
        PublishingRequest.resident_id == resident_id,
        PublishingRequest.village_id == village_id,
        PublishingRequest.state == COLLECTING,
    )


def _new(
    actor: Actor, town_id: int, village_id: int, area_id: int | None, category: str
) -> PublishingRequest:
    moment = now()
    entitled, known_from = entitled_in(town_id, village_id)
    return PublishingRequest(
        id=new_id(),
        kind=KIND,
        resident_id=actor.id,
        town_id=town_id,
        area_id=area_id,
        village_id=village_id,
        category=category,
        shown=False,
        entitled=entitled,
        entitled_from=known_from,
        needed=needed_of(entitled, known_from),
        joined=0,
        representatives_needed=representatives_needed(village_id),
        representatives_joined=0,
        closes_on=today() + timedelta(days=COLLECT_DAYS),
        overdue=False,
        reason="",
        town_reason="",
        created_at=moment,
        updated_at=moment,
    )


# --- joining ----------------------------------------------------------------------------------------------


def join(actor: Actor, request_id: int) -> PublishingRequest:
    """Join a request of the own village; again changes nothing. NotFound, Forbidden, Conflict (closed to joining)."""
    row = public_request(request_id, lock=True)
    demand_villager(actor, row.town_id, row.village_id)
    if has_joined(row.id, actor.id):
        return row
    if row.state != COLLECTING:
        raise Conflict("not_collecting", "联名已经结束。", details={"state": row.state})
    _join(row, actor.id)
    return row


def leave(actor: Actor, request_id: int) -> PublishingRequest:
    """Take one's name back while it is being joined; without one nothing happens. NotFound, Conflict."""
    row = public_request(request_id, lock=True)
    if not has_joined(row.id, actor.id):
        return row
    if row.state != COLLECTING:
        raise Conflict("not_collecting", "联名已经结束，不能再退出。", details={"state": row.state})
    if row.resident_id == actor.id:
        raise Conflict("own_request", "这是您提出的，可以撤回整项申请。")
    _leave(row, actor.id)
    return row


def has_joined(request_id: int, resident_id: int) -> bool:
    """Whether this person stands behind it."""
    return bool(joined_of([request_id], resident_id))


def joined_of(request_ids: Iterable[int], resident_id: int) -> set[int]:
    """Of these requests those that this person has joined."""
    held = {one: one_id for one_id in request_ids for one in _holders(one_id, resident_id)}
    found = select(PublishingRequestJoin.holder).where(PublishingRequestJoin.holder.in_(held))
    return {held[one] for one in db.session.scalars(found)}


def _holders(request_id: int, resident_id: int) -> tuple[str, ...]:
    return blind_indexes(HOLDER, f"{request_id}:{resident_id}")


def _join(row: PublishingRequest, resident_id: int) -> None:
    """The row is locked, or not yet anybody else's."""
    values = {"request_id": row.id, "holder": blind_index(HOLDER, f"{row.id}:{resident_id}")}
    db.session.execute(insert_once(PublishingRequestJoin, values, "request_id", "holder"))
    _count(row)


def _leave(row: PublishingRequest, resident_id: int) -> None:
    theirs = PublishingRequestJoin.holder.in_(_holders(row.id, resident_id))
    db.session.execute(
        delete(PublishingRequestJoin).where(PublishingRequestJoin.request_id == row.id, theirs)
    )
    _count(row)


def _count(row: PublishingRequest) -> None:
    """Count who stands behind it; enough of them make it the village's duty to answer.

    Representatives are found by trying each of the village's: whoever is named one later counts from then on.
    """
    of_it = select(func.count()).where(PublishingRequestJoin.request_id == row.id)
    row.joined = db.session.scalar(of_it) or 0
    theirs = [one for held in representatives_of(row.village_id) for one in _holders(row.id, held)]
    of_these = of_it.where(PublishingRequestJoin.holder.in_(theirs))
    row.representatives_joined = (db.session.scalar(of_these) or 0) if theirs else 0
    db.session.flush()
    if row.shown:
        bump(surrogate(row.town_id))
    _reach(row)


def _reach(row: PublishingRequest) -> None:
    if row.shown and row.state == COLLECTING and is_enough(row):
        row.reached_on = today()
        _as_program(row, "reach")


def is_enough(row: PublishingRequest) -> bool:
    """A tenth of the villagers, or a fifth of their representatives (OPEN-03)."""
    fifth = row.representatives_needed
    return row.joined >= row.needed or (fifth is not None and row.representatives_joined >= fifth)


# --- what becomes of it -----------------------------------------------------------------------------------


def act(
    actor: Actor,
    request_id: int,
    action: str,
    version: int | None,
    given: Mapping[str, Any],
    notice_id: int | None = None,
) -> PublishingRequest:
    """Publish (naming the notice), refuse with a public reason, order, uphold, withdraw. NotFound, Conflict,
    Forbidden, Invalid.
    """
    row = request_for(actor, request_id)
    engine.just_locked(row)
    kept = {name: str(value) for name, value in given.items() if value not in (None, "")}
    demand_clean(kept)
    if action == "publish":
        _demand_notice(row, notice_id)
    data = _data(row) | ({"unit": actor.unit_name} if actor.unit_name else {})
    taken = engine.perform(row, action, actor, version=version, given=kept, data=data)
    _keep(row, action, kept.get("note", ""), notice_id)
    if actor.kind == "staff":
        audit.record(actor, f"publishing_request.{action}", KIND, row.id)
    _changed(row, taken)
    return row


def _demand_notice(row: PublishingRequest, notice_id: int | None) -> None:
    """It names a notice of that village, or of its town, that stands published (OPEN-03)."""
    source = sources.of(notice_id) if notice_id is not None else None
    right = (
        source is not None and source.town_id == row.town_id and source.village_id in (None, row.village_id)
    )
    if not right:
        said = "请选择回应这项申请的公开内容（本村或本镇已经发布的）。"
        raise Invalid("notice_missing", said, fields={"notice_id": ["请选择已经发布的公开内容"]})


def _keep(row: PublishingRequest, action: str, note: str, notice_id: int | None) -> None:
    if action == "publish":
        row.notice_id, row.answered_on = notice_id, today()
    elif action == "refuse":
        row.reason, row.answered_on = note, today()
    elif action in {"order", "uphold"}:
        row.town_reason, row.decided_on = note, today()
        row.overdue = row.overdue and action == "uphold"


def _data(row: PublishingRequest) -> dict[str, str]:
    return {"topic": sources.category_label(row.town_id, row.category)}


def _as_program(row: PublishingRequest, action: str) -> None:
    engine.just_locked(row)
    _changed(row, engine.perform(row, action, SYSTEM, version=None, data=_data(row)))


def _changed(row: PublishingRequest, taken: TimelineEntry) -> None:
    row.updated_at = taken.at
    db.session.flush()
    bump(surrogate(row.town_id))


def on_ring(row: PublishingRequest, clock: str, what: str) -> None:
    """Ninety days are over, or the village has not answered in time: the town's watch list has it then."""
    if what != BREACH:
        return
    if clock == COLLECT_CLOCK and row.state == COLLECTING:
        _as_program(row, "lapse")
    elif clock == ANSWER_CLOCK and policy.owes_answer(row):
        row.overdue = True
        _as_program(row, "overdue")


# --- what becomes of its words ----------------------------------------------------------------------------


def hear_of_comments() -> None:
    """Say what a request does when its words become public, go, or come back."""
    comment_ports.commented_on(
        KIND,
        comment_ports.Subject(
            label=TABLE.label,
            titles=titles,
            page=lambda request_id: PAGE.format(id=request_id),
            shown=_shown,
            gone=_gone,
            back=_back,
        ),
    )


def titles(request_ids: Iterable[int]) -> dict[int, str]:
    """What requests are about and since when, for messages and the moderators' queue."""
    rows = db.session.scalars(select(PublishingRequest).where(PublishingRequest.id.in_(set(request_ids))))
    return {
        row.id: f"要求公开{sources.category_label(row.town_id, row.category)}（{day_of(row.created_at)}）"
        for row in rows
    }


def _shown(comment: Comment) -> None:
    row = request_of_comment(comment.id)
    if row is not None:
        row.shown = True
        bump(surrogate(row.town_id))
        _reach(row)


def _gone(comment: Comment) -> None:
    row = request_of_comment(comment.id)
    if row is None:
        return
    row.shown = False
    bump(surrogate(row.town_id))
    if row.state == COLLECTING:
        _as_program(row, "hide")


def _back(comment: Comment) -> None:
    row = request_of_comment(comment.id)
    if row is None:
        return
    row.shown = True
    bump(surrogate(row.town_id))
    if row.state == HIDDEN:
        row.closes_on = today() + timedelta(days=COLLECT_DAYS)
        _as_program(row, "show_again")
        _reach(row)


# --- people who become one, or go -------------------------------------------------------------------------


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: what both asked is the one's, and nobody counts twice."""
    db.session.execute(
        update(PublishingRequest).where(PublishingRequest.resident_id == gone_id).values(resident_id=kept_id)
    )
    for row in _that_joined(gone_id):
        theirs = PublishingRequestJoin.holder.in_(_holders(row.id, gone_id))
        db.session.execute(
            delete(PublishingRequestJoin).where(PublishingRequestJoin.request_id == row.id, theirs)
        )
        _join(row, kept_id)


def forget_joins(resident_id: int) -> list[int]:
    """A person goes: they stand behind nothing that is still being joined; the requests they left."""
    left = [row for row in _that_joined(resident_id) if row.state == COLLECTING]
    for row in left:
        _leave(row, resident_id)
    return [row.id for row in left]


def _that_joined(resident_id: int) -> list[PublishingRequest]:
    """The requests this person joined, locked: found by trying each, for no list of who joined is kept."""
    ids = joined_of(db.session.scalars(select(PublishingRequest.id)).all(), resident_id)
    return [row for one in sorted(ids) if (row := load_request(one)) is not None]
