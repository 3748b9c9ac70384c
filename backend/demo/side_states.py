"""Matters of the invented town that wait, lie aside, went elsewhere or were the same twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from backend.cases.models import Case
from backend.demo.side_ways import SideWays
from backend.kernel.actor import Actor
from backend.kernel.clock import now, shanghai, today
from backend.kernel.db import db
from backend.places.models import Place
from backend.reports import services
from backend.reports.services import Submission

LAMP = "0601"
OWN_MATTERS = (
    "河边路灯一闪一闪的，晚上走路看不清",
    "村口那根电线杆歪了，怕刮风倒下来",
    "路灯还是不亮，和前几天报的是同一盏",
    "这段路想多装几盏路灯",
)
NOT_TOWNS = {
    "reason": "other_body",
    "body": "市供电公司（示例）营业厅，电话 95598",
    "note": "这是供电公司的高压线杆，镇里无权动。已经把位置告诉他们。",
}


def leave(ways: SideWays, residents: Sequence[Actor]) -> None:
    """One or two of everything that the phone and the console have to show."""
    _from_the_desk(ways)
    _from_the_handlers(ways)
    _of_one_resident(ways, residents[0])


def _from_the_desk(ways: SideWays) -> None:
    waiting = iter(ways.cases("submitted", held=False))
    for action, given in (
        ("refuse", NOT_TOWNS),
        ("ask_citizen", {"note": "请拍一张能看清位置的照片，或者写一下在谁家附近。"}),
        (
            "escalate",
            {
                "body": "市交通运输局（示例）",
                "external_number": "示例-交-0087",
                "until": today() + timedelta(days=12),
                "note": "这段是市管道路，已经转交，镇里每周问一次进度。",
            },
        ),
    ):
        case = next(waiting, None)
        if case is not None:
            ways.act(case, action, ways.desk, **given)


def _from_the_handlers(ways: SideWays) -> None:
    held = _in_time(ways)
    for asked, decided in (
        ("ask_extension", None),
        ("ask_extension", "approve_extension"),
        ("ask_citizen", None),
        ("return_to_desk", None),
        ("ask_suspension", None),
        ("ask_suspension", "approve_suspension"),
    ):
        found = next((case for case in held if asked != "ask_extension" or _ends_with_a_day(case)), None)
        if found is None:
            continue
        held.remove(found)
        worker = ways.people[found.assignee_staff_id or 0]
        ways.act(found, asked, worker, **_words(found, asked))
        if decided is not None:
            ways.act(found, decided, ways.leader, note="情况属实，同意；到期前请把进展告诉居民。")


def _words(case: Case, action: str) -> dict[str, object]:
    assert case.due_at is not None  # an open case has a date
    said: dict[str, dict[str, object]] = {
        "ask_extension": {
            "until": shanghai(case.due_at).date() + timedelta(days=1),
            "note": "配件厂家明天才能送到，装好要一天。",
        },
        "ask_suspension": {
            "until": today() + timedelta(days=75),
            "note": "这条路列入了改造计划，开工后一起做，现在修了还要再挖开。",
        },
        "ask_citizen": {"note": "到现场没有找到，请告诉我们是哪一户门前，方便的话补一张照片。"},
        "return_to_desk": {"note": "看过了，这里由水利站管护，不在我们的网格事项里。"},
    }
    return said[action]


def _in_time(ways: SideWays) -> list[Case]:
    """Cases in hand that are not late, and that nothing else was done to."""
    later = now() + timedelta(hours=1)
    found = ways.cases("handling", Case.due_at > later, Case.supervision_open.is_(False))
    return [case for case in found if case.open_tasks == 0]


def _ends_with_a_day(case: Case) -> bool:
    """Whether the promise is one of days: of hours there is not always a day more to ask for."""
    return case.due_at is not None and shanghai(case.due_at).hour == 23


def _of_one_resident(ways: SideWays, resident: Actor) -> None:
    """What the stand-in's first resident sees in 我的: asked back, laid aside, merged, withdrawn."""
    lights, pole, again, more = (_submit(ways, resident, text) for text in OWN_MATTERS)
    ways.act(lights, "ask_citizen", ways.desk, note="是桥东头还是桥西头？请补一张照片。")
    worker = ways.worker
    ways.act(pole, "accept_and_dispatch", ways.desk, unit_id=worker.unit_id, staff_id=worker.id)
    ways.act(pole, "start", worker)
    until = today() + timedelta(days=45)
    ways.act(pole, "ask_suspension", worker, until=until, note="要等停电检修的日子才能扶正。")
    ways.act(pole, "approve_suspension", ways.leader, note="检修日那天一起处理，先拉上警戒线。")
    ways.act(again, "merge", ways.desk, into_code=lights.code, note="同一盏灯")
    ways.act(more, "withdraw", resident, note="听说已经在规划里了")


def _submit(ways: SideWays, resident: Actor, text: str) -> Case:
    villages = select(Place).where(Place.town_id == ways.town_id, Place.level == "village", Place.active)
    village = db.session.scalars(villages.order_by(Place.code).limit(1)).one()
    photo = ways.photo(resident, "lamp", "before")
    case = services.submit(
        resident, Submission(ways.town_id, text, LAMP, None, None, village.id, "", "", "", (photo,))
    )
    ways.touched.append(case.id)
    return case
