"""perform(): the only way a state changes.

Lock the row · is the version the one the person saw? else 409 · is the edge in the table? else
409 with the edges that are open · does the policy allow this actor? else 403 · is what the edge
demands there? else 422 → state, timeline row, clocks, one effect by timeline-row id. The caller's
transaction holds all of it; nobody commits here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db, unit_memory
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.outbox.services import enqueue
from backend.workflow import chain, clocks
from backend.workflow.kinds import Kind, kind_of
from backend.workflow.models import TimelineEntry
from backend.workflow.table import Edge, Field

NOTE_MOST = 2000
EFFECT = "timeline"
_JUST_LOCKED = "just locked"
WRITTEN = frozenset({"text", "line", "case"})


def begin(
    subject: Any,
    actor: Actor,
    *,
    action: str = "submit",
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> TimelineEntry:
    """Write the first row of a new subject's timeline and start its clocks.

    The subject must be new and unflushed or flushed without a timeline; its state becomes the
    target of the edge that begins it.
    """
    kind = kind_of(subject.kind)
    edge = kind.table.edge(action, "")
    if edge is None:
        raise KeyError(f"{subject.kind} does not begin with {action!r}")
    subject.state = ""
    _enter(subject, kind, edge.target or kind.table.initial)
    subject.version, subject.entry_count, subject.chain_head = 1, 0, chain.START
    entry = append(
        subject, actor, action, from_state="", visibility=edge.visibility, note=note, data=dict(data or {})
    )
    clocks.apply(subject, kind, edge.clocks, {})
    return entry


def just_locked(subject: Any) -> None:
    """Spare perform() the reading of a row that was locked, and read, by this transaction a moment ago."""
    unit_memory()[_JUST_LOCKED, subject] = True


def perform(
    subject: Any,
    action: str,
    actor: Actor,
    *,
    version: int | None,
    given: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> TimelineEntry:
    """Take an edge. `version` is the one the person saw (None: the program acts on what it just locked).

    `given` holds what the person filled in and is checked against the edge's demands; `data` is what
    the timeline row keeps beside the note. Raises Conflict (stale, or no such edge from here),
    Forbidden, Invalid.
    """
    kind = kind_of(subject.kind)
    given = given or {}
    if unit_memory().pop((_JUST_LOCKED, subject), None) is None:
        db.session.refresh(subject, with_for_update=True)
    if version is not None and version != subject.version:
        raise _stale(subject, kind, actor)
    edge = kind.table.edge(action, subject.state)
    if edge is None:
        raise _closed(subject, kind, actor)
    if not kind.may(subject, edge, actor):
        raise Forbidden
    check_demands(kind.demands(subject, edge), given)
    held = clocks.held_by(subject) if edge.clocks else {}  # before anything is changed: one flush, not two
    from_state = subject.state
    _enter(subject, kind, edge.target or from_state)
    subject.version += 1
    note, kept = given.get("note") or given.get("reply") or None, dict(data or {})
    seen = edge.visibility
    entry = append(subject, actor, action, from_state=from_state, visibility=seen, note=note, data=kept)
    clocks.apply(subject, kind, edge.clocks, held)
    return entry


def _enter(subject: Any, kind: Kind, state: str) -> None:
    """Set the state; a subject has a closing date exactly while it is closed (a check constraint holds it)."""
    if state == subject.state:
        return
    subject.state = state
    subject.closed_at = None if kind.table.state(state).is_open else now()


def open_edges(subject: Any, actor: Actor) -> list[tuple[Edge, tuple[Field, ...]]]:
    """The edges this actor may take now, each with the fields it demands."""
    kind = kind_of(subject.kind)
    return [
        (edge, kind.demands(subject, edge))
        for edge in kind.table.edges_from(subject.state)
        if edge.by == "person" and kind.may(subject, edge, actor)
    ]


def append(
    subject: Any,
    actor: Actor,
    action: str,
    *,
    from_state: str,
    visibility: str,
    note: str | None = None,
    data: dict[str, Any] | None = None,
) -> TimelineEntry:
    """Add a row to the locked subject's timeline and owe its effect."""
    subject.entry_count += 1
    entry = TimelineEntry(
        id=new_id(),
        subject_kind=subject.kind,
        subject_id=subject.id,
        seq=subject.entry_count,
        at=now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name or None,
        unit_name=actor.unit_name,
        action=action,
        from_state=from_state,
        to_state=subject.state,
        visibility=visibility,
        note=note,
        data=data or {},
    )
    _seal(subject, entry)
    db.session.add(entry)
    lane = f"{subject.kind}:{subject.id}"  # messages are made in the order of the timeline
    enqueue(EFFECT, {"entry_id": str(entry.id)}, key=f"timeline:{entry.id}", lane=lane)
    return entry


def _seal(subject: Any, entry: TimelineEntry) -> None:
    """Tie the entry to the one before it."""
    entry.salt, entry.inner_salt = chain.new_salt(), chain.new_salt()
    said = chain.content(entry.actor_name, entry.unit_name, entry.note, entry.data, entry.inner_salt)
    entry.commitment = chain.commit(entry.salt, said)
    entry.chain = chain.link(
        subject.chain_head, entry.seq, entry.at, entry.action, entry.to_state, entry.commitment
    )
    subject.chain_head = entry.chain


def check_demands(fields: tuple[Field, ...], given: Mapping[str, Any]) -> None:
    """Refuse what misses a demanded field or goes beyond its bounds; Invalid names every one.

    What the edge does not ask for is refused too: a note that nobody asked for would reach the
    citizen's timeline by a door that has no rule.
    """
    wrong = {field.name: [fault] for field in fields if (fault := _fault(field, given.get(field.name)))}
    if wrong:
        sentence = "；".join(s for sentences in wrong.values() for s in sentences)
        raise Invalid("demands_missing", f"还差一步：{sentence}。", fields=wrong)
    asked = {field.name for field in fields}
    if "unit_id" in asked:
        asked.add("staff_id")  # an assignee is a unit, and perhaps a person in it
    unasked = sorted(name for name, value in given.items() if value and name not in asked)
    if unasked:
        said = {name: ["这一步不需要填这一项"] for name in unasked}
        raise Invalid("not_asked_for", "有内容不是这一步要填的，请刷新页面后再试。", fields=said)


def _fault(field: Field, value: Any) -> str | None:
    most = field.most or NOTE_MOST
    if not value:
        ask = "填写" if field.kind in WRITTEN else "提供"
        return f"请{ask}{field.label}" if field.required else None
    if field.kind in {"choice", "rating"} and value not in {o.value for o in field.options}:
        return f"{field.label}不在可选范围内"
    if field.kind in WRITTEN and len(value) > most:
        return f"{field.label}最多 {most} 个字"
    return None


def latest_entry(subject: Any, visibilities: tuple[str, ...]) -> TimelineEntry | None:
    """The newest row of those a viewer may see."""
    return db.session.execute(
        select(TimelineEntry)
        .where(
            TimelineEntry.subject_kind == subject.kind,
            TimelineEntry.subject_id == subject.id,
            TimelineEntry.visibility.in_(visibilities),
        )
        .order_by(TimelineEntry.seq.desc())
        .limit(1)
    ).scalar_one_or_none()


def _what_changed(subject: Any, kind: Kind, actor: Actor) -> dict[str, Any]:
    seen = ("all", "parties", "staff") if _is_staff(actor) else ("all", "parties")
    entry = latest_entry(subject, seen)
    edge = kind.table.edge(entry.action, entry.from_state) if entry is not None else None
    return {
        "current_version": subject.version,
        "state": subject.state,
        "state_label": kind.table.state(subject.state).label,
        "changed_by": _shown_name(entry, actor) if entry is not None else "",
        "changed_at": entry.at if entry is not None else None,
        "change": edge.sentence(entry.data.get("unit", ""), to_citizen=not _is_staff(actor))
        if entry is not None and edge is not None
        else "",
    }


def _is_staff(actor: Actor) -> bool:
    return actor.kind in {"staff", "system"}


def _shown_name(entry: TimelineEntry, actor: Actor) -> str:
    """A resident is told the unit, never which clerk."""
    if _is_staff(actor):
        return " ".join(filter(None, (entry.unit_name, entry.actor_name)))
    return "您" if entry.actor_kind == "resident" else entry.unit_name or "镇里"


def _stale(subject: Any, kind: Kind, actor: Actor) -> Conflict:
    details = _what_changed(subject, kind, actor)
    return Conflict(
        "changed_meanwhile",
        f"这件事刚刚有了变化：现在是“{details['state_label']}”。请看一眼再决定，您填写的内容还在。",
        details=details,
    )


def _closed(subject: Any, kind: Kind, actor: Actor) -> Conflict:
    details = _what_changed(subject, kind, actor)
    details["open_actions"] = [
        {"action": edge.action, "label": edge.label} for edge, _ in open_edges(subject, actor)
    ]
    return Conflict(
        "action_not_open", f"这件事现在是“{details['state_label']}”，不能这样操作。", details=details
    )
