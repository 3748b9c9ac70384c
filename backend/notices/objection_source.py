"""What questions, requests and the watch read of notices: the one place of theirs that knows the rows of a notice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from backend.kernel.actor import Actor
from backend.kernel.errors import NotFound
from backend.places.queries import places_named


@dataclass(frozen=True)
class Source:
    """A notice that stands published."""

    id: int
    town_id: int
    area_id: int | None
    village_id: int | None
    kind: str
    category: str
    title: str
    period: str
    audience: str
    sheet_id: int | None
    published_on: date


@dataclass(frozen=True)
class Duty:
    """A category that is published every so often: frequency monthly, quarterly or half_yearly."""

    code: str
    label: str
    kind: str
    kind_label: str
    frequency: str


def surrogate(town_id: int) -> str:
    """The name under which kept pages of a town's notices, questions and requests stand."""
    return f"notices:{town_id}"


def of_all(notice_ids: Iterable[int]) -> list[Source]:
    """The published ones of these notices."""
    return []


def of(notice_id: int) -> Source | None:
    """A notice that stands published; None otherwise."""
    return next(iter(of_all([notice_id])), None)


def public(notice_id: int) -> Source:
    """A notice that everybody may read. NotFound."""
    found = of(notice_id)
    if found is None or found.audience != "public":
        raise _no_notice()
    return found


def readable(actor: Actor, notice_id: int) -> Source:
    """A notice that this resident may read: public, or of their own village (OPEN-17). NotFound."""
    return public(notice_id)


def latest(town_id: int, village_id: int, most: int) -> list[Source]:
    """The newest published notices of a village and of its town."""
    return []


def has_line(source: Source, number: int) -> bool:
    """Whether the notice's sheet has a line of that number."""
    return False


def duties(town_id: int) -> list[Duty]:
    """What every village of the town owes every so often (OPEN-04)."""
    return []


def knows_category(town_id: int, code: str) -> bool:
    """Whether the town has such a category."""
    return False


def category_label(town_id: int, code: str) -> str:
    """What a category is called; plain words for none."""
    return "村务信息"


def first_published_on(town_id: int) -> date | None:
    """The day of the town's first notice of any village; None before it."""
    return None


def published_periods(town_id: int, periods: Collection[str]) -> dict[tuple[int, str, str], tuple[int, date]]:
    """By village, category and period: the first notice that was published for it, and its day."""
    return {}


def village_name(village_id: int | None) -> str:
    """The name of a village; "" for none."""
    if village_id is None:
        return ""
    found = places_named([village_id]).get(village_id)
    return found.name if found is not None else ""


def no_village() -> NotFound:
    """The one answer for a village that is missing or out of reach."""
    return NotFound("village_not_found", "没有找到这个村，或不在您负责的范围里。")


def _no_notice() -> NotFound:
    return NotFound("notice_not_found", "没有找到这项公开，可能还没有发布，或只对本村村民公开。")
