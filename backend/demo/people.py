"""Invented people of the demonstration: staff with random passwords, residents without a name.

Passwords are made anew by each first load and stand in one file below DATA_DIR, readable by its
owner only; none is ever in the repository.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from backend.demo.towns import DISCIPLINE, DemoTown
from backend.identity.models import OrgUnit, Resident, Staff, StaffBinding, WeChatAccount
from backend.identity.passwords import hash_password
from backend.identity.roles import ROLES
from backend.identity.staffing import create_staff
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.places.models import Place
from backend.sandbox.people import PEOPLE, Person

ACCOUNTS_FILE = "demo-accounts.json"
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
#: the stand-in's workers by the number of their grid; the first two are bound already, the third binds by a code
WORKERS = {1: "赵大勇（演示）", 2: "孙红梅（演示）", 3: "周志强（演示）"}
BOUND = {1: "worker1", 2: "worker2"}
#: the stand-in's residents who have reported before; the others have never been here
RETURNING = ("resident1", "resident2")


@dataclass(frozen=True)
class Account:
    """One member of staff to make; ``front``: shown on the development front page."""

    username: str
    name: str
    role: str
    unit: str
    place: str
    front: bool = False


def accounts_of(town: DemoTown) -> list[Account]:
    """Everyone who works for the town; invented names that say what they are."""
    prefix = "" if town.code == "nanshahe" else f"{town.code}-"
    desk, code = town.center[0], town.code
    found = [
        Account(f"{prefix}dispatcher", "分流员甲", "dispatcher", desk, code, True),
        # What the town itself publishes is drafted, confirmed and published by three people (OPEN-07).
        Account(f"{prefix}dispatcher2", "分流员乙", "dispatcher", desk, code, True),
        Account(f"{prefix}checker", "核查员甲", "checker", desk, code, True),
        Account(f"{prefix}checker2", "核查员乙", "checker", desk, code),
        Account(f"{prefix}leader", "镇领导甲", "leader", "leaders", code, True),
        Account(f"{prefix}admin", "管理员甲", "administrator", desk, code, True),
        Account(f"{prefix}petitions", "信访专员甲", "petition_clerk", desk, code, True),
        # Reads nothing before they have made a key of their own in the console (ADR 0013).
        Account(f"{prefix}vault", "专办员甲", "vault_reader", DISCIPLINE, code, True),
    ]
    for unit, title in town.departments:
        if unit != "leaders":
            front = unit in ("power", "farm-water")
            found.append(Account(f"{prefix}{unit}", f"{title}办理人", "department_clerk", unit, code, front))
    names = {} if prefix else WORKERS
    for number in range(1, sum(town.plan.villages) + 1):
        found.append(_local(prefix, "village", "village_head", "v", number, f"{number}号村负责人"))
    # Four people sign what a village publishes (OPEN-07); two villages show it.
    for number in () if prefix else (1, 2):
        found.append(_local(prefix, "clerk", "village_clerk", "v", number, f"{number}号村文书"))
        found.append(
            _local(prefix, "supervisor", "village_supervisor", "v", number, f"{number}号村监委会成员")
        )
        found.append(_local(prefix, "secretary", "village_secretary", "v", number, f"{number}号村书记"))
    for number in range(1, sum(town.plan.grids) + 1):
        name = names.get(number, f"网格员{number:02d}")
        found.append(_local(prefix, "worker", "grid_worker", "g", number, name))
    return found


def _local(prefix: str, word: str, role: str, letter: str, number: int, name: str) -> Account:
    """The account of one village or grid; its unit and its place are numbered alike."""
    unit = f"{letter}{number:02d}"
    return Account(f"{prefix}{word}{number:02d}", name, role, unit, unit.upper(), number == 1)


def make_passwords(count: int) -> tuple[list[str], list[str]]:
    """(passwords, their hashes): four groups of random letters, about 78 bits each."""
    passwords = ["-".join(_group() for _ in range(4)) for _ in range(count)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        return passwords, list(pool.map(hash_password, passwords))


def save_staff(accounts: Iterable[Account], hashes: Iterable[str], town_id: int) -> dict[str, Actor]:
    """Make the accounts of a town; user name → the actor they act as."""
    units = {row.code: row for row in db.session.scalars(select(OrgUnit).where(OrgUnit.town_id == town_id))}
    of_town = select(Place).where(Place.town_id == town_id)
    places = {place.code: place.id for place in db.session.scalars(of_town)}
    actors: dict[str, Actor] = {}
    for account, hashed in zip(accounts, hashes, strict=True):
        unit = units[account.unit]
        roles = [
            (account.role, places[account.place], unit.id if account.role == "department_clerk" else None)
        ]
        row = create_staff(
            town_id, account.username, account.name, unit.id, None, roles, password_hash=hashed
        )
        actors[account.username] = Actor(
            kind="staff", id=row.id, name=row.name, town_id=town_id, unit_id=unit.id, unit_name=unit.name
        )
    return actors


def save_residents(count: int, consent_version: str, *, sandbox: bool) -> list[Actor]:
    """Nameless residents; with the stand-in platform also those of its people who have been here before.

    The stand-in's come first, in the order of RETURNING.
    """
    moment = now()
    people = {person.id: person for person in PEOPLE} if sandbox else {}
    rows = [_phone(people[name], consent_version) for name in RETURNING if name in people]
    for _ in range(count - len(rows)):
        row = Resident(id=new_id(), consent_version=consent_version, consented_at=moment)
        db.session.add(row)
        rows.append(row)
    db.session.flush()
    return [Actor(kind="resident", id=row.id, name="居民", channel="mini") for row in rows]


def bind_workers(staff: Mapping[str, Actor], consent_version: str) -> None:
    """The stand-in's first two workers hold the phones of the first two grids."""
    people = {person.id: person for person in PEOPLE}
    for number, person in BOUND.items():
        resident = _phone(people[person], consent_version)
        db.session.flush()
        worker = staff[f"worker{number:02d}"]
        taken = db.session.scalars(select(StaffBinding).where(StaffBinding.staff_id == worker.id)).first()
        if taken is None:
            db.session.add(StaffBinding(staff_id=worker.id, resident_id=resident.id))
    db.session.flush()


def write_accounts(
    data_dir: Path, towns: Iterable[tuple[DemoTown, list[Account]]], passwords: Mapping[str, str]
) -> Path:
    """Write who can log in: the few that show a role each first, everyone else after them."""
    shown: list[dict[str, str]] = []
    others: list[dict[str, str]] = []
    for town, accounts in towns:
        for account in accounts:
            line = {
                "username": account.username,
                "password": passwords[account.username],
                "name": account.name,
                "role": account.role,
                "role_label": ROLES[account.role].label,
                "town": town.name,
            }
            (shown if account.front else others).append(line)
    path = data_dir / ACCOUNTS_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(json.dump_bytes({"accounts": shown, "others": others}))
    return path


def has_staff(town_id: int) -> bool:
    """Whether anyone of the town can log in already."""
    return db.session.scalars(select(Staff.id).where(Staff.town_id == town_id).limit(1)).first() is not None


def _phone(person: Person, consent_version: str) -> Resident:
    """The resident record of one of the stand-in's people, as their first login would have made it."""
    found = db.session.scalars(select(Resident).where(Resident.unionid == person.unionid)).first()
    if found is None:
        found = Resident(
            id=new_id(),
            unionid=person.unionid,
            nickname=person.name,
            consent_version=consent_version,
            consented_at=now(),
        )
        db.session.add(found)
        db.session.flush()
        account = WeChatAccount(
            app="mini", openid=person.mini_openid, unionid=person.unionid, resident_id=found.id
        )
        db.session.add(account)
        if person.followed:  # messages reach them from the first day on
            db.session.add(
                WeChatAccount(
                    app="official",
                    openid=person.official_openid,
                    unionid=person.unionid,
                    resident_id=found.id,
                    followed=True,
                )
            )
    return found


def _group() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(4))
