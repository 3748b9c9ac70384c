"""What residents say in public, on its way through the checks and the moderators' queue, and back."""

from __future__ import annotations

from backend.comments import moderators
from backend.comments import services as comments
from backend.comments.services import SUBJECT
from backend.kernel.actor import Actor
from backend.moderation import services
from backend.moderation.ports import Judged
from backend.moderation.services import Piece
from backend.moderation.states import PASSED, PHOTO, REFUSED, TEXT


class Queue:
    """What comments ask of moderation (backend/comments/ports.Checks)."""

    def posted(self, comment_id: int, town_id: int, photo_ids: list[int], reason: str) -> None:
        """Ask the platform about the text and each photo; with a reason a person looks at all of it."""
        pieces = [Piece(TEXT, comment_id), *(Piece(PHOTO, photo_id) for photo_id in photo_ids)]
        services.note_posted(SUBJECT, comment_id, pieces, reason, town_id)

    def put_back(self, comment_id: int, reason: str) -> None:
        """Flagged by several, or objected to."""
        services.put_back(SUBJECT, comment_id, reason)

    def settle(self, comment_id: int, passed: bool, actor: Actor, note: str) -> None:
        """A moderator decided where the comment stands, not in the queue."""
        services.settle(SUBJECT, comment_id, PASSED if passed else REFUSED, actor, note)

    def forget(self, comment_id: int) -> None:
        """Withdrawn or erased."""
        services.forget(SUBJECT, comment_id)


def judged() -> Judged:
    """How a comment hears of its verdict."""
    return Judged(
        author_of=moderators.author_of,
        about=moderators.about,
        found=comments.checked,
        decided=comments.judged,
    )
