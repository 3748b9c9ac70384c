"""Reads of content reviews: the list for those who decide, a case's flag, and what may be shown in public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.identity import queries as identity
from backend.kernel.actor import Actor, Grant
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.ids import show_code
from backend.kernel.paging import Page, behind, make_page, parse_cursor
from backend.media import queries as media
from backend.moderation import ports
from backend.moderation.models import ContentReview
from backend.moderation.states import (
    FLAGS,
    LABELS,
    NEEDS_PERSON,
    PARTS,
    PASSED,
    PENDING,
    PHOTO,
    REASONS,
    REFUSED,
    STATES,
    TEXT,
    TONES,
)
from backend.workflow.models import TimelineEntry

PERMISSION = "content.review"
PAGE_SIZE = 20
EXCERPT = 1000
LEVELS = {
    "town": Case.town_id,
    "area": Case.area_id,
    "village": Case.village_id,
    "grid": Case.grid_id,
    "micro_grid": Case.micro_grid_id,
}


def _case_scope(actor: Actor) -> ColumnElement[bool]:
    return or_(false(), *(_within(grant) for grant in actor.grants_with(PERMISSION)))


def _within(grant: Grant) -> ColumnElement[bool]:
    column = LEVELS.get(grant.place_level)
    if column is None:
        return false()
    reached = column == grant.place_id
    return reached if grant.unit_id is None else and_(reached, Case.assignee_unit_id == grant.unit_id)


def _scope(actor: Actor) -> ColumnElement[bool]:
    """Content of cases where a role reaches, of their town and of no place for who reviews for a whole town."""
    grants = actor.grants_with(PERMISSION)
    towns = [grant.place_id for grant in grants if grant.place_level == "town" and grant.unit_id is None]
    of_cases = and_(ContentReview.subject_kind == Case.kind, _case_scope(actor))
    if not towns:
        return of_cases
    here = or_(ContentReview.town_id.is_(None), ContentReview.town_id.in_(towns))
    return or_(of_cases, and_(ContentReview.subject_kind.in_(ports.other_kinds()), here))


_JOINED = select(ContentReview, Case).outerjoin(
    Case, and_(Case.id == ContentReview.subject_id, Case.kind == ContentReview.subject_kind)
)


def get_review_for(actor: Actor, review_id: int, *, lock: bool = False) -> ContentReview:
    """The only way to one review for a member of staff. NotFound when missing or out of scope."""
    found = db.session.execute(_JOINED.where(ContentReview.id == review_id, _scope(actor))).first()
    if found is None:
        raise NotFound("review_not_found", "没有找到这条内容，或您无权查看。")
    row: ContentReview = found[0]
    if lock:
        db.session.refresh(row, with_for_update=True)
    return row


def reviews(actor: Actor, state: str, cursor: str | None) -> Page[dict[str, Any]]:
    """A page of the content in the actor's scope that is in that state, newest first."""
    wanted = _JOINED.where(_scope(actor), ContentReview.state == state)
    at = parse_cursor(cursor)
    if at is not None:
        wanted = wanted.where(behind(ContentReview.created_at, ContentReview.id, at))
    found = db.session.execute(
        wanted.order_by(ContentReview.created_at.desc(), ContentReview.id.desc()).limit(PAGE_SIZE + 1)
    ).all()
    page = make_page(found, PAGE_SIZE, lambda pair: (pair[0].created_at, pair[0].id))
    return Page(_items([(pair[0], pair[1]) for pair in page.items]), page.next_cursor)


def item(row: ContentReview) -> dict[str, Any]:
    """One review as the list shows it."""
    return _items([(row, db.session.get(Case, row.subject_id))])[0]


def counts(actor: Actor) -> dict[str, int]:
    """How many pieces in the actor's scope wait for a person."""
    counted = (
        select(func.count())
        .select_from(ContentReview)
        .outerjoin(Case, and_(Case.id == ContentReview.subject_id, Case.kind == ContentReview.subject_kind))
        .where(_scope(actor), ContentReview.state == NEEDS_PERSON)
    )
    return {NEEDS_PERSON: int(db.session.scalar(counted) or 0)}


def _items(pairs: list[tuple[ContentReview, Case | None]]) -> list[dict[str, Any]]:
    texts = _texts(pairs)
    photos = media.cards(row.part_id for row, _ in pairs if row.part == PHOTO)
    staff = identity.staff_cards(row.decided_by for row, _ in pairs if row.decided_by is not None)
    about = _about(row for row, _ in pairs)
    return [
        {
            "id": row.id,
            "subject_kind": row.subject_kind,
            "subject_label": _subject_label(row, case),
            "case_id": case.id if case is not None else None,
            "case_code": show_code(case.code) if case is not None else None,
            "place_label": case.place_label if case is not None else "",
            "part": row.part,
            "part_label": PARTS[row.part],
            "text": texts.get(row.id) if row.part == TEXT else None,
            "photo": photos.get(row.part_id) if row.part == PHOTO else None,
            "state": row.state,
            "state_label": STATES[row.state],
            "tone": TONES[row.state],
            "label": LABELS.get(row.label, ""),
            "why": row.note or REASONS.get(row.reason, ""),
            "created_at": row.created_at,
            "decided_at": row.decided_at,
            "decided_by": staff[row.decided_by].name if row.decided_by in staff else "",
            "about": about.get((row.subject_kind, row.subject_id)),
        }
        for row, case in pairs
    ]


def _about(rows: Iterable[ContentReview]) -> dict[tuple[str, int], dict[str, Any]]:
    """(kind, id) of what waits for the verdict → what stands beside its words."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        ids.setdefault(row.subject_kind, set()).add(row.subject_id)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for kind, of_kind in ids.items():
        judged = ports.judged(kind)
        told = judged.about(of_kind) if judged is not None else {}
        found |= {(kind, subject_id): one for subject_id, one in told.items()}
    return found


def finding_of(subject_kind: str, subject_id: int) -> str:
    """What was found of everything posted with a subject: passed, doubt, refused; empty while a part is pending."""
    states = set(
        db.session.scalars(
            select(ContentReview.state).where(
                ContentReview.subject_kind == subject_kind, ContentReview.subject_id == subject_id
            )
        )
    )
    if REFUSED in states:
        return "refused"
    if NEEDS_PERSON in states:
        return "doubt"
    return "passed" if states == {PASSED} else ""


def _subject_label(row: ContentReview, case: Case | None) -> str:
    if case is not None:
        return case_kind(case.kind).workflow.table.label
    return ports.label_of(row.subject_kind) or row.subject_kind


def _texts(pairs: Iterable[tuple[ContentReview, Case | None]]) -> dict[int, str]:
    """Review id → what was written; absent when it was erased."""
    of_text = [(row, case) for row, case in pairs if row.part == TEXT]
    ids = [row.part_id for row, case in of_text if case is not None]
    entries = {e.id: e for e in db.session.scalars(select(TimelineEntry).where(TimelineEntry.id.in_(ids)))}
    others = _other_texts(row for row, case in of_text if case is None)
    found: dict[int, str] = {}
    for row, case in of_text:
        text = _case_text(case, entries.get(row.part_id)) if case is not None else others.get(row.id, "")
        if text:
            found[row.id] = text[:EXCERPT]
    return found


def _other_texts(rows: Iterable[ContentReview]) -> dict[int, str]:
    found: dict[int, str] = {}
    held = list(rows)
    for kind in {row.subject_kind for row in held}:
        of_kind = [row for row in held if row.subject_kind == kind]
        texts: Mapping[int, str] = ports.texts_of(kind, [row.subject_id for row in of_kind])
        found |= {row.id: texts[row.subject_id] for row in of_kind if row.subject_id in texts}
    return found


def _case_text(case: Case, entry: TimelineEntry | None) -> str:
    if entry is None:
        return ""
    begun = case_kind(case.kind).details(case, "staff")["text"] if entry.from_state == "" else ""
    return "\n".join(filter(None, (begun, entry.note)))


def decider(row: ContentReview) -> str:
    """The name of the person who decided, or nothing."""
    card = identity.staff_named(row.decided_by) if row.decided_by is not None else None
    return card.name if card is not None else ""


def flag_of(subject_kind: str, subject_id: int) -> dict[str, str] | None:
    """What a case shows its clerks about its content: {code, label}, or None.

    Only what the platform or a person found fault with; what merely waits for a person is no flag.
    """
    found = db.session.execute(
        select(ContentReview.state, ContentReview.suggest, ContentReview.decided_at).where(
            ContentReview.subject_kind == subject_kind,
            ContentReview.subject_id == subject_id,
            ContentReview.state.in_((REFUSED, NEEDS_PERSON)),
        )
    ).all()
    codes = {_flag(state, suggest, decided_at is not None) for state, suggest, decided_at in found}
    code = next((code for code in FLAGS if code in codes), None)
    return {"code": code, "label": FLAGS[code]} if code is not None else None


def _flag(state: str, suggest: str | None, decided: bool) -> str | None:
    if decided:
        return "refused" if state == REFUSED else None
    if state == REFUSED:
        return "risky"
    return "doubtful" if suggest == "review" else None


def may_be_public(subject_kind: str, subject_id: int) -> bool:
    """Whether everything that was posted with a subject has passed; false also while nothing was looked at yet."""
    states = set(
        db.session.scalars(
            select(ContentReview.state).where(
                ContentReview.subject_kind == subject_kind, ContentReview.subject_id == subject_id
            )
        )
    )
    return states == {PASSED}


def waiting() -> dict[str, int]:
    """How many pieces wait, by state, for the operator's figures."""
    counted = dict(
        db.session.execute(
            select(ContentReview.state, func.count())
            .where(ContentReview.state.in_((PENDING, NEEDS_PERSON)))
            .group_by(ContentReview.state)
        ).all()
    )
    return {state: int(counted.get(state, 0)) for state in (PENDING, NEEDS_PERSON)}
