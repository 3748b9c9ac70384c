"""Who has signed, and signing: name, duty, day and opinion are kept as they were then (OPEN-07)."""

from __future__ import annotations

from sqlalchemy import select

from backend.identity import queries as people
from backend.identity.roles import ROLES
from backend.kernel.actor import Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.notices import policy
from backend.notices.models import Notice, NoticeSignature
from backend.workflow.table import Edge


def signed_by(notice: Notice) -> set[int]:
    """Who has signed the round that runs."""
    wanted = select(NoticeSignature.staff_id).where(
        NoticeSignature.notice_id == notice.id, NoticeSignature.round == notice.round
    )
    return set(db.session.scalars(wanted))


def may_take(notice: Notice, edge: Edge, actor: Actor) -> bool:
    """The policy with the signatures that there are."""
    return policy.may_take(notice, edge, actor, signed_by(notice))


def sign(notice: Notice, step: str, actor: Actor, opinion: str) -> NoticeSignature:
    """Put somebody's name under a step of the present round; the table has one for each person."""
    row = NoticeSignature(
        id=new_id(),
        notice_id=notice.id,
        round=notice.round,
        step=step,
        staff_id=actor.id,
        name=actor.name,
        duty=_duty(actor, policy.NEEDS.get(step, policy.CONFIRM)),
        opinion=opinion,
        signed_on=today(),
        signed_at=now(),
    )
    db.session.add(row)
    return row


def _duty(actor: Actor, permission: str) -> str:
    """The unit and the role by which they sign: 湾头村 村文书."""
    held = people.roles_of([actor.id]).get(actor.id, [])
    labels = [role.label for role in ROLES.values() if role.code in held and permission in role.permissions]
    return " ".join(part for part in (actor.unit_name, *labels[:1]) if part)


def signatures(notice_id: int, round_: int | None = None) -> list[NoticeSignature]:
    """The signatures of a round, or of all of them, in their order."""
    query = select(NoticeSignature).where(NoticeSignature.notice_id == notice_id)
    if round_ is not None:
        query = query.where(NoticeSignature.round == round_)
    return list(db.session.scalars(query.order_by(NoticeSignature.id)))
