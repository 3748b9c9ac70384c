"""A person corrects what is wrong, and asks for what somebody has to decide (PI-07)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from backend import audit
from backend.cases import personal as cases
from backend.identity import personal as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_id
from backend.rights import ports
from backend.rights.models import RightsCopy, RightsRequest
from backend.workflow.clocks import calendar
from backend.workflow.table import Limit

ANSWER_WITHIN = Limit(15, "working_day")
"""PI-07: 15 working days (M)."""
MOST_OPEN = 5
OPEN, GRANTED, REFUSED = "open", "granted", "refused"
KINDS = {
    "correct": "更正",
    "explain": "解释说明",
    "delete": "删除",
    "relative": "逝者近亲属的申请",
    "other": "其他",
}
STATES = {OPEN: "等答复", GRANTED: "已同意", REFUSED: "没有同意"}
PAGE = "/pages-rights/requests/index"


def correct_account(actor: Actor, changes: dict[str, str | None]) -> list[str]:
    """Nickname and phone, at once; the names of what changed."""
    return identity.correct(actor, changes)


def correct_case(actor: Actor, case_id: int, changes: dict[str, str], why: str) -> RightsRequest | None:
    """The contact of an own report: at once while it is open; of a closed one a request, with the reason.

    A closed case is a record of what was done: somebody decides. Returns the request, or None when done.
    """
    case = cases.own_case_locked(actor.id, case_id)
    if case.closed_at is None:
        changed = ports.case_holder(case.kind).correct(case, changes)
        if changed:
            audit.record(actor, "own_data_corrected", case.kind, case.id, {"what": changed})
        return None
    if not why:
        raise Invalid(
            "why_missing",
            "这件事已经办结，请写明哪里不对、应当是什么。",
            fields={"why": ["请写明哪里不对、应当是什么"]},
        )
    return ask(actor, "correct", case.town_id, why, case.id)


def ask(actor: Actor, kind: str, town_id: int, text: str, case_id: int | None = None) -> RightsRequest:
    """Hand in a request; answered within 15 working days. Invalid beyond five open ones."""
    if case_id is not None:
        town_id = cases.own_case_locked(actor.id, case_id).town_id
    waiting = db.session.scalar(
        select(func.count())
        .select_from(RightsRequest)
        .where(RightsRequest.resident_id == actor.id, RightsRequest.state == OPEN)
    )
    if (waiting or 0) >= MOST_OPEN:
        raise Invalid("requests_full", f"您有 {MOST_OPEN} 份申请还在等答复，请等有了答复再提。")
    moment = now()
    row = RightsRequest(
        id=new_id(),
        town_id=town_id,
        resident_id=actor.id,
        kind=kind,
        case_id=case_id,
        text=text,
        state=OPEN,
        version=1,
        created_at=moment,
        due_at=calendar().due(moment, ANSWER_WITHIN),
    )
    db.session.add(row)
    audit.record(actor, "rights_requested", "rights_request", row.id, {"kind": kind})
    db.session.flush()
    return row


def answer(
    actor: Actor, request_id: int, version: int, granted: bool, text: str, changes: dict[str, str]
) -> RightsRequest:
    """Answer a request in the actor's scope, with the reason (PIPL 50); a correction is carried out with it.

    Raises NotFound out of scope, Conflict when it was answered meanwhile, Invalid for changes that the
    request did not ask for.
    """
    row = find_for(actor, request_id, lock=True)
    if row.state != OPEN or row.version != version:
        raise Conflict("changed_meanwhile", f"这份申请刚刚已经答复（{STATES[row.state]}），请看一眼。")
    if changes and (not granted or row.kind != "correct" or row.case_id is None):
        raise Invalid("not_asked_for", "这份申请不是要更正一件事的联系方式，不能改。")
    if changes and row.case_id is not None and row.resident_id is not None:
        case = cases.own_case_locked(row.resident_id, row.case_id)
        ports.case_holder(case.kind).correct(case, changes)
    row.state, row.version = (GRANTED if granted else REFUSED), row.version + 1
    row.answer, row.answered_at = text, now()
    row.answered_by, row.unit_name = actor.id, actor.unit_name
    audit.record(
        actor, "rights_answered", "rights_request", row.id, {"state": row.state, "what": sorted(changes)}
    )
    db.session.flush()
    if row.resident_id is not None:
        ports.tell(row.resident_id, "您的申请有答复了", text, PAGE, row.id)
    return row


def find_for(actor: Actor, request_id: int, *, lock: bool = False) -> RightsRequest:
    """A request of the actor's town; elsewhere it looks like none."""
    query = select(RightsRequest).where(RightsRequest.id == request_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    row = db.session.execute(query).scalar_one_or_none()
    if row is None or not actor.may_on("rights.answer", {"town": row.town_id}, None):
        raise NotFound
    return row


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two resident records became one: requests and copies belong to the one that is kept."""
    for model in (RightsRequest, RightsCopy):
        db.session.execute(
            update(model)
            .where(model.resident_id == gone_id)
            .values(resident_id=kept_id)
            .execution_options(synchronize_session=False)
        )


def forget_requests(resident_id: int) -> dict[str, list[Any]]:
    """The account is closed: that it was asked and answered stays, the person and the words go."""
    rows = db.session.scalars(
        select(RightsRequest).where(RightsRequest.resident_id == resident_id).with_for_update()
    ).all()
    for row in rows:
        row.resident_id = row.text = row.answer = None
        if row.state == OPEN:
            row.state, row.answered_at = REFUSED, now()
    db.session.flush()
    return {"rights_request": [row.id for row in rows]}
