"""The only ways to a question, a request and a roll: each checks who asks, and says 404 for what is not theirs."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.notices import objection_policy as policy
from backend.notices.objection_models import NoticeObjection
from backend.notices.publishing_request_models import PublishingRequest

Row = TypeVar("Row", NoticeObjection, PublishingRequest)


def load_objection(objection_id: int) -> NoticeObjection | None:
    """The row, locked, for the engine and its timers."""
    return _locked(NoticeObjection, objection_id)


def load_request(request_id: int) -> PublishingRequest | None:
    """The row, locked, for the engine and its timers."""
    return _locked(PublishingRequest, request_id)


def objection_for(viewer: Actor, objection_id: int) -> NoticeObjection:
    """A question, locked, for who asked it or who looks at it at the desk. NotFound."""
    row = load_objection(objection_id)
    if row is None or not _may_open(row, viewer):
        raise NotFound("objection_not_found", "没有找到这条提问或异议，可能已经撤下，或您无权查看。")
    return row


def request_for(viewer: Actor, request_id: int) -> PublishingRequest:
    """A request, locked, for who asked it or who looks at it at the desk. NotFound."""
    row = load_request(request_id)
    if row is None or not _may_open(row, viewer):
        raise no_request()
    return row


def public_request(request_id: int, *, lock: bool = False) -> PublishingRequest:
    """A request that everybody may read. NotFound."""
    row = load_request(request_id) if lock else db.session.get(PublishingRequest, request_id)
    if row is None or not row.shown:
        raise no_request()
    return row


def no_request() -> NotFound:
    """The one answer for what is missing and what is not public."""
    return NotFound("publishing_request_not_found", "没有找到这项公开申请，可能已经撤回，或还没有公开。")


def objection_of_comment(comment_id: int) -> NoticeObjection | None:
    """The question whose words this comment is, locked."""
    found = db.session.scalar(select(NoticeObjection.id).where(NoticeObjection.comment_id == comment_id))
    return None if found is None else load_objection(found)


def request_of_comment(comment_id: int) -> PublishingRequest | None:
    """The request whose words this comment is, locked."""
    found = db.session.scalar(select(PublishingRequest.id).where(PublishingRequest.comment_id == comment_id))
    return None if found is None else load_request(found)


def _may_open(row: NoticeObjection | PublishingRequest, viewer: Actor) -> bool:
    if viewer.kind == "resident":
        return row.resident_id is not None and row.resident_id == viewer.id
    return policy.may_look(row.places, viewer)


def _locked(model: type[Row], row_id: int) -> Row | None:
    found: Row | None = db.session.execute(
        select(model).where(model.id == row_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    return found
