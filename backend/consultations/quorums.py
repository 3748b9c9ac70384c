"""四议两公开: the four deliberations in their order, and what makes each of them valid (CON-06). Pure.

党组织提议 → 两委商议 → 党员大会审议 → 村民（代表）会议决议; the two publications are the program's own steps (公示,
落实的结果). The law (村民委员会组织法 26, 30) gives the numbers of the last two; of the first two it gives none, so
that they ask for more than half of those who have a voice there.
"""

from __future__ import annotations

from dataclasses import dataclass

from backend.kernel.errors import Invalid

STEPS = ("proposal", "committees", "party_meeting", "assembly")
ASSEMBLY = "assembly"
REPRESENTATIVES, ADULTS, HOUSEHOLDS = "representatives", "adults", "households"


@dataclass(frozen=True)
class Rule:
    """How many must be there: `numerator`/`denominator` of those entitled, more than that or at least that."""

    who: str
    numerator: int
    denominator: int
    more_than: bool

    def met(self, entitled: int, present: int) -> bool:
        """Whether enough are there."""
        there, needed = present * self.denominator, entitled * self.numerator
        return there > needed if self.more_than else there >= needed

    def words(self) -> str:
        """The rule as a person reads it."""
        part = "半数" if (self.numerator, self.denominator) == (1, 2) else "三分之二"
        return f"{self.who}{'过' if self.more_than else ''}{part}{'' if self.more_than else '以上'}到会"


RULES: dict[tuple[str, str], Rule] = {
    ("proposal", ""): Rule("党组织委员", 1, 2, True),
    ("committees", ""): Rule("两委成员", 1, 2, True),
    ("party_meeting", ""): Rule("党员", 2, 3, False),
    ("assembly", REPRESENTATIVES): Rule("村民代表", 2, 3, False),
    ("assembly", ADULTS): Rule("十八周岁以上的村民", 1, 2, True),
    ("assembly", HOUSEHOLDS): Rule("户代表", 2, 3, False),
}


@dataclass(frozen=True)
class Finding:
    """Whether a deliberation is valid and agreed, and why, in words that are published."""

    passed: bool
    words: str


def judge(step: str, form: str, entitled: int, present: int, agreed: int) -> Finding:
    """Invalid for numbers that cannot be, or an assembly without its form."""
    rule = RULES.get((step, form if step == ASSEMBLY else ""))
    if rule is None:
        raise _bad("form", "请选择是村民代表会议，还是村民会议（按人或按户）。")
    if entitled < 1:
        raise _bad("entitled", "应到人数至少是 1。")
    if present > entitled:
        raise _bad("present", "实到人数不能多于应到人数。")
    if agreed > present:
        raise _bad("agreed", "同意人数不能多于实到人数。")
    counted = f"应到 {entitled}，实到 {present}，同意 {agreed}"
    if not rule.met(entitled, present):
        return Finding(False, f"{counted}。没有达到法定人数：须{rule.words()}，会议不成立。")
    if agreed * 2 <= present:
        return Finding(
            False, f"{counted}。人数有效（{rule.words()}），同意的没有超过到会人数的半数，没有通过。"
        )
    return Finding(True, f"{counted}。人数有效（{rule.words()}），同意的超过到会人数的半数，通过。")


def _bad(field: str, sentence: str) -> Invalid:
    return Invalid("numbers_wrong", sentence, fields={field: [sentence]})
