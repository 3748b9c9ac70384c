"""The demonstration's village money: two villages, the thirteen months that have ended, entry by entry.

Told by the village clerks through the services, the same every time. Names are invented; the last month is sealed
and waits for its notice, the others may be read by everybody.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from backend.demo.side_ways import with_roles
from backend.finance import services
from backend.finance.entries import Content, Entry, last_day, month_before
from backend.finance.models import FinanceSheet
from backend.kernel.actor import Actor
from backend.kernel.clock import SHANGHAI, today
from backend.places import queries as places

MONTHS = 13
ACCOUNT = "村集体基本户"
OPENINGS = (18_640_235, 9_215_460)
#: words, category, from whom or to whom, about how many yuan, in which months (none: in all)
INCOME: tuple[tuple[str, str, str, int, tuple[int, ...]], ...] = (
    ("村级组织运转经费拨款", "in_running", "镇财政所", 6_500, ()),
    ("鱼塘承包费", "in_contract", "张守田", 12_000, (1, 7)),
    ("机动地承包费", "in_contract", "王玉柱等6户", 8_400, (10,)),
    ("村南厂房租金", "in_operation", "示例建材有限公司", 15_000, (3, 9)),
    ("光伏发电收益", "in_operation", "示例供电所", 2_860, (2, 5, 8, 11)),
    ("道路硬化上级专项补助", "in_special", "镇财政所", 60_000, (6,)),
    ("爱心企业捐赠", "in_donation", "示例食品有限公司", 5_000, (12,)),
    ("废旧物资处置", "in_disposal", "示例回收站", 680, (4,)),
)
EXPENSE: tuple[tuple[str, str, str, int, tuple[int, ...]], ...] = (
    ("村干部补贴", "out_pay", "村两委成员", 5_200, ()),
    ("支付保洁员工资", "out_office", "孙桂兰", 1_600, ()),
    ("路灯电费", "out_operation", "示例供电所", 430, ()),
    ("办公用品", "out_office", "示例文具店", 180, ()),
    ("自来水泵维修", "out_operation", "周立新", 620, (1, 3, 5, 8, 11)),
    ("党报党刊订阅", "out_papers", "示例邮政所", 2_150, (11,)),
    ("慰问困难户", "out_relief", "村内困难户12户", 3_600, (1, 9)),
    ("重阳节敬老活动", "out_welfare", "示例超市", 1_480, (10,)),
    ("支付清沟误工费", "out_office", "李长河", 960, (4, 7)),
    ("道路硬化工程款", "out_assets", "示例市政工程有限公司", 57_300, (7,)),
    ("更换路灯", "out_assets", "示例照明经营部", 4_260, (2, 12)),
)
#: so many kilowatts and workdays more in one month than in another
SPREAD = 0.12
SIGNERS = {"handler": "李长河", "witness": "王玉柱", "approver": "赵德厚"}


def bring_finance(town_id: int, staff: Mapping[str, Actor]) -> int:
    """Fill in the books of the villages that have a clerk; how many sheets there are then."""
    last = month_before(f"{today():%Y-%m}")
    months = [last]
    while len(months) < MONTHS:
        months.append(month_before(months[-1]))
    made = 0
    for number, village in enumerate(places.children(town_id, "village")[: len(OPENINGS)]):
        clerk = next((one for name, one in staff.items() if name.endswith(f"clerk{number + 1:02d}")), None)
        if clerk is None:
            continue
        for month in reversed(months):
            _tell(with_roles(clerk), village.id, month, number, shown=month != last)
            made += 1
    return made


def _tell(clerk: Actor, village_id: int, month: str, number: int, *, shown: bool) -> None:
    sheet = services.begin(clerk, village_id, month)
    before = services.expected_opening(sheet)
    lines = _lines(month, number)
    ends = last_day(month)
    foot = {
        "director": SIGNERS["approver"],
        "accountant": SIGNERS["handler"],
        "group": "王玉柱、孙桂兰、周立新",
        "committee": "刘春生",
        "opinion": "经审查，收支真实，票据齐全，同意公开。",
        "signed_on": (ends + timedelta(days=3)).isoformat(),
        "objection_phone": "0632-0000000",
    }
    opening = OPENINGS[number] if before is None else before
    services.put(clerk, sheet, Content(month, lines, opening_fen=opening, account=ACCOUNT, foot=foot))
    services.seal(clerk, sheet.id)
    if shown:
        services.show(sheet.id)
    _dated(sheet, ends)


def _dated(sheet: FinanceSheet, ends: date) -> None:
    """Filled in on the first of the next month, sealed two days later."""
    at = datetime.combine(ends + timedelta(days=1), time(10), SHANGHAI)
    sheet.created_at, sheet.updated_at, sheet.sealed_at = at, at, at + timedelta(days=2)


def _lines(month: str, number: int) -> tuple[Entry, ...]:
    """The month's entries by day; the second village does everything on a smaller scale."""
    chance = random.Random(f"{month} {number}")
    year, at = int(month[:4]), int(month[5:])
    scale = (1.0, 0.62)[number]
    found = []
    for comes_in, table in ((True, INCOME), (False, EXPENSE)):
        for words, category, counterpart, about, months in table:
            if months and at not in months:
                continue
            fen = round(about * scale * (1 + chance.uniform(-SPREAD, SPREAD)) * 100)
            day = date(year, at, chance.randint(1, 28))
            found.append((day, words, category, counterpart, fen, comes_in))
    return tuple(
        Entry(
            no, day, words, category, fen if comes_in else 0, 0 if comes_in else fen, f"记{no}", counterpart,
            papers=chance.randint(1, 3), **SIGNERS,
        )
        for no, (day, words, category, counterpart, fen, comes_in) in enumerate(sorted(found), start=1)
    )  # fmt: skip
