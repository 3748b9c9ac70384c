"""Where a kind of case registers: its engine entry, its visibility rule, its actions, its own details."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.cases.models import Case
from backend.kernel.actor import Actor
from backend.workflow.kinds import Kind, register


@dataclass(frozen=True)
class CaseKind:
    """What the core needs of a kind without knowing it.

    may_see  the kind's visibility rule
    act      take an action for a person: (case, action, actor, version, given)
    details  what the kind shows of a case beyond the core: (case, viewer kind)
    groups   the routing group of a case's category, for the rules
    points   where cases lie: ids → {"lon", "lat"} in GCJ-02, or None
    contact  the citizen's name and phone, in clear; reading them is audited by the caller
    oversight  supervision, call-backs, child tasks and who registered it, for staff: (case, viewer)
    """

    workflow: Kind
    may_see: Callable[[Case, Actor], bool]
    act: Callable[[Case, str, Actor, int, Mapping[str, Any]], None]
    details: Callable[[Case, str], dict[str, Any]]
    group_of: Callable[[Case], str]
    points: Callable[[Sequence[int]], dict[int, dict[str, float] | None]]
    contact: Callable[[Case], dict[str, str]]
    oversight: Callable[[Case, Actor], dict[str, Any]]


_kinds: dict[str, CaseKind] = {}


def register_case_kind(kind: CaseKind) -> None:
    """Make a kind of case known to the core and to the engine."""
    register(kind.workflow)
    _kinds[kind.workflow.table.kind] = kind


def case_kind(code: str) -> CaseKind:
    """The kind of that code; KeyError when none has registered."""
    return _kinds[code]


def all_case_kinds() -> Iterable[CaseKind]:
    """Every kind of case, in the order of their codes; parts of cases are not among them."""
    return (_kinds[code] for code in sorted(_kinds))
