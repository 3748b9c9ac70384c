"""What is published, how often and for whom: config/notices.toml, changed by a town's own notices.toml (§4.2).

A town may call a category otherwise or add its own; one that is for the village alone stays so (OPEN-17), and
nothing is shown for less than fifteen days (OPEN-05).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backend.kernel.settings import settings
from backend.places.files.problems import Problems
from backend.places.queries import get_place

KINDS = {"party": "党务", "village": "村务", "finance": "财务"}
PUBLIC, VILLAGE = "public", "village"
AUDIENCES = {PUBLIC: "公开", VILLAGE: "本村可见"}
FREQUENCIES = {"monthly": "每月", "quarterly": "每季度", "half_yearly": "每半年", "at_once": "及时"}
#: days, by law since 2026 (OPEN-05)
SHOWN_LEAST = 15
FILE = "notices.toml"
_DEFAULT = Path(__file__).resolve().parents[2] / "config" / FILE
_kept: dict[tuple[Path, Path], tuple[tuple[int, int], TownNotices]] = {}


@dataclass(frozen=True)
class Category:
    """One category. `sheet`: it is published with a finance sheet."""

    code: str
    label: str
    kind: str
    frequency: str = "at_once"
    audience: str = PUBLIC
    sheet: bool = False
    retention: str = "30年"

    @property
    def kind_label(self) -> str:
        """党务, 村务 or 财务."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class TownNotices:
    """What one town has: its categories in order, whom to ring, how many days a notice is shown."""

    categories: Mapping[str, Category]
    objection_phone: str
    display_days: int


def of_town(town_id: int) -> TownNotices:
    """What a town has; a change of its file is seen at the next question. ConfigProblems when it broke."""
    return of_code(get_place(town_id).code)


def of_code(code: str) -> TownNotices:
    """The same by the town's code."""
    own = settings().town_config / "towns" / code / FILE
    stamps = (_DEFAULT.stat().st_mtime_ns, own.stat().st_mtime_ns if own.exists() else 0)
    held = _kept.get((_DEFAULT, own))
    if held is None or held[0] != stamps:
        held = _kept[_DEFAULT, own] = (stamps, read(_DEFAULT, own if own.exists() else None))
    return held[1]


def check(folder: Path) -> None:
    """Read a town's file before anything is loaded. Raises ConfigProblems."""
    own = folder / FILE
    read(_DEFAULT, own if own.exists() else None)


def read(default: Path, own: Path | None) -> TownNotices:
    """Both files as one. Raises ConfigProblems with every fault."""
    problems = Problems()
    found: dict[str, Category] = {}
    given: dict[str, Any] = {"objection_phone": "", "display_days": SHOWN_LEAST}
    for path in (default, *([own] if own is not None else [])):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        given |= {name: data[name] for name in given if name in data}
        for item in data.get("category", []):
            _take(path, item, found, problems)
    if not isinstance(given["display_days"], int) or given["display_days"] < SHOWN_LEAST:
        problems.add(own or default, 0, f"display_days 不能少于 {SHOWN_LEAST} 天")
    problems.raise_if_any()
    return TownNotices(found, str(given["objection_phone"]), given["display_days"])


def _take(path: Path, item: Mapping[str, Any], found: dict[str, Category], problems: Problems) -> None:
    code = str(item.get("code", ""))
    known = found.get(code)
    try:
        made = replace(known, **item) if known is not None else Category(**item)
    except TypeError:
        problems.add(path, 0, f"分类 {code or '（没有 code）'} 缺少 label、kind，或有不认识的项")
        return
    if made.kind not in KINDS or made.frequency not in FREQUENCIES or made.audience not in AUDIENCES:
        problems.add(path, 0, f"分类 {code} 的 kind、frequency 或 audience 不对")
    elif known is not None and known.audience == VILLAGE and made.audience != VILLAGE:
        problems.add(path, 0, f"分类 {code} 只能本村可见，不能改成公开")
    elif made.sheet and made.kind != "finance":
        problems.add(path, 0, f"分类 {code} 不是财务，不能附收支表")
    else:
        found[code] = made
