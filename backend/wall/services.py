"""The only writers of entries: draft as a copy, save, and take an action.

Every saving is checked for personal data and refused with the places marked; nothing goes up without a second
person's approval, a look at each photo, and, where it is needed, the citizen's word (domain-rules §1.5, PI-06).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from backend import audit
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, shanghai
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.ids import new_code, new_id
from backend.outbox import enqueue
from backend.wall import consents, policy, ports, redaction, sources
from backend.wall.access import get_entry_for
from backend.wall.models import WallEntry, WallPhoto
from backend.wall.ports import CONSENT, Source
from backend.wall.states import PUBLISHED, SUBMITTED, UNPUBLISH_REASONS, WRITABLE
from backend.workflow import engine
from backend.workflow.models import TimelineEntry
from backend.workflow.table import Edge, Field, Option

SUBJECT = "wall_entry"
#: an outbox job: stored copies that no entry shows are deleted (photos.py)
SWEEP = "wall.photo.sweep"
TEXTS = ("title", "matter", "done")
#: what the approver says of the photos: a second pair of eyes (§8.1 point 3)
SEEN = Field(
    "photos_seen",
    "照片里有没有人脸、车牌、门牌",
    "choice",
    options=(Option("yes", "看过，没有"),),
)
_REASONS = {option.value: option.label for option in UNPUBLISH_REASONS}
CONSENT_WITHDRAWN = "当事人撤回了同意"


def draft(actor: Actor, kind: str, source_id: int, texts: Mapping[str, str]) -> WallEntry:
    """Begin an entry from a closed matter, as a copy; the texts given, or what the matter suggests.

    Raises NotFound (missing or out of reach), Invalid (not for the wall, personal data in a text), Conflict when
    somebody has begun one from it.
    """
    source = sources.for_staff(actor, kind, source_id)
    if consents.is_refused(source.kind, source.id):
        raise Conflict("consent_refused", "当事人不同意公开这件事，不能放到回音壁上。")
    entry = _copy(source, actor)
    for name in TEXTS:
        setattr(entry, name, texts.get(name) or getattr(source, name))
    _check(entry, source)
    try:
        with db.session.begin_nested():
            engine.begin(entry, actor, action="draft")
            db.session.add(entry)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict("already_drafted", "这件事已经有人在写回音了，请在列表里打开那一份。") from error
    audit.record(actor, "wall.draft", SUBJECT, entry.id, {"source": entry.source_key})
    return entry


def _copy(source: Source, actor: Actor) -> WallEntry:
    moment = now()
    days = (source.closed_on - source.received_on).days
    return WallEntry(
        id=new_id(),
        kind=SUBJECT,
        code=new_code(),
        source_kind=source.kind,
        source_id=source.id,
        source_key=f"{source.kind}:{source.id}",
        **{
            f"{level}_id": source.places.get(level)
            for level in ("town", "area", "village", "grid", "micro_grid")
        },
        village_name=source.village_name,
        place_label=source.place_label,
        category_code=source.category_code,
        category_name=source.category_name,
        unit_id=source.unit_id,
        unit_name=source.unit_name,
        received_on=source.received_on,
        closed_on=source.closed_on,
        days_taken=days,
        days_promised=source.days_promised,
        on_time=None if source.days_promised is None else days <= source.days_promised,
        score=source.score,
        needs_consent=source.use == CONSENT,
        written_by=actor.id,
        writers=[str(actor.id)],
        notes=[],
        created_at=moment,
        updated_at=moment,
    )


def save(actor: Actor, entry_id: int, version: int, texts: Mapping[str, str]) -> WallEntry:
    """Change the texts of a draft; refused with the places marked when they hold personal data.

    Raises NotFound, Conflict (changed meanwhile, or no draft any more), Invalid.
    """
    entry = writable(actor, entry_id)
    if entry.version != version:
        raise Conflict(
            "changed_meanwhile",
            "这份草稿刚刚被别人改过。请看一眼再保存，您填写的内容还在。",
            details={"current_version": entry.version},
        )
    given = {name: texts[name] for name in TEXTS if name in texts}
    changed = sorted(name for name, text in given.items() if text != getattr(entry, name))
    for name in changed:
        setattr(entry, name, given[name])
    _check(entry, sources.of_entry(entry))
    if changed:
        written(entry, actor)
        audit.record(actor, "wall.save", SUBJECT, entry.id, {"what": changed})
    db.session.flush()
    return entry


def writable(actor: Actor, entry_id: int) -> WallEntry:
    """The entry, locked, if this person may write in it now. Raises NotFound, Conflict."""
    entry = get_entry_for(actor, entry_id, lock=True)
    if not policy.may_write(entry, actor):
        raise NotFound("wall_entry_not_found", "没有找到这条回音，可能已经撤下，或您无权查看。")
    if entry.state not in WRITABLE:
        raise Conflict(
            "not_a_draft", "已经送审或公开的不能直接改，请先退回或撤下。", details={"state": entry.state}
        )
    return entry


def written(entry: WallEntry, actor: Actor) -> None:
    """Note that somebody has written in it: they cannot approve it any more."""
    entry.version += 1
    entry.updated_at = now()
    if str(actor.id) not in entry.writers:
        entry.writers = [*entry.writers, str(actor.id)]


def _check(entry: WallEntry, source: Source | None) -> None:
    texts = {name: getattr(entry, name) for name in TEXTS}
    redaction.demand_clean(texts, source.names if source else (), source.address if source else "")


def act(actor: Actor, entry_id: int, action: str, version: int, given: Mapping[str, Any]) -> WallEntry:
    """Take an action on an entry; the engine checks version, edge, policy and demands.

    Raises NotFound, Conflict, Forbidden, Invalid; nothing is kept then.
    """
    entry = get_entry_for(actor, entry_id, lock=True)
    engine.just_locked(entry)
    kept = {name: value for name, value in given.items() if value not in (None, "", [], ())}
    if action in {"submit", "approve", "publish_again"}:
        demand_ready(entry)
    elif kept.get("note") and action == "unpublish":
        source = sources.of_entry(entry)
        redaction.demand_clean(
            {"note": str(kept["note"])}, source.names if source else (), source.address if source else ""
        )
    _take(entry, action, actor, version, kept)
    return entry


def act_as_program(entry: WallEntry, action: str) -> None:
    """Take an edge of the program itself on a locked entry."""
    engine.just_locked(entry)
    _take(entry, action, SYSTEM, None, {})


def _take(entry: WallEntry, action: str, actor: Actor, version: int | None, given: Mapping[str, Any]) -> None:
    data = {"asked_by": str(entry.written_by)} | {k: str(given[k]) for k in ("reason",) if k in given}
    first = entry.published_at is None
    if action == "approve" and first:
        # Before the state: a row that is published has its date in every statement.
        entry.published_at = now()
    taken = engine.perform(entry, action, actor, version=version, given=given, data=data)
    if action in {"approve", "publish_again"} and not first:
        _note(entry, taken, "重新公开" + (f"：{taken.note}" if taken.note else "。"))
    _AFTER.get(action, _nothing)(entry, actor, taken)
    entry.updated_at = taken.at
    db.session.flush()
    if taken.visibility == "all":
        ports.changed([entry.id])


def _nothing(entry: WallEntry, actor: Actor, taken: TimelineEntry) -> None:
    """The state is all that changes."""


def _submitted(entry: WallEntry, actor: Actor, taken: TimelineEntry) -> None:
    if str(actor.id) not in entry.writers:
        entry.writers = [*entry.writers, str(actor.id)]


def _published(entry: WallEntry, actor: Actor, taken: TimelineEntry) -> None:
    entry.approved_by = actor.id
    entry.republished_at = taken.at


def _unpublished(entry: WallEntry, actor: Actor, taken: TimelineEntry) -> None:
    why = CONSENT_WITHDRAWN if taken.action == "consent_withdrawn" else _REASONS[taken.data["reason"]]
    _note(entry, taken, f"撤下：{why}。" + (taken.note or ""))


def _revised(entry: WallEntry, actor: Actor, taken: TimelineEntry) -> None:
    entry.writers = [str(actor.id)]


def _discarded(entry: WallEntry, actor: Actor, taken: TimelineEntry) -> None:
    entry.source_key = None
    for photo in photos_of(entry.id):
        drop_photo(photo)


def drop_photo(photo: WallPhoto) -> None:
    """Take a public copy out of its entry; its bytes go by an outbox job."""
    db.session.execute(delete(WallPhoto).where(WallPhoto.id == photo.id))
    enqueue(SWEEP, {"keys": [photo.file_key, photo.thumb_key]}, key=f"{SWEEP}:gone:{photo.id}")


def _note(entry: WallEntry, taken: TimelineEntry, text: str) -> None:
    entry.notes = [*entry.notes, {"on": shanghai(taken.at).date().isoformat(), "text": text}]


_AFTER = {
    "submit": _submitted,
    "approve": _published,
    "publish_again": _published,
    "unpublish": _unpublished,
    "consent_withdrawn": _unpublished,
    "revise": _revised,
    "discard": _discarded,
}


def demands(entry: WallEntry, edge: Edge) -> tuple[Field, ...]:
    """What the table says, and of whoever puts up photos that they have looked at them."""
    if edge.action in {"approve", "publish_again"} and photos_of(entry.id):
        return (*edge.fields, replace(SEEN))
    return edge.fields


def photos_of(entry_id: int) -> list[WallPhoto]:
    """The photos of an entry, the one before first."""
    rows = db.session.scalars(select(WallPhoto).where(WallPhoto.entry_id == entry_id))
    return sorted(rows, key=lambda row: row.role != "before")


def demand_ready(entry: WallEntry) -> None:
    """Invalid or Conflict unless everything is there that must be before anybody else reads it."""
    missing = {name: ["请填写"] for name in TEXTS if not getattr(entry, name).strip()}
    if missing:
        raise Invalid("text_missing", "标题、反映的事和办了什么都要写。", fields=missing)
    source = sources.of_entry(entry)
    _check(entry, source)
    unseen = [photo for photo in photos_of(entry.id) if photo.faces_checked_at is None]
    if unseen:
        raise Invalid(
            "faces_unchecked",
            "有照片还没有确认人脸和车牌都遮住了，请逐张看过再送审。",
            fields={f"photos.{photo.role}": ["请框出人脸和车牌，并确认"] for photo in unseen},
            details={"photos": [str(photo.id) for photo in unseen]},
        )
    if source is None or source.use == ports.NEVER:
        raise Conflict("not_for_the_wall", "这件事现在不能放到回音壁上：类别不公开，或这件事本身不宜公开。")
    consents.demand(entry)


def withdraw_for(source_kind: str, source_id: int) -> None:
    """The citizen does not want it: what is up comes down, what waits for approval goes back (PIPL 15)."""
    # All of them are locked, whatever their state: who puts one up at this moment waits, or is seen here.
    query = select(WallEntry).where(WallEntry.source_kind == source_kind, WallEntry.source_id == source_id)
    held = query.order_by(WallEntry.id).with_for_update().execution_options(populate_existing=True)
    for entry in list(db.session.scalars(held)):
        if entry.state == PUBLISHED:
            act_as_program(entry, "consent_withdrawn")
        elif entry.state == SUBMITTED:
            act_as_program(entry, "consent_refused")


def decide_consent(actor: Actor, source_kind: str, source_id: int, agree: bool) -> str:
    """The citizen's own word, and what follows from it at once; the state it is in now. NotFound, Invalid."""
    row, down = consents.decide(actor, source_kind, source_id, agree)
    if down:
        withdraw_for(source_kind, source_id)
    return row.state
