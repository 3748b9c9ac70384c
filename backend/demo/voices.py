"""What the people of the demonstration say in public: invented comments that have passed, and statements on a topic."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert

from backend.comments import services as comments
from backend.comments.models import Comment
from backend.comments.services import About
from backend.comments.states import STATEMENT
from backend.consultations import statements
from backend.consultations.groups import AGREE, DISAGREE, PASS
from backend.consultations.statement_models import StatementVote
from backend.kernel.actor import Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.outbox import enqueue


def say(
    moderator: Actor,
    resident: Actor,
    about: About,
    kind: str,
    text: str,
    *,
    stance: str = "",
    seconded_by: Sequence[Actor] = (),
) -> Comment:
    """Something that a resident said and a moderator let pass, seconded by those. The topic must take opinions."""
    row = comments.post(resident, about, kind, text, stance=stance)
    comments.show(moderator, row.id)
    for neighbour in seconded_by:
        if neighbour.id != resident.id:
            comments.second(neighbour, row.id)
    return row


@dataclass(frozen=True)
class Opinions:
    """Statements, and how likely each camp is to agree with each: 1 surely, -1 surely not, 0 passes."""

    texts: tuple[str, ...]
    camps: tuple[tuple[int, tuple[int, ...]], ...]


#: street lamps for a village: all want them at the bridge, and differ on who pays and how long they burn
LAMPS = Opinions(
    texts=(
        "桥头和学校门口先装，别处慢慢来",
        "装好以后要有人负责修，坏了三天内换",
        "用太阳能路灯，不用每年交电费",
        "晚上十一点以后关掉一半",
        "每户出一点钱，早点装上",
        "钱应当全部由镇里出",
        "老路口也要装，不能只顾新村",
        "路灯的账目每季度公开一次",
    ),
    camps=(
        (34, (1, 1, 1, -1, 1, -1, 0, 1)),
        (27, (1, 1, -1, 1, -1, 1, 1, 1)),
        (15, (1, 1, 1, 1, -1, 1, -1, 1)),
    ),
)


def give_opinions(
    moderator: Actor, topic: About, residents: Sequence[Actor], opinions: Opinions = LAMPS, seed: int = 15
) -> int:
    """Put the statements and let each camp speak of them; how many people did. The worker makes the picture."""
    dice = random.Random(seed)
    put = [say(moderator, dice.choice(residents), topic, STATEMENT, text).id for text in opinions.texts]
    ground = statements.ground_of(topic.id)
    people = iter(dice.sample(list(residents), min(len(residents), sum(size for size, _ in opinions.camps))))
    rows = []
    count = 0
    for size, camp in opinions.camps:
        for person in (next(people, None) for _ in range(size)):
            if person is None:
                break
            count += 1
            holder = statements.holder_of(ground.secret, person.id)
            rows += [
                {
                    "consultation_id": topic.id,
                    "holder": holder,
                    "statement_id": one,
                    "value": value,
                    "round": 0,
                }
                for one, value in zip(put, (_wavering(dice, leaning) for leaning in camp), strict=True)
                if dice.random() > 0.12
            ]
    db.session.flush()
    if rows:
        db.session.execute(insert(StatementVote.__table__), rows)  # type: ignore[arg-type]
    enqueue(
        statements.RECOMPUTE, {"consultation_id": str(topic.id)}, key=f"demo:{topic.id}", not_before=now()
    )
    return count


def _wavering(dice: random.Random, leaning: int) -> int:
    return dice.choice((AGREE, DISAGREE, PASS)) if dice.random() < 0.08 else leaning
