"""The demonstration's notices: two villages and the town, signed by their people at the moments at which they would have.

Names and sums are invented. One stands corrected, one came late, one is for its village alone, and two are on their
way: one waits for the committee, one for publication. Nobody is sent a message about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from backend.demo.side_ways import with_roles
from backend.finance.entries import month_before
from backend.finance.models import FinanceSheet
from backend.kernel.actor import Actor
from backend.kernel.clock import SHANGHAI, FrozenClock, today, use_clock
from backend.kernel.db import db
from backend.notices import committees, services
from backend.notices.models import Notice
from backend.notices.publishing import changed
from backend.notifications.models import InboxMessage
from backend.outbox.models import OutboxJob
from backend.places import queries as places
from backend.places.queries import PlaceCard
from backend.workflow.models import TimelineEntry

#: months of the books that have a notice, newest first; the last month that ended is on its way
BOOKS = 5
MORNING = time(9)
MEMBERS = ("孙桂兰", "周立新")
OPINION, DECIDED = "台账和票据都看过，属实，同意公开。", "村党组织和村委会联席会议同意公开。"


@dataclass(frozen=True)
class Told:
    """One notice: how many days ago it was published, and what it says."""

    days: int
    category: str
    title: str
    body: str
    until: str = "publish"
    supplement: tuple[str, str] = ("", "")


OTHERS: tuple[tuple[Told, ...], ...] = (
    (
        Told(
            40,
            "village_levy",
            "村北排水沟清淤一事一议结果",
            "经村民代表会议讨论，村北排水沟清淤用工由村集体支付，不向村民筹资。长度约六百米，预计用工四十个。",
            supplement=("长度量错了", "更正：实际测量长度为五百四十米，用工三十六个，其余不变。"),
        ),
        Told(
            12,
            "party_members",
            "发展党员公示",
            "经支部大会讨论，拟接收一名同志为预备党员。公示期内有意见的，可以向镇党委反映。",
        ),
        Told(
            9,
            "village_allowance",
            "本村最低生活保障对象公示",
            "本季度本村享受最低生活保障的共十一户。名单和金额只在本村公开，只列姓名和金额。",
        ),
        Told(
            1,
            "village_welfare",
            "村南路灯更换安排",
            "村南主路更换路灯十二盏，费用从村集体收入列支，月底前完成。",
            until="submit",
        ),
    ),
    (
        Told(
            25,
            "village_rules",
            "修订后的村规民约",
            "村民会议通过了修订后的村规民约，增加了垃圾分类投放和红事简办两条，自公布之日起施行。",
        ),
        Told(
            6,
            "finance_contracts",
            "村东机动地发包结果",
            "村东机动地六亩公开发包，三户报名，承包期三年，每亩每年八百元。合同存村档案室，可以查看。",
        ),
        Told(
            1,
            "village_plan",
            "明年村道硬化计划",
            "计划硬化村东两条巷道，共三百二十米，资金来自上级补助和村集体收入。",
            until="confirm",
        ),
    ),
)

#: the town's own: no committee reviews it, the leader confirms it
OF_TOWN = Told(
    20,
    "village_plan",
    "全镇村道养护年度安排",
    "今年全镇养护村道二十六公里，先修破损的和学生上学走的。各村的路段和时间由村里公开。",
)


def bring_notices(town_id: int, staff: Mapping[str, Actor]) -> int:
    """Tell the notices of the villages that have all four people, and the town's own; how many there are then."""
    teller = _Teller()
    town = _signing(staff, {"submit": "dispatcher", "confirm": "leader", "publish": "dispatcher2"})
    if town is not None:
        teller.tell(town, None, OF_TOWN)
    for number, village in enumerate(places.children(town_id, "village")[: len(OTHERS)]):
        cast = _cast(staff, f"{number + 1:02d}")
        desk = next((one for name, one in staff.items() if name.endswith("dispatcher")), None)
        if cast is None or desk is None:
            continue
        _seat(with_roles(desk), village, cast["agree"])
        for told in OTHERS[number]:
            teller.tell(cast, village, told)
        teller.books(cast, village, late=number == 1)
    teller.say_nothing()
    return len(teller.told)


def _cast(staff: Mapping[str, Actor], number: str) -> dict[str, Actor] | None:
    """Action → who takes it in that village; None unless all are there."""
    duties = {"submit": "clerk", "agree": "supervisor", "confirm": "secretary", "publish": "village"}
    return _signing(staff, {action: f"{duty}{number}" for action, duty in duties.items()})


def _signing(staff: Mapping[str, Actor], names: Mapping[str, str]) -> dict[str, Actor] | None:
    """Action → who takes it, by the end of their user name; None unless all are there."""
    found = {
        action: with_roles(actor)
        for action, end in names.items()
        for name, actor in staff.items()
        if name.endswith(end)
    }
    return found if len(found) == len(names) else None


def _seat(desk: Actor, village: PlaceCard, supervisor: Actor) -> None:
    """The committee has sat for a year, and sits for two more."""
    term = {"from_on": today() - timedelta(days=365), "until_on": today() + timedelta(days=730), "kin": False}
    members: list[dict[str, Any]] = [{"staff_id": supervisor.id}, *({"name": name} for name in MEMBERS)]
    for one in members:
        committees.add(desk, {"village_id": village.id, **one, **term})


class _Teller:
    """Takes notices through the chain at the moments of their days."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def tell(self, cast: Mapping[str, Actor], village: PlaceCard | None, told: Told) -> None:
        """Drafted four days before it is published, and signed a day each; without a village it is the town's own."""
        whose = village.name if village is not None else ""
        given = {"title": f"{whose}{told.title}", "body": told.body, "category": told.category}
        day = today() - timedelta(days=told.days)
        notice = self.walk(cast, village, given, day, told.until)
        reason, body = told.supplement
        if reason:
            with on_day(day + timedelta(days=8)):
                corrected = services.supplement(cast["submit"], notice.id, reason, body)
            self.sign(cast, corrected, day + timedelta(days=12), "publish")

    def books(self, cast: Mapping[str, Actor], village: PlaceCard, *, late: bool) -> None:
        """The sheets of the months before the last one: by the eighth, of a village that is late once on the 21st."""
        month = month_before(f"{today():%Y-%m}")
        for back in range(1, BOOKS + 1):
            month = month_before(month)
            sheet = db.session.scalars(
                select(FinanceSheet).where(
                    FinanceSheet.village_id == village.id, FinanceSheet.month == month, FinanceSheet.shown
                )
            ).first()
            if sheet is None:
                continue
            year, at = int(month[:4]), int(month[5:])
            day = date(year + at // 12, at % 12 + 1, 21 if late and back == 1 else 8)
            given = {
                "title": f"{village.name}{year}年{at}月财务收支公开",
                "body": "本月收支逐项逐笔公开，见收支公开表。对哪一笔有疑问，可以在这一笔下面提问。",
                "category": "finance_sheet",
                "period": month,
                "sheet_id": sheet.id,
            }
            self.walk(cast, village, given, day, "publish")

    def walk(
        self,
        cast: Mapping[str, Actor],
        village: PlaceCard | None,
        given: dict[str, Any],
        day: date,
        until: str,
    ) -> Notice:
        """A notice that is published on a day, or is on its way there."""
        village_id = village.id if village is not None else None
        with on_day(day - timedelta(days=4)):
            notice = services.draft(cast["submit"], {"village_id": village_id, **given})
        self.sign(cast, notice, day, until)
        return notice

    def sign(self, cast: Mapping[str, Actor], notice: Notice, day: date, until: str) -> None:
        """Each step on a day of its own, the last on `day`."""
        self.told.append(notice.id)
        notes = {"agree": OPINION, "confirm": DECIDED}
        for before, (action, actor) in zip(reversed(range(len(cast))), cast.items(), strict=True):
            with on_day(day - timedelta(days=before)):
                note = {"note": notes[action]} if action in notes else {}
                services.act(actor, notice.id, action, notice.version, note)
            if action == until:
                return

    def say_nothing(self) -> None:
        """What was enqueued to tell people goes again; who has a step to take now finds it in the inbox."""
        db.session.flush()
        rows = db.session.scalars(select(TimelineEntry.id).where(TimelineEntry.subject_id.in_(self.told)))
        keys = [f"timeline:{entry_id}" for entry_id in rows]
        db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))
        over = select(Notice.id).where(Notice.id.in_(self.told), Notice.published_at.is_not(None))
        db.session.execute(
            delete(InboxMessage).where(
                InboxMessage.cause_kind.like("notice_%"),
                InboxMessage.cause_id.in_(list(db.session.scalars(over))),
            )
        )
        for notice in db.session.scalars(select(Notice).where(Notice.id.in_(self.told), Notice.listed != "")):
            changed(notice)


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """That morning (Shanghai), as far as the program's clock knows."""
    replaced = use_clock(FrozenClock(datetime.combine(day, MORNING, SHANGHAI)))
    try:
        yield
    finally:
        use_clock(replaced)
