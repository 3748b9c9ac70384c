"""回访 (HOT-09, §2.2): owed after every unsatisfied reply and a sample of the others, by somebody else.

A row follows its case: it is owed while the case is closed, and dropped when the case is opened again.
The figures count only call-backs in which somebody was reached (§2.3).
"""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from backend.cases.models import Case
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import new_id
from backend.kernel.settings import settings
from backend.reports import effects, supervision
from backend.reports.effects import Taken
from backend.reports.models import CallBack
from backend.workflow import clocks, engine
from backend.workflow.table import Limit

WITHIN = Limit(3, "working_day")
MOST_TRIES = 3
UNSATISFIED, SAMPLE, SPOT_CHECK, AGAIN, UNASKED = "unsatisfied", "sample", "spot_check", "again", "unasked"
REASONS = {
    UNSATISFIED: "居民不满意",
    SAMPLE: "抽查",
    SPOT_CHECK: "自办抽查",
    AGAIN: "重办以后",
    UNASKED: "主动回访",
}
STATE_LABELS = {
    "open": "待回访",
    "done": "已回访",
    "unreached": "三次未联系上",
    "dropped": "已重办，不再回访",
}
ALERT = "call_back_alert"
OWED = "call_back_owed"


def in_sample(case_id: int) -> bool:
    """Whether a case is in the sample: the same answer for the same case, whoever asks and when."""
    drawn = int.from_bytes(hashlib.sha256(f"call-back:{case_id}".encode()).digest()[:4], "big")
    return drawn % 100 < settings().call_back_percent


def owe(case: Case, reason: str) -> CallBack:
    """Owe a call-back of a locked, closed case; one that is open already takes the graver reason."""
    row = open_row(case.id)
    if row is not None:
        row.reason = UNSATISFIED if UNSATISFIED in {reason, row.reason} else row.reason
        return row
    moment = now()
    row = CallBack(
        id=new_id(),
        case_id=case.id,
        town_id=case.town_id,
        reason=reason,
        state="open",
        owed_at=moment,
        due_at=clocks.calendar().due(moment, WITHIN),
        tries=0,
        way="",
        satisfaction="",
    )
    db.session.add(row)
    db.session.flush()
    return row


def open_row(case_id: int) -> CallBack | None:
    """The call-back that a case waits for."""
    query = select(CallBack).where(CallBack.case_id == case_id, CallBack.state == "open")
    return db.session.execute(query.order_by(CallBack.id).limit(1)).scalar_one_or_none()


def check_on_spot(case: Case) -> None:
    """A sample of what workers settle by themselves is looked at by somebody else (GRID-03, §3.5)."""
    if in_sample(case.id):
        owe(case, SPOT_CHECK)


@effects.carries_out("pass_check")
def _answered(taken: Taken) -> None:
    if taken.case.reopen_count:
        owe(taken.case, AGAIN)
    elif in_sample(taken.case.id):
        owe(taken.case, SAMPLE)


@effects.carries_out("rate")
def _rated(taken: Taken) -> None:
    if taken.case.rating == "unsatisfied":
        owe(taken.case, UNSATISFIED)
        _tell(taken.case, OWED)


@effects.carries_out("refuse_reopen")
def _refused(taken: Taken) -> None:
    """Who disputed the answer was not satisfied with it."""
    owe(taken.case, UNSATISFIED)


@effects.carries_out("dispute", "reopen")
def _opened_again(taken: Taken) -> None:
    row = open_row(taken.case.id)
    if row is not None:
        row.state = "dropped"


@effects.carries_out("call_back")
def _record(taken: Taken) -> None:
    """Record one try. Not reached: it stays owed, up to three tries; Invalid without what was found out."""
    given, case = taken.given, taken.case
    row = open_row(case.id) or owe(case, UNASKED)
    row.tries += 1
    row.way = given["way"]
    if given["reached"] == "no":
        if given.get("solved") or given.get("satisfaction"):
            _demand("solved", "没有联系上，就没有回答可填")
        row.state = "unreached" if row.tries >= MOST_TRIES else "open"
        return
    if not given.get("solved"):
        _demand("solved", "请填写居民说解决了吗")
    _done(row, taken.actor, given["solved"] == "yes", given.get("satisfaction") or "", given.get("note"))
    if not row.solved or row.satisfaction == UNSATISFIED:
        _alert(case)


def _done(row: CallBack, actor: Actor, solved: bool, satisfaction: str, note: str | None) -> None:
    row.state, row.solved, row.satisfaction, row.note = "done", solved, satisfaction, note or None
    row.done_by, row.done_at = actor.id, now()
    db.session.flush()


def _alert(case: Case) -> None:
    """HOT-14: what was answered is not what the person says."""
    _tell(case, ALERT)
    if case.outcome == "resolved":
        supervision.raise_by_rule(case, supervision.CALL_BACK)


def _tell(case: Case, what: str) -> None:
    """A line for staff, from which the message is made."""
    db.session.flush()
    engine.append(case, SYSTEM, what, from_state=case.state, visibility="staff")


def _demand(field: str, sentence: str) -> None:
    raise Invalid("demands_missing", f"还差一步：{sentence}。", fields={field: [sentence]})
