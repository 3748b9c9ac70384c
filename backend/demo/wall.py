"""The demonstration's wall: invented entries of closed cases with drawn photos, and follow-ups in several states.

Taken there by the services, at the moments at which it would have happened; nobody is sent a message about it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import delete, or_, select

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.comments import services as comments
from backend.demo.pictures import Pool
from backend.demo.side_ways import with_roles
from backend.integrations.oss.protocol import Store
from backend.kernel.actor import Actor
from backend.kernel.clock import SHANGHAI, FrozenClock, now, today, use_clock
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.media.models import MediaFile
from backend.media.pixelate import public_copy
from backend.moderation.services import CHECK
from backend.moderation.states import TEXT
from backend.outbox.models import OutboxJob
from backend.reports import services as reports
from backend.reports.models import Category
from backend.wall import follow_ups, services
from backend.wall.models import WallEntry, WallFollowUp, WallPhoto
from backend.workflow.models import TimelineEntry

AFTERNOON = time(15, 20)
#: the cases are over: nothing happens to them between their end and the wall
CLOSED_BEFORE = timedelta(days=45)
#: residents of these numbers ask; those after them second
FIRST_SECONDER = 3
ANSWERED = "已经再次到现场处理，并列入每周巡查。您看到问题可以接着追问。"


@dataclass(frozen=True)
class Asked:
    """A follow-up: asked so many days ago, what it says, what came of it, and how many neighbours second it."""

    days_ago: int
    text: str
    came: str = ""  # answered | reopen_asked | reopen_refused
    seconds: int = 0


@dataclass(frozen=True)
class Told:
    """An entry about a case with such a picture, published so many days ago, with so many followers."""

    scene: str
    days_ago: int
    title: str
    matter: str
    done: str
    followers: int = 0
    asked: tuple[Asked, ...] = ()


ENTRIES: tuple[Told, ...] = (
    Told(
        "ditch", 24, "排水沟清了四十米，雨后不再漫水",
        "居民反映村里一段排水沟淤住了，一下雨污水就漫到路上，还有气味。",
        "镇里组织清淤约四十米，打捞漂浮物，疏通两处涵口。雨后复看，水流正常。这一段列入每月巡查。",
        9,
        (
            Asked(20, "三天后下了场大雨，涵口那里又堵了，请再看看。", "answered", 6),
            Asked(4, "沟边堆的淤泥还没有拉走，风一吹味道很大。", "", 3),
        ),
    ),
    Told(
        "lamp", 22, "主街两盏路灯修好了",
        "居民反映主街连着两盏路灯不亮，晚上放学的孩子要摸黑走。",
        "更换灯头两个、整流器一个，顺带检查了同一条线路的其他路灯。当晚复看已亮。",
        5,
        (Asked(12, "亮了两天又不亮了，是不是线路的问题？", "reopen_asked", 4),),
    ),
    Told(
        "pothole", 21, "路口的大坑补平了",
        "居民反映路口有一个大坑，雨天积水看不见深浅，骑车容易摔。",
        "切割破损路面后用沥青冷补料填平压实，面积约六平方米，当天放行。",
        3,
        (Asked(15, "补过的地方又下沉了一点，会不会再塌？", "reopen_refused", 1),),
    ),
    Told(
        "rubbish", 19, "垃圾点改为每天清运",
        "居民反映垃圾桶三四天才清一次，桶满了撒一地，夏天有味道。",
        "当天清运两车并冲洗地面。与保洁公司调整路线，这一处改为每天清运一次。",
        4,
        (Asked(10, "周末好像还是不来收，请核实一下。", "answered", 2),),
    ),
    Told(
        "manhole", 17, "松动的井盖换了新的",
        "居民反映路中间的井盖松动，车一过就响，担心掉下去。",
        "现场先围挡，当天换上防沉降井盖，四周用水泥抹平加固。",
        2,
    ),
    Told(
        "tree", 15, "压着电线的歪树处理好了",
        "居民反映大风以后一棵树歪了，压着电线，下面就是人行的路。",
        "联系供电单位断电后修剪，树枝当天运走，线路抬高到安全高度。",
        2,
    ),
    Told(
        "sign", 13, "歪倒的指示牌扶正加固",
        "居民反映路边指示牌歪了，快要掉下来，也看不清方向。",
        "扶正后重新浇筑基座，面板更换，螺丝全部换新。",
    ),
    Told(
        "ditch", 11, "堵了的下水道疏通了",
        "居民反映下水道冒污水，路过要绕着走。",
        "高压疏通管道约三十米，清出淤泥两车，查明是两处接口错位，已修复。",
        6,
        (Asked(8, "早上去看又冒了一点水，麻烦再疏通一次。", "", 5),),
    ),
    Told(
        "lamp", 9, "小桥北头的路灯亮了",
        "居民反映桥头路灯一闪一闪，晚上过桥看不清台阶。",
        "检查发现线路接头进水，重新接好并做了防水。连续看了三个晚上，正常。",
        1,
    ),
    Told(
        "pothole", 7, "坑洼的生产路重新铺平",
        "居民反映通往地里的生产路坑洼多，拉粮食的车过不去。",
        "用石料填平压实约八十米，雨后再看一次并补了两处。",
        3,
    ),
    Told(
        "rubbish", 5, "大坑边的陈年垃圾清走了",
        "居民反映坑边堆着多年的生活垃圾，没人管。",
        "出动铲车清理，清走四车，撒了石灰，立了提示牌，安排保洁员每周看两次。",
        2,
    ),
    Told(
        "manhole", 3, "丢失的井盖补上了",
        "居民反映路边井盖不见了，晚上很危险。",
        "接到反映后四十分钟到场围挡，当天补上新井盖，并排查了同一条路上的其他井盖。",
    ),
)  # fmt: skip
SCENES = tuple(dict.fromkeys(told.scene for told in ENTRIES))


@dataclass(frozen=True)
class Copy:
    """A public copy as it lies in the store."""

    file_key: str
    thumb_key: str
    width: int
    height: int
    sha256: str


def make_copies(store: Store, pool: Pool) -> dict[str, Copy]:
    """Public copies of the pictures that the wall shows, by the key of the original. No transaction may be open."""
    copies: dict[str, Copy] = {}
    for (scene, _, _), stored in pool.pictures.items():
        if scene in SCENES:
            made = public_copy(store.read(stored.file_key), ())
            name = f"wall/{stored.file_key.removesuffix('.jpg')}"
            store.save(f"{name}.jpg", made.photo, "image/jpeg")
            store.save(f"{name}-s.jpg", made.thumb, "image/jpeg")
            digest = hashlib.sha256(made.photo).hexdigest()
            copies[stored.file_key] = Copy(f"{name}.jpg", f"{name}-s.jpg", made.width, made.height, digest)
    return copies


def fill_wall(
    town_id: int, actors: Mapping[str, Actor], residents: Sequence[Actor], copies: Mapping[str, Copy]
) -> int:
    """Tell what of it the town's cases allow; how many entries there are then."""
    staff = {name: with_roles(actor) for name, actor in actors.items()}
    teller = _Teller(town_id, staff, residents, copies)
    for told in ENTRIES:
        teller.tell(told)
    teller.say_nothing()
    return len(teller.made)


class _Teller:
    def __init__(
        self,
        town_id: int,
        staff: Mapping[str, Actor],
        residents: Sequence[Actor],
        copies: Mapping[str, Copy],
    ) -> None:
        self.town_id, self.residents, self.copies = town_id, residents, copies
        self.writer = next(actor for name, actor in staff.items() if name.endswith("dispatcher"))
        self.leader = next(actor for name, actor in staff.items() if name.endswith("leader"))
        self.used: set[int] = set()
        self.made: list[int] = []
        self.asked: list[int] = []

    def tell(self, told: Told) -> None:
        """Write it, have it approved a day later, and let the neighbours ask."""
        case = self._case(told.scene)
        if case is None:
            return
        self.used.add(case.id)
        with _on(told.days_ago + 1):
            texts = {"title": told.title, "matter": told.matter, "done": told.done}
            entry = services.draft(self.writer, case.kind, case.id, texts)
            self._photos(entry)
            services.act(self.writer, entry.id, "submit", entry.version, {})
        with _on(told.days_ago):
            services.act(self.leader, entry.id, "approve", entry.version, {"photos_seen": "yes"})
        self.made.append(entry.id)
        with _on(told.days_ago - 1):
            for number in range(told.followers):
                follow_ups.follow(self._resident(case, number + 7), entry.id)
        for number, asked in enumerate(told.asked):
            self._ask(case, entry, number, asked)

    def _case(self, scene: str) -> Case | None:
        """The newest closed case with such pictures before and after that is not told yet."""
        shown = [key for key in self.copies if key.startswith(f"demo/{scene}-")]
        pictured = (
            select(MediaFile.subject_id)
            .where(MediaFile.subject_kind == "report", MediaFile.file_key.in_(shown))
            .group_by(MediaFile.subject_id)
        )
        before, after = (pictured.where(MediaFile.role == role) for role in ("before", "after"))
        query = (
            select(Case)
            .join(Category, Category.id == Case.category_id)
            .where(
                Case.town_id == self.town_id,
                Case.state == "closed",
                Case.outcome == "resolved",
                Case.closed_at < now() - CLOSED_BEFORE,
                Case.updated_at < now() - CLOSED_BEFORE,
                Category.wall == "open",
                Case.id.in_(before),
                Case.id.in_(after),
                Case.id.not_in(self.used),
            )
            .order_by(Case.closed_at.desc(), Case.id.desc())
            .limit(1)
        )
        return db.session.scalars(query).one_or_none()

    def _photos(self, entry: WallEntry) -> None:
        for role in ("before", "after"):
            query = select(MediaFile).where(
                MediaFile.subject_kind == entry.source_kind,
                MediaFile.subject_id == entry.source_id,
                MediaFile.role == role,
            )
            original = db.session.scalars(query.order_by(MediaFile.position).limit(1)).one()
            copy = self.copies[str(original.file_key)]
            db.session.add(
                WallPhoto(
                    id=new_id(),
                    entry_id=entry.id,
                    role=role,
                    media_id=original.id,
                    boxes=[],
                    faces_checked_by=self.writer.id,
                    faces_checked_at=now(),
                    file_key=copy.file_key,
                    thumb_key=copy.thumb_key,
                    width=copy.width,
                    height=copy.height,
                    sha256=copy.sha256,
                    created_at=now(),
                )
            )
        db.session.flush()

    def _ask(self, case: Case, entry: WallEntry, number: int, asked: Asked) -> None:
        with _on(asked.days_ago):
            row = follow_ups.ask(self._resident(case, number), entry.id, asked.text, ())
            comments.show(self.writer, row.comment_id)
        self.asked.append(row.id)
        with _on(asked.days_ago - 1):
            room = len(self.residents) - 1 - FIRST_SECONDER
            for second in range(min(asked.seconds, room)):
                comments.second(self._resident(case, second + FIRST_SECONDER), row.comment_id)
        if asked.came:
            with _on(asked.days_ago - 2):
                self._come(case, row, asked.came)

    def _come(self, case: Case, row: WallFollowUp, came: str) -> None:
        if came == "answered":
            follow_ups.act(self.writer, row.id, "answer", row.version, {"reply": ANSWERED})
            return
        follow_ups.act(self.writer, row.id, "ask_reopen", row.version, {"note": "请决定是否重办。"})
        if came == "reopen_refused":
            locked = load_locked(case.id)
            assert locked is not None
            given = {"note": "已到现场测量，下沉不到一厘米，在允许范围内。两个月后再测一次，结果在这里公布。"}
            reports.act(locked, "refuse_reopen", self.leader, None, given)
            follow_ups.look_at_entry(
                db.session.scalars(
                    select(TimelineEntry)
                    .where(TimelineEntry.subject_kind == case.kind, TimelineEntry.subject_id == case.id)
                    .order_by(TimelineEntry.seq.desc())
                    .limit(1)
                ).one()
            )

    def _resident(self, case: Case, number: int) -> Actor:
        """A neighbour: never who brought the case, never the same for two numbers of one case."""
        others = [one for one in self.residents if one.id != case.resident_id]
        return others[number % len(others)]

    def say_nothing(self) -> None:
        """What was enqueued to tell people of it goes again: nothing of it happened."""
        db.session.flush()
        subjects = or_(
            (TimelineEntry.subject_kind == services.SUBJECT) & TimelineEntry.subject_id.in_(self.made),
            (TimelineEntry.subject_kind == follow_ups.SUBJECT) & TimelineEntry.subject_id.in_(self.asked),
            (TimelineEntry.subject_kind == "report")
            & TimelineEntry.subject_id.in_(self.used)
            & TimelineEntry.action.in_(("ask_reopen_in_public", "refuse_reopen")),
        )
        rows = db.session.scalars(select(TimelineEntry.id).where(subjects))
        keys = [f"timeline:{entry_id}" for entry_id in rows]
        said = db.session.scalars(select(WallFollowUp.comment_id).where(WallFollowUp.id.in_(self.asked)))
        keys += [f"{CHECK}:{comments.SUBJECT}:{TEXT}:{comment_id}" for comment_id in said]
        db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))


@contextmanager
def _on(days_ago: int) -> Iterator[None]:
    """That afternoon (Shanghai), as far as the program's clock knows."""
    moment = datetime.combine(today() - timedelta(days=days_ago), AFTERNOON, SHANGHAI)
    replaced = use_clock(FrozenClock(moment))
    try:
        yield
    finally:
        use_clock(replaced)
