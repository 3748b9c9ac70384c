"""Kinds of sheets: the dictionaries. Categories, standard replies, holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from backend.administration import queries, services
from backend.administration.policy import town_of
from backend.administration.sheet_cells import day, flag, one_of, twice, whole, words
from backend.cases.words import URGENCIES
from backend.kernel.actor import Actor
from backend.kernel.clock import today
from backend.places.files.model import WALL_USES
from backend.reports import catalogue
from backend.reports import queries as reports
from backend.sheets.kinds import Chunk, Column, Export, Fault, Import, SheetKind, SheetRow, register
from backend.workflow import holidays

MANAGE = ("settings.manage",)
_TIME = {
    "自然日": "natural_day",
    "工作日": "working_day",
    "工作小时": "working_hour",
    "紧急小时": "emergency_hour",
}
_TIME_WORDS = {code: word for word, code in _TIME.items()}
_URGENCY = {label: code for code, label in URGENCIES.items()}
_WALL = {label: code for code, label in WALL_USES.items()}


def _unit(key: str, title: str) -> Column:
    return Column(key, title, True, 12, choices=tuple(_TIME), read=one_of(_TIME))


CATEGORY_COLUMNS = (
    Column("code", "编码", True, 10, "字母和数字，定下后不改", longest=32),
    Column("name", "名称", True, 22, longest=30),
    Column("group_code", "大类编码", True, 10, longest=16),
    Column("group_name", "大类名称", width=16, hint="新的大类要写", longest=30),
    Column("urgency", "紧急程度", True, 10, choices=tuple(_URGENCY), read=one_of(_URGENCY)),
    Column("accept_amount", "受理时限", True, 10, "1 到 366", read=whole),
    _unit("accept_unit", "受理时限单位"),
    Column("limit_amount", "答复时限", True, 10, "1 到 366", read=whole),
    _unit("limit_unit", "答复时限单位"),
    Column("keywords", "关键词", width=26, hint="用、隔开", longest=400, read=words),
    flag("before_photo", "要办前照片"),
    Column("before_photo_reason", "办前照片理由", width=30, longest=120),
    flag("after_photo", "要办后照片"),
    Column("after_photo_reason", "办后照片理由", width=30, longest=120),
    flag("self_settle", "可当场办结"),
    Column("wall", "回音壁", width=16, choices=tuple(_WALL), read=one_of(_WALL)),
    Column("emergency_number", "先打电话", width=10, longest=20),
    Column("emergency_words", "提示语", width=30),
    flag("place_required", "必须有位置"),
    flag("active", "启用"),
)
_DEFAULTS: dict[str, Any] = {
    "group_name": "", "keywords": [], "before_photo": False, "before_photo_reason": "", "after_photo": False,
    "after_photo_reason": "", "self_settle": False, "wall": "never", "emergency_number": "", "emergency_words": "",
    "place_required": True, "active": True,
}  # fmt: skip


def _put_category(actor: Actor, row: SheetRow) -> bool:
    town_id = town_of(actor)
    given = {k: v for k, v in row.values.items() if v is not None}
    found = reports.find_category(town_id, given["code"])
    if found is None:
        catalogue.save(actor, town_id, _DEFAULTS | given)
        return True
    before = found.version
    if not given.get("group_name"):
        given.pop("group_name", None)
    return catalogue.save(actor, town_id, given | {"version": found.version}, found.id).version != before


def _check_categories(actor: Actor, rows: Sequence[SheetRow]) -> Iterable[Fault]:
    return twice(rows, "code", "编码")


def _category_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    rows = []
    for c in queries.categories(town_of(actor)):
        cells = dict(c) | {
            "urgency": c["urgency_label"],
            "accept_unit": _TIME_WORDS[c["accept_unit"]],
            "limit_unit": _TIME_WORDS[c["limit_unit"]],
            "keywords": "、".join(c["keywords"]),
            "wall": WALL_USES[c["wall"]],
        }
        rows.append([cells[column.key] for column in CATEGORY_COLUMNS])
    return Chunk(rows)


REPLY_COLUMNS = (
    Column("title", "标题", True, 24, longest=60),
    Column("category_code", "适用类别编码", width=14, hint="不填就是所有类别", longest=32),
    Column("text", "内容", True, 70, longest=2000),
    flag("active", "启用"),
)


def _put_reply(actor: Actor, row: SheetRow) -> bool:
    town_id = town_of(actor)
    given = {k: v for k, v in row.values.items() if v is not None}
    category = given.get("category_code", "")
    held = queries.replies(town_id, None, everything=True)
    found = next((r for r in held if (r.title, r.category_code) == (given["title"], category)), None)
    if found is None:
        services.save_reply(actor, town_id, given)
        return True
    before = found.version
    return services.save_reply(actor, town_id, given | {"version": before}, found.id).version != before


def _reply_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    held = queries.replies(town_of(actor), None, everything=True)
    return Chunk([[r.title, r.category_code, r.text, r.active] for r in held])


HOLIDAY_COLUMNS = (
    Column("day", "日期", True, 14, "像 2027-01-01", read=day),
    Column("working", "类型", True, 12, choices=("放假", "调休上班"), read=lambda text: text == "调休上班"),
    Column("name", "名称", width=16, hint="元旦、春节、清明节、劳动节、端午节、中秋节、国庆节", longest=30),
)


def _years(rows: Sequence[SheetRow]) -> dict[int, list[tuple[SheetRow, holidays.Day]]]:
    found: dict[int, list[tuple[SheetRow, holidays.Day]]] = {}
    for row in rows:
        one = date.fromisoformat(row.values["day"])
        of_day = holidays.Day(one, row.values["working"], row.values.get("name") or "")
        found.setdefault(one.year, []).append((row, of_day))
    return dict(sorted(found.items()))


def _check_holidays(actor: Actor, rows: Sequence[SheetRow]) -> Iterable[Fault]:
    """Every year whole, and no year left out between them or before them."""
    town_of(actor)
    years = _years(rows)
    faults = []
    for year, lines in years.items():
        numbers = {id(of_day): row.number for row, of_day in lines}
        for of_day, sentence in holidays.faults_of(year, [of_day for _, of_day in lines]):
            number = numbers.get(id(of_day)) if of_day is not None else None
            faults.append(Fault(number, "day" if number else None, sentence))
    missing = [gap for a, b in pairwise(years) for gap in range(a + 1, b)]
    if years and not faults:
        missing += holidays.years_missing_before(min(years))
    return [*faults, *(Fault(None, None, f"{year}年的放假安排还没有导入。") for year in sorted(set(missing)))]


def _put_holidays(actor: Actor, rows: Sequence[SheetRow]) -> int:
    town_of(actor)
    years = _years(rows)
    for year, lines in years.items():
        holidays.replace_year(actor, year, [of_day for _, of_day in lines])
    return len(years)


def _holiday_rows(actor: Actor, filters: Mapping[str, Any], after: Any) -> Chunk:
    town_of(actor)
    year = today().year
    days = [d for one in range(year - 1, year + 3) for d in holidays.year_state(one)["days"]]
    return Chunk([[d.day.isoformat(), "调休上班" if d.working else "放假", d.name] for d in days])


def count_by(rows: Any) -> Any:
    """The number of rows of a kind that comes in one piece."""
    return lambda actor, filters: len(rows(actor, filters, None).rows)


def register_dictionaries() -> None:
    """Make the kinds known; called once by the composition root."""
    register(
        SheetKind(
            "categories", "事项类别", CATEGORY_COLUMNS,
            ("0203", "健身器材损坏", "02", "", "一般", "2", "工作小时", "3", "工作日", "健身、器材"),
            "编码已有的会改，没有的会新增；表里没有的不动。改动只影响之后派出的事项。",
            Import(MANAGE, _check_categories, _put_category),
            Export(MANAGE, CATEGORY_COLUMNS, count_by(_category_rows), _category_rows),
        )
    )  # fmt: skip
    register(
        SheetKind(
            "replies", "标准答复", REPLY_COLUMNS, ("已派人处理", "", "您好，已安排人员前往处理。"),
            "标题和适用类别都相同的会改，没有的会新增。",
            Import(MANAGE, lambda actor, rows: [], _put_reply, most=300),
            Export(MANAGE, REPLY_COLUMNS, count_by(_reply_rows), _reply_rows),
        )
    )  # fmt: skip
    register(
        SheetKind(
            "holidays", "放假安排", HOLIDAY_COLUMNS, ("2027-01-01", "放假", "元旦"),
            "按国务院公布的通知整年填写：放假的日子，和调休上班的周末。导入后，没有办结的事项重新计算期限。",
            Import(MANAGE, _check_holidays, apply=_put_holidays, whole=True),
            Export(MANAGE, HOLIDAY_COLUMNS, count_by(_holiday_rows), _holiday_rows),
        )
    )  # fmt: skip
