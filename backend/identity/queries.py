"""Reads of identity: cards of people and units, and their WeChat accounts. Used by the floors above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from backend.identity.desk_models import Duty, StandIn, TownRole
from backend.identity.models import OrgUnit, Resident, Staff, StaffBinding, StaffRole, WeChatAccount
from backend.kernel.clock import now, shanghai
from backend.kernel.crypto import mask_phone
from backend.kernel.db import db

NOON = 12
_NARROW_FIRST = ("micro_grid", "grid", "village", "area", "town", "county")


@dataclass(frozen=True)
class StaffCard:
    """A member of staff as others show them. `role_label` only where a role was asked for."""

    id: int
    name: str
    unit_id: int
    unit_name: str
    role_label: str = ""


@dataclass(frozen=True)
class UnitCard:
    """A unit as others show it; `phone` is the office's public number."""

    id: int
    town_id: int
    code: str
    name: str
    kind: str
    place_id: int | None
    phone: str | None


@dataclass(frozen=True)
class ResidentCard:
    """A resident as far as others may know them; `phone` in plain only for those who audit it."""

    id: int
    nickname: str | None
    phone: str | None
    notify: bool

    @property
    def phone_masked(self) -> str | None:
        return mask_phone(self.phone) if self.phone else None


_CARD = select(Staff.id, Staff.name, Staff.unit_id, OrgUnit.name.label("unit_name")).join(
    OrgUnit, OrgUnit.id == Staff.unit_id
)

_MEANT = and_(TownRole.town_id == Staff.town_id, TownRole.code == StaffRole.role, TownRole.active)
"""What a held role means in the town of the one who holds it."""


def _cards(condition: ColumnElement[bool]) -> dict[int, StaffCard]:
    rows = db.session.execute(_CARD.where(condition)).all()
    return {row.id: StaffCard(row.id, row.name, row.unit_id, row.unit_name) for row in rows}


def staff_named(staff_id: int) -> StaffCard | None:
    """The card of a member of staff, also of one who has left; None when there is none."""
    return _cards(Staff.id == staff_id).get(staff_id)


def staff_cards(ids: Iterable[int]) -> dict[int, StaffCard]:
    """Cards by id, in one statement; ids that are nobody's are left out."""
    wanted = set(ids)
    return _cards(Staff.id.in_(wanted)) if wanted else {}


def staff_of_town(town_id: int) -> list[StaffCard]:
    """Everyone who works or has worked in a town, by name."""
    return sorted(_cards(Staff.town_id == town_id).values(), key=lambda card: (card.unit_name, card.name))


def staff_by_username(username: str) -> StaffCard | None:
    """The card behind a user name (lower case)."""
    return next(iter(_cards(Staff.username == username).values()), None)


def unit(unit_id: int) -> UnitCard | None:
    """The card of a unit; None when there is none."""
    return units_by_id([unit_id]).get(unit_id)


def units_by_id(ids: Iterable[int]) -> dict[int, UnitCard]:
    """Units by id, in one statement."""
    wanted = set(ids)
    return {u.id: u for u in _units(OrgUnit.id.in_(wanted))} if wanted else {}


def units(town_id: int) -> list[UnitCard]:
    """The active units of a town, by code."""
    return _units((OrgUnit.town_id == town_id) & OrgUnit.active)


def active_units_at(place_id: int) -> int:
    """How many active units have their seat at a place."""
    seated = select(func.count()).select_from(OrgUnit)
    return db.session.scalar(seated.where(OrgUnit.place_id == place_id, OrgUnit.active)) or 0


def unit_by_code(town_id: int, code: str) -> UnitCard | None:
    """A unit by the code that config/ gave it."""
    return next(iter(_units((OrgUnit.town_id == town_id) & (OrgUnit.code == code))), None)


def _units(condition: ColumnElement[bool]) -> list[UnitCard]:
    rows = db.session.execute(
        select(
            OrgUnit.id,
            OrgUnit.town_id,
            OrgUnit.code,
            OrgUnit.name,
            OrgUnit.kind,
            OrgUnit.place_id,
            OrgUnit.phone,
        )
        .where(condition)
        .order_by(OrgUnit.code)
    ).all()
    return [UnitCard(*row) for row in rows]


def staff_for(town_id: int, role: str, place_ids: Mapping[str, int | None]) -> list[StaffCard]:
    """Active staff of the town who hold `role` at one of these places (level → place id).

    Those of the narrowest place come first: the grid's own worker before the town's.
    """
    depth = {place_ids[level]: i for i, level in enumerate(_NARROW_FIRST) if place_ids.get(level)}
    if not depth:
        return []
    rows = db.session.execute(
        _CARD.add_columns(StaffRole.place_id, TownRole.label)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .join(TownRole, _MEANT)
        .where(Staff.town_id == town_id, Staff.active, StaffRole.role == role, StaffRole.place_id.in_(depth))
    ).all()
    found: dict[int, StaffCard] = {}
    for row in sorted(rows, key=lambda r: (depth[r.place_id], r.id)):
        found.setdefault(row.id, StaffCard(row.id, row.name, row.unit_id, row.unit_name, row.label))
    return list(found.values())


def staff_of_unit(unit_id: int, permission: str) -> list[StaffCard]:
    """Active staff of a unit who hold a role there that gives `permission`."""
    return [card for card in _permitted(Staff.unit_id == unit_id, permission) if card.unit_id == unit_id]


def assignable(town_id: int, permission: str) -> dict[int, list[StaffCard]]:
    """Unit id → its active staff with `permission`, for all units of a town in one statement."""
    by_unit: dict[int, list[StaffCard]] = {}
    for card in _permitted(Staff.town_id == town_id, permission):
        by_unit.setdefault(card.unit_id, []).append(card)
    return by_unit


def _permitted(condition: ColumnElement[bool], permission: str) -> list[StaffCard]:
    rows = db.session.execute(
        _CARD.add_columns(TownRole.label, TownRole.permissions)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .join(TownRole, _MEANT)
        .where(
            condition,
            Staff.active,
            or_(StaffRole.unit_id.is_(None), StaffRole.unit_id == Staff.unit_id),
        )
        .order_by(Staff.id, StaffRole.id)
    ).all()
    cards: dict[int, StaffCard] = {}
    for row in rows:
        if permission in row.permissions:
            cards.setdefault(row.id, StaffCard(row.id, row.name, row.unit_id, row.unit_name, row.label))
    return list(cards.values())


def roles_of(staff_ids: Iterable[int]) -> dict[int, list[str]]:
    """Staff id → the role codes they hold, wherever they hold them."""
    wanted = set(staff_ids)
    held: dict[int, list[str]] = {}
    if wanted:
        rows = db.session.execute(
            select(StaffRole.staff_id, StaffRole.role).where(StaffRole.staff_id.in_(wanted))
        )
        for staff_id, role in rows:
            held.setdefault(staff_id, []).append(role)
    return held


def on_duty(unit_ids: Iterable[int]) -> set[int]:
    """Who of these units is on duty at this moment: for the whole Shanghai day, or for this half of it."""
    wanted = set(unit_ids)
    if not wanted:
        return set()
    here = shanghai(now())
    half = "am" if here.hour < NOON else "pm"
    rows = select(Duty.staff_id).where(
        Duty.unit_id.in_(wanted), Duty.day == here.date(), Duty.half.in_(("day", half))
    )
    return set(db.session.scalars(rows))


def stand_ins_of(staff_id: int) -> list[int]:
    """Who does this person's tasks at this moment, because they are away (代班)."""
    moment = now()
    rows = (
        select(StandIn.stand_in_id)
        .join(Staff, Staff.id == StandIn.stand_in_id)
        .where(
            StandIn.staff_id == staff_id,
            StandIn.starts_at <= moment,
            StandIn.ends_at > moment,
            Staff.active,
        )
        .order_by(StandIn.id)
    )
    return list(db.session.scalars(rows))


def resident_card(resident_id: int) -> ResidentCard | None:
    """The card of a resident, following a merge to the record that was kept."""
    return resident_cards([resident_id]).get(resident_id)


def resident_cards(ids: Iterable[int]) -> dict[int, ResidentCard]:
    """Cards by the ids asked for; an id that was merged away answers with the kept record's card."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = {row.id: row for row in _residents(wanted)}
    moved = {row.merged_into for row in rows.values() if row.merged_into}
    kept = {row.id: row for row in _residents(moved - rows.keys())} if moved else {}
    found = {}
    for asked, row in rows.items():
        target = rows.get(row.merged_into) or kept.get(row.merged_into) if row.merged_into else row
        if target is not None:
            found[asked] = ResidentCard(target.id, target.nickname, target.phone, target.notify)
    return found


def _residents(ids: set[int]) -> Sequence[Resident]:
    return db.session.execute(select(Resident).where(Resident.id.in_(ids))).scalars().all() if ids else []


def notified(ids: Iterable[int]) -> dict[int, bool]:
    """Whether residents want to be sent messages, by the ids asked for; a merged one as the kept record says."""
    wanted = set(ids)
    rows = {row.id: row for row in _wishes(wanted)}
    rows |= {
        row.id: row for row in _wishes({r.merged_into for r in rows.values() if r.merged_into} - rows.keys())
    }
    kept = {asked: rows.get(rows[asked].merged_into or asked) for asked in wanted & rows.keys()}
    return {asked: row.notify for asked, row in kept.items() if row is not None}


def _wishes(ids: set[int]) -> Sequence[Any]:
    read = select(Resident.id, Resident.notify, Resident.merged_into).where(Resident.id.in_(ids))
    return db.session.execute(read).all() if ids else []


def wechat_of_resident(resident_id: int) -> list[WeChatAccount]:
    """A resident's WeChat accounts, the mini-program's first."""
    return list(
        db.session.execute(
            select(WeChatAccount)
            .where(WeChatAccount.resident_id == resident_id)
            .order_by(WeChatAccount.app, WeChatAccount.id)
        ).scalars()
    )


def wechat_of_staff(staff_id: int) -> list[WeChatAccount]:
    """The WeChat accounts of the person bound to a member of staff; empty when nobody is."""
    resident_id = resident_of_staff(staff_id)
    return wechat_of_resident(resident_id) if resident_id else []


@dataclass(frozen=True)
class Account:
    """A WeChat account as a message needs it."""

    app: str
    openid: str
    followed: bool


def wechat_of_residents(ids: Iterable[int]) -> dict[int, list[Account]]:
    """The WeChat accounts of several residents, each one's mini-program first."""
    return _accounts(WeChatAccount.resident_id, WeChatAccount.resident_id.in_(list(ids)))


def wechat_of_all_staff(ids: Iterable[int]) -> dict[int, list[Account]]:
    """The WeChat accounts of the people bound to members of staff who are active, by staff id."""
    wanted = list(ids)
    if not wanted:
        return {}
    bound = (StaffBinding.staff_id.in_(wanted), Staff.id == StaffBinding.staff_id, Staff.active)
    return _accounts(StaffBinding.staff_id, StaffBinding.resident_id == WeChatAccount.resident_id, *bound)


def _accounts(whose: Any, *which: Any) -> dict[int, list[Account]]:
    found: dict[int, list[Account]] = {}
    wanted = select(whose, WeChatAccount.app, WeChatAccount.openid, WeChatAccount.followed).where(*which)
    for owner, app, openid, followed in db.session.execute(
        wanted.order_by(WeChatAccount.app, WeChatAccount.id)
    ):
        found.setdefault(owner, []).append(Account(app, openid, followed))
    return found


def resident_of_staff(staff_id: int) -> int | None:
    """The resident record bound to a member of staff, if any: their messages go to its inbox."""
    return db.session.execute(
        select(StaffBinding.resident_id)
        .join(Staff, Staff.id == StaffBinding.staff_id)
        .where(StaffBinding.staff_id == staff_id, Staff.active)
    ).scalar_one_or_none()


def staff_of_resident(resident_id: int) -> StaffCard | None:
    """The active member of staff that a resident is bound as, if any."""
    bound = select(StaffBinding.staff_id).where(StaffBinding.resident_id == resident_id).scalar_subquery()
    return next(iter(_cards((Staff.id == bound) & Staff.active).values()), None)


def account_of_openid(app: str, openid: str) -> WeChatAccount | None:
    """The account of an openid within one app (mini or official)."""
    return db.session.execute(
        select(WeChatAccount).where(WeChatAccount.app == app, WeChatAccount.openid == openid)
    ).scalar_one_or_none()
