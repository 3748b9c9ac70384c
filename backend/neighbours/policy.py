"""May I take this step of a post, may I read this thread? Pure."""

from __future__ import annotations

from typing import Protocol

from backend.kernel.actor import Actor
from backend.workflow.table import Edge

REVIEW = "content.review"


class PostLike(Protocol):
    """What the rules read of a post."""

    @property
    def resident_id(self) -> int: ...
    @property
    def renewed(self) -> bool: ...


class ThreadLike(Protocol):
    """What the rules read of a thread."""

    @property
    def owner_id(self) -> int: ...
    @property
    def asker_id(self) -> int: ...


def may_take(post: PostLike, edge: Edge, actor: Actor) -> bool:
    """Whether this actor may take this edge: a person's own post is that person's, the checks are the program's."""
    if actor.kind == "system" or edge.by == "system":
        return actor.kind == edge.by == "system"
    own = actor.kind == "resident" and post.resident_id == actor.id
    return own and not (edge.action == "renew" and post.renewed)


def is_in(thread: ThreadLike, resident_id: int) -> bool:
    """Whether somebody is one of the two who talk."""
    return resident_id in (thread.owner_id, thread.asker_id)
