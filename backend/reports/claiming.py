"""A resident who logs in later takes over what was registered for them: by the code, and the phone they gave."""

from __future__ import annotations

import hmac

from sqlalchemy import select

from backend.audit.services import record
from backend.cases.models import Case
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.ids import read_code
from backend.reports import queries
from backend.reports.states import TABLE


def claim(actor: Actor, code: str, phone: str) -> Case:
    """Make a case that staff registered the resident's own; to claim it again changes nothing.

    A wrong code, a wrong phone, a case without a phone and one that is somebody's look alike: NotFound.
    """
    case = db.session.execute(
        select(Case)
        .where(Case.code == read_code(code), Case.kind == TABLE.kind)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if case is None or not _fits(case, actor, phone):
        raise NotFound("claim_unknown", "没有对上。请核对单子上的查询码，和登记时留下的电话。")
    if case.resident_id is None:
        case.resident_id = actor.id
        record(actor, "case.claimed", case.kind, case.id)
        db.session.flush()
    return case


def _fits(case: Case, actor: Actor, phone: str) -> bool:
    if case.registered_by is None or case.stored_only_at is not None:
        return False
    given = queries.report_of(case).contact_phone or ""
    same = hmac.compare_digest(_digits(given).encode(), _digits(phone).encode())
    return bool(given) and same and case.resident_id in {None, actor.id}


def _digits(phone: str) -> str:
    return "".join(ch for ch in phone if ch.isdigit())
