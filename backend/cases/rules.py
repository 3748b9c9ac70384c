"""Routing rules as staff change them, and what a draft of them would have done with past cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from backend.audit.queries import locked_at_version
from backend.audit.services import record_change
from backend.cases.kinds import case_kind
from backend.cases.models import Case, RoutingRule
from backend.cases.routing import fits
from backend.cases.words import ROLE_WORDS
from backend.identity import queries as identity
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id, show_code
from backend.kernel.ordering import moved
from backend.workflow.models import TimelineEntry

SUBJECT = "routing_rule"
LABELS = {
    "name": "名称",
    "categories": "类别",
    "groups": "大类",
    "place_ids": "地点",
    "urgencies": "紧急程度",
    "unit_id": "交给单位",
    "to_grid": "交给所在网格",
    "role": "办理角色",
    "auto": "自动交办",
    "position": "次序",
    "active": "启用",
}
CONDITIONS = ("categories", "groups", "place_ids", "urgencies")
CHANGEABLE = tuple(name for name in LABELS if name != "position")
MOST_EXAMPLES = 50
TRIAL_CHUNK = 500
DISPATCHES = ("dispatch", "accept_and_dispatch")


def fields_of(rule: RoutingRule) -> dict[str, Any]:
    """A rule's fields by name; ids as text, as the log keeps them."""
    values = {name: getattr(rule, name) for name in LABELS}
    return values | {"unit_id": str(rule.unit_id) if rule.unit_id else None}


def rules_of(town_id: int) -> list[RoutingRule]:
    """A town's rules in order, also those switched off."""
    return list(
        db.session.execute(
            select(RoutingRule)
            .where(RoutingRule.town_id == town_id)
            .order_by(RoutingRule.position, RoutingRule.id)
        ).scalars()
    )


def save(actor: Actor, town_id: int, given: Mapping[str, Any], rule_id: int | None = None) -> RoutingRule:
    """Make a rule (at the end, before the one that takes the rest), or change one at ``given["version"]``.

    Raises Invalid with the field at fault, NotFound, Conflict (409) naming what somebody else changed.
    """
    rules = rules_of(town_id)
    if rule_id is None:
        rule = RoutingRule(id=new_id(), town_id=town_id, position=len(rules), active=True, version=1)
        before = None
    else:
        rule = locked_at_version(RoutingRule, town_id, rule_id, given.get("version"), "这条规则", SUBJECT)
        before = fields_of(rule)
    for name in CHANGEABLE:
        if name in given:
            setattr(rule, name, given[name])
    _check(town_id, rule, [r for r in rules if r.id != rule.id])
    if before is None:
        db.session.add(rule)
    _note(actor, rule, before)
    if before is None:
        _before_the_rest(actor, rules, rule)
    return rule


def _before_the_rest(actor: Actor, rules: Sequence[RoutingRule], rule: RoutingRule) -> None:
    """A rule without conditions takes everything: what comes after it is never asked."""
    rest = next((r for r in rules if r.active and not has_conditions(r)), None)
    if rest is None or not has_conditions(rule):
        return
    order = [r.id for r in rules]
    order.insert(order.index(rest.id), rule.id)
    _place(actor, [*rules, rule], order)


def has_conditions(rule: RoutingRule) -> bool:
    """Whether it is limited to some cases; a rule that is not takes all that come to it."""
    return any(getattr(rule, name) for name in CONDITIONS)


def _check(town_id: int, rule: RoutingRule, others: Sequence[RoutingRule]) -> None:
    faults: dict[str, list[str]] = {}
    if any(r.name == rule.name for r in others):
        faults["name"] = [f"已有名为“{rule.name}”的规则，请换个名字"]
    if rule.to_grid:
        rule.unit_id = None
    else:
        unit = identity.unit(rule.unit_id) if rule.unit_id else None
        if unit is None or unit.town_id != town_id:
            faults["unit_id"] = ["请选择交给哪个单位，或交给所在网格"]
    if rule.role and rule.role not in ROLE_WORDS:
        faults["role"] = ["不在可选范围内"]
    active = [r for r in others if r.active]
    if not any(not has_conditions(r) for r in active) and not (rule.active and not has_conditions(rule)):
        faults["active"] = ["至少要有一条启用的、不带条件的规则接住其余的，否则会有事项没人接"]
    if faults:
        raise Invalid("rule_wrong", "这条规则还不能保存，请看标红的地方。", fields=faults)


def _note(actor: Actor, rule: RoutingRule, before: dict[str, Any] | None) -> None:
    what = "rule.create" if before is None else "rule.change"
    if record_change(actor, what, SUBJECT, rule.id, before, fields_of(rule), name=rule.name, labels=LABELS):
        rule.version = 1 if before is None else rule.version + 1
        rule.edited_at = now()
    db.session.flush()


def reorder(actor: Actor, town_id: int, ids: Sequence[int]) -> None:
    """Put the rules into this order; 409 when the list is not the one that stands now."""
    _place(actor, rules_of(town_id), ids)


def _place(actor: Actor, rules: Sequence[RoutingRule], ids: Sequence[int]) -> None:
    for rule, position in moved(rules, ids, "规则"):
        before = fields_of(rule)
        rule.position = position
        _note(actor, rule, before)


def replace_rules(town_id: int, rules: list[RoutingRule]) -> None:
    """Put a town's rules in place as its file says: found by name, updated, or switched off when gone.

    What was changed on screen is overwritten: the caller has asked (see differences(), ADR 0005).
    """
    held = {r.name: r for r in rules_of(town_id)}
    for rule in rules:
        target = held.pop(rule.name, None)
        if target is None:
            db.session.add(rule)
            continue
        for name in _FROM_FILE:
            setattr(target, name, getattr(rule, name))
        target.active = True
        _settle(target)
    for gone in held.values():
        gone.active = False
        _settle(gone)
    db.session.flush()


_FROM_FILE = ("position", *CONDITIONS, "unit_id", "to_grid", "role", "auto")


def _settle(rule: RoutingRule) -> None:
    if rule.edited_at is not None:
        rule.edited_at, rule.version = None, rule.version + 1


def is_edited(town_id: int) -> bool:
    """Whether any rule was changed on screen since the file was loaded: their order is one thing."""
    return any(r.edited_at is not None for r in rules_of(town_id))


def differences(town_id: int, rules: Iterable[RoutingRule]) -> list[str]:
    """What a load of the file would undo of what was done on screen; one Chinese line each."""
    given = {r.name: r for r in rules}
    lines = []
    for held in rules_of(town_id):
        if held.edited_at is None:
            continue
        line = given.get(held.name)
        if line is None:
            lines += [f"分流规则“{held.name}”：文件里没有，载入会停用它"] if held.active else []
            continue
        lines += [
            f"分流规则“{held.name}”：{LABELS[name]}，屏幕上改过，和文件里不一样"
            for name in _FROM_FILE
            if getattr(held, name) != getattr(line, name)
        ]
        lines += [] if held.active else [f"分流规则“{held.name}”：屏幕上已停用，载入会重新启用"]
    return lines


# --- dry run ---------------------------------------------------------------------------------------
@dataclass
class Trial:
    """What drafted rules would have done with past cases; grows case by case."""

    matched: dict[int, int] = field(default_factory=dict)
    cases: int = 0
    unmatched: int = 0
    undispatched: int = 0
    elsewhere: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)


def count_cases(town_id: int, since: datetime, until: datetime) -> int:
    """How many cases came in from `since` to before `until`."""
    query = select(func.count()).select_from(Case).where(_period(town_id, since, until))
    return int(db.session.execute(query).scalar_one())


def _period(town_id: int, since: datetime, until: datetime) -> Any:
    return (Case.town_id == town_id) & (Case.created_at >= since) & (Case.created_at < until)


def try_rules(
    town_id: int, drafts: Sequence[RoutingRule], since: datetime, until: datetime, after: int, trial: Trial
) -> int | None:
    """Let the drafts judge the next chunk of cases behind the id `after`; the last id, or None at the end.

    `drafts` are not in the database; those switched off are passed over. Reads only.
    """
    query = select(Case).where(_period(town_id, since, until), Case.id > after).order_by(Case.id)
    cases = list(db.session.execute(query.limit(TRIAL_CHUNK)).scalars())
    went, units = _went_to(cases), _Units(town_id)
    for case in cases:
        _try_one(case, drafts, went.get(case.id), units, trial)
    return cases[-1].id if len(cases) == TRIAL_CHUNK else None


def _try_one(
    case: Case, drafts: Sequence[RoutingRule], went: int | None, units: _Units, trial: Trial
) -> None:
    trial.cases += 1
    group = case_kind(case.kind).group_of(case)
    found = next(
        (
            (number, rule, unit_id)
            for number, rule in enumerate(drafts)
            if rule.active
            and fits(rule, case, group) is not None
            and (unit_id := units.target(rule, case)) is not None
        ),
        None,
    )
    if found is None:
        trial.unmatched += 1
        _example(trial, case, None, None, went, units)
        return
    number, rule, unit_id = found
    trial.matched[number] = trial.matched.get(number, 0) + 1
    if went is None:
        trial.undispatched += 1
    elif went != unit_id:
        trial.elsewhere += 1
        _example(trial, case, rule.name, unit_id, went, units)


def _example(
    trial: Trial, case: Case, rule: str | None, unit_id: int | None, went: int | None, units: _Units
) -> None:
    if len(trial.examples) < MOST_EXAMPLES:
        trial.examples.append(
            {
                # No title: who keeps the rules reads no case.
                "code_display": show_code(case.code),
                "category_name": case.category_name,
                "place_label": case.place_label,
                "rule": rule,
                "went": units.name(went),
                "would_go": units.name(unit_id),
            }
        )


def _went_to(cases: Sequence[Case]) -> dict[int, int]:
    """Case id → the unit that it was first dispatched to."""
    if not cases:
        return {}
    rows = db.session.execute(
        select(TimelineEntry.subject_id, TimelineEntry.data)
        .where(
            TimelineEntry.subject_kind.in_({c.kind for c in cases}),
            TimelineEntry.subject_id.in_([c.id for c in cases]),
            TimelineEntry.action.in_(DISPATCHES),
        )
        .order_by(TimelineEntry.subject_id, TimelineEntry.seq.desc())
    )
    return {row.subject_id: int(row.data["unit_id"]) for row in rows if row.data.get("unit_id")}


class _Units:
    """The active units of a town, read once: which one a rule names for a case."""

    def __init__(self, town_id: int) -> None:
        self.cards = {u.id: u for u in identity.units(town_id)}
        self.of_grid = {u.place_id: u.id for u in self.cards.values() if u.kind == "grid"}

    def target(self, rule: RoutingRule, case: Case) -> int | None:
        if rule.to_grid:
            return self.of_grid.get(case.grid_id) if case.grid_id else None
        return rule.unit_id if rule.unit_id in self.cards else None

    def name(self, unit_id: int | None) -> str | None:
        if unit_id is None:
            return None
        return self.cards[unit_id].name if unit_id in self.cards else "（已停用的单位）"
