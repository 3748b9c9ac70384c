"""督办 (HOT-11): raised by a leader, or by rule; answered on the timeline; its own clock of two working days.

Each rule raises it once for a case. While one is open the clock runs on: a second cause stands beside
the first and does not give the handler more time.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.kernel.actor import SYSTEM
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.ids import new_id
from backend.reports import effects, elsewhere
from backend.reports.effects import Taken
from backend.reports.models import Supervision
from backend.reports.states import ANSWER_CLOCK, OPEN, SUPERVISION_CLOCK, TABLE
from backend.workflow import clocks, engine

LEADER = "leader"
OVERDUE, RETURNED, UNSOLVED, REOPENED = "overdue", "returned", "unsolved", "reopened"
UNSATISFIED_AGAIN, REPEATED, CALL_BACK = "unsatisfied_again", "repeated", "call_back"
#: why, in the words of the timeline
CAUSES = {
    LEADER: "镇领导督办",
    OVERDUE: "超过答复时限",
    RETURNED: "两次被退回",
    UNSOLVED: "没有解决，居民要求重办",
    REOPENED: "第二次重办",
    UNSATISFIED_AGAIN: "重办以后居民仍不满意",
    REPEATED: "同一网格 30 天内同类事项三件以上没有办结",
    CALL_BACK: "回访与答复不一致",
}
STATE_LABELS = {"open": "待回复", "answered": "已回复", "lifted": "已解除", "ended": "已随办结"}
#: imported first, for it counts the returns that are looked at here: effects are done in the order they register in
COUNTED_BY = elsewhere
MANY, MANY_WITHIN = 3, timedelta(days=30)
NOT_SOLVED = frozenset({"partly", "unsolvable"})


def raise_by_rule(case: Case, cause: str) -> bool:
    """Supervise a locked case because a rule says so; False when that rule did before, or it has ended.

    Safe to call from within another step of the same transaction.
    """
    db.session.flush()
    known = select(Supervision.id).where(Supervision.case_id == case.id, Supervision.cause == cause)
    if TABLE.edge("supervise_by_rule", case.state) is None or db.session.scalar(known) is not None:
        return False
    data = effects.shown_data(case, "supervise_by_rule", SYSTEM, {}, CAUSES[cause])
    engine.perform(case, "supervise_by_rule", SYSTEM, version=None, data=data)
    _open_row(case, cause, None, None)
    return True


@effects.carries_out("supervise")
def _supervise(taken: Taken) -> None:
    _open_row(taken.case, LEADER, taken.actor.id, taken.given["note"])


def _open_row(case: Case, cause: str, raised_by: int | None, note: str | None) -> None:
    held = clocks.of_subject(case.kind, case.id)
    due = next(c.due_at for c in held if c.name == SUPERVISION_CLOCK)
    case.supervision_open = True
    case.supervision_count += 1
    db.session.add(
        Supervision(
            id=new_id(),
            case_id=case.id,
            number=case.supervision_count,
            town_id=case.town_id,
            cause=cause,
            state="open",
            note=note,
            raised_by=raised_by,
            raised_at=now(),
            due_at=due,
        )
    )
    db.session.flush()


@effects.carries_out("answer_supervision")
def _answer(taken: Taken) -> None:
    for row in open_rows(taken.case.id):
        row.answer, row.answered_by = taken.given["note"], taken.actor.id
    _close(taken.case, "answered")


@effects.carries_out("lift_supervision")
def _lift(taken: Taken) -> None:
    _close(taken.case, "lifted")


@effects.carries_out("pass_check", "refuse", "withdraw", "merge")
def _end(taken: Taken) -> None:
    """What is closed, or goes another way, needs no answer any more."""
    if taken.case.supervision_open:
        _close(taken.case, "ended")


def _close(case: Case, state: str) -> None:
    for row in open_rows(case.id):
        row.state, row.ended_at = state, now()
    case.supervision_open = False


def open_rows(case_id: int) -> list[Supervision]:
    """What of a case's supervision waits for an answer."""
    query = select(Supervision).where(Supervision.case_id == case_id, Supervision.state == "open")
    return list(db.session.execute(query.order_by(Supervision.number)).scalars())


@effects.rings(ANSWER_CLOCK, clocks.BREACH)
def _overdue(case: Case) -> None:
    raise_by_rule(case, OVERDUE)


@effects.carries_out("return_to_desk")
def _returned(taken: Taken) -> None:
    if taken.case.return_count >= 2:
        raise_by_rule(taken.case, RETURNED)


@effects.carries_out("dispute")
def _unsolved(taken: Taken) -> None:
    if taken.case.outcome in NOT_SOLVED:
        raise_by_rule(taken.case, UNSOLVED)


@effects.carries_out("approve_reopen", "reopen")
def _reopened(taken: Taken) -> None:
    if taken.case.reopen_count >= 2:
        raise_by_rule(taken.case, REOPENED)


@effects.carries_out("rate")
def _unsatisfied_again(taken: Taken) -> None:
    if taken.case.rating == "unsatisfied" and taken.case.reopen_count:
        raise_by_rule(taken.case, UNSATISFIED_AGAIN)


def watch_repeated(case_id: int) -> bool:
    """The third open case of one category in one grid within 30 days is supervised (HOT-11 重复、集中)."""
    case = load_locked(case_id)
    if case is None or case.grid_id is None or not TABLE.state(case.state).is_open:
        return False
    count = db.session.execute(
        select(func.count())
        .select_from(Case)
        .where(
            Case.grid_id == case.grid_id,
            Case.village_id == case.village_id,
            Case.category_id == case.category_id,
            Case.created_at > now() - MANY_WITHIN,
            Case.state.in_(OPEN),
        )
    ).scalar_one()
    return count >= MANY and raise_by_rule(case, REPEATED)
