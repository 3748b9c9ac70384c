"""A handful of invented petitions of the town, each at another stage of the law, taken there by the services.

Told at the moments at which they would have happened; nobody is sent a message about them. Nobody's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from backend.demo.side_ways import with_roles
from backend.identity.models import OrgUnit
from backend.kernel.actor import Actor
from backend.kernel.clock import SHANGHAI, FrozenClock, today, use_clock
from backend.kernel.db import db
from backend.outbox.models import OutboxJob
from backend.petitions import services
from backend.petitions.filing import AGENT, PETITIONER, Matter, Party, file
from backend.petitions.states import TABLE
from backend.petitions.taking_in import RECEIVE, REGISTER, UPSTREAM, VISIT, Intake, take_in
from backend.workflow.models import TimelineEntry

#: everything of a day happens at ten in the morning
MORNING = time(10)
OPINION = {
    "outcome": "supported",
    "claim": "请求补发被漏登的高龄补贴",
    "facts": "经核对户籍和发放台账，信访人母亲去年八月年满八十岁，因登记遗漏未列入发放名单。",
    "note": "支持请求。自去年八月起补发，三十日内打入本人账户。",
    "basis": "《山东省老年人权益保障条例》和本省高龄津贴发放规定（示例依据，上线前由本镇核对）。",
}
DECLINED = OPINION | {
    "outcome": "not_supported",
    "claim": "请求重新划定宅基地四至",
    "facts": "现场丈量与登记的四至一致，未发现邻居占用的事实。",
    "note": "不支持请求。四至以登记为准；对相邻关系有争议的，可以申请人民调解。",
    "basis": "《土地管理法》第六十二条（示例依据，上线前由本镇核对）。",
}
DELIVERED = {"way": "in_person", "signed": "signed", "stance": "agrees"}


@dataclass(frozen=True)
class Told:
    """One petition: who brings it (a number of the town's residents), what it says, and what is done when.

    ``steps``: days ago, by whom ("resident" or a user name's end), the action, what is filled in.
    """

    brought: int
    days_ago: int
    topic: str
    claim: str
    facts: str
    steps: tuple[tuple[int, str, str, Mapping[str, Any]], ...] = ()
    agent: bool = False


PETITIONS: tuple[Told, ...] = (
    Told(
        0, 3, "land", "请求答复承包地被占怎么补偿",
        "村里修生产路，占了我家承包地大约半亩，问过两次，说还在研究。",
    ),
    Told(
        1, 56, "environment", "请求治理夜间加工噪音",
        "村北头的加工点晚上十点以后还在开机器，附近几户睡不好。",
        ((54, "petitions", "accept", {"unit": "emergency"}), (50, "emergency", "start", {})),
    ),
    Told(
        2, 40, "building", "请求修缮漏雨的公租房",
        "去年雨季开始漏雨，报修三次，只来看过一次。",
        (
            (37, "petitions", "accept", {"unit": "construction"}),
            (35, "construction", "start", {}),
            (2, "construction", "ask_extension", {"until": 30, "note": "施工队已经排期，雨停以后才能上屋面。"}),
        ),
    ),
    Told(
        3, 33, "welfare", "请求补发母亲的高龄补贴", "我母亲去年八月满八十岁，到现在没有领到补贴。",
        (
            (31, "petitions", "accept", {"unit": "civil"}),
            (29, "civil", "start", {}),
            (9, "civil", "draft_opinion", OPINION),
            (8, "leader", "approve_opinion", {}),
            (7, "petitions", "deliver", DELIVERED),
            (6, "resident", "rate_office", {"score": "satisfied"}),
        ),
        agent=True,
    ),
    Told(
        4, 70, "land", "请求重新划定宅基地四至", "邻居翻建时往我家这边挪了墙，村里说以登记为准。",
        (
            (66, "petitions", "accept", {"unit": "land"}),
            (64, "land", "start", {}),
            (30, "land", "draft_opinion", DECLINED),
            (29, "leader", "approve_opinion", {}),
            (27, "petitions", "deliver", DELIVERED | {"stance": "disagrees"}),
            (12, "resident", "ask_review", {"note": "丈量的时候没有通知我到场，请重新丈量。"}),
        ),
    ),
    Told(
        5, 12, "wages", "请求讨要去年的工钱", "在工地干了三个月，还有一个半月的工钱没有结。",
        (
            (
                10, "petitions", "guide",
                {"branch": "2", "body": "滕州市劳动人事争议仲裁委员会（示例）", "note": "可以申请劳动仲裁，也可以向劳动监察投诉。"},
            ),
        ),
    ),
    Told(
        6, 20, "suggestion", "建议在镇卫生院门口设公交站", "老人看病要走一里多路才能坐上车。",
        (
            (18, "petitions", "study", {"unit": "construction"}),
            (15, "construction", "start", {}),
            (1, "construction", "draft_opinion", OPINION | {
                "outcome": "adopted",
                "claim": "建议在镇卫生院门口设公交站",
                "facts": "现有站点距卫生院六百余米，就诊老人较多。",
                "note": "采纳建议，已与客运公司商定增设停靠点。",
                "basis": "《城市公共汽车和电车客运管理规定》（示例依据，上线前由本镇核对）。",
            }),
        ),
    ),
)  # fmt: skip


def bring_petitions(town_id: int, actors: Mapping[str, Actor], residents: Sequence[Actor]) -> int:
    """Tell them all; how many there are then. Needs eight residents or more, and the town's own topics."""
    teller = _Teller(town_id, {name: with_roles(actor) for name, actor in actors.items()}, residents)
    for told in PETITIONS:
        teller.tell(told)
    teller.from_above()
    teller.at_the_desk()
    teller.say_nothing()
    return len(teller.made)


class _Teller:
    def __init__(self, town_id: int, staff: Mapping[str, Actor], residents: Sequence[Actor]) -> None:
        self.town_id, self.staff, self.residents = town_id, staff, residents
        self.units = {
            u.code: u for u in db.session.scalars(select(OrgUnit).where(OrgUnit.town_id == town_id))
        }
        self.made: list[int] = []

    def tell(self, told: Told) -> None:
        """File it on its day, then take each step on the step's day."""
        who = self.residents[told.brought % len(self.residents)]
        parties = [
            Party(PETITIONER, f"演示居民{told.brought + 1}", f"1380000{told.brought + 1:04d}", "示例村 1 号"),
            *([Party(AGENT, "演示代理人", "13800000099", relation="子女")] if told.agent else []),
        ]
        matter = Matter(self.town_id, told.topic, told.claim, told.facts, "")
        with _on(told.days_ago):
            petition = file(who, matter, parties).petition
        for days_ago, by, action, given in told.steps:
            with _on(days_ago):
                actor = who if by == "resident" else self._somebody(by)
                services.act(petition, action, actor, None, self._filled(action, given))
        self.made.append(petition.id)

    def from_above(self) -> None:
        """PET-05: sent down thirteen days ago, to be informed in two."""
        matter = Matter(
            self.town_id, "village", "请求公开村集体土地租金的去向", "连续两年没有看到租金收支。", ""
        )
        with _on(13):
            intake = Intake(
                RECEIVE, UPSTREAM, matter, today(),
                (Party(PETITIONER, "演示居民8", "13800000008", "示例村 8 号"),),
                sender_body="滕州市信访局（示例）", sender_number="示例转〔2026〕18号",
                sender_due_on=today() + timedelta(days=60),
            )  # fmt: skip
            self.made.append(take_in(self._somebody("petitions"), intake).id)

    def at_the_desk(self) -> None:
        """PET-18: five came together and named who speaks for them."""
        speakers = tuple(Party("representative", f"演示代表{n}", "", "示例村") for n in range(1, 6))
        matter = Matter(
            self.town_id, "building", "请求尽快接通自来水", "新村二十多户搬进去两个月，一直用井水。", ""
        )
        with _on(1):
            intake = Intake(REGISTER, VISIT, matter, today(), speakers)
            self.made.append(take_in(self._somebody("petitions"), intake).id)

    def say_nothing(self) -> None:
        """What was enqueued to tell people of it goes again: nothing of it happened."""
        db.session.flush()
        rows = db.session.scalars(
            select(TimelineEntry.id).where(
                TimelineEntry.subject_kind == TABLE.kind, TimelineEntry.subject_id.in_(self.made)
            )
        )
        keys = [f"timeline:{entry_id}" for entry_id in rows]
        db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))

    def _somebody(self, word: str) -> Actor:
        return next(actor for name, actor in self.staff.items() if name.endswith(word))

    def _filled(self, action: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Codes of units and numbers of days as the services take them."""
        filled = dict(given)
        if "unit" in filled:
            filled["unit_id"] = self.units[filled.pop("unit")].id
        if "until" in filled:
            filled["until"] = today() + timedelta(days=filled["until"])
        if action == "deliver":
            filled["delivered_on"] = today()
        return filled


@contextmanager
def _on(days_ago: int) -> Iterator[None]:
    """That morning (Shanghai), as far as the program's clock knows."""
    morning = datetime.combine(today() - timedelta(days=days_ago), MORNING, SHANGHAI)
    replaced = use_clock(FrozenClock(morning))
    try:
        yield
    finally:
        use_clock(replaced)
