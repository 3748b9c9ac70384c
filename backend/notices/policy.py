"""Who drafts, signs and publishes notices. Pure.

Nobody signs a notice twice, and whoever has written in it signs it once, as its drafter (OPEN-07). Who reviews
holds none of the village's other roles (OPEN-09), whatever a role of theirs says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from backend.kernel.actor import Actor
from backend.notices.states import REVIEWED, SUBMITTED
from backend.workflow.table import Edge

DRAFT, REVIEW, CONFIRM, PUBLISH = "notice.draft", "notice.review", "notice.confirm", "notice.publish"
WATCH = "notice.watch"
DESK = (DRAFT, REVIEW, CONFIRM, PUBLISH, WATCH)
#: action → the permission that it needs
NEEDS = {
    "draft": DRAFT,
    "supplement": DRAFT,
    "submit": DRAFT,
    "withdraw": DRAFT,
    "agree": REVIEW,
    "object": REVIEW,
    "confirm": CONFIRM,
    "publish": PUBLISH,
}
#: signed by name and date; each by somebody who has not signed this round
SIGNED = frozenset({"submit", "agree", "object", "confirm", "return", "publish"})
#: roles of a village that keep somebody off its supervision committee
EXCLUDED = ("village_head", "village_clerk", "village_secretary", "village_accountant")


class NoticeLike(Protocol):
    """What the rules read of a notice."""

    @property
    def state(self) -> str: ...
    @property
    def village_id(self) -> int | None: ...
    @property
    def places(self) -> Mapping[str, int | None]: ...
    @property
    def writers(self) -> Collection[str]: ...


def may_see(notice: NoticeLike, actor: Actor) -> bool:
    """Whether a member of staff may open it at the desk."""
    return actor.kind == "staff" and any(actor.may_on(one, notice.places, None) for one in DESK)


def may_write(notice: NoticeLike, actor: Actor) -> bool:
    """Who drafts where the notice lies."""
    return actor.kind == "staff" and actor.may_on(DRAFT, notice.places, None)


def may_take(notice: NoticeLike, edge: Edge, actor: Actor, signed: Collection[int] = ()) -> bool:
    """Whether this actor may take this edge; `signed`: who has signed this round."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    if actor.kind != "staff":
        return False
    if edge.action in SIGNED - {"submit"} and (actor.id in signed or str(actor.id) in notice.writers):
        return False
    if edge.action == "return":
        needs = PUBLISH if notice.state not in (SUBMITTED, REVIEWED) else CONFIRM
        town_or_reviewed = notice.village_id is None or notice.state != SUBMITTED
        return town_or_reviewed and actor.may_on(needs, notice.places, None)
    return actor.may_on(NEEDS[edge.action], notice.places, None) and _in_turn(notice, edge.action, actor)


def _in_turn(notice: NoticeLike, action: str, actor: Actor) -> bool:
    """A village's notice is reviewed before it is confirmed; the town's own has no committee."""
    of_village = notice.village_id is not None
    if action in {"agree", "object"}:
        return of_village and independent(notice, actor)
    if action == "confirm":
        return notice.state == (REVIEWED if of_village else SUBMITTED)
    return True


def independent(notice: NoticeLike, actor: Actor) -> bool:
    """Whether somebody who reviews holds no other part of the village's chain (OPEN-09)."""
    return not any(actor.may_on(one, notice.places, None) for one in (DRAFT, CONFIRM, PUBLISH))
