"""The only writers of who is a villager: a resident asks, the village confirms once against its own list (CON-10)."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.audit import services as audit
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.crypto import blind_index
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_id
from backend.places.queries import get_place
from backend.villagers.access import get_villager_for
from backend.villagers.models import Villager
from backend.villagers.states import ASKED, CONFIRMED, DECISIONS, ENDED, LIVE, STATE_LABELS

SUBJECT = "villager"
PAGE = "/pages-consult/villager/index"
THERE = "您已经申请过了。要换一个村，请先停用原来的核实。"
_tell: list[Callable[[int, str, str, str, int], None]] = []


def tell_by(tell: Callable[[int, str, str, str, int], None]) -> None:
    """Register `tell(resident_id, title, text, page, cause_id)`: a line in the person's inbox."""
    _tell[:] = [tell]


def ask(actor: Actor, village_id: int, name: str) -> Villager:
    """A resident asks to be known as a villager under their own name.

    Raises Invalid for a place that is no village, Conflict for who asked already.
    """
    place = get_place(village_id)
    if place.level != "village" or not place.active:
        raise Invalid("no_village", "请选择一个村。", fields={"village_id": ["请选择一个村"]})
    villager = Villager(
        id=new_id(),
        resident_id=actor.id,
        live_resident_id=actor.id,
        town_id=place.places["town"],
        village_id=place.id,
        name="".join(name.split()),
        name_index=index_of(name),
        state=ASKED,
        asked_at=now(),
        reason="",
    )
    db.session.add(villager)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Conflict("already_asked", THERE) from error
    audit.record(actor, "villager.ask", SUBJECT, villager.id)
    return villager


def end_own(actor: Actor) -> None:
    """A resident is known as a villager no more; twice is no error. A paper they have stays theirs."""
    villager = _live(actor.id)
    if villager is None:
        return
    end(villager)
    audit.record(actor, "villager.end", SUBJECT, villager.id)


def end(villager: Villager) -> None:
    """Take the name away and keep that somebody of that name was there once, as a keyed hash."""
    villager.state, villager.live_resident_id, villager.name = ENDED, None, None
    villager.representative = False
    villager.ended_at = now()
    db.session.flush()


def decide(actor: Actor, villager_id: int, decision: str, reason: str, state_seen: str) -> Villager:
    """The village says whether somebody is on its list; the resident is told.

    Raises NotFound out of reach, Conflict when it was decided meanwhile, Invalid for a refusal without a
    reason.
    """
    villager = get_villager_for(actor, villager_id, lock=True)
    to, sources = DECISIONS[decision]
    if villager.state != state_seen or villager.state not in sources:
        label = STATE_LABELS[villager.state]
        raise Conflict(
            "changed_meanwhile", f"这条申请现在是“{label}”，请刷新后再试。", details={"state": villager.state}
        )
    if to != CONFIRMED and not reason:
        raise Invalid("reason_missing", "请写明不通过的理由，申请人会看到。", fields={"reason": ["必填"]})
    villager.state, villager.reason = to, reason
    villager.decided_at, villager.decided_by = now(), actor.id
    if to != CONFIRMED:
        villager.live_resident_id, villager.representative = None, False
    db.session.flush()
    audit.record(actor, f"villager.{decision}", SUBJECT, villager.id)
    village = get_place(villager.village_id).name
    text = f"{village}已核实您是本村村民。" if to == CONFIRMED else f"{village}没有通过您的村民核实：{reason}"
    for tell in _tell:
        tell(villager.resident_id, "村民核实", text, PAGE, new_id())
    return villager


def note_representative(actor: Actor, villager_id: int, *, representative: bool) -> Villager:
    """The village says who was elected into the villagers' assembly (OPEN-03); again changes nothing.

    Raises NotFound out of reach, Conflict for who is not confirmed.
    """
    villager = get_villager_for(actor, villager_id, lock=True)
    if villager.state != CONFIRMED:
        raise Conflict("not_confirmed", "只有已核实的村民才能登记为村民代表。")
    if villager.representative != representative:
        villager.representative = representative
        said = "representative" if representative else "representative_over"
        audit.record(actor, f"villager.{said}", SUBJECT, villager.id)
    db.session.flush()
    return villager


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two resident records became one: what was asked follows; of two that stand, the kept one's stays."""
    gone, kept = _live(gone_id), _live(kept_id)
    if gone is not None and kept is not None:
        # what the village has confirmed weighs more than what was only asked
        loser = kept if gone.state == CONFIRMED and kept.state == ASKED else gone
        end(loser)
    for villager in db.session.scalars(select(Villager).where(Villager.resident_id == gone_id)).all():
        villager.resident_id = kept_id
        if villager.state in LIVE:
            villager.live_resident_id = kept_id
    db.session.flush()


def index_of(name: str) -> str:
    """By which the same name is found again; blanks within mean nothing."""
    return blind_index("villager_name", "".join(name.split()))


def _live(resident_id: int) -> Villager | None:
    query = select(Villager).where(Villager.live_resident_id == resident_id).with_for_update()
    found: Villager | None = db.session.scalars(query).one_or_none()
    return found
