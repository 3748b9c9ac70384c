"""The only writers of questions and objections to notices (OPEN-08), and of reports about them (OPEN-10).

The words of a question are a comment: they are public once they have passed the checks. Answered in public within
five natural days; whoever is not satisfied takes it up to the town, where it is a case like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update

from backend import audit
from backend.comments import ports as comment_ports
from backend.comments import queries as comments
from backend.comments import services as speaking
from backend.comments.models import Comment
from backend.comments.states import QUESTION as COMMENT_KIND
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid
from backend.kernel.ids import new_id
from backend.kernel.page_numbers import bump
from backend.notices import objection_ports as ports
from backend.notices import objection_source as sources
from backend.notices.objection_access import load_objection, objection_for, objection_of_comment
from backend.notices.objection_models import NoticeObjection, NoticeReport
from backend.notices.objection_source import Source
from backend.notices.objection_states import ASKED, ESCALATED, FORMS, HIDDEN, KIND, WITH_VILLAGE
from backend.notices.objection_words import REPORT_REASONS, open_until
from backend.notices.publishing import surrogate
from backend.notices.texts import demand_clean
from backend.villagers.queries import village_of
from backend.workflow import engine
from backend.workflow.clocks import BREACH
from backend.workflow.models import TimelineEntry

SUBJECT = "notice"
PAGE = "pages-open/notice/index?id={id}"


def ask(actor: Actor, notice_id: int, form: str, line: int | None, text: str) -> NoticeObjection:
    """Ask about a notice, or object to it or to one line of its sheet, within fifteen days of publication (OPEN-08).

    Raises NotFound (not published, or not for this person), Forbidden (no confirmed villager there), Conflict (too
    late, one's own last one about it waits), Invalid (no such line), and what posting a comment raises.
    """
    source = sources.readable(actor, notice_id)
    demand_villager(actor, source.town_id, source.village_id)
    _demand_open(source, actor, line)
    if line is not None and not sources.has_line(source, line):
        raise Invalid("line_unknown", f"这张表没有第 {line} 行。", fields={"line": ["没有这一行"]})
    about = speaking.About(SUBJECT, source.id, source.town_id)
    said = speaking.post(actor, about, COMMENT_KIND, text)
    row = _row(source, actor, said, form, line)
    engine.begin(row, actor, action="ask", data={"topic": source.title})
    db.session.add(row)
    db.session.flush()
    return row


def is_villager(actor: Actor, town_id: int, village_id: int | None) -> bool:
    """Whether somebody is a confirmed villager there; of the town's own matters any village of it will do."""
    home = village_of(actor.id)
    return home is not None and home[1] == town_id and village_id in (None, home[0])


def demand_villager(actor: Actor, town_id: int, village_id: int | None) -> None:
    """Forbidden for who is no confirmed villager there."""
    if not is_villager(actor, town_id, village_id):
        said = "只有本村核实过的村民可以提。请先在“我的”里申请村民核实。"
        raise Forbidden("villagers_only", said)


def _demand_open(source: Source, actor: Actor, line: int | None) -> None:
    if today() > open_until(source.published_on):
        raise Conflict("objections_closed", "公开已满15天，不能再在这里提；可以用“随手拍”向镇里反映。")
    waiting = select(NoticeObjection.id).where(
        NoticeObjection.notice_id == source.id,
        NoticeObjection.resident_id == actor.id,
        NoticeObjection.state == ASKED,
        NoticeObjection.line.is_(None) if line is None else NoticeObjection.line == line,
    )
    if db.session.scalar(waiting.limit(1)) is not None:
        raise Conflict("already_asking", "您在这里提的还在等答复，答复以后可以再提。")


def _row(source: Source, actor: Actor, said: Comment, form: str, line: int | None) -> NoticeObjection:
    moment = now()
    return NoticeObjection(
        id=new_id(),
        kind=KIND,
        form=form,
        notice_id=source.id,
        comment_id=said.id,
        line=line,
        resident_id=actor.id,
        town_id=source.town_id,
        area_id=source.area_id,
        village_id=source.village_id,
        shown=False,
        overdue=False,
        answer="",
        answered_unit="",
        created_at=moment,
        updated_at=moment,
    )


def act(
    actor: Actor, objection_id: int, action: str, version: int | None, given: Mapping[str, Any]
) -> NoticeObjection:
    """Answer in public, or say whether one is satisfied. NotFound, Conflict, Forbidden, Invalid.

    Not satisfied – or not answered in time – makes it a case of the town at once (OPEN-08).
    """
    row = objection_for(actor, objection_id)
    engine.just_locked(row)
    kept = {name: str(value) for name, value in given.items() if value not in (None, "")}
    if action == "answer":
        demand_clean({"reply": kept.get("reply", "")})
    data = _data(row, actor.unit_name)
    taken = engine.perform(row, action, actor, version=version, given=kept, data=data)
    if action == "answer":
        row.answer, row.answered_unit, row.answered_by = kept["reply"], actor.unit_name, actor.id
        row.answered_at = taken.at
    if actor.kind == "staff":
        audit.record(actor, f"objection.{action}", KIND, row.id)
    _changed(row, taken)
    if action == "unsatisfied":
        _escalate(row, actor, kept.get("note", ""))
    return row


def _escalate(row: NoticeObjection, actor: Actor, note: str) -> None:
    """It becomes a case of the town, with the asker as the one who brought it (OPEN-08)."""
    source = sources.of(row.notice_id)
    said = comments.get(row.comment_id)
    line = f"（第{row.line}行）" if row.line is not None else ""
    parts = [
        f"对三务公开的{FORMS[row.form]}",
        f"公开内容：{source.title if source else ''}{line}",
        f"提出的内容：{said.text if said is not None else ''}",
        f"村里的答复：{row.answer or '没有在5天内答复'}",
    ]
    if note:
        parts.append(f"不满意的原因：{note}")
    filed = ports.bring_case(ports.Complaint(actor.id, row.town_id, "\n".join(parts)))
    row.case_id, row.escalated_at = filed.case_id, now()
    _as_program(row, "escalate")


def _data(row: NoticeObjection, unit: str = "") -> dict[str, str]:
    source = sources.of(row.notice_id)
    data = {"topic": source.title if source is not None else ""}
    return data | ({"unit": unit} if unit else {})


def _as_program(row: NoticeObjection, action: str) -> None:
    engine.just_locked(row)
    taken = engine.perform(row, action, SYSTEM, version=None, data=_data(row))
    _changed(row, taken)


def _changed(row: NoticeObjection, taken: TimelineEntry) -> None:
    row.updated_at = taken.at
    db.session.flush()
    bump(surrogate(row.town_id))


def on_ring(row: NoticeObjection, clock: str, what: str) -> None:
    """Not answered in time: everybody reads so, and the asker may go to the town."""
    if what == BREACH and row.state == ASKED:
        row.overdue = True
        _as_program(row, "overdue")


def look_at_entry(entry: TimelineEntry) -> None:
    """The town's case is closed: the page of the notice says so. Safe to run again."""
    if entry.subject_kind != "report" or entry.action != "pass_check":
        return
    query = select(NoticeObjection.id).where(
        NoticeObjection.case_id == entry.subject_id, NoticeObjection.state == ESCALATED
    )
    for found in list(db.session.scalars(query.order_by(NoticeObjection.id))):
        row = load_objection(found)
        if row is not None and row.state == ESCALATED:
            row.town_answered_at = entry.at
            _as_program(row, "town_answered")


# --- what becomes of its words ----------------------------------------------------------------------------


def hear_of_comments() -> None:
    """Say what a notice does when a question about it becomes public, goes, or comes back."""
    comment_ports.commented_on(
        SUBJECT,
        comment_ports.Subject(
            label="三务公开",
            titles=titles,
            page=lambda notice_id: PAGE.format(id=notice_id),
            shown=_shown,
            gone=_gone,
            back=_back,
        ),
    )


def titles(notice_ids: Iterable[int]) -> dict[int, str]:
    """Titles of notices, for messages and the moderators' queue."""
    return {source.id: source.title for source in sources.of_all(notice_ids)}


def _shown(comment: Comment) -> None:
    row = objection_of_comment(comment.id)
    if row is None:
        return
    row.shown = True
    if row.state == ASKED and row.due_at is not None and row.due_at < now():
        row.overdue = True
    bump(surrogate(row.town_id))


def _gone(comment: Comment) -> None:
    row = objection_of_comment(comment.id)
    if row is None:
        return
    row.shown = False
    bump(surrogate(row.town_id))
    if row.state in WITH_VILLAGE:
        _as_program(row, "hide")


def _back(comment: Comment) -> None:
    row = objection_of_comment(comment.id)
    if row is None:
        return
    row.shown = True
    bump(surrogate(row.town_id))
    if row.state == HIDDEN:
        _as_program(row, "show_answered" if row.answer else "show_again")


# --- late or false publication ----------------------------------------------------------------------------


def report(
    actor: Actor, reason: str, text: str, notice_id: int | None, category: str, period: str
) -> tuple[NoticeReport, str]:
    """A villager reports late or false publication to the town (OPEN-10); the row and the code of the case.

    Raises NotFound (no such notice for this person), Forbidden (no confirmed villager anywhere).
    """
    home = village_of(actor.id)
    if home is None:
        raise Forbidden("villagers_only", "只有本村核实过的村民可以举报。请先在“我的”里申请村民核实。")
    source = sources.readable(actor, notice_id) if notice_id is not None else None
    about = source.title if source is not None else " ".join(p for p in (category, period) if p)
    words = [f"举报三务公开：{REPORT_REASONS[reason]}", f"村：{sources.village_name(home[0])}"]
    words += [f"公开内容：{about}"] if about else []
    filed = ports.bring_case(ports.Complaint(actor.id, home[1], "\n".join([*words, text])))
    row = NoticeReport(
        id=new_id(),
        town_id=home[1],
        village_id=home[0],
        notice_id=source.id if source is not None else None,
        category=source.category if source is not None else category,
        period=source.period if source is not None else period,
        reason=reason,
        case_id=filed.case_id,
        created_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row, filed.code


def merge_resident(kept_id: int, gone_id: int) -> None:
    """Two residents became one: what both asked is the one's."""
    db.session.execute(
        update(NoticeObjection).where(NoticeObjection.resident_id == gone_id).values(resident_id=kept_id)
    )
