"""The writers of posts: put up, settled, prolonged, run out, taken down and put back.

The words are a comment's: the pre-check, the moderators' queue, flags, hiding and objections are all there, once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from backend import audit
from backend.comments import ports as comment_ports
from backend.comments import services as comments
from backend.comments.models import Comment
from backend.comments.states import COMMENT
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump
from backend.neighbours import goods, ports
from backend.neighbours.access import get_for_staff, get_own, get_public, load_locked, of_comment
from backend.neighbours.models import NeighbourPost, NeighbourThread
from backend.neighbours.states import CHECKING, LONGEST_DAYS, SHOWN, TABLE, TAKEN_DOWN
from backend.places.queries import get_place
from backend.search import services as search
from backend.workflow import engine

SUBJECT = TABLE.kind
SEARCH_KIND = "neighbour_post"
PAGE = "pages-mutual/post/index?id={id}"
BATCH = 200


@dataclass(frozen=True)
class Draft:
    """What somebody puts up. `expires_on`: the last day in Shanghai on which it stands."""

    town_id: int
    village_id: int
    direction: str
    category: str
    title: str
    text: str
    expires_on: date


def surrogate(town_id: int) -> str:
    """What the kept pages of a town's posts depend on."""
    return f"neighbours:{town_id}"


def post(actor: Actor, draft: Draft, photo_ids: Collection[int]) -> NeighbourPost:
    """Keep a post; it is shown once it has passed the checks (SEC-07).

    Raises Invalid for what may not be traded, for a number in the text, for a day beyond thirty, for a village of
    another town; and what posting a comment raises.
    """
    texts = {"title": draft.title, "text": draft.text}
    goods.demand_allowed(draft.town_id, texts)
    goods.demand_no_contact(texts)
    _demand_day(draft.expires_on)
    post_id, village = new_id(), get_place(draft.village_id)
    if village.level != "village" or village.places.get("town") != draft.town_id:
        raise Invalid("village_unknown", "请选择本镇的村。", fields={"village_id": ["没有这个村"]})
    about = comments.About(SUBJECT, post_id, draft.town_id)
    said = comments.post(actor, about, COMMENT, f"{draft.title}\n{draft.text}", photo_ids=list(photo_ids))
    row = NeighbourPost(
        id=post_id,
        kind=SUBJECT,
        direction=draft.direction,
        category=draft.category,
        comment_id=said.id,
        resident_id=actor.id,
        title=draft.title,
        town_id=draft.town_id,
        area_id=village.places.get("area"),
        village_id=village.id,
        expires_on=draft.expires_on,
        renewed=False,
        created_at=now(),
        updated_at=now(),
    )
    engine.begin(row, actor, action="post")
    db.session.add(row)
    db.session.flush()
    return row


def _demand_day(day: date) -> None:
    if not today() <= day <= today() + timedelta(days=LONGEST_DAYS):
        raise Invalid(
            "expiry_out_of_range",
            f"到期日要在今天到 {LONGEST_DAYS} 天之内。",
            fields={"expires_on": [f"最长 {LONGEST_DAYS} 天"]},
        )


def act(actor: Actor, post_id: int, action: str, version: int, expires_on: date | None) -> NeighbourPost:
    """The author's own step: close, withdraw, renew (once). NotFound, Conflict, Forbidden, Invalid."""
    row = get_own(actor, post_id)
    if action == "renew":
        expires_on = expires_on or today() + timedelta(days=LONGEST_DAYS)
        _demand_day(expires_on)
    engine.perform(row, action, actor, version=version)
    if action == "renew" and expires_on is not None:
        row.expires_on, row.renewed = expires_on, True
    if action == "withdraw":
        comments.withdraw(actor, row.comment_id)
    _changed(row)
    return row


def flag(actor: Actor, post_id: int, reason: str, note: str) -> NeighbourPost:
    """Say that a post should not stand there, once for each person. NotFound, Invalid, Conflict."""
    row = get_public(post_id)
    comments.flag(actor, row.comment_id, reason, note)
    return row


def judge(actor: Actor, post_id: int, *, shown: bool, reason: str, note: str) -> NeighbourPost:
    """A moderator takes a post down with a reason its author reads, or lets it stand. NotFound, Invalid, Conflict."""
    row = get_for_staff(actor, post_id)
    if shown:
        comments.show(actor, row.comment_id, note)
    else:
        comments.hide(actor, row.comment_id, reason, note)
    audit.record(actor, "neighbour_post_shown" if shown else "neighbour_post_taken_down", SUBJECT, row.id)
    db.session.flush()
    db.session.refresh(row)
    return row


def expire_due() -> int:
    """End what is past its last day, a batch at a time; how many. In a unit; safe to run again."""
    late = (
        select(NeighbourPost.id)
        .where(NeighbourPost.state.in_((CHECKING, SHOWN)), NeighbourPost.expires_on < today())
        .order_by(NeighbourPost.expires_on)
        .limit(BATCH)
    )
    ended = 0
    for post_id in list(db.session.scalars(late)):
        row = load_locked(post_id)
        if row is not None and row.state in (CHECKING, SHOWN) and row.expires_on < today():
            _as_program(row, "expire")
            ended += 1
    return ended


def _as_program(row: NeighbourPost, action: str) -> None:
    engine.just_locked(row)
    engine.perform(row, action, SYSTEM, version=None)
    _changed(row)


def _changed(row: NeighbourPost) -> None:
    """What the public sees of it follows: it is found or not, and kept pages fall."""
    row.updated_at = now()
    db.session.flush()
    bump(surrogate(row.town_id))
    if row.state != SHOWN:
        search.forget(SEARCH_KIND, row.id)
        return
    text = db.session.scalar(select(Comment.text).where(Comment.id == row.comment_id)) or row.title
    search.index(
        SEARCH_KIND,
        row.id,
        town_id=row.town_id,
        village_id=row.village_id,
        title=row.title,
        text=text,
        at=row.shown_at or now(),
    )


# --- what becomes of its words ----------------------------------------------------------------------------


def hear_of_comments() -> None:
    """Say what a post does when its words may be shown, go, or come back."""
    comment_ports.commented_on(
        SUBJECT,
        comment_ports.Subject(
            label="邻里互助",
            titles=titles,
            page=lambda post_id: PAGE.format(id=post_id),
            shown=_shown,
            gone=_gone,
            back=_back,
        ),
    )


def titles(post_ids: Iterable[int]) -> dict[int, str]:
    """Titles of posts, for messages and the moderators' queue."""
    rows = db.session.execute(
        select(NeighbourPost.id, NeighbourPost.title).where(NeighbourPost.id.in_(set(post_ids)))
    )
    return {row.id: f"邻里互助：{row.title}" for row in rows}


def _shown(comment: Comment) -> None:
    row = of_comment(comment.id)
    if row is None or row.state != CHECKING:
        return
    row.shown_at = now()
    _as_program(row, "pass")
    ports.tell(
        row.resident_id,
        "您发布的互助已公开",
        f"“{row.title}”通过检查，大家都能看到了。",
        PAGE.format(id=row.id),
        row.id,
    )


def _gone(comment: Comment) -> None:
    row = of_comment(comment.id)
    if row is not None and row.state == SHOWN:
        _as_program(row, "take_down")


def _back(comment: Comment) -> None:
    row = of_comment(comment.id)
    if row is not None and row.state == TAKEN_DOWN:
        _as_program(row, "show_again")


def forget_author(row: NeighbourPost) -> None:
    """Who posted it goes, with the words; what stood there stands there no more. The row is locked."""
    row.resident_id, row.title = 0, ""
    if row.state in (CHECKING, SHOWN):
        _as_program(row, "expire")


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: posts and threads are the one's."""
    db.session.execute(
        update(NeighbourPost).where(NeighbourPost.resident_id == gone_id).values(resident_id=kept_id)
    )
    db.session.execute(
        update(NeighbourThread).where(NeighbourThread.owner_id == gone_id).values(owner_id=kept_id)
    )
    held = select(NeighbourThread.post_id).where(NeighbourThread.asker_id == kept_id)
    known = set(db.session.scalars(held))
    for thread in db.session.scalars(select(NeighbourThread).where(NeighbourThread.asker_id == gone_id)):
        if thread.post_id not in known:
            thread.asker_id = kept_id
    db.session.flush()
