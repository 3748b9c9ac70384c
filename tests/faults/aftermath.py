"""What a storm leaves in the database and at the platform, read once when all that was owed was done."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from backend.cases.models import Case
from backend.kernel.db import db
from backend.notifications.models import Delivery
from backend.outbox.models import OutboxJob
from backend.workflow.models import TimelineEntry
from tests.faults.plan import Plan, plan
from tests.faults.storm import Ledger
from tests.faults.world import World

_BEGUN = select(TimelineEntry.subject_id).where(TimelineEntry.seq == 1)
OWED = ("timeline", "message", "report.route")
_PAGE_ID = re.compile(r"[?&]id=(\d+)")
_TEMPLATES = {
    "SbxMiniProgress": "case_progress",
    "SbxMiniClosed": "case_closed",
    "SbxMiniTask": "task_assigned",
}


@dataclass
class Aftermath:
    """What the storm left, once all that was owed was done."""

    ledger: Ledger
    entries: dict[tuple[str, int], list[TimelineEntry]]  # kind and id of a subject → its timeline
    cases: dict[int, Case]
    deliveries: list[Delivery]
    jobs: dict[str, OutboxJob]  # by key
    arrived: list[dict[str, Any]]  # at the stand-in, what it accepted
    plan: Plan = field(default_factory=plan)
    done: Counter[str] = field(default_factory=Counter)  # what was done to whom

    @property
    def rows(self) -> Iterator[TimelineEntry]:
        """Every row of every timeline of the storm."""
        for rows in self.entries.values():
            yield from rows


def standing(world: World) -> set[int]:
    """The subjects there are: what other tests made a moment before the storm is none of its."""
    found: set[int] = world.read(lambda: set(db.session.scalars(_BEGUN)))
    return found


def look(world: World, ledger: Ledger, before: set[int]) -> Aftermath:
    """Everything that began in the storm, which is all but what stood before it."""
    messages = world.platform("messages?limit=1000000")["items"]
    found: Aftermath = world.read(lambda: _read(messages, ledger, before))
    return found


def _read(messages: list[dict[str, Any]], ledger: Ledger, before: set[int]) -> Aftermath:
    ids = set(db.session.scalars(_BEGUN)) - before
    entries: dict[tuple[str, int], list[TimelineEntry]] = defaultdict(list)
    wanted = select(TimelineEntry).where(TimelineEntry.subject_id.in_(ids))
    for row in db.session.scalars(wanted.order_by(TimelineEntry.subject_id, TimelineEntry.seq)):
        entries[row.subject_kind, row.subject_id].append(row)
    cases = db.session.scalars(select(Case).where(Case.id.in_(ids))).all()
    deliveries = db.session.scalars(select(Delivery).where(Delivery.subject_id.in_(ids))).all()
    jobs = db.session.scalars(select(OutboxJob).where(OutboxJob.kind.in_(OWED))).all()
    arrived = [m for m in messages if m["errcode"] == 0 and page_id(m) in ids]
    return Aftermath(
        ledger,
        dict(entries),
        {case.id: case for case in cases},
        list(deliveries),
        {job.job_key or "": job for job in jobs},
        arrived,
    )


def page_id(message: dict[str, Any]) -> int:
    """The subject that a message at the stand-in opens; 0 when it opens none."""
    found = _PAGE_ID.search(message["page"] or "")
    return int(found.group(1)) if found else 0


def mark_of_delivery(one: Delivery, world: World) -> tuple[str, ...]:
    """What a delivery looks like at the stand-in: the official account's carry our id, the others' do not."""
    if one.channel == "official":
        return ("official", str(one.id))
    person = next(p for p in world.everyone() if (p.kind, p.id) == (one.person_kind, one.person_id))
    return ("mini", person.phone.mini_openid, one.template, str(one.subject_id))


def mark_of_arrival(message: dict[str, Any]) -> tuple[str, ...]:
    """The same of a message that the stand-in accepted."""
    if message["app"] == "official":
        return ("official", message["client_msg_id"])
    template = _TEMPLATES[message["template_id"].split("-", 1)[0]]
    return ("mini", message["openid"], template, str(page_id(message)))
