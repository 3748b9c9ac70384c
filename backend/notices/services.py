"""The only writers of notices: drafted, sent up, signed, published; what was published is never written again.

A sheet of finances is sealed when its notice is sent up and opened again when it is returned (backend/finance).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from backend import audit
from backend.finance import services as finance
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now, today
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from backend.kernel.ids import new_code, new_id
from backend.notices import categories, committees, finance_sheets, policy, publishing, telling, watch_rules
from backend.notices.access import MISSING, get_notice_for
from backend.notices.categories import AUDIENCES, PUBLIC, VILLAGE, Category
from backend.notices.file_queries import files_of
from backend.notices.models import Notice
from backend.notices.signing import sign
from backend.notices.states import STANDS, WRITABLE
from backend.notices.texts import demand_clean
from backend.places.queries import get_place
from backend.workflow import engine
from backend.workflow.chain import START
from backend.workflow.clocks import BREACH
from backend.workflow.kinds import kind_of

SUBJECT = "notice"
#: what the drafter writes; a supplement takes the rest from what it corrects
WRITTEN = ("title", "body", "category", "audience", "period", "sheet_id")
OF_SUPPLEMENT = ("body", "reason", "sheet_id")


def draft(actor: Actor, given: Mapping[str, Any]) -> Notice:
    """A new notice of a village, or without one of the town. Raises NotFound, Invalid with every fault."""
    _demand_asked(given, (*WRITTEN, "village_id"))
    notice = _new(actor, _places_for(actor, given.get("village_id")))
    _fill(notice, given, WRITTEN)
    return _begin(notice, actor, "draft")


def supplement(actor: Actor, notice_id: int, reason: str, body: str, sheet_id: int | None = None) -> Notice:
    """Begin a correction of what stands published; it goes through the same chain (OPEN-05).

    Raises NotFound, Conflict when it is not published, or a correction is on its way already.
    """
    origin = get_notice_for(actor, notice_id, lock=True)
    if not policy.may_write(origin, actor):
        raise Forbidden
    if origin.state not in STANDS or origin.corrects_id is not None:
        raise Conflict("not_published", "只有已经发布的公开事项可以补正；草稿请直接修改。")
    running = select(Notice.id).where(Notice.corrects_id == origin.id, Notice.closed_at.is_(None))
    if db.session.scalar(running.where(Notice.state.not_in(STANDS)).limit(1)) is not None:
        raise Conflict("supplement_running", "已经有一份补正在办理，请在列表里打开那一份。")
    notice = _new(actor, origin.places)
    notice.corrects_id = origin.id
    for name in ("title", "category", "audience", "period", "section"):
        setattr(notice, name, getattr(origin, name))
    _fill(notice, {"body": body, "reason": reason, "sheet_id": sheet_id}, OF_SUPPLEMENT)
    return _begin(notice, actor, "supplement")


def _new(actor: Actor, places: Mapping[str, int | None]) -> Notice:
    moment = now()
    return Notice(
        id=new_id(),
        kind=SUBJECT,
        code=new_code(),
        **{f"{level}_id": places.get(level) for level in ("town", "area", "village")},
        title="",
        body="",
        reason="",
        audience=PUBLIC,
        period="",
        listed="",
        hash="",
        chain_head=START,
        drafted_by=actor.id,
        writers=[str(actor.id)],
        round=0,
        supplements=0,
        days_late=0,
        created_at=moment,
        updated_at=moment,
    )


def _begin(notice: Notice, actor: Actor, action: str) -> Notice:
    engine.begin(notice, actor, action=action)
    db.session.add(notice)
    db.session.flush()
    audit.record(actor, f"notice.{action}", SUBJECT, notice.id, {"name": notice.title})
    return notice


def _places_for(actor: Actor, village_id: int | None) -> Mapping[str, int | None]:
    """Of the village, or of the actor's whole town. NotFound for what is out of reach."""
    if village_id is None:
        found: Mapping[str, int | None] = {"town": actor.town_id}
    else:
        place = get_place(village_id)
        found = place.places if place.level == "village" else {}
    if not actor.may_on(policy.DRAFT, found, None):
        raise NotFound("village_not_found", "没有找到这个村，或不在您负责的范围里。")
    return found


def _demand_asked(given: Mapping[str, Any], allowed: Sequence[str]) -> None:
    """Nothing that was written is dropped in silence. Raises Invalid."""
    unasked = sorted(set(given) - set(allowed))
    if unasked:
        raise Invalid("not_asked_for", "这里不能改这一项。", fields={one: ["不能改"] for one in unasked})


def save(actor: Actor, notice_id: int, version: int, given: Mapping[str, Any]) -> Notice:
    """Change a draft. Raises NotFound, Conflict (changed meanwhile, or no draft any more), Invalid."""
    notice = writable(actor, notice_id)
    if notice.version != version:
        raise Conflict(
            "changed_meanwhile",
            "这项公开刚刚被别人改过。请看一眼再保存，您填写的内容还在。",
            details={"current_version": notice.version},
        )
    allowed = OF_SUPPLEMENT if notice.corrects_id is not None else WRITTEN
    _demand_asked(given, allowed)
    _fill(notice, given, allowed)
    written(notice, actor)
    audit.record(actor, "notice.save", SUBJECT, notice.id, {"what": sorted(given)})
    db.session.flush()
    return notice


def writable(actor: Actor, notice_id: int) -> Notice:
    """The notice, locked, if it may be written in now. Raises NotFound, Conflict: published is immutable (OPEN-05)."""
    notice = get_notice_for(actor, notice_id, lock=True)
    if not policy.may_write(notice, actor):
        raise MISSING
    if notice.state not in WRITABLE:
        sentence = "已经送审或发布的不能改：送审中的请先退回，已发布的请做补正。"
        raise Conflict("not_a_draft", sentence, details={"state": notice.state})
    return notice


def written(notice: Notice, actor: Actor) -> None:
    """Note that somebody has written in it: they cannot sign it as anybody but its drafter."""
    notice.version += 1
    notice.updated_at = now()
    if str(actor.id) not in notice.writers:
        notice.writers = [*notice.writers, str(actor.id)]


def _fill(notice: Notice, given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if name in given:
            setattr(notice, name, given[name])
    category = category_of(notice)
    notice.section = category.kind
    if category.audience == VILLAGE:
        notice.audience = VILLAGE
    if notice.audience not in AUDIENCES or (notice.audience == VILLAGE and notice.village_id is None):
        raise Invalid(
            "audience_wrong", "镇里的公开事项只能对所有人公开。", fields={"audience": ["不能只对本村"]}
        )
    _check_period(notice, category)
    demand_clean({name: getattr(notice, name) for name in ("title", "body", "reason")})


def category_of(notice: Notice) -> Category:
    """Its category as the town has it now. Invalid for one that there is not."""
    found = categories.of_town(notice.town_id).categories.get(notice.category)
    if found is None:
        raise Invalid("category_unknown", "请选择一个分类。", fields={"category": ["请选择一个分类"]})
    return found


def _check_period(notice: Notice, category: Category) -> None:
    if not notice.period:
        return
    period = watch_rules.period_of(category.frequency, notice.period)
    if period is None:
        said = "这一类的期间要照公开的频次写：每月 2026-10，每季 2026-Q3，每半年 2026-H1。"
        raise Invalid("period_wrong", said, fields={"period": [said]})
    if period.first > today():
        raise Invalid("period_wrong", "这个期间还没有到。", fields={"period": ["还没有到"]})


def act(actor: Actor, notice_id: int, action: str, version: int, given: Mapping[str, Any]) -> Notice:
    """Take a step; the engine checks version, edge, policy and demands.

    Raises NotFound, Conflict, Forbidden, Invalid; nothing is kept then.
    """
    notice = get_notice_for(actor, notice_id, lock=True)
    engine.just_locked(notice)
    note = {"note": given["note"]} if given.get("note") else {}
    if notice.version == version:  # else the engine says who was faster
        _before(notice, action, actor, str(given.get("note") or ""))
    taken = engine.perform(notice, action, actor, version=version, given=note)
    if action in policy.SIGNED:
        sign(notice, action, actor, taken.note or "")
    _AFTER.get(action, _nothing)(notice, actor)
    notice.updated_at = taken.at
    db.session.flush()
    if action == "publish":
        publishing.stands(notice)
    telling.next_one(notice, actor)
    return notice


def _before(notice: Notice, action: str, actor: Actor, note: str) -> None:
    """What must be right before the step is taken; who may not take it hears nothing but that from the engine."""
    edge = kind_of(SUBJECT).table.edge(action, notice.state)
    if edge is None or not kind_of(SUBJECT).may(notice, edge, actor):
        return
    if action == "submit":
        demand_ready(notice)
        notice.round += 1
        notice.writers = sorted({*notice.writers, str(actor.id)})
        if notice.sheet_id is not None:
            finance.seal(actor, notice.sheet_id)
    elif action in {"agree", "object"} and notice.village_id is not None:
        committees.demand_sits(actor, notice.village_id)
    elif action == "publish":
        publishing.make_ready(notice, actor)
    if note and action in {"agree", "confirm"}:
        demand_clean({"note": note})


def demand_ready(notice: Notice) -> None:
    """Invalid unless everything is there that must be before anybody signs it."""
    category = category_of(notice)
    files = files_of(notice.id)
    missing: dict[str, list[str]] = {}
    if not notice.title.strip():
        missing["title"] = ["请填写标题"]
    if not notice.body.strip() and not files and notice.sheet_id is None:
        missing["body"] = ["请写内容，或者附上文件"]
    if watch_rules.is_periodic(category.frequency) and not notice.period:
        missing["period"] = ["这一类定期公开，请填写是哪一期"]
    if notice.corrects_id is not None and not notice.reason.strip():
        missing["reason"] = ["请写明为什么补正"]
    if category.sheet and notice.sheet_id is None and notice.corrects_id is None:
        missing["sheet_id"] = ["请附上这个月的收支公开表"]
    if any(one.state != "ready" for one in files):
        missing["attachments"] = ["有附件还没有处理好，请稍等，或去掉打不开的"]
    if missing:
        sentence = "；".join(one[0] for one in missing.values())
        raise Invalid("not_ready", f"还不能送审：{sentence}。", fields=missing)
    _check_sheet(notice, category)


def _check_sheet(notice: Notice, category: Category) -> None:
    if notice.sheet_id is None:
        return
    sheet = finance_sheets.of(notice.sheet_id)
    right = sheet is not None and sheet.village_id == notice.village_id and category.kind == "finance"
    if not right or (notice.period and sheet is not None and sheet.month != notice.period):
        said = "收支表要是本村、同一个月的。"
        raise Invalid("sheet_wrong", said, fields={"sheet_id": [said]})


def _nothing(notice: Notice, actor: Actor) -> None:
    """The state is all that changes."""


def _returned(notice: Notice, actor: Actor) -> None:
    """It is written anew: who writes from now on, or sends it up, is its drafter in the next round."""
    notice.writers = []
    sheet = finance_sheets.of(notice.sheet_id)
    if sheet is not None and not sheet.shown:
        finance.unseal(actor, sheet.id)


_AFTER = {"object": _returned, "return": _returned}


def on_ring(notice: Notice, clock: str, what: str) -> None:
    """The days of display are over: it is archived, and stays readable (OPEN-05)."""
    if clock == "display" and what == BREACH:
        engine.perform(notice, "display_over", SYSTEM, version=None)
        publishing.changed(notice)
