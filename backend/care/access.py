"""The only ways to a request, an agreement, a visit: they check the person and say 404 otherwise."""

from __future__ import annotations

from sqlalchemy import select

from backend.care import policy
from backend.care.models import CareAgreement, CareVisit, HelpRequest
from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound

NO_REQUEST = NotFound("help_request_not_found", "没有找到这次请求，可能已经到期删除，或您无权查看。")
NO_AGREEMENT = NotFound("agreement_not_found", "没有找到这份同意，可能已经到期删除，或您无权查看。")
NO_VISIT = NotFound("visit_not_found", "没有找到这次走访，可能已经取消，或您无权查看。")


def load_locked(request_id: int) -> HelpRequest | None:
    """The row, locked, for the engine and its timers."""
    return db.session.execute(
        select(HelpRequest)
        .where(HelpRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def get_request_for(viewer: Actor, request_id: int) -> HelpRequest:
    """The request, if the viewer may see it. Missing and forbidden look alike: NotFound."""
    row = db.session.get(HelpRequest, request_id)
    if row is None or not policy.may_see(row, viewer):
        raise NO_REQUEST
    return row


def get_own_agreement(actor: Actor, agreement_id: int) -> CareAgreement:
    """A resident's own agreement, locked. NotFound."""
    row = _agreement(agreement_id)
    if row is None or row.resident_id is None or row.resident_id != actor.id:
        raise NO_AGREEMENT
    return row


def get_agreement_for(actor: Actor, agreement_id: int) -> CareAgreement:
    """An agreement where the actor plans visits, locked. NotFound."""
    row = _agreement(agreement_id)
    if row is None or not policy.plans(row, actor):
        raise NO_AGREEMENT
    return row


def get_visit_for(actor: Actor, visit_id: int) -> tuple[CareVisit, CareAgreement]:
    """A visit and its agreement, locked, for the worker whose visit it is. NotFound."""
    visit = db.session.scalar(select(CareVisit).where(CareVisit.id == visit_id).with_for_update())
    agreement = _agreement(visit.agreement_id) if visit is not None else None
    if visit is None or agreement is None or not policy.goes(visit.worker_id, actor):
        raise NO_VISIT
    return visit, agreement


def _agreement(agreement_id: int) -> CareAgreement | None:
    return db.session.scalar(
        select(CareAgreement)
        .where(CareAgreement.id == agreement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
