"""The outbox's handlers: ask the platform about one piece of content, outside of any transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from backend import outbox
from backend.cases.kinds import case_kind
from backend.cases.models import Case
from backend.identity import sightings
from backend.integrations.content_check.protocol import Finding
from backend.integrations.wechat.protocol import Reaction, WeChatError
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.media import queries as media
from backend.moderation import ports, services
from backend.moderation.models import ContentReview
from backend.moderation.services import CHECK, POSTED, SEEN_WITHIN, Piece
from backend.moderation.states import PENDING, PHOTO, TEXT
from backend.outbox import ErrorClass
from backend.workflow.queries import entry as timeline_entry

#: How a refusal of the platform is answered; what is not named here is tried again.
CLASSES: Mapping[Reaction, ErrorClass] = {
    Reaction.QUOTA: ErrorClass.QUOTA,
    Reaction.TOKEN: ErrorClass.CONFIGURATION,
    Reaction.CONFIGURATION: ErrorClass.CONFIGURATION,
}


@outbox.handles(POSTED)
def note_posted(job: outbox.Job) -> None:
    """Something without a case was posted, by nobody we know: {"kind", "id"}."""
    kind, subject_id = str(job.payload["kind"]), int(job.payload["id"])
    services.note_posted(kind, subject_id, [Piece(TEXT, subject_id)], reason="no_author")


@outbox.handles(CHECK)
class CheckContent(outbox.Handler):
    """Asks about one text (answered at once) or one photo (answered by a push). Asking again is harmless."""

    def prepare(self, job: outbox.Job) -> Callable[[], Any] | None:
        row = _row(job)
        if row is None or row.state != PENDING or row.trace_id is not None:
            return None
        openid = sightings.seen_in_mini(_author(row), now() - SEEN_WITHIN)
        if openid is None:
            services.leave_to_person(row, "not_seen")
            return None
        ask = _photo_question(row, openid) if row.part == PHOTO else _text_question(row, openid)
        return outbox.Call(lambda: _asked(ask), channel="wechat.check")

    def complete(self, job: outbox.Job, result: Any) -> None:
        row = _row(job)
        if row is None or row.state != PENDING or row.trace_id is not None:
            return
        row.asked_at = now()
        if isinstance(result, Finding):
            if result.why:
                services.leave_to_person(row, "platform_refused")
            else:
                services.take_finding(row, result)
        elif result is None:
            services.leave_to_person(row, "platform_refused")
        else:
            row.trace_id = str(result)

    def gave_up(self, job: outbox.Job, failure: outbox.Failure, state: str) -> None:
        row = _row(job)
        if row is not None:
            services.leave_to_person(row, "platform_refused")


def _row(job: outbox.Job) -> ContentReview | None:
    given = job.payload
    return db.session.scalar(
        select(ContentReview)
        .where(
            ContentReview.subject_kind == str(given["kind"]),
            ContentReview.part == str(given["part"]),
            ContentReview.part_id == int(given["part_id"]),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _author(row: ContentReview) -> int | None:
    """The resident who posted it; None when nobody of them did."""
    if row.part == PHOTO:
        return media.posted_by(row.part_id)
    judged = ports.judged(row.subject_kind)
    if judged is not None:
        return judged.author_of(row.subject_id)
    entry = timeline_entry(row.part_id)
    return entry.actor_id if entry is not None and entry.actor_kind == "resident" else None


def text_of(row: ContentReview) -> str:
    """What was written; empty when it is gone."""
    if row.subject_kind in ports.other_kinds():
        return ports.texts_of(row.subject_kind, [row.subject_id]).get(row.subject_id, "")
    entry = timeline_entry(row.part_id)
    case = db.session.get(Case, row.subject_id)
    if entry is None or case is None:
        return ""
    begun = case_kind(row.subject_kind).details(case, "staff")["text"] if entry.from_state == "" else ""
    return "\n".join(filter(None, (begun, entry.note)))


def _text_question(row: ContentReview, openid: str) -> Callable[[], Finding]:
    text, checker = text_of(row), ports.checker()
    return lambda: checker.check_text(openid, text) if text.strip() else Finding("pass")


def _photo_question(row: ContentReview, openid: str) -> Callable[[], str | None]:
    url, checker = media.public_url(row.part_id, SEEN_WITHIN), ports.checker()
    return lambda: checker.start_image_check(openid, url) if url else None


def _asked(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except WeChatError as error:
        error_class = CLASSES.get(error.reaction, ErrorClass.TRANSIENT)
        code = "-" if error.errcode is None else error.errcode
        raise outbox.Failure(error_class, f"{code} {error.text}", error.errcode) from error
