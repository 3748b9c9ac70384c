"""The same matter twice: merged into the earlier one, whose end is told to everyone who brought it (PET-07)."""

from __future__ import annotations

from sqlalchemy import select, update

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.cases.policy import in_scope
from backend.kernel.actor import SYSTEM
from backend.kernel.db import db
from backend.kernel.errors import Invalid
from backend.kernel.ids import read_code
from backend.outbox.services import Owed, enqueue_all
from backend.reports import queries, services
from backend.reports.effects import Taken, carries_out
from backend.reports.states import MERGED, TABLE
from backend.workflow.queries import entry as timeline_entry

FOLLOW_JOB = "report.follow"
LEFT_ALONE = "合并的那一件已由居民撤回，这件事单独办理。"


@carries_out("merge")
def _merge(taken: Taken) -> None:
    """Into an open, earlier case of the same town that the actor dispatches too. Raises Invalid.

    Earlier, so that no circle can come about; locked in that order, so that two merges never wait for
    each other.
    """
    case, found = taken.case, _by_code(taken.given["into_code"])
    if found is None or found.town_id != case.town_id or not in_scope(found, taken.actor, "case.dispatch"):
        raise _no("lead_unknown", "没有找到这个查询码的事，请核对。")
    if found.id == case.id:
        raise _no("lead_itself", "不能并入自己，请填更早那一件的查询码。")
    if (found.created_at, found.id) > (case.created_at, case.id):
        raise _no("lead_later", "那一件比这一件晚，请反过来：把晚的并入早的。")
    lead = load_locked(found.id)
    if lead is None or lead.merged_into is not None:
        raise _no("lead_merged", "那一件已经并入别的事，请填它并入的那一件。")
    if not TABLE.state(lead.state).is_open:
        raise _no("lead_ended", f"那一件现在是“{TABLE.state(lead.state).label}”，不能再并入。")
    case.merged_into = lead.id
    # Those that were merged into this one follow it.
    db.session.execute(update(Case).where(Case.merged_into == case.id).values(merged_into=lead.id))


@carries_out("split")
def _split(taken: Taken) -> None:
    taken.case.merged_into = None


@carries_out("pass_check", "refuse", "withdraw")
def _tell_followers(taken: Taken) -> None:
    """What was merged into a case hears of its end, each in a unit of its own."""
    followers = db.session.scalars(select(Case.id).where(Case.merged_into == taken.case.id)).all()
    lead, entry = str(taken.case.id), str(taken.entry.id)
    enqueue_all(
        [
            Owed(
                FOLLOW_JOB,
                {"case_id": str(case_id), "lead_id": lead, "entry_id": entry},
                key=f"{FOLLOW_JOB}:{case_id}:{entry}",
            )
            for case_id in followers
        ]
    )


def follow(case_id: int, lead_id: int, entry_id: int) -> bool:
    """Tell a merged case how its lead ended; when that was withdrawn, the case goes on by itself.

    False when the case is not merged into that lead any more.
    """
    case, entry = load_locked(case_id), timeline_entry(entry_id)
    if case is None or entry is None or case.state != MERGED or case.merged_into != lead_id:
        return False
    if entry.action == "withdraw":
        services.act(case, "split", SYSTEM, None, {"note": LEFT_ALONE})
        return True
    reply = queries.reply_to(lead_id) or entry.note or ""
    services.act(case, "lead_closed", SYSTEM, None, {"note": reply})
    return True


def _by_code(words: str) -> Case | None:
    return db.session.execute(select(Case).where(Case.code == read_code(words))).scalar_one_or_none()


def _no(code: str, sentence: str) -> Invalid:
    return Invalid(code, sentence, fields={"into_code": [sentence]})
