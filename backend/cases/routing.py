"""Routing: the first rule that fits names the handler, and says why.

Rules are data (config/towns/<code>/routing.toml); the proposal is shown to the dispatcher with the
rule's name, and the name stands on the timeline when the case is dispatched by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from backend.cases.kinds import case_kind
from backend.cases.models import Case, RoutingRule
from backend.cases.words import ROLE_WORDS, URGENCIES
from backend.identity import queries as identity
from backend.identity.models import OrgUnit
from backend.kernel.db import db

# Columns, not rows of the class: they are read with every page of a case that waits.
_R: Any = RoutingRule.__table__.c
_RULES = (
    select(
        _R.name,
        _R.categories,
        _R.groups,
        _R.place_ids,
        _R.urgencies,
        _R.unit_id,
        _R.to_grid,
        _R.role,
        _R.auto,
    )
    .where(_R.town_id == bindparam("town"), _R.active)
    .order_by(_R.position)
)


@dataclass(frozen=True)
class Proposal:
    """Whom a rule names for a case, and why."""

    unit_id: int
    unit_name: str
    staff_id: int | None
    staff_name: str | None
    role: str
    rule_name: str
    why: str
    auto: bool


def propose(case: Case) -> Proposal | None:
    """The handler that the town's rules name for a case; None when no rule fits or its unit is gone."""
    rules = db.session.execute(_RULES, {"town": case.town_id}).all()
    group = case_kind(case.kind).group_of(case)
    for rule in rules:
        reasons = fits(rule, case, group)
        if reasons is None:
            continue
        proposal = _resolve(rule, case, reasons)
        if proposal is not None:
            return proposal
    return None


def fits(rule: Any, case: Case, group: str) -> list[str] | None:
    """Why the rule (or a row with its conditions) fits the case, in words; None when it does not."""
    reasons: list[str] = []
    if rule.categories:
        if case.category_code not in rule.categories:
            return None
        reasons.append(f"类别是“{case.category_name}”")
    if rule.groups:
        if group not in rule.groups:
            return None
        reasons.append(f"类别“{case.category_name}”属于这一大类")
    if rule.place_ids:
        if not {str(p) for p in case.places.values() if p} & set(rule.place_ids):
            return None
        reasons.append(f"位置在{case.place_label}")
    if rule.urgencies:
        if case.urgency not in rule.urgencies:
            return None
        reasons.append(f"紧急程度是“{URGENCIES[case.urgency]}”")
    return reasons


def _resolve(rule: Any, case: Case, reasons: list[str]) -> Proposal | None:
    if rule.to_grid:
        if case.grid_id is None:
            return None
        row = db.session.execute(
            select(OrgUnit.id, OrgUnit.name).where(
                OrgUnit.place_id == case.grid_id, OrgUnit.kind == "grid", OrgUnit.active
            )
        ).first()
        reasons = [*reasons, f"位置在{case.place_label}内"]
    else:
        row = db.session.execute(
            select(OrgUnit.id, OrgUnit.name).where(OrgUnit.id == rule.unit_id, OrgUnit.active)
        ).first()
    if row is None:
        return None
    people = identity.staff_of_unit(row.id, "case.handle")
    person = people[0] if len(people) == 1 else None
    if person is not None:
        reasons.append(f"{row.name}由{person.name}负责")
    elif len(people) > 1:
        on_duty = identity.on_duty([row.id])
        there = [one for one in people if one.id in on_duty]
        if len(there) == 1:
            person = there[0]
            reasons.append(f"{row.name}现在由{person.name}值班")
    role = rule.role or ("grid_worker" if rule.to_grid else "department_clerk")
    return Proposal(
        unit_id=row.id,
        unit_name=row.name,
        staff_id=person.id if person else None,
        staff_name=person.name if person else None,
        role=role if role in ROLE_WORDS else "",
        rule_name=rule.name,
        why="；".join(dict.fromkeys(reasons)),
        auto=rule.auto,
    )
