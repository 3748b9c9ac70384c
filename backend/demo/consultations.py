"""The demonstration's topics of 有事好商量, each at another stage, taken there by the services.

Told at the moments at which they would have happened; nobody is sent a message about them. The same every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select

from backend.comments import services as comments
from backend.comments.models import Comment
from backend.consultations import following, meetings, proposing, services, speaking, statements
from backend.consultations.models import Consultation
from backend.consultations.proposing import Draft
from backend.consultations.states import BY_FORM, TABLE
from backend.demo.consultation_texts import TOPICS, Said, Topic
from backend.demo.side_ways import with_roles
from backend.identity.models import OrgUnit
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import SHANGHAI, FrozenClock, today, use_clock
from backend.kernel.db import db
from backend.outbox.models import OutboxJob
from backend.places import queries as places
from backend.workflow.models import TimelineEntry

MORNING = time(10)
#: so many of the residents say what they think of the statements; of two minds about two of them
VOTERS = 36
MOST_SEATS = 5


def bring_consultations(town_id: int, actors: Mapping[str, Actor], residents: Sequence[Actor]) -> int:
    """Tell them all; how many there are then. Needs ten residents, and the town's own villages and units."""
    teller = _Teller(town_id, {name: with_roles(actor) for name, actor in actors.items()}, residents)
    for topic in TOPICS:
        teller.tell(topic)
    teller.say_nothing()
    return len(teller.made)


class _Teller:
    def __init__(self, town_id: int, staff: Mapping[str, Actor], residents: Sequence[Actor]) -> None:
        self.town_id, self.staff, self.residents = town_id, staff, residents
        self.units = {
            u.code: u for u in db.session.scalars(select(OrgUnit).where(OrgUnit.town_id == town_id))
        }
        self.villages = places.children(town_id, "village")
        self.told_on = today()
        self.made: list[int] = []

    def tell(self, topic: Topic) -> None:
        """Bring it on its day, then let everything happen on the day on which it happens."""
        with _on(topic.days_ago):
            row = self._bring(topic)
        self.made.append(row.id)
        spoken: dict[int, Comment] = {}
        days = sorted(
            {step[0] for step in topic.steps} | {said.days_ago for said in topic.said}, reverse=True
        )
        for day in days:
            with _on(day):
                for _, by, action, given in (step for step in topic.steps if step[0] == day):
                    self._step(row, by, action, given, spoken)
                for number, said in enumerate(topic.said):
                    if said.days_ago == day:
                        spoken[number] = self._say(row, number, said)
        self._agree(row, topic)
        self._look_back(row, topic)

    def _bring(self, topic: Topic) -> Consultation:
        village = None if topic.village is None else self.villages[topic.village % len(self.villages)].id
        draft = Draft(self.town_id, village, topic.title, topic.body, reason=topic.reason)
        if topic.by == "resident":
            return proposing.propose(self.residents[len(self.made) % len(self.residents)], draft)
        return proposing.bring(self._somebody("dispatcher"), draft, topic.by)

    def _step(
        self,
        row: Consultation,
        by: str,
        action: str,
        given: Mapping[str, Any],
        spoken: Mapping[int, Comment],
    ) -> None:
        actor = SYSTEM if by == "system" else self._somebody(by)
        filled = self._filled(given, spoken)
        if action in BY_FORM:
            services.act(row, action, actor, None, {}, filled)
        else:
            poll = filled.pop("poll", None)
            services.act(row, action, actor, None, filled, {"poll": poll} if poll else None)
        if action == "call_meeting":
            for guest in self.residents[:MOST_SEATS]:
                meetings.take_seat(guest, row.id)

    def _filled(self, given: Mapping[str, Any], spoken: Mapping[int, Comment]) -> dict[str, Any]:
        """Codes of units, numbers of days and of comments as the services take them."""
        filled = dict(given)
        if "unit" in filled:
            filled["unit_id"] = self.units[filled.pop("unit")].id
        if "until" in filled:  # from the day on which everything is told, not from the step's
            filled["until"] = self.told_on + timedelta(days=filled["until"])
        for name in ("held_on", "on"):
            if name in filled:
                filled[name] = today()
        if "in_days" in filled:
            day = today() + timedelta(days=filled.pop("in_days"))
            filled["at"] = datetime.combine(day, time(filled.pop("hour")), SHANGHAI)
            filled.setdefault("materials", "")
        if "step" in filled:
            filled = {"form": "", "note": "", **filled}
        if "text" in filled:
            filled |= {"photo_ids": [], "faces_checked": False}
        if "groups" in filled:
            filled["groups"] = [
                {**group, "comment_ids": [spoken[number].id for number in group["said"]]}
                for group in filled["groups"]
            ]
        return filled

    def _say(self, row: Consultation, number: int, said: Said) -> Comment:
        """A resident says it, it is looked at and shown, answered, and seconded by neighbours."""
        given = {"kind": said.kind, "text": said.text, "stance": said.stance, "photo_ids": []}
        comment = speaking.speak(self._neighbour(number), row.id, given | {"text_version": None})
        comments.show(self._somebody("dispatcher"), comment.id)
        if said.answer:
            comments.answer(self._somebody("dispatcher"), comment.id, said.answer, "镇便民服务中心")
        for second in range(min(said.seconds, len(self.residents) - number - 2)):
            comments.second(self._neighbour(number + 1 + second), comment.id)
        return comment

    def _agree(self, row: Consultation, topic: Topic) -> None:
        """Two groups that share most statements and divide over two."""
        if not topic.statements:
            return
        with _on(6):
            laid = [
                statements.propose(self._neighbour(n), row.id, text)
                for n, text in enumerate(topic.statements)
            ]
            for one in laid:
                comments.show(self._somebody("dispatcher"), one.id)
        with _on(1):
            for voter in range(min(VOTERS, len(self.residents) - 1)):
                for number, one in enumerate(laid):
                    statements.vote(self._neighbour(voter), one.id, _opinion(voter, number))

    def _look_back(self, row: Consultation, topic: Topic) -> None:
        for number, score in enumerate(topic.ratings):
            with _on(len(topic.ratings) + 2 - number):
                following.rate(self._neighbour(number), row.id, score, "")

    def say_nothing(self) -> None:
        """What was enqueued to tell people of it goes again: nothing of it happened."""
        db.session.flush()
        rows = db.session.scalars(
            select(TimelineEntry.id).where(
                TimelineEntry.subject_kind == TABLE.kind, TimelineEntry.subject_id.in_(self.made)
            )
        )
        keys = [f"timeline:{entry_id}" for entry_id in rows]
        db.session.execute(delete(OutboxJob).where(OutboxJob.job_key.in_(keys)))

    def _somebody(self, word: str) -> Actor:
        return next(actor for name, actor in self.staff.items() if name.endswith(word))

    def _neighbour(self, number: int) -> Actor:
        """A resident of the town, counted from the second."""
        return self.residents[(number + 1) % len(self.residents)]


def _opinion(voter: int, number: int) -> str:
    """Everybody wants the bridge first; half is for the sun and against the wire, half the other way round."""
    if (voter * 7 + number * 3) % 11 == 0:
        return "pass"
    if number in {0, 3}:
        return "agree"
    sunny = voter % 2 == 0
    return "agree" if sunny == (number in {2, 4}) else "disagree"


@contextmanager
def _on(days_ago: int) -> Iterator[None]:
    """That morning (Shanghai), as far as the program's clock knows."""
    morning = datetime.combine(today() - timedelta(days=days_ago), MORNING, SHANGHAI)
    replaced = use_clock(FrozenClock(morning))
    try:
        yield
    finally:
        use_clock(replaced)
