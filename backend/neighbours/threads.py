"""The writers of what two neighbours write each other: through the platform only, without names or numbers.

A number may be written only once both have agreed to it, each for themselves; other personal data never. All of it
is deleted thirty days after the post has ended (PI-08).
"""

from __future__ import annotations

from sqlalchemy import select

from backend.comments import marks
from backend.identity.minors import demand_guardian
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.neighbours import goods, ports
from backend.neighbours.access import get_public, get_thread
from backend.neighbours.models import NeighbourMessage, NeighbourPost, NeighbourThread
from backend.outbox.services import insert_once

PAGE = "pages-mutual/messages/index?id={id}"
#: what two people may give each other once both have said so
NUMBERS = frozenset({marks.PHONE, marks.LANDLINE, marks.PLATE})


def ask(actor: Actor, post_id: int, text: str) -> NeighbourThread:
    """Write to whoever posted; there is one thread for each post and asker, and it goes on.

    Raises NotFound unless the post is shown, Conflict for one's own post, Invalid for what may not be written.
    """
    demand_guardian(actor.id)
    post = get_public(post_id)
    if post.resident_id == actor.id:
        raise Conflict("own_post", "这是您自己发布的，别人联系您时会出现在“消息”里。")
    thread = _thread_of(post, actor)
    _write(thread, post, actor, text)
    return thread


def _thread_of(post: NeighbourPost, actor: Actor) -> NeighbourThread:
    """The one thread of this post and asker, locked; made when it is not there, also of two who write at once."""
    moment = now()
    values = {
        "id": new_id(),
        "post_id": post.id,
        "owner_id": post.resident_id,
        "asker_id": actor.id,
        "version": 1,
        "owner_agreed": False,
        "asker_agreed": False,
        "created_at": moment,
        "last_at": moment,
    }
    db.session.execute(insert_once(NeighbourThread, values, "post_id", "asker_id"))
    found = select(NeighbourThread).where(
        NeighbourThread.post_id == post.id, NeighbourThread.asker_id == actor.id
    )
    return db.session.scalars(found.with_for_update().execution_options(populate_existing=True)).one()


def write(actor: Actor, thread_id: int, text: str) -> NeighbourThread:
    """Go on writing. NotFound, Conflict when either has ended it, Invalid."""
    thread = get_thread(actor, thread_id, lock=True)
    _write(thread, db.session.get_one(NeighbourPost, thread.post_id), actor, text)
    return thread


def _write(thread: NeighbourThread, post: NeighbourPost, actor: Actor, text: str) -> None:
    if thread.ended_at is not None:
        raise Conflict("thread_ended", "这段对话已经结束，不能再发消息。")
    _demand_writable(thread, post.town_id, text)
    moment, by_owner = now(), actor.id == thread.owner_id
    message = NeighbourMessage(id=new_id(), thread_id=thread.id, by_owner=by_owner, text=text, sent_at=moment)
    db.session.add(message)
    thread.last_at, thread.version = moment, thread.version + 1
    read(thread, actor)
    db.session.flush()
    other = thread.asker_id if by_owner else thread.owner_id
    # Neutral: what was written stands on the page only.
    ports.tell(
        other,
        "邻里互助有新消息",
        f"关于“{post.title}”，有人给您发了消息。",
        PAGE.format(id=thread.id),
        message.id,
    )


def _demand_writable(thread: NeighbourThread, town_id: int, text: str) -> None:
    goods.demand_allowed(town_id, {"text": text})
    agreed = thread.owner_agreed and thread.asker_agreed
    found = marks.find(text, kinds=goods.CONTACT - NUMBERS if agreed else goods.CONTACT)
    if not found:
        return
    only_numbers = all(one.what in NUMBERS for one in found)
    more = "双方都同意交换号码以后才能写。" if only_numbers else "请不要在这里写。"
    raise Invalid(
        "personal_data",
        f"里面像是有{marks.sentence(found)}，{more}您写的内容还在。",
        fields={"text": [f"第 {one.start + 1} 个字起：{one.label}" for one in found]},
    )


def agree(actor: Actor, thread_id: int, *, agreed: bool) -> NeighbourThread:
    """Say, or take back, that numbers may be exchanged here; it takes both. NotFound."""
    thread = get_thread(actor, thread_id, lock=True)
    if actor.id == thread.owner_id:
        thread.owner_agreed = agreed
    else:
        thread.asker_agreed = agreed
    thread.version += 1
    db.session.flush()
    return thread


def end(actor: Actor, thread_id: int) -> NeighbourThread:
    """Either may end it, without a reason: nothing more is written here. Again changes nothing. NotFound."""
    thread = get_thread(actor, thread_id, lock=True)
    if thread.ended_at is None:
        thread.ended_at, thread.version = now(), thread.version + 1
    db.session.flush()
    return thread


def read(thread: NeighbourThread, actor: Actor) -> None:
    """Note that one has seen what was written so far."""
    if actor.id == thread.owner_id:
        thread.owner_read_at = now()
    else:
        thread.asker_read_at = now()
