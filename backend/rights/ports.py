"""What the other features hand in: what they hold of a person, and how they forget it. Wired in app.py.

They know nothing of this module, so they speak in plain values: what is held comes as
`{"code", "title", "records": [{"title", "facts": [(label, value), …]}]}`, what was erased as
record kind → the ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select

from backend.kernel.clock import shanghai


@dataclass(frozen=True)
class Fact:
    """One thing kept: its name as a person reads it, and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class Record:
    """One record of something kept: a report, a session, a message."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Section:
    """All records of one kind that a feature keeps of one person. `code` is for programs."""

    code: str
    title: str
    records: tuple[Record, ...]


class CaseHolder(Protocol):
    """Whoever keeps the details of a kind of case. A case comes as its row, locked by the asker."""

    def correct(self, case: Any, changes: dict[str, str]) -> list[str]:
        """Change contact_name, contact_phone, address; the names of what changed."""

    def forget_contact(self, case: Any) -> bool:
        """Erase name and phone; whether there was one."""

    def make_coarse(self, case: Any) -> bool:
        """Put the middle of its grid in the place of the exact point, erase the address; whether it was exact."""

    def forget_words(self, case: Any) -> bool:
        """Erase what the person added of their own accord: the comment on a rating; whether there was one."""


Held = dict[str, Any]
Erased = dict[str, list[Any]]


@dataclass(frozen=True)
class Retained:
    """How one kind of record is found when its time is over, and erased.

    find   a SELECT of the ids that are due at a moment; open cases are never among them
    erase  erases these ids in the caller's transaction, as far as they are still due; those it erased
    """

    find: Callable[[datetime], Select[Any]]
    erase: Callable[[Sequence[Any]], Sequence[Any]]


_sections: list[Callable[[int], list[Held]]] = []
_cases: dict[str, CaseHolder] = {}
_forget_person: list[Callable[[int], Erased]] = []
_forget_case: list[Callable[[int, int], Erased]] = []
_let_go: list[Callable[[int], Erased]] = []
_still_open: list[Callable[[int], list[str]]] = []
_stop_messages: list[Callable[[int], Erased]] = []
_retained: dict[str, Retained] = {}
_tell: list[Callable[[int, str, str, str, int], None]] = []


def holds(copy: Callable[[int], list[Held]]) -> None:
    """Register `copy(resident_id)`: everything a feature keeps of that person."""
    _add(_sections, copy)


def keeps_case_details(kind: str, holder: CaseHolder) -> None:
    """Register who keeps the details of a kind of case."""
    _cases[kind] = holder


def forgets_person(erase: Callable[[int], Erased]) -> None:
    """Register `erase(resident_id)`: forget the person beside their cases; record kind → ids."""
    _add(_forget_person, erase)


def lets_go(erase: Callable[[int], Erased]) -> None:
    """Register `erase(resident_id)`: take the person out of matters that are no cases and have ended."""
    _add(_let_go, erase)


def still_open_by(named: Callable[[int], list[str]]) -> None:
    """Register `named(resident_id)`: such matters that are still being handled, as the person knows them."""
    _add(_still_open, named)


def forgets_case(erase: Callable[[int, int], Erased]) -> None:
    """Register `erase(resident_id, case_id)`: forget what was told that person of that case."""
    _add(_forget_case, erase)


def stops_messages(stop: Callable[[int], Erased]) -> None:
    """Register `stop(resident_id)`: no message outside the program any more."""
    _add(_stop_messages, stop)


def retains(rule: str, retained: Retained) -> None:
    """Register who finds and erases what a retention rule (rules.py) is about."""
    _retained[rule] = retained


def tells_by(tell: Callable[[int, str, str, str, int], None]) -> None:
    """Register `tell(resident_id, title, text, page, cause_id)`: a line in the person's inbox."""
    _tell[:] = [tell]


def sections(resident_id: int) -> list[Section]:
    """Everything every feature keeps of a person."""
    found = (_section(held) for copy in _sections for held in copy(resident_id))
    return [section for section in found if section.records]


def case_holder(kind: str) -> CaseHolder:
    """Who keeps the details of that kind of case."""
    return _cases[kind]


def forget_person(resident_id: int) -> Erased:
    """Have every feature forget the person; record kind → ids."""
    return _summed(erase(resident_id) for erase in _forget_person)


def let_go(resident_id: int) -> Erased:
    """Have every feature take the person out of what has ended; record kind → ids."""
    return _summed(erase(resident_id) for erase in _let_go)


def still_open(resident_id: int) -> list[str]:
    """What is still being handled beside the person's cases."""
    return [name for named in _still_open for name in named(resident_id)]


def forget_case(resident_id: int, case_id: int) -> Erased:
    """Have every feature forget what the person was told of a case."""
    return _summed(erase(resident_id, case_id) for erase in _forget_case)


def stop_messages(resident_id: int) -> Erased:
    """Have every feature stop sending outside the program."""
    return _summed(stop(resident_id) for stop in _stop_messages)


def retained() -> dict[str, Retained]:
    """Rule code → who finds and erases."""
    return dict(_retained)


def tell(resident_id: int, title: str, text: str, page: str, cause_id: int) -> None:
    """Put a line into the person's inbox, once for each cause."""
    for one in _tell:
        one(resident_id, title, text, page, cause_id)


def _section(held: Held) -> Section:
    records = (Record(one["title"], tuple(_facts(one["facts"]))) for one in held["records"])
    return Section(held["code"], held["title"], tuple(one for one in records if one.facts))


def _facts(pairs: Iterable[tuple[str, Any]]) -> Iterable[Fact]:
    """What is empty is left out; moments are shown in Shanghai's time."""
    return (Fact(label, text) for label, value in pairs if (text := _shown(value)))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{shanghai(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _summed(parts: Iterable[Erased]) -> Erased:
    total: Erased = {}
    for one in parts:
        for kind, ids in one.items():
            total.setdefault(kind, []).extend(ids)
    return {kind: ids for kind, ids in total.items() if ids}


def _add(held: list[Any], one: Any) -> None:
    if one not in held:
        held.append(one)
