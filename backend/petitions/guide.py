"""What a town publishes about its petitions (PET-20): office, channels, procedure, topics, who is above it.

Read from the town's own file, which `flask town load` has checked; a change is seen at the next question.
"""

from __future__ import annotations

from typing import Any

from backend.kernel.errors import Invalid, NotFound
from backend.kernel.settings import settings
from backend.petitions import ports
from backend.places.files.petitions import RATING_DAYS, PetitionPage, read_petitions
from backend.places.files.problems import Problems
from backend.places.queries import get_place, town_by_code

_pages: dict[str, tuple[int, PetitionPage]] = {}


def page_of(town_code: str) -> PetitionPage:
    """A town's page; NotFound where the town takes no petitions in the program. ConfigProblems when it broke."""
    page = _page(town_code)
    if page is None:
        raise NotFound("petitions_closed", "这个镇还没有开通网上信访，请到镇里当面反映或写信。")
    return page


def page_of_town(town_id: int) -> PetitionPage | None:
    """A town's page by the town's id; None where it takes no petitions in the program."""
    return _page(get_place(town_id).code)


def visit_slots(town_id: int) -> tuple[str, ...]:
    """The hours for which a visit can be announced; none where the town has not opened that (PET-18)."""
    page = page_of_town(town_id)
    return page.visit_slots if page is not None else ()


def _page(town_code: str) -> PetitionPage | None:
    path = settings().town_config / "towns" / town_code / "petitions.toml"
    if not path.exists():
        return None
    stamp = path.stat().st_mtime_ns
    held = _pages.get(str(path))
    if held is None or held[0] != stamp:
        problems = Problems()
        page = read_petitions(path, problems)
        problems.raise_if_any()
        assert page is not None  # else there was a problem
        held = _pages[str(path)] = (stamp, page)
    return held[1]


def guide(town_code: str) -> dict[str, Any]:
    """Everything that a person reads before writing."""
    town = town_by_code(town_code)
    page = page_of(town.code)
    return {
        "office_name": page.office_name,
        "address": page.address,
        "phone": page.phone,
        "hours": page.hours,
        "channels": list(page.channels),
        "steps": list(page.steps),
        "topics": [{"code": topic.code, "label": topic.label} for topic in page.topics],
        "above": [{"name": one.name, "phone": one.number, "hours": one.hours} for one in page.above],
        "vault_open": ports.vault_open(town.id),
    }


def demand_topic(town_id: int, topic: str) -> None:
    """Invalid unless the town knows the topic; NotFound where it takes no petitions."""
    if topic not in {one.code for one in page_of(get_place(town_id).code).topics}:
        raise Invalid("topic_unknown", "请选择是哪方面的事。", fields={"topic": ["请重新选择"]})


def topic_label(town_id: int, topic: str) -> str:
    """The topic in words; the code itself when the town has dropped it since."""
    page = _page(get_place(town_id).code)
    topics = page.topics if page is not None else ()
    return next((one.label for one in topics if one.code == topic), topic)


def rolls(town_id: int, *, window: bool) -> bool:
    """PET-24: whether a last day that is a day off rolls to a working day; on for the citizen's windows only."""
    page = _page(get_place(town_id).code)
    if page is None:
        return window
    return page.roll_windows if window else page.roll_duties


def simple_handling(town_id: int) -> bool:
    """PET-25: whether the town handles simple matters in short; off until it has confirmed that it does."""
    page = _page(get_place(town_id).code)
    return page is not None and page.simple_handling


def above_decides(town_id: int) -> bool:
    """PET-14: whether the three working days of the body above are counted; off until the town has confirmed them."""
    page = _page(get_place(town_id).code)
    return page is not None and page.above_decides


def rating_days(town_id: int) -> int:
    """How many days a rating stays open in this town (§1.4)."""
    page = _page(get_place(town_id).code)
    return page.rating_days if page is not None else RATING_DAYS


def number_word(town_id: int) -> str:
    """What the numbers of the town's written documents begin with: 南信."""
    town = get_place(town_id)
    page = _page(town.code)
    return (page.number_word if page is not None else "") or f"{town.name[:1]}信"
