"""The only writers of content reviews: note what was posted, take the platform's verdict, let a person decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from backend import audit
from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.integrations.content_check.protocol import Finding
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import changed_rows, db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.media import queries as media
from backend.moderation import ports, queries
from backend.moderation.models import ContentReview
from backend.moderation.states import (
    DECISIONS,
    NEEDS_PERSON,
    PASSED,
    PENDING,
    PHOTO,
    REFUSED,
    STATES,
    TEXT,
)
from backend.outbox.services import Owed, enqueue_all, insert_once
from backend.workflow.models import TimelineEntry

WORKER = "worker"  # the channel of what a grid worker found
CHECK = "content.check"
POSTED = "content.posted"
#: The platform judges only people whom it saw within two hours; after that a text waits for a person.
SEEN_WITHIN = timedelta(hours=2)
#: The verdict on a photo is pushed within thirty minutes.
VERDICT_WITHIN = timedelta(minutes=40)
OVERDUE_BATCH = 500


@dataclass(frozen=True)
class Piece:
    """One piece of content: a text or a photo."""

    part: str
    part_id: int


def look_at_entry(entry: TimelineEntry) -> None:
    """Note what a row of a timeline brought in that people posted; called where the row's effects are made.

    That is what residents write and send, and what the desk takes down for one who calls or comes. The
    office's own words are not looked at: the program's rows, replies, what a worker found. Safe to run again.
    """
    begun, by_staff = entry.from_state == "", entry.actor_kind == "staff"
    if entry.actor_kind != "resident" and not (begun and by_staff):
        return
    case = db.session.get(Case, entry.subject_id)
    if case is None or case.kind != entry.subject_kind:
        return
    told = case_kind(case.kind).details(case, "staff") if begun else {}
    if by_staff and told["channel"] == WORKER:
        return
    pieces = [Piece(PHOTO, photo) for photo in media.posted(entry.subject_kind, entry.subject_id)]
    if entry.note or told.get("text"):
        pieces.append(Piece(TEXT, entry.id))
    note_posted(entry.subject_kind, entry.subject_id, pieces, reason="entered_by_staff" if by_staff else "")


def note_posted(
    subject_kind: str, subject_id: int, pieces: Iterable[Piece], reason: str = "", town_id: int | None = None
) -> None:
    """Write a row for each piece that has none yet and owe its check; with a ``reason`` a person must look.

    ``town_id`` is the town of what is no case and yet belongs to one.
    """
    state = NEEDS_PERSON if reason else PENDING
    owed = []
    for piece in pieces:
        values = {
            "id": new_id(),
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "town_id": town_id,
            "part": piece.part,
            "part_id": piece.part_id,
            "state": state,
            "label": "",
            "reason": reason,
            "note": "",
            "created_at": now(),
        }
        db.session.execute(insert_once(ContentReview, values, "subject_kind", "part", "part_id"))
        key = f"{CHECK}:{subject_kind}:{piece.part}:{piece.part_id}"
        owed.append(
            Owed(CHECK, {"kind": subject_kind, "part": piece.part, "part_id": str(piece.part_id)}, key=key)
        )
    if not reason:
        enqueue_all(owed)


def take_finding(row: ContentReview, finding: Finding) -> None:
    """The platform's word on a locked row that nobody has decided: risky binds at once, a doubt goes to a person."""
    if row.decided_at is not None:
        return
    row.suggest, row.label, row.checked_at = finding.suggest, finding.label, now()
    if finding.suggest == "pass":
        row.state, row.reason = PASSED, ""
    elif finding.suggest == "risky":
        row.state, row.reason = REFUSED, "risky"
    else:
        row.state, row.reason = NEEDS_PERSON, "platform"
    _tell_finding(row.subject_kind, row.subject_id)


def leave_to_person(row: ContentReview, reason: str) -> None:
    """Nobody but a person can judge this; ``reason`` is a code of states.REASONS."""
    if row.state == PENDING:
        row.state, row.reason = NEEDS_PERSON, reason
        _tell_finding(row.subject_kind, row.subject_id)


def _tell_finding(subject_kind: str, subject_id: int) -> None:
    """Tell whoever waits what the program found of everything together; nothing while something is pending."""
    judged = ports.judged(subject_kind)
    if judged is None:
        return
    db.session.flush()
    finding = queries.finding_of(subject_kind, subject_id)
    if finding:
        judged.found(subject_id, finding)


def hand_over_overdue() -> int:
    """What the platform has not judged in time goes to a person; how many. One batch, in a unit."""
    at = now()
    late = (
        select(ContentReview.id, ContentReview.subject_kind, ContentReview.subject_id)
        .where(
            ContentReview.state == PENDING,
            or_(ContentReview.created_at < at - SEEN_WITHIN, ContentReview.asked_at < at - VERDICT_WITHIN),
        )
        .limit(OVERDUE_BATCH)
    )
    rows = db.session.execute(late).all()
    if not rows:
        return 0
    changed = changed_rows(
        update(ContentReview)
        .where(ContentReview.id.in_([row.id for row in rows]), ContentReview.state == PENDING)
        .values(state=NEEDS_PERSON, reason="no_verdict")
    )
    for subject_kind, subject_id in {(row.subject_kind, row.subject_id) for row in rows}:
        _tell_finding(subject_kind, subject_id)
    return changed


def decide(
    actor: Actor, review_id: int, decision: str, seen_state: str, note: str, code: str = ""
) -> ContentReview:
    """A person's word on one piece of content; it stands above the platform's and can be changed by another.

    ``seen_state`` is the state that the page showed. Raises NotFound (missing or out of scope), Conflict when
    somebody decided meanwhile, Invalid when a refusal has no reason. ``code`` is the reason that is counted in
    public, for what waits for the verdict (a comment); its own kind may refuse more (a second person is needed).
    """
    row = queries.get_review_for(actor, review_id, lock=True)
    if row.state != seen_state:
        raise _decided_meanwhile(row)
    if decision == "refuse" and not (note.strip() or code):
        raise Invalid("reason_missing", "请写明为什么不宜公开。", fields={"reason": ["请写明理由"]})
    before = row.state
    row.state, row.note, row.decided_by, row.decided_at = DECISIONS[decision], note.strip(), actor.id, now()
    seen = {"part": row.part, "part_id": str(row.part_id), "from": before, "to": row.state}
    audit.record(actor, "content_reviewed", row.subject_kind, row.subject_id, seen)
    db.session.flush()
    _tell_decision(actor, row, code)
    return row


def _tell_decision(actor: Actor, row: ContentReview, code: str) -> None:
    """Tell whoever waits what a person decided: one refused piece refuses all of it, all must have passed."""
    judged = ports.judged(row.subject_kind)
    if judged is None:
        return
    if row.state == REFUSED:
        settle(row.subject_kind, row.subject_id, REFUSED, actor, row.note)
        judged.decided(row.subject_id, False, actor, code, row.note)
    elif queries.finding_of(row.subject_kind, row.subject_id) == "passed":
        judged.decided(row.subject_id, True, actor, "", row.note)


def settle(subject_kind: str, subject_id: int, state: str, actor: Actor, note: str) -> None:
    """Give everything of a subject that has another state this one, by that person."""
    db.session.execute(
        update(ContentReview)
        .where(
            ContentReview.subject_kind == subject_kind,
            ContentReview.subject_id == subject_id,
            ContentReview.state != state,
        )
        .values(state=state, note=note.strip()[:200], decided_by=actor.id, decided_at=now())
    )


def put_back(subject_kind: str, subject_id: int, reason: str) -> None:
    """A person must look again at what was decided; ``reason`` is a code of states.REASONS.

    Objected to is what was refused; flagged is the text, with whatever was posted beside it.
    """
    db.session.execute(
        update(ContentReview)
        .where(
            ContentReview.subject_kind == subject_kind,
            ContentReview.subject_id == subject_id,
            ContentReview.state.in_((PASSED, REFUSED)),
        )
        .values(state=NEEDS_PERSON, reason=reason, note="", decided_at=now())
    )


def forget(subject_kind: str, subject_id: int) -> None:
    """What was posted is gone: there is nothing left to judge."""
    db.session.execute(
        delete(ContentReview).where(
            ContentReview.subject_kind == subject_kind, ContentReview.subject_id == subject_id
        )
    )


def _decided_meanwhile(row: ContentReview) -> Conflict:
    who = queries.decider(row)
    by = f"{who}刚刚把它" if who else "它刚刚"
    return Conflict(
        "changed_meanwhile",
        f"{by}改成了“{STATES[row.state]}”。请看一眼再决定。",
        details={"state": row.state, "state_label": STATES[row.state], "changed_by": who},
    )
