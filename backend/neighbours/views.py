"""How posts and talks are shown: to everybody, to their author, to the two who talk, to moderators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from backend.comments import queries as comments
from backend.comments import words
from backend.comments.models import Comment
from backend.comments.states import HIDDEN, STATES
from backend.comments.states import SHOWN as SAID
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai
from backend.kernel.paging import Page
from backend.media import queries as media
from backend.neighbours import queries
from backend.neighbours.models import NeighbourMessage, NeighbourPost, NeighbourThread
from backend.neighbours.states import CATEGORIES, CHECKING, DIRECTIONS, SHOWN, TABLE, TAKEN_DOWN
from backend.places.queries import places_named
from backend.workflow import engine

#: what is left of a talk, in days after its post has ended (rights/rules.py neighbour_messages)
KEPT_DAYS = 30


def lines(page: Page[NeighbourPost]) -> dict[str, Any]:
    """A page of the public list."""
    return {"items": [_item(row, *of) for row, of in _with(page.items)], "next_cursor": page.next_cursor}


def _with(rows: Sequence[NeighbourPost]) -> list[tuple[NeighbourPost, tuple[str, list[media.MediaCard]]]]:
    named = places_named([row.village_id for row in rows if row.village_id is not None])
    photos = media.for_subjects("comment", [row.comment_id for row in rows])
    return [
        (
            row,
            (
                named[row.village_id].name if row.village_id in named else "",
                photos.get(row.comment_id, []),
            ),
        )
        for row in rows
    ]


def _item(row: NeighbourPost, village_name: str, photos: list[media.MediaCard]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.direction,
        "kind_label": DIRECTIONS[row.direction],
        "category": row.category,
        "category_label": CATEGORIES[row.category],
        "title": row.title,
        "village_id": row.village_id,
        "village_name": village_name,
        "expires_on": row.expires_on,
        "shown_on": shanghai(row.shown_at).date() if row.shown_at is not None else None,
        "photo": photos[0] if photos else None,
    }


def public_view(row: NeighbourPost) -> dict[str, Any]:
    """A post as everybody reads it."""
    return _whole([row])[0]


def _whole(rows: Sequence[NeighbourPost]) -> list[dict[str, Any]]:
    made = []
    for row, (village_name, photos) in _with(rows):
        said, state = comments.get(row.comment_id), TABLE.state(row.state)
        made.append(
            _item(row, village_name, photos)
            | {
                "text": _text(said),
                "photos": photos,
                "state": row.state,
                "state_label": _state_label(row, said, state.label),
                "tone": state.tone,
                "version": row.version,
                "comment_id": row.comment_id,
                "said": said,
            }
        )
    return made


def _text(said: Comment | None) -> str:
    """The words without their first line, which is the title."""
    return said.text.partition("\n")[2] if said is not None else ""


def _state_label(row: NeighbourPost, said: Comment | None, label: str) -> str:
    """What never passed the checks says so, not that it is still being checked."""
    return STATES[HIDDEN] if row.state == CHECKING and said is not None and said.state == HIDDEN else label


def own_view(row: NeighbourPost, actor: Actor) -> dict[str, Any]:
    """One's own post."""
    return own_page(Page([row], None), actor)["items"][0]  # type: ignore[no-any-return]


def own_page(page: Page[NeighbourPost], actor: Actor) -> dict[str, Any]:
    """A page of one's own posts, each with what one may do."""
    counted = queries.thread_counts([row.id for row in page.items])
    made = []
    for row, view in zip(page.items, _whole(page.items), strict=True):
        said: Comment | None = view.pop("said")
        why = "" if said is None else words.why_hidden(said) or words.why_held(said)
        open_now = [edge.action for edge, _ in engine.open_edges(row, actor)]
        made.append(
            view
            | {
                "actions": open_now,
                "threads": counted.get(row.id, 0),
                "held_reason": why,
                "renewed": row.renewed,
            }
        )
    return {"items": made, "next_cursor": page.next_cursor}


def staff_page(page: Page[NeighbourPost]) -> dict[str, Any]:
    """A page of the moderators' list."""
    return {"items": [staff_view(row) for row in page.items], "next_cursor": page.next_cursor}


def staff_view(row: NeighbourPost) -> dict[str, Any]:
    """A post as moderators see it; who wrote it stands nowhere."""
    view = _whole([row])[0]
    said: Comment | None = view.pop("said")
    shown = said is not None and said.state == SAID
    actions = ["take_down"] if shown and row.state == SHOWN else []
    if said is not None and not shown and row.state in (CHECKING, TAKEN_DOWN):
        actions = ["show"] if said.state == HIDDEN else ["show", "take_down"]
    return view | {
        "comment_state": said.state if said is not None else "",
        "comment_state_label": STATES[said.state] if said is not None else "",
        "held_reason": words.why_held(said) if said is not None else "",
        "hidden_reason": words.why_hidden(said) if said is not None else "",
        "flag_count": said.flag_count if said is not None else 0,
        "actions": actions,
    }


def threads(page: Page[NeighbourThread], actor: Actor) -> dict[str, Any]:
    """A page of talks."""
    found = queries.posts({row.post_id for row in page.items})
    last = queries.last_messages([row.id for row in page.items])
    return {
        "items": [_thread(row, found[row.post_id], last.get(row.id), actor) for row in page.items],
        "next_cursor": page.next_cursor,
    }


def thread(row: NeighbourThread, actor: Actor) -> dict[str, Any]:
    """One talk."""
    return threads(Page([row], None), actor)["items"][0]  # type: ignore[no-any-return]


def _thread(
    row: NeighbourThread, post: NeighbourPost, last: NeighbourMessage | None, actor: Actor
) -> dict[str, Any]:
    mine = row.owner_id == actor.id
    ended = post.closed_at
    return {
        "id": row.id,
        "post_id": row.post_id,
        "post_title": post.title,
        "mine": mine,
        "with_label": "联系您的邻居" if mine else "发布的邻居",
        "last": last.text if last is not None else "",
        "last_at": row.last_at,
        "unread": queries.unread(row, actor.id),
        "agreed": row.owner_agreed if mine else row.asker_agreed,
        "both_agreed": row.owner_agreed and row.asker_agreed,
        "ended": row.ended_at is not None,
        "delete_on": shanghai(ended + timedelta(days=KEPT_DAYS)).date() if ended is not None else None,
    }


def messages(row: NeighbourThread, page: Page[NeighbourMessage], actor: Actor) -> dict[str, Any]:
    """A page of what was written in a talk."""
    mine = row.owner_id == actor.id
    return {
        "thread": thread(row, actor),
        "items": [
            {"id": one.id, "mine": one.by_owner == mine, "text": one.text, "sent_at": one.sent_at}
            for one in page.items
        ],
        "next_cursor": page.next_cursor,
    }
