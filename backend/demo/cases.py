"""A year of invented cases of one town: who reports what where, and how it went."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from backend.cases.models import Case, RoutingRule
from backend.cases.routing import fits
from backend.demo import texts
from backend.demo.moments import any_hour, growing_shares, office_hours, strictly_growing
from backend.demo.pictures import Pool
from backend.demo.story import Rows, Step, Story
from backend.identity.models import OrgUnit
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import shanghai
from backend.kernel.db import db
from backend.kernel.ids import CODE_ALPHABET, CODE_LENGTH, new_id
from backend.places.models import LEVELS, Place
from backend.reports.models import Category
from backend.reports.states import TABLE
from backend.workflow.calendar import WorkingCalendar
from backend.workflow.table import Limit

YEAR = timedelta(days=365)
#: how many of each open state there are among 2,000; the rest is closed
OPEN_STATES = (
    ("submitted", 17), ("accepted", 9), ("dispatched", 21), ("handling", 38), ("handled", 16), ("reopen_requested", 6),
)  # fmt: skip
OF = 2000
#: how many days ago an open one was reported at most, when its limit allows as much
AGES = {"submitted": 0.5, "accepted": 1, "dispatched": 5, "handling": 9, "handled": 9, "reopen_requested": 7}
LATE_OPEN = 0.16
LATE_CLOSED = 0.06
HOURS = (
    (7, 3),
    (8, 8),
    (9, 10),
    (10, 8),
    (11, 6),
    (12, 4),
    (13, 3),
    (14, 5),
    (15, 6),
    (16, 7),
    (17, 8),
    (18, 7),
    (19, 5),
    (20, 3),
)

FIRST_SPOTS = 9


@dataclass(frozen=True)
class Spot:
    """A smallest place, with everything above it."""

    row: Any
    area: BaseGeometry
    label: str


class TownYear:
    """Tells the cases of a town, the same ones for the same seed and moment."""

    def __init__(
        self,
        town_id: int,
        actors: Mapping[str, Actor],
        residents: Sequence[Actor],
        pool: Pool,
        calendar: WorkingCalendar,
        moment: datetime,
        seed: int,
    ) -> None:
        self.town_id, self.residents, self.pool = town_id, residents, pool
        self.calendar, self.moment, self.rng = calendar, moment, random.Random(seed)
        self.desk = [a for name, a in actors.items() if "dispatcher" in name]
        self.checkers = [a for name, a in actors.items() if "checker" in name]
        self.units = {u.id: u for u in db.session.scalars(select(OrgUnit).where(OrgUnit.town_id == town_id))}
        self.grid_units = {u.place_id: u.id for u in self.units.values() if u.kind == "grid"}
        self.handlers = self._handlers(actors)
        active = select(RoutingRule).where(RoutingRule.town_id == town_id, RoutingRule.active)
        self.rules = list(db.session.scalars(active.order_by(RoutingRule.position)))
        found = (
            select(Category).where(Category.town_id == town_id, Category.active).order_by(Category.position)
        )
        self.categories = list(db.session.scalars(found))
        self.weights = [texts.WEIGHTS.get(c.code, 2) for c in self.categories]
        self.spots = list(self._spots())

    def tell(self, count: int, rows: Rows) -> list[Story]:
        """Tell ``count`` cases into ``rows``; returns the ones still open."""
        wanted: list[str] = []
        for state, share in OPEN_STATES:
            wanted += [state] * max(1, round(share * count / OF))
        wanted += ["closed"] * (count - len(wanted))
        open_ones = []
        for number, state in enumerate(wanted[:count]):
            story = self._tell_one(state, number)
            story.ring_until(self.moment)
            story.into(rows)
            if state != "closed":
                open_ones.append(story)
        rows.media.extend(self.pool.rows)
        self.pool.rows = []
        return open_ones

    def _tell_one(self, state: str, number: int) -> Story:
        rng = self.rng
        category = self._category(state)
        # The stand-in's bound workers have the first grids: some of what is open lies there.
        at_the_first = state in {"dispatched", "handling"} and number % 3 == 0
        spot = rng.choice(self.spots[:FIRST_SPOTS] if at_the_first else self.spots)
        created = self._created(state, category)
        resident = rng.choice(self.residents[:2]) if number % 90 == 0 else rng.choice(self.residents)
        story = Story(self._case(category, spot, created, resident), {}, category, self.calendar, rng)
        scene = story.scene = texts.scene_of(category.code, category.group_code)
        story.words = texts.words_of(category.code, scene)
        self._fill_report(story, spot)
        submitted = Step("submit", resident, data={"photos": 0})
        if scene:
            shown = self.pool.attach(
                story.case["id"], resident, scene, rng.randint(1, 2), "before", created, rng
            )
            submitted.data["photos"] = len(shown)
            story.case["cover_key"] = self.pool.thumb_key(shown[0])
        story.take(submitted, created)
        steps = self._way(story, state)
        for step, at in zip(steps, self._moments(story, state, steps), strict=True):
            self._photos_of(step, story, scene, at)
            story.take(step, at)
        return story

    def _moments(self, story: Story, state: str, steps: Sequence[Step]) -> list[datetime]:
        """When the steps happen: accepted in time, answered within the limit but for a few, all before now."""
        if not steps:
            return []
        rng, created, latest = self.rng, story.case["created_at"], self.moment - timedelta(minutes=2)
        answered = next((i for i, step in enumerate(steps) if step.action == "pass_check"), len(steps) - 1)
        shares = growing_shares(answered, rng)
        if state in ("closed", "reopen_requested"):
            late = rng.random() < LATE_CLOSED and state == "closed"
            due = story.case["due_at"] + (timedelta(days=rng.uniform(1, 4)) if late else timedelta())
            scale = rng.uniform(0.75, 1.0) if late else rng.uniform(0.25, 0.92)
            due, shares = min(due, latest), [share * scale for share in shares]
        else:
            due = latest
        accept_due = min(story.clocks["accept"]["due_at"], due)
        accepted = self._hours(story, created, accept_due, [rng.uniform(0.1, 0.8)])
        found = accepted + self._hours(story, accepted[0], due, shares)
        rest = len(steps) - len(found)
        if rest:
            end = min(found[-1] + timedelta(days=rng.uniform(0.2, 1.2) * rest), latest)
            found += any_hour(found[-1], end, growing_shares(rest, rng))
        return strictly_growing(found, created, latest)

    def _hours(self, story: Story, begin: datetime, end: datetime, shares: list[float]) -> list[datetime]:
        if story.category.urgency == "urgent":
            return any_hour(begin, end, shares)
        return office_hours(self.calendar, begin, end, shares)

    def _way(self, story: Story, state: str) -> list[Step]:
        """The steps from the submitted report to the wanted state."""
        desk = self.rng.choice(self.desk)
        if state in ("submitted", "accepted"):
            return [Step("accept", desk)] if state == "accepted" else []
        given, rule = self._routed(story)
        worker = self.rng.choice(self.handlers[given["unit_id"]])
        resident = Actor("resident", story.case["resident_id"], "居民")
        stages: tuple[tuple[str, Callable[[], list[Step]]], ...] = (
            ("dispatched", lambda: self._dispatched(desk, given, rule)),
            ("handling", lambda: self._begun(worker, resident)),
            ("handled", lambda: self._handled(story, worker)),
            ("", lambda: self._closed(story)),
            ("reopen_requested", lambda: [self._dispute(resident)] if state != "closed" else []),
        )
        steps: list[Step] = []
        for reached, tell in stages:
            steps += tell()
            if reached == state:
                return steps
        return steps + self._afterwards(story, resident, worker)

    def _dispatched(self, desk: Actor, given: dict[str, Any], rule: RoutingRule) -> list[Step]:
        if rule.auto:
            return [Step("accept_and_dispatch", SYSTEM, given, data={"rule": rule.name})]
        if self.rng.random() < 0.25:
            return [Step("accept", desk), Step("dispatch", desk, given)]
        return [Step("accept_and_dispatch", desk, given)]

    def _begun(self, worker: Actor, resident: Actor) -> list[Step]:
        steps = [Step("start", worker)]
        if self.rng.random() < 0.10:
            steps.append(Step("note", worker, {"note": self.rng.choice(texts.INTERNAL_NOTES)}))
        if self.rng.random() < 0.06:
            steps.append(Step("supplement", resident, {"note": self.rng.choice(texts.SUPPLEMENTS)}))
        return steps

    def _handled(self, story: Story, worker: Actor) -> list[Step]:
        done = Step(
            "handle", worker, {"note": self.rng.choice(story.words[1])}, photos=1 if story.scene else 0
        )
        if self.rng.random() > 0.05:
            return [done]
        again = Step(
            "handle", worker, {"note": "按要求补做完了，重新拍了照片。"}, photos=1 if story.scene else 0
        )
        back = Step(
            "fail_check", self.rng.choice(self.checkers), {"note": self.rng.choice(texts.FAILED_CHECKS)}
        )
        return [done, back, again]

    def _closed(self, story: Story) -> list[Step]:
        outcome = texts.weighted(self.rng, texts.OUTCOMES)
        reply = self.rng.choice(story.words[2])
        return [Step("pass_check", self.rng.choice(self.checkers), {"outcome": outcome, "reply": reply})]

    def _afterwards(self, story: Story, resident: Actor, worker: Actor) -> list[Step]:
        """A rating, more often than not; now and then a dispute, and what became of it."""
        rng = self.rng
        if rng.random() < 0.03:
            desk = rng.choice(self.desk)
            if rng.random() < 0.4:
                refused = Step("refuse_reopen", desk, {"note": rng.choice(texts.REFUSALS)})
                return [self._dispute(resident), refused]
            again = [Step("approve_reopen", desk), Step("start", worker), *self._handled(story, worker)]
            return [self._dispute(resident), *again, *self._closed(story), *self._rated(resident)]
        return self._rated(resident) if rng.random() < 0.58 else []

    def _rated(self, resident: Actor) -> list[Step]:
        score = texts.weighted(self.rng, texts.RATINGS)
        return [Step("rate", resident, {"score": score, "note": self.rng.choice(texts.COMMENTS[score])})]

    def _dispute(self, resident: Actor) -> Step:
        return Step("dispute", resident, {"note": self.rng.choice(texts.DISPUTES)})

    def _photos_of(self, step: Step, story: Story, scene: str, at: datetime) -> None:
        if step.photos:
            step.given["media_ids"] = self.pool.attach(
                story.case["id"], step.actor, scene, step.photos, "after", at, self.rng
            )

    def _routed(self, story: Story) -> tuple[dict[str, Any], RoutingRule]:
        """Whom the town's own rules name, found in memory."""
        names = (
            "town_id",
            "area_id",
            "village_id",
            "grid_id",
            "micro_grid_id",
            "category_code",
            "category_name",
            "urgency",
            "place_label",
        )
        probe = Case(**{name: story.case[name] for name in names})
        rule = next(r for r in self.rules if fits(r, probe, story.category.group_code) is not None)
        unit_id = self.grid_units[story.case["grid_id"]] if rule.to_grid else rule.unit_id
        assert unit_id is not None  # the loader gives every rule a unit or the grid
        people = self.handlers.get(unit_id, [])
        return {
            "unit_id": unit_id,
            "unit_name": self.units[unit_id].name,
            "staff_id": people[0].id if len(people) == 1 else None,
            "role": rule.role,
        }, rule

    def _handlers(self, actors: Mapping[str, Actor]) -> dict[int, list[Actor]]:
        found: dict[int, list[Actor]] = {}
        for actor in actors.values():
            if actor.unit_id is not None and self.units[actor.unit_id].kind in ("grid", "department"):
                found.setdefault(actor.unit_id, []).append(actor)
        return found

    def _category(self, state: str) -> Category:
        """By weight; what a rule dispatches by itself never waits, and hours are too short for a dispute."""
        while True:
            category = self.rng.choices(self.categories, self.weights)[0]
            waiting = state in ("submitted", "accepted") and self._is_auto(category)
            hurried = state == "reopen_requested" and category.limit_unit not in (
                "working_day",
                "natural_day",
            )
            if not waiting and not hurried:
                return category

    def _is_auto(self, category: Category) -> bool:
        probe = Case(
            category_code=category.code, category_name=category.name, urgency=category.urgency, place_label=""
        )
        rule = next(r for r in self.rules if fits(r, probe, category.group_code) is not None)
        return rule.auto

    def _created(self, state: str, category: Category) -> datetime:
        """When it was reported; an open one mostly so that its promise is not broken yet."""
        rng = self.rng
        if state == "closed":
            # more of them lately: the town got to know it
            return self._daytime(1.2 + 363 * rng.random() ** 1.25)
        if state in ("dispatched", "handling", "handled") and rng.random() < LATE_OPEN:
            return self._daytime(rng.uniform(8, 15))
        limit = Limit(category.limit_amount, category.limit_unit)  # type: ignore[arg-type]  # checked by the loader
        days = AGES[state] * rng.uniform(0.3, 1)
        created = self._daytime(days)
        while self.calendar.due(created, limit) <= self.moment:
            days *= 0.7
            created = shanghai(self.moment - timedelta(days=days))
        return created

    def _daytime(self, days: float) -> datetime:
        """That long ago, at an hour when people write."""
        at = shanghai(self.moment - timedelta(days=days))
        if days > 1:
            hour = self.rng.choices([h for h, _ in HOURS], [w for _, w in HOURS])[0]
            at = at.replace(hour=hour, minute=self.rng.randint(0, 59), second=self.rng.randint(0, 59))
        return min(at, shanghai(self.moment) - timedelta(minutes=15))

    def _case(self, category: Category, spot: Spot, created: datetime, resident: Actor) -> dict[str, Any]:
        row = spot.row
        return {
            "id": new_id(),
            "kind": TABLE.kind,
            "code": "".join(self.rng.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
            "town_id": self.town_id,
            "area_id": row.area_id,
            "village_id": row.village_id,
            "grid_id": row.grid_id,
            "micro_grid_id": row.micro_grid_id,
            "place_label": spot.label,
            "category_id": category.id,
            "category_code": category.code,
            "category_name": category.name,
            "title": "",
            "urgency": category.urgency,
            "outcome": None,
            "resident_id": resident.id,
            "assignee_unit_id": None,
            "assignee_unit_name": "",
            "assignee_staff_id": None,
            "assignee_role": "",
            "handled_by": None,
            "cover_key": None,
            "created_at": created,
            "updated_at": created,
            "due_at": None,
            "closed_at": None,
            "rating": None,
            "rated_at": None,
            "reopen_count": 0,
        }

    def _fill_report(self, story: Story, spot: Spot) -> None:
        rng = self.rng
        first = rng.choice(story.words[0]).format(spot=rng.choice(texts.SPOTS))
        detail = rng.choice(texts.DETAILS)
        point = self._point(spot.area) if story.category.place_required else None
        named = rng.random() < 0.3
        story.case["title"] = first[:30]
        story.report |= {
            "case_id": story.case["id"],
            "text": f"{first}\n{detail}".strip(),
            "point_lon": point.x if point else None,
            "point_lat": point.y if point else None,
            "address": None,
            "contact_name": f"示例{rng.choice('甲乙丙丁戊己庚辛')}" if named else None,
            "contact_phone": f"154{rng.randint(10_000_000, 99_999_999)}" if named else None,
            "channel": rng.choice(("mini", "mini", "mini", "official")),
            "reply": None,
            "rating_comment": None,
        }

    def _point(self, area: BaseGeometry) -> Point:
        west, south, east, north = area.bounds
        while True:
            point = Point(round(self.rng.uniform(west, east), 6), round(self.rng.uniform(south, north), 6))
            if area.contains(point):
                return point

    def _spots(self) -> Iterator[Spot]:
        rows = list(
            db.session.scalars(
                select(Place).where(Place.town_id == self.town_id, Place.active).order_by(Place.position)
            )
        )
        names = {row.id: row.name for row in rows}
        lowest = next(level for level in reversed(LEVELS) if any(row.level == level for row in rows))
        for row in rows:
            if row.level == lowest and row.boundary is not None and row.village_id and row.grid_id:
                yield Spot(row, shape(row.boundary), f"{names[row.village_id]} · {names[row.grid_id]}")
