"""How what somebody said is put into words for its author and for the public."""

from __future__ import annotations

from backend.comments import marks
from backend.comments.models import Comment
from backend.comments.states import HELD_BECAUSE, HIDDEN_BECAUSE

ANYBODY = "网友"


def author_label(village_name: str | None) -> str:
    """Who said it, as everybody reads it: never a name, never a number (§1.5)."""
    return f"{village_name}村民" if village_name else ANYBODY


def why_held(row: Comment) -> str:
    """Why it waits for a person, as its author reads it; empty when it does not."""
    if row.held_because == "personal":
        return f"像是含有{marks.sentence(marks.Mark(*one) for one in row.marks)}"
    return HELD_BECAUSE[row.held_because]


def why_hidden(row: Comment) -> str:
    """Why it was hidden, as its author reads it; empty when it was not."""
    return HIDDEN_BECAUSE.get(row.hidden_reason, "")
