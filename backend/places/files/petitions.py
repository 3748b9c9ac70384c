"""petitions.toml: what a town publishes about its petitions (PET-20), and the two or three settings of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from backend.places.files.model import Phone
from backend.places.files.problems import Problems
from backend.places.files.tables import Row, TomlFile
from backend.places.files.towns import PHONE, good_code

#: §1.4: how long a rating stays open, in days; from memory (M), so the town confirms or changes it
RATING_DAYS = 30
ROLLING = ("roll_windows", "roll_duties")
SLOT = re.compile(r"^(?P<begins>([01]\d|2[0-3]):[0-5]\d)-(?P<ends>([01]\d|2[0-3]):[0-5]\d)$")
#: rules marked M or of a text whose force is not certain: off until the town has confirmed them (PET-25, PET-14)
UNCONFIRMED = ("simple_handling", "above_decides")


@dataclass(frozen=True)
class Topic:
    """What a petition may be about; `code` is kept with the petition, in clear."""

    code: str
    label: str


OFFICE_KEYS = (
    "name",
    "address",
    "phone",
    "hours",
    "channels",
    "steps",
    "rating_days",
    "number_word",
    "visit_slots",
    *ROLLING,
    *UNCONFIRMED,
)


@dataclass(frozen=True)
class PetitionPage:
    """The office, the ways to it, the procedure, and who is above the township."""

    office_name: str
    address: str
    phone: str
    hours: str
    channels: tuple[str, ...]
    steps: tuple[str, ...]
    topics: tuple[Topic, ...]
    above: tuple[Phone, ...]
    rating_days: int
    #: what the numbers of its written documents begin with: 南信 → 南信受告〔2026〕1号; "" for the town's first character
    number_word: str
    #: PET-24: whether the last day of the citizen's own windows, and of the office's duties, rolls to a working day
    roll_windows: bool
    roll_duties: bool
    #: PET-18: hours within the office's for which a visit can be announced, as 08:30-12:00; none: not online
    visit_slots: tuple[str, ...] = ()
    #: PET-25 简易办理: acceptance within 3 working days, the opinion within 10
    simple_handling: bool = False
    #: PET-14: the body above says within 3 working days whether it takes up a review or a re-examination
    above_decides: bool = False


def read_petitions(path: Path, problems: Problems) -> PetitionPage | None:
    """The page, with every fault noted; None when the town has no such file or it cannot be read."""
    if not path.exists():
        return None
    file = TomlFile(path, problems)
    office = file.row("office")
    if office is None:
        return None
    office.only(OFFICE_KEYS)
    for key, words in (("channels", "反映渠道"), ("steps", "办理程序")):
        if not office.texts(key):
            office.complain(f"{words}至少写一条：《信访工作条例》第十八条要求公布", key)
    above = tuple(_number(row) for row in file.rows("above"))
    if not above:
        office.complain("至少写一个 [[above]]：受到压力的人要能找到镇以上的部门")
    return PetitionPage(
        office_name=office.text("name", longest=60),
        address=office.text("address", longest=120),
        phone=_good_phone(office, "phone"),
        hours=office.text("hours", longest=80),
        channels=office.texts("channels"),
        steps=office.texts("steps"),
        topics=_topics(file, office),
        above=above,
        rating_days=office.number("rating_days", 1, 365, RATING_DAYS),
        number_word=office.text("number_word", needed=False, longest=8),
        roll_windows=office.flag("roll_windows", True),
        roll_duties=office.flag("roll_duties", False),
        visit_slots=_slots(office),
        simple_handling=office.flag("simple_handling", False),
        above_decides=office.flag("above_decides", False),
    )


def _slots(office: Row) -> tuple[str, ...]:
    found = office.texts("visit_slots")
    for slot in found:
        hours = SLOT.match(slot)
        if hours is None or not hours["begins"] < hours["ends"]:
            office.complain(f"“{slot}”不是一段时间，应为 08:30-12:00 这样", "visit_slots")
    return found


def _topics(file: TomlFile, office: Row) -> tuple[Topic, ...]:
    found: dict[str, Topic] = {}
    for row in file.rows("topics"):
        row.only(("code", "label"))
        topic = Topic(good_code(row), row.text("label", longest=40))
        if topic.code in found:
            row.complain(f"编码“{topic.code}”重复了", "code")
        found[topic.code] = topic
    if not found:
        office.complain("至少写一个 [[topics]]：表单上要选是哪方面的事")
    return tuple(found.values())


def _number(row: Row) -> Phone:
    row.only(("name", "phone", "hours"))
    return Phone(row.text("name", longest=60), _good_phone(row, "phone"), row.text("hours", needed=False))


def _good_phone(row: Row, key: str) -> str:
    number = row.text(key)
    if number and not PHONE.match(number):
        row.complain(f"“{number}”不像电话号码", key)
    return number
