"""The demonstration's questions about what is published, and a request that seven of ten have joined.

Told by the services at the moments at which they would have happened; nobody is sent a message about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select

from backend.comments import services as comments
from backend.demo.side_ways import with_roles
from backend.finance.categories import EXPENSE
from backend.finance.models import FinanceLine
from backend.kernel.actor import Actor
from backend.kernel.clock import SHANGHAI, FrozenClock, now, today, use_clock
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.moderation.services import CHECK
from backend.moderation.states import TEXT
from backend.notices import objection_services, publishing_request_rolls, publishing_request_services
from backend.notices import objection_source as sources
from backend.notices.objection_source import Source
from backend.notices.objection_states import ANSWER_CLOCK, ANSWER_DAYS
from backend.outbox.models import OutboxJob
from backend.places import queries as places
from backend.reports.services import ROUTE_JOB
from backend.villagers.models import Villager
from backend.villagers.states import CONFIRMED
from backend.workflow.clocks import BREACH
from backend.workflow.models import TimelineEntry

MORNING = time(9, 30)
#: villagers that the first village has confirmed; of so many that it says it has, ten can demand publication
CONFIRMED_COUNT, VILLAGERS, REPRESENTATIVES, JOINED = 12, 96, 11, 7
DEMANDED = "请公开村北修路工程的招标情况和付款明细，以及还有多少没有付。"


@dataclass(frozen=True)
class Asked:
    """What one villager asked, and what came of it: answered, escalated, or nothing."""

    form: str
    text: str
    answer: str = ""
    unsatisfied: str = ""


ASKED: tuple[Asked, ...] = (
    Asked(
        "question",
        "这一笔是谁经手的，有没有正式发票？",
        "两人经手，会计和监委会主任都签了字；发票附在当月凭证里，可以到村部查看原件。",
    ),
    Asked("objection", "机械租用的天数比我们看到的多，请把工时记录也公开。"),
    Asked(
        "objection",
        "这一笔比上个月多了不少，没有说明为什么多。",
        "这个月多做了一次清理，用工和机械都增加了。",
        "清理那天我在场，没有那么多人和机械，请镇里核对签字表。",
    ),
)


def bring_objections(town_id: int, actors: Mapping[str, Actor], residents: Sequence[Actor]) -> int:
    """Tell them about the first village's notices; how many questions there are then. None without a notice."""
    village = places.children(town_id, "village")[0]
    about = _about(town_id, village.id)
    head = next((actor for name, actor in actors.items() if name.endswith("village01")), None)
    if about is None or head is None or len(residents) < CONFIRMED_COUNT:
        return 0
    desk = with_roles(next(actor for name, actor in actors.items() if name.endswith("dispatcher")))
    teller = _Teller(with_roles(head), desk, residents[:CONFIRMED_COUNT])
    teller.confirm(town_id, village.id)
    for number, asked in enumerate(ASKED):
        teller.ask(about, number, asked)
    teller.demand(village.id)
    teller.say_nothing()
    return len(ASKED)


def _about(town_id: int, village_id: int) -> Source | None:
    """The newest month's sheet that everybody may read, published long enough ago for an answer to be late."""
    listed = sources.latest(town_id, village_id, 50)
    before = today() - timedelta(days=ANSWER_DAYS + 4)
    return next(
        (
            one
            for one in listed
            if one.village_id == village_id and one.sheet_id is not None and one.published_on <= before
        ),
        None,
    )


class _Teller:
    def __init__(self, head: Actor, desk: Actor, residents: Sequence[Actor]) -> None:
        self.head, self.desk, self.residents = head, desk, residents
        self.subjects: list[int] = []
        self.said: list[int] = []

    def confirm(self, town_id: int, village_id: int) -> None:
        """The village has confirmed these residents, and entered how many villagers it has."""
        for one in self.residents:
            taken = select(Villager.id).where(Villager.live_resident_id == one.id)
            if db.session.scalar(taken) is None:
                db.session.add(
                    Villager(
                        id=new_id(),
                        resident_id=one.id,
                        live_resident_id=one.id,
                        town_id=town_id,
                        village_id=village_id,
                        state=CONFIRMED,
                        asked_at=now(),
                        decided_at=now(),
                        decided_by=self.head.id,
                    )
                )
        db.session.flush()
        publishing_request_rolls.enter(self.head, village_id, VILLAGERS, REPRESENTATIVES)

    def ask(self, about: Source, number: int, asked: Asked) -> None:
        """Asked on the day after the publication, answered two days later, taken up to the town a day after that."""
        villager, day = self.residents[number], about.published_on + timedelta(days=1)
        line = self._line(about, number) if "这一笔" in asked.text else None
        with on_day(day):
            row = objection_services.ask(villager, about.id, asked.form, line, asked.text)
            comments.show(self.desk, row.comment_id)
        self.subjects.append(row.id)
        self.said.append(row.comment_id)
        if not asked.answer:
            with on_day(day + timedelta(days=ANSWER_DAYS + 1)):
                objection_services.on_ring(row, ANSWER_CLOCK, BREACH)
            return
        with on_day(day + timedelta(days=2)):
            objection_services.act(self.head, row.id, "answer", row.version, {"reply": asked.answer})
        if asked.unsatisfied:
            with on_day(day + timedelta(days=3)):
                given = {"note": asked.unsatisfied}
                objection_services.act(villager, row.id, "unsatisfied", row.version, given)
            self.subjects.append(int(row.case_id or 0))

    def _line(self, about: Source, number: int) -> int | None:
        """An expense of the sheet."""
        spent = select(FinanceLine.no).where(
            FinanceLine.sheet_id == about.sheet_id, FinanceLine.direction == EXPENSE
        )
        return db.session.scalar(spent.order_by(FinanceLine.no).offset(number).limit(1))

    def demand(self, village_id: int) -> None:
        """Twelve days ago somebody demanded publication; seven stand behind it by now."""
        day = today() - timedelta(days=12)
        with on_day(day):
            row = publishing_request_services.ask(self.residents[0], village_id, "", DEMANDED)
            comments.show(self.desk, row.comment_id)
        self.subjects.append(row.id)
        self.said.append(row.comment_id)
        for number in range(1, JOINED):
            with on_day(day + timedelta(days=number)):
                publishing_request_services.join(self.residents[number], row.id)

    def say_nothing(self) -> None:
        """What was enqueued to tell people of it goes again: nothing of it happened."""
        db.session.flush()
        rows = db.session.scalars(select(TimelineEntry.id).where(TimelineEntry.subject_id.in_(self.subjects)))
        keys = [f"timeline:{entry_id}" for entry_id in rows]
        keys += [f"{CHECK}:{comments.SUBJECT}:{TEXT}:{comment_id}" for comment_id in self.said]
        keys += [f"{ROUTE_JOB}:{case_id}" for case_id in self.subjects]
        db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """That morning (Shanghai), as far as the program's clock knows."""
    replaced = use_clock(FrozenClock(datetime.combine(day, MORNING, SHANGHAI)))
    try:
        yield
    finally:
        use_clock(replaced)
