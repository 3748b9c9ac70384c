"""Some matters of the invented town that left the straight way, taken there by the services themselves.

They happen at the moment of loading, by the town's own people; nobody is sent a message about them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.demo.pictures import Pool
from backend.identity.models import OrgUnit, StaffRole
from backend.identity.roles import permissions_of
from backend.kernel.actor import Actor, Grant
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.media.models import MediaFile
from backend.outbox.models import OutboxJob
from backend.places.models import Place
from backend.reports import call_backs, services
from backend.reports.intake import REGISTER, SETTLED, Intake, Upstream, take_in
from backend.reports.services import ROUTE_JOB, Submission
from backend.tasks import services as tasks
from backend.tasks.models import ChildTask
from backend.workflow.models import TimelineEntry

MOST = 60
RUBBISH, LAMP = "0101", "0601"


class SideWays:
    """Takes a few cases of one town off the straight way."""

    def __init__(self, town_id: int, actors: Mapping[str, Actor], pool: Pool, seed: int) -> None:
        self.town_id, self.pool, self.rng = town_id, pool, random.Random(seed)
        self.people = {actor.id: actor for actor in map(with_roles, actors.values())}
        self.desk, self.leader = (
            _named(self.people.values(), actors, word) for word in ("dispatcher", "leader")
        )
        self.worker = _named(self.people.values(), actors, "worker01")
        self.touched: list[int] = []

    def take(self, *, before_silence: Callable[[SideWays], None]) -> None:
        """Supervision open and answered, call-backs owed and done, parts given out, matters brought in.

        `before_silence` takes further ones, before it is seen to that nobody is told.
        """
        handling = iter(self.cases("handling"))
        for answered in (False, True):
            self._supervise(next(handling, None), answered)
        self._share(next(handling, None))
        self._call_back()
        self._bring_in()
        self._settle()
        before_silence(self)
        self._say_nothing()

    def cases(self, state: str, *also: Any, held: bool = True) -> Sequence[Case]:
        """The newest cases of that state; `held`: that somebody has in hand."""
        query = select(Case).where(Case.town_id == self.town_id, Case.state == state, *also)
        if held:
            query = query.where(Case.assignee_staff_id.in_(self.people))
        return db.session.scalars(query.order_by(Case.created_at.desc()).limit(MOST)).all()

    def act(self, case: Case, action: str, actor: Actor, **given: Any) -> None:
        """Take a step by the services, which check it as at the desk."""
        locked = load_locked(case.id)
        assert locked is not None  # it was just read
        services.act(locked, action, actor, None, given)
        self.touched.append(case.id)

    def _supervise(self, case: Case | None, answered: bool) -> None:
        if case is None:
            return
        self.act(case, "supervise", self.leader, note="群众等了几天了，请说明办到哪一步、哪天办好。")
        if answered:
            worker = self.people[case.assignee_staff_id or 0]
            self.act(
                case, "answer_supervision", worker, note="材料已经到了，明天上午带人处理，办完拍照上传。"
            )

    def _share(self, case: Case | None) -> None:
        """PET-06: two units help, one of them has begun."""
        if case is None:
            return
        grids = select(OrgUnit).where(
            OrgUnit.town_id == self.town_id, OrgUnit.kind == "grid", OrgUnit.id != case.assignee_unit_id
        )
        helpers = db.session.scalars(grids.order_by(OrgUnit.code).limit(2)).all()
        for unit, days, what in zip(
            helpers, (2, 3), ("现场拉警戒线，提醒过往群众", "通知沿线住户当天停水时间"), strict=False
        ):
            until = today() + timedelta(days=days)
            self.act(case, "add_task", self.desk, unit_id=unit.id, until=until, note=what)
        first = db.session.scalars(
            select(ChildTask).where(ChildTask.case_id == case.id).order_by(ChildTask.id).limit(1)
        ).first()
        worker = next(
            (a for a in self.people.values() if first and a.unit_id == first.assignee_unit_id), None
        )
        if first is not None and worker is not None:
            tasks.act(worker, first.id, "start", first.version, {})

    def _call_back(self) -> None:
        """HOT-09: two are owed, one was made."""
        sad = self.cases("closed", Case.rating == "unsatisfied")[:3]
        for case in sad:
            locked = load_locked(case.id)
            assert locked is not None  # it was just read
            call_backs.owe(locked, call_backs.UNSATISFIED)
        if len(sad) > 2:
            said = {"way": "phone", "reached": "yes", "solved": "yes", "satisfaction": "basically"}
            self.act(sad[2], "call_back", self.desk, **said, note="又去看过，已经弄好，就是慢了些。")

    def _bring_in(self) -> None:
        """Somebody called; an order came down from above."""
        villages = db.session.scalars(
            select(Place)
            .where(Place.town_id == self.town_id, Place.level == "village", Place.active)
            .limit(2)
        ).all()
        order = Upstream("市12345热线（示例）", "示例-20261122-001", today() + timedelta(days=4))
        calls = (
            ("phone", "村口的路灯坏了三盏，晚上看不见路", None),
            ("upstream", "市民来电反映村内路灯不亮", order),
        )
        for village, (channel, text, upstream) in zip(villages, calls, strict=False):
            submission = self._submission(text, LAMP, place_id=village.id, name="示例甲", phone="15400000001")
            case = take_in(self.desk, Intake(REGISTER, channel, submission, upstream))
            self.touched.append(case.id)

    def _settle(self) -> None:
        """GRID-03: the worker of the first grid cleared it away."""
        grid = next(grant.place_id for grant in self.worker.grants)
        center = db.session.get_one(Place, grid)
        submission = self._submission("", RUBBISH, lon=center.center_lon, lat=center.center_lat)
        before, after = (self.photo(self.worker, "rubbish", role) for role in ("before", "after"))
        intake = Intake(
            SETTLED,
            "worker",
            replace(submission, media_ids=(before,)),
            note="联系保洁员当场清走了，提醒了旁边的店。",
            after_media_ids=(after,),
        )
        self.touched.append(take_in(self.worker, intake).id)

    def photo(self, owner: Actor, scene: str, role: str) -> int:
        """A picture of the pool as somebody's own upload."""
        held, self.pool.rows = self.pool.rows, []
        (media_id,) = self.pool.attach(0, owner, scene, 1, role, now(), self.rng)
        row = self.pool.rows[0] | {"state": "ready", "attached_at": None, "position": 0}
        row |= dict.fromkeys(("subject_kind", "subject_id", "role"))
        self.pool.rows = held
        db.session.execute(insert(MediaFile), [row])
        return media_id

    def _submission(
        self,
        text: str,
        category: str,
        *,
        lon: float | None = None,
        lat: float | None = None,
        place_id: int | None = None,
        name: str = "",
        phone: str = "",
    ) -> Submission:
        return Submission(self.town_id, text, category, lon, lat, place_id, "", name, phone)

    def _say_nothing(self) -> None:
        """What was enqueued to tell people of it goes again: nothing of it happened."""
        db.session.flush()
        parts = select(ChildTask.id).where(ChildTask.case_id.in_(self.touched))
        subjects = [*self.touched, *db.session.scalars(parts)]
        rows = db.session.scalars(select(TimelineEntry.id).where(TimelineEntry.subject_id.in_(subjects)))
        keys = [f"timeline:{entry_id}" for entry_id in rows]
        keys += [f"{ROUTE_JOB}:{case_id}" for case_id in self.touched]
        db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))


def _named(people: Iterable[Actor], actors: Mapping[str, Actor], word: str) -> Actor:
    name = next(name for name in actors if name.endswith(word))
    return next(actor for actor in people if actor.id == actors[name].id)


def with_roles(actor: Actor) -> Actor:
    """The actor with what their roles give them, as at the desk."""
    held = db.session.execute(
        select(StaffRole.role, StaffRole.place_id, StaffRole.unit_id, Place.level)
        .join(Place, Place.id == StaffRole.place_id)
        .where(StaffRole.staff_id == actor.id)
    ).all()
    grants = tuple(Grant(permissions_of(h.role), h.level, h.place_id, h.unit_id) for h in held)
    return replace(actor, grants=grants, channel="console")
