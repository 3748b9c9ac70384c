"""Reads of the vault: who its readers are, a reader's letters, one letter, and progress by code."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import and_, func, or_, select

from backend.audit import services as audit
from backend.identity import queries as identity
from backend.identity.desk_models import TownRole
from backend.identity.models import OrgUnit, Staff, StaffRole
from backend.kernel.actor import Actor
from backend.kernel.clock import shanghai
from backend.kernel.crypto import mask_name
from backend.kernel.db import db
from backend.kernel.errors import NotFound
from backend.kernel.paging import PAGE_SIZE, Page, make_page, parse_cursor
from backend.places.queries import town_by_code
from backend.vault import policy
from backend.vault.access import SUBJECT, get_letter_for, town_of
from backend.vault.models import VaultAct, VaultFile, VaultKey, VaultLetter, VaultWrap
from backend.vault.sealed_fields import fingerprint, receipt_of
from backend.vault.states import NEXT_STEPS, RECEIVED, STATE_LABELS, STEPS, TOLD

ELSEWHERE = (
    {"name": "纪检监察举报电话", "value": "12388"},
    {"name": "纪检监察举报网站", "value": "www.12388.gov.cn"},
)


def reader_ids(town_id: int) -> frozenset[int]:
    """Who holds a role that reads the vault of a town now, and is active there."""
    rows = db.session.execute(
        select(Staff.id, TownRole.permissions)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .join(
            TownRole,
            and_(
                TownRole.town_id == Staff.town_id,
                TownRole.code == StaffRole.role,
                TownRole.active,
            ),
        )
        .where(Staff.town_id == town_id, Staff.active, StaffRole.place_id == town_id)
        .where(or_(StaffRole.unit_id.is_(None), StaffRole.unit_id == Staff.unit_id))
    )
    return frozenset(row.id for row in rows if policy.READ in row.permissions)


def active_keys(town_id: int) -> list[VaultKey]:
    """The keys that letters are sealed to: active, and of somebody who still is a reader."""
    keys = db.session.scalars(
        select(VaultKey)
        .where(VaultKey.town_id == town_id, VaultKey.state == "active")
        .order_by(VaultKey.made_at, VaultKey.id)
    ).all()
    readers = reader_ids(town_id) if keys else frozenset()
    return [key for key in keys if key.staff_id in readers]


def parents(town_id: int) -> dict[int, int | None]:
    """The tree of a town's units, those that are switched off too: id → the parent's id."""
    rows = db.session.execute(select(OrgUnit.id, OrgUnit.parent_id).where(OrgUnit.town_id == town_id))
    return {row.id: row.parent_id for row in rows}


def space_taken(town_id: int) -> int:
    """What a town's letters take, in bytes."""
    taken = select(func.coalesce(func.sum(VaultLetter.space), 0)).where(VaultLetter.town_id == town_id)
    return int(db.session.scalars(taken).one())


def readers_with_unopened(before: date) -> dict[int, set[int]]:
    """Town → those of its readers for whom a letter that came before that day lies unopened.

    Only whom the sender did not leave out: whoever was left out hears of nothing.
    """
    rows = db.session.execute(
        select(VaultLetter.town_id, VaultKey.staff_id)
        .join(VaultWrap, VaultWrap.letter_id == VaultLetter.id)
        .join(VaultKey, VaultKey.id == VaultWrap.key_id)
        .where(VaultLetter.state == RECEIVED, VaultLetter.received_on < before)
        .distinct()
    ).all()
    held: dict[int, set[int]] = {}
    for row in rows:
        held.setdefault(row.town_id, set()).add(row.staff_id)
    return {town_id: found & reader_ids(town_id) for town_id, found in held.items()}


def units_of(staff_ids: Collection[int]) -> dict[int, int]:
    """Staff id → the unit in which they sit."""
    return {card.id: card.unit_id for card in identity.staff_cards(staff_ids).values()}


def for_senders(town_code: str) -> dict[str, Any]:
    """What a sender's device needs: the readers' keys, and the tree of units to leave out who is named.

    The device leaves out, not the server: the server is never told who is named (XF 30 ¶3).
    """
    town = town_by_code(town_code)
    keys = active_keys(town.id)
    return {
        "open": bool(keys),
        "readers": [_reader(key, card, mask_name(card.name)) for key, card in _with_cards(keys)],
        "units": _units(town.id) if keys else [],
        "elsewhere": list(ELSEWHERE),
    }


def for_readers(actor: Actor) -> dict[str, Any]:
    """One's own keys with what opens them, and every reader's that is in use or waits."""
    town_id = town_of(actor)
    mine = db.session.scalars(
        select(VaultKey).where(VaultKey.staff_id == actor.id).order_by(VaultKey.id.desc())
    ).all()
    active = active_keys(town_id)
    waiting = db.session.scalars(
        select(VaultKey).where(VaultKey.town_id == town_id, VaultKey.state == "waiting").order_by(VaultKey.id)
    ).all()
    holders = {key.staff_id for key in active}
    return {
        "mine": [own_key(key) for key in mine],
        "readers": [
            {
                **_reader(key, card, card.name),
                "state": key.state,
                "mine": key.staff_id == actor.id,
                "may_confirm": key.state == "waiting" and policy.may_confirm(actor.id, key.staff_id, holders),
            }
            for key, card in _with_cards([*active, *waiting])
        ],
        "units": _units(town_id),
    }


def own_key(key: VaultKey) -> dict[str, Any]:
    """A key as its holder sees it: with the wrapped private half."""
    return {
        "id": key.id,
        "state": key.state,
        "public_key": key.public_key,
        "fingerprint": fingerprint(key.public_key),
        "wrapped": key.wrapped,
        "made_at": key.made_at,
    }


def letters_of(actor: Actor, cursor: str | None) -> Page[dict[str, Any]]:
    """The letters that were sealed to one of the reader's keys, newest day first; no others are counted even."""
    own = (
        select(VaultWrap.letter_id)
        .join(VaultKey, VaultKey.id == VaultWrap.key_id)
        .where(VaultKey.staff_id == actor.id)
    )
    files = (
        select(func.count())
        .where(VaultFile.letter_id == VaultLetter.id)
        .correlate(VaultLetter)
        .scalar_subquery()
    )
    query = select(
        VaultLetter.id, VaultLetter.received_on, VaultLetter.state, VaultLetter.version, files.label("files")
    ).where(VaultLetter.town_id == town_of(actor), VaultLetter.id.in_(own))
    at = parse_cursor(cursor)
    if at is not None:
        day, last = at[0].date(), at[1]
        query = query.where(
            VaultLetter.received_on <= day, or_(VaultLetter.received_on < day, VaultLetter.id < last)
        )
    rows = db.session.execute(
        query.order_by(VaultLetter.received_on.desc(), VaultLetter.id.desc()).limit(PAGE_SIZE + 1)
    ).all()
    page = make_page(rows, PAGE_SIZE, lambda r: (datetime.combine(r.received_on, time(), tzinfo=UTC), r.id))
    opening = _openings(actor.id, [row.id for row in page.items])
    items = [
        {
            "id": row.id,
            "received_on": row.received_on,
            "state": row.state,
            "state_label": STATE_LABELS[row.state],
            "version": row.version,
            "files": row.files,
            **opening[row.id],
        }
        for row in page.items
    ]
    return Page(items, page.next_cursor)


def one_letter(actor: Actor, letter_id: int) -> dict[str, Any]:
    """One letter with all that the reader's browser needs to open it; the opening is audited (§8.1 point 8)."""
    letter, _ = get_letter_for(actor, letter_id)
    audit.record(actor, "vault.open", SUBJECT, letter.id)
    return letter_view(actor, letter)


def letter_view(actor: Actor, letter: VaultLetter) -> dict[str, Any]:
    """A letter for one of its readers."""
    acts = db.session.scalars(
        select(VaultAct).where(VaultAct.letter_id == letter.id).order_by(VaultAct.id)
    ).all()
    names = identity.staff_cards({act.staff_id for act in acts})
    files = db.session.execute(
        select(VaultFile.id, func.length(VaultFile.sealed).label("length"))
        .where(VaultFile.letter_id == letter.id)
        .order_by(VaultFile.position)
    ).all()
    held = db.session.scalars(select(VaultWrap.key_id).where(VaultWrap.letter_id == letter.id)).all()
    return {
        "id": letter.id,
        "received_on": letter.received_on,
        "state": letter.state,
        "state_label": STATE_LABELS[letter.state],
        "version": letter.version,
        "content": letter.content,
        "answer_key": letter.answer_key,
        "files": [{"id": row.id, "size": row.length * 3 // 4} for row in files],
        "acts": [
            {
                "id": act.id,
                "action": act.action,
                "label": STEPS[act.action].label,
                "at": act.at,
                "by_name": names[act.staff_id].name if act.staff_id in names else "",
                "sealed": act.sealed,
            }
            for act in acts
        ],
        "key_ids": list(held),
        **_openings(actor.id, [letter.id])[letter.id],
    }


def one_file(actor: Actor, letter_id: int, file_id: int) -> dict[str, Any]:
    """An attachment of a letter that the reader may open, as it was sealed; audited."""
    letter, _ = get_letter_for(actor, letter_id)
    found = db.session.scalars(
        select(VaultFile).where(VaultFile.id == file_id, VaultFile.letter_id == letter.id)
    ).first()
    if found is None:
        raise NotFound
    audit.record(actor, "vault.file", SUBJECT, letter.id)
    return {"sealed": found.sealed}


def progress(lookup: str) -> dict[str, Any]:
    """How far a letter is, and the answers to its sender, for whoever has the code. NotFound otherwise."""
    letter = db.session.scalars(select(VaultLetter).where(VaultLetter.receipt == receipt_of(lookup))).first()
    if letter is None:
        raise NotFound("vault_code_unknown", "没有找到这封信，请核对查询码。")
    acts = db.session.scalars(
        select(VaultAct)
        .where(VaultAct.letter_id == letter.id, VaultAct.action.in_(TOLD))
        .order_by(VaultAct.id)
    ).all()
    return {
        "state": letter.state,
        "state_label": STATE_LABELS[letter.state],
        "next_step": NEXT_STEPS[letter.state],
        "received_on": letter.received_on,
        "steps": [
            {"label": STATE_LABELS[STEPS[act.action].to or ""], "on": shanghai(act.at).date()} for act in acts
        ],
        "answers": [
            {"on": shanghai(act.at).date(), "sealed": act.for_sender} for act in acts if act.for_sender
        ],
    }


def _openings(staff_id: int, letter_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Letter id → the wrap under this reader's newest key, and which key that is."""
    rows = db.session.execute(
        select(VaultWrap.letter_id, VaultWrap.key_id, VaultWrap.wrap)
        .join(VaultKey, VaultKey.id == VaultWrap.key_id)
        .where(VaultKey.staff_id == staff_id, VaultWrap.letter_id.in_(letter_ids))
        .order_by(VaultKey.id)
    )
    return {row.letter_id: {"key_id": row.key_id, "wrap": row.wrap} for row in rows}


def _with_cards(keys: Collection[VaultKey]) -> list[tuple[VaultKey, identity.StaffCard]]:
    cards = identity.staff_cards({key.staff_id for key in keys})
    return [(key, cards[key.staff_id]) for key in keys if key.staff_id in cards]


def _reader(key: VaultKey, card: identity.StaffCard, name: str) -> dict[str, Any]:
    return {
        "key_id": key.id,
        "name": name,
        "unit_id": card.unit_id,
        "unit_name": card.unit_name,
        "public_key": key.public_key,
        "fingerprint": fingerprint(key.public_key),
    }


def _units(town_id: int) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(OrgUnit.id, OrgUnit.name, OrgUnit.parent_id)
        .where(OrgUnit.town_id == town_id, OrgUnit.active)
        .order_by(OrgUnit.code)
    )
    return [{"id": row.id, "name": row.name, "parent_id": row.parent_id} for row in rows]
