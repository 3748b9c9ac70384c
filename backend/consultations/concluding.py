"""The conclusion (CON-09): each group of comments adopted, partly adopted or not, with the reason; then signed.

Drafted by who organises and signed by another person. Nothing that somebody said is left without an answer: a
conclusion waits until every comment that is shown lies in a group.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select

from backend.comments import queries as comments
from backend.consultations import meetings
from backend.consultations.effects import Taken, carries_out, shows
from backend.consultations.models import (
    Consultation,
    ConsultationGroup,
    ConsultationGroupComment,
)
from backend.consultations.texts import demand_publishable
from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid

#: what is answered by the conclusion; a question has its own answer, a statement its own picture
WEIGHED = ("comment",)


def groups_of(topic_id: int) -> list[ConsultationGroup]:
    """The groups in their order."""
    query = select(ConsultationGroup).where(ConsultationGroup.consultation_id == topic_id)
    return list(db.session.scalars(query.order_by(ConsultationGroup.number)))


def members(group_ids: Collection[int]) -> dict[int, list[int]]:
    """Group → the comments in it."""
    found: dict[int, list[int]] = {group_id: [] for group_id in group_ids}
    rows = select(ConsultationGroupComment).where(ConsultationGroupComment.group_id.in_(set(group_ids)))
    for row in db.session.scalars(rows.order_by(ConsultationGroupComment.comment_id)):
        found[row.group_id].append(row.comment_id)
    return found


@carries_out("group")
def _group(taken: Taken) -> None:
    """Put the groups in the place of those that were. Invalid for a comment of another topic, or in two groups."""
    topic, groups = taken.topic, list(taken.given["groups"])
    wanted = [comment_id for group in groups for comment_id in group["comment_ids"]]
    if len(wanted) != len(set(wanted)):
        raise _bad("comment_twice", "有一条意见放进了两组，请只放一组。")
    known = shown_comments(topic.id)
    if set(wanted) - known:
        raise _bad("comment_unknown", "有一条意见不在这个议题里，或已经撤回、隐藏，请刷新后再归并。")
    for group in groups:
        demand_publishable({"title": group["title"], "reason": group["reason"]})
    _replace(topic, groups)
    topic.drafted_by = None  # what waited for the signature is drafted anew


def _replace(topic: Consultation, groups: Sequence[Mapping[str, Any]]) -> None:
    held = [group.id for group in groups_of(topic.id)]
    db.session.execute(delete(ConsultationGroupComment).where(ConsultationGroupComment.group_id.in_(held)))
    db.session.execute(delete(ConsultationGroup).where(ConsultationGroup.id.in_(held)))
    for number, group in enumerate(groups, start=1):
        row = ConsultationGroup(
            consultation_id=topic.id,
            number=number,
            title=group["title"],
            decision=group["decision"],
            reason=group["reason"],
        )
        db.session.add(row)
        db.session.flush()
        db.session.add_all(
            ConsultationGroupComment(comment_id=comment_id, group_id=row.id)
            for comment_id in group["comment_ids"]
        )
    db.session.flush()


def shown_comments(topic_id: int) -> set[int]:
    """The ids of the comments that the conclusion has to answer."""
    return set(comments.ids_of("consultation", topic_id, WEIGHED))


def left_over(topic_id: int) -> int:
    """How many comments lie in no group yet."""
    grouped = (
        select(func.count())
        .select_from(ConsultationGroupComment)
        .join(ConsultationGroup, ConsultationGroup.id == ConsultationGroupComment.group_id)
    )
    known = shown_comments(topic_id)
    inside = db.session.scalar(
        grouped.where(
            ConsultationGroup.consultation_id == topic_id, ConsultationGroupComment.comment_id.in_(known)
        )
    )
    return len(known) - int(inside or 0)


@shows("draft_conclusion", "conclude")
def _complete(topic: Consultation, actor: Actor, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """CON-09: nothing is concluded over comments that nobody weighed, nor before the meeting was held."""
    if meetings.pending(topic.id) is not None:
        raise Conflict("meeting_pending", "会议还没有开，或结果还没有登记：请先登记或取消，再形成结论。")
    missing = left_over(topic.id)
    if missing:
        raise Conflict(
            "comments_left",
            f"还有 {missing} 条意见没有归并：每条都要归入一组，并说明采纳、部分采纳或不采纳的理由。",
            details={"left": missing},
        )
    return {}


@carries_out("draft_conclusion")
def _draft(taken: Taken) -> None:
    demand_publishable({"conclusion": str(taken.given["conclusion"])})
    taken.topic.conclusion, taken.topic.drafted_by = str(taken.given["conclusion"]), taken.actor.id


@carries_out("return_conclusion", "reconsider")
def _send_back(taken: Taken) -> None:
    """What was written stays for the next draft; nothing waits for a signature, nothing is published."""
    topic = taken.topic
    topic.drafted_by = topic.concluded_on = topic.published_on = topic.published_until = None


@carries_out("conclude")
def _conclude(taken: Taken) -> None:
    taken.topic.concluded_on = today()


def _bad(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"groups": [sentence]})
