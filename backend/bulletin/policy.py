"""Who writes for the town. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from backend.kernel.actor import Actor
from backend.kernel.errors import Forbidden
from backend.workflow.table import Edge

WRITE = "bulletin.write"


class ArticleLike(Protocol):
    """What the rules read of an article."""

    @property
    def places(self) -> Mapping[str, int | None]: ...


def town_of(actor: Actor) -> int:
    """The town for which the actor writes: only a role that reaches the whole of it. Raises Forbidden."""
    if actor.town_id is None or not actor.may_on(WRITE, {"town": actor.town_id}, None):
        raise Forbidden
    return actor.town_id


def may_write(article: ArticleLike, actor: Actor) -> bool:
    """Who writes for the article's town; an article is the town's, not its writer's."""
    return actor.kind == "staff" and actor.may_on(WRITE, article.places, None)


def may_take(article: ArticleLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    return may_write(article, actor)
