"""The citizen's word: asked by staff with a message, or given unasked; it can be taken back at any time (PIPL 15, 25)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from backend import audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.wall import ports, sources
from backend.wall.models import WallConsent, WallEntry
from backend.wall.ports import NEVER, Source

ASKED, AGREED, REFUSED, WITHDRAWN = "asked", "agreed", "refused", "withdrawn"
LABELS = {
    ASKED: "等待本人答复",
    AGREED: "本人同意公开",
    REFUSED: "本人不同意公开",
    WITHDRAWN: "本人撤回了同意",
}
PAGE = "pages-wall/consent/index"
MESSAGE_MOST = 500


def of(source_kind: str, source_id: int, *, lock: bool = False) -> WallConsent | None:
    """What the citizen has said of a matter, or been asked."""
    query = select(WallConsent).where(
        WallConsent.source_kind == source_kind, WallConsent.source_id == source_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one_or_none()


def is_refused(source_kind: str, source_id: int) -> bool:
    """Whether the citizen has said no: then it is no, also where nobody had to ask."""
    row = of(source_kind, source_id)
    return row is not None and row.state in (REFUSED, WITHDRAWN)


def demand(entry: WallEntry) -> None:
    """Conflict unless the citizen's word lets this entry go up now."""
    row = of(entry.source_kind, entry.source_id)
    state = row.state if row is not None else ""
    if state in (REFUSED, WITHDRAWN):
        raise Conflict("consent_refused", "当事人不同意公开这件事，不能放到回音壁上。")
    if entry.needs_consent and state != AGREED:
        raise Conflict(
            "consent_missing", "这一类事要本人同意才能公开，请先征求同意。", details={"consent": state}
        )


def ask(actor: Actor, source_kind: str, source_id: int, message: str) -> WallConsent:
    """Ask the citizen, with a message. Raises NotFound, Invalid (nobody to ask), Conflict (has said no)."""
    source = sources.for_staff(actor, source_kind, source_id)
    if source.resident_id is None:
        raise Invalid("nobody_to_ask", "这件事没有关联小程序账号，无法在线征求同意，不能公开。")
    row = of(source_kind, source_id, lock=True)
    if row is not None and row.state in (REFUSED, WITHDRAWN):
        raise Conflict("consent_refused", "当事人已经说过不同意，不能再问。")
    if row is not None and row.state == AGREED:
        raise Conflict("consent_given", "当事人已经同意。")
    if row is None:
        row = _new(source, source.resident_id)
        db.session.add(row)
    row.state, row.asked_by, row.asked_at, row.message = (
        ASKED,
        actor.id,
        now(),
        message.strip()[:MESSAGE_MOST],
    )
    audit.record(actor, "wall.consent.ask", source_kind, source_id)
    db.session.flush()
    text = "镇里想把您反映的一件事隐去个人信息后，在“问题回音壁”公开，请您看看是否同意。不同意不影响任何事。"
    ports.tell(source.resident_id, "请问是否同意公开", text, PAGE, new_id())
    return row


def decide(actor: Actor, source_kind: str, source_id: int, agree: bool) -> tuple[WallConsent, bool]:
    """The citizen's own word, asked or unasked; and whether anything has to come down. NotFound for others' matters.

    The caller takes down what stands. Raises Invalid where the matter is of a kind that never goes up.
    """
    source = sources.for_resident(actor, source_kind, source_id)
    if agree and source.use == NEVER:
        raise Invalid("not_for_the_wall", "这一类事不会放到回音壁上，不需要您同意。")
    row = of(source_kind, source_id, lock=True)
    if row is None:
        row = _new(source, actor.id)
        db.session.add(row)
    had = row.state == AGREED
    row.state = AGREED if agree else WITHDRAWN if had else REFUSED
    row.decided_at = now()
    audit.record(actor, "wall.consent", source_kind, source_id, {"state": row.state})
    db.session.flush()
    return row, not agree


def _new(source: Source, resident_id: int) -> WallConsent:
    return WallConsent(
        id=new_id(),
        source_kind=source.kind,
        source_id=source.id,
        town_id=source.town_id,
        resident_id=resident_id,
        state=ASKED,
        asked_at=now(),
    )


def own(resident_id: int) -> list[dict[str, Any]]:
    """What a resident was asked and has said, newest first."""
    rows = db.session.scalars(
        select(WallConsent)
        .where(WallConsent.resident_id == resident_id)
        .order_by(WallConsent.asked_at.desc(), WallConsent.id.desc())
        .limit(100)
    )
    return [_own_line(row) for row in rows]


def _own_line(row: WallConsent) -> dict[str, Any]:
    source = sources.by_key(row.source_kind, row.source_id)
    entry = db.session.scalars(
        select(WallEntry).where(WallEntry.source_key == f"{row.source_kind}:{row.source_id}")
    ).one_or_none()
    return {
        "source_kind": row.source_kind,
        "source_id": row.source_id,
        "title": source.category_name if source is not None else "",
        "received_on": source.received_on if source is not None else None,
        "state": row.state,
        "state_label": LABELS[row.state].replace("本人", "您"),
        "message": row.message or "",
        "asked_at": row.asked_at,
        "decided_at": row.decided_at,
        "entry_id": entry.id if entry is not None and entry.state == "published" else None,
    }
