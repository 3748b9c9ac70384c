"""What a person may do to their data, told before it is done: what goes, what the law keeps, why not.

A deed is done with the confirmation that its plan handed out: nobody deletes by one wrong tap, and the
same confirmation sent twice finds the work done (PI-07, PI-08; PIPL 15, 47).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from backend import audit
from backend.cases import personal as cases
from backend.cases.models import Case
from backend.identity import minors
from backend.identity import personal as identity
from backend.kernel.actor import Actor
from backend.kernel.errors import Conflict, Invalid, NotFound
from backend.kernel.signing import BadToken, sign, unsign
from backend.media import personal as media
from backend.rights import log, ports
from backend.rights.words import DEEDS, Stay

PURPOSE = "rights.deed"
CONFIRM_WITHIN = timedelta(minutes=30)
MOST_NAMED = 5


@dataclass(frozen=True)
class Plan:
    """What a deed would do. Refused plans carry the reason and no confirmation."""

    deed: str
    title: str
    goes: list[str]
    stays: list[Stay]
    refused: str = ""
    cases: list[Case] = field(default_factory=list)
    confirm: str = ""


def plan(actor: Actor, deed: str, case_id: int | None = None) -> Plan:
    """What the deed would erase, what stays and by which law; reads only. NotFound, Invalid."""
    if deed not in DEEDS:
        raise Invalid("deed_unknown", "没有这项操作，请更新页面后再试。", fields={"deed": ["不认识"]})
    if deed == "delete_case":
        found = _plan_case(actor, case_id)
    elif deed in {"delete_all", "close_account"}:
        found = _plan_everything(actor, deed)
    else:
        words = DEEDS[deed]
        found = Plan(deed, words.title, list(words.goes), list(words.stays))
    if found.refused:
        return found
    held = {"d": deed, "c": str(case_id or ""), "r": str(actor.id)}
    confirm = sign(PURPOSE, held, CONFIRM_WITHIN)
    return Plan(found.deed, found.title, found.goes, found.stays, "", found.cases, confirm)


def _plan_case(actor: Actor, case_id: int | None) -> Plan:
    words = DEEDS["delete_case"]
    own = [case for case in cases.own_cases(actor.id) if case.id == case_id]
    if not own:
        raise NotFound("case_not_found", "没有找到这件事，可能编号不对，或您无权查看。")
    refused = ""
    if own[0].closed_at is None:
        refused = (
            "这件事还在办理，承办单位要凭它找到地方、答复您，所以现在不能删除。"
            "您可以先收回电话；不想再办，可以在办理进度里撤回。办结以后就能删除。"
        )
    return Plan("delete_case", words.title, list(words.goes), list(words.stays), refused, own)


def _plan_everything(actor: Actor, deed: str) -> Plan:
    words = DEEDS[deed]
    own = cases.own_cases(actor.id)
    open_ones = [case.title for case in own if case.closed_at is None] + ports.still_open(actor.id)
    stays, refused = list(words.stays), ""
    if open_ones and deed == "close_account":
        named = "、".join(f"“{title}”" for title in open_ones[:MOST_NAMED])
        refused = (
            f"您还有 {len(open_ones)} 件事正在办理（{named}），注销后就没法答复您，也没法请您评价。"
            "请等办结，或在办理进度里撤回，再来注销。"
        )
    elif open_ones:
        why = "还在办理，承办单位要凭它找到地方、答复您；办结后可以再来删除"
        stays.insert(
            0, Stay(f"正在办理的 {len(open_ones)} 件事", why, "个人信息保护法第 13、34 条", "到办结")
        )
    return Plan(deed, words.title, list(words.goes), stays, refused, own)


def carry_out(actor: Actor, deed: str, case_id: int | None, confirm: str) -> dict[str, int]:
    """Do what was confirmed; record kind → how many were erased. Again is no error and erases nothing.

    Raises Conflict when the confirmation is another's, another deed's or too old, or when the deed is
    refused by now (a case was opened again).
    """
    _check(actor, deed, case_id, confirm)
    erased = _DEEDS[deed](actor, case_id)
    because = log.CLOSURE if deed == "close_account" else log.REQUEST
    if deed.startswith("withdraw"):
        because = log.WITHDRAWAL
    for kind, ids in erased.items():
        log.note_deletion(f"own.{deed}", kind, because, ids)
    counts = {kind: len(ids) for kind, ids in erased.items() if ids}
    audit.record(actor, "own_data_deed", "resident", actor.id, {"deed": deed, "erased": counts})
    return counts


def _check(actor: Actor, deed: str, case_id: int | None, confirm: str) -> None:
    try:
        held = unsign(PURPOSE, confirm)
    except BadToken as error:
        raise Conflict("confirm_again", "确认已过期，请重新看一遍会删除什么，再确认。") from error
    if held != {"d": deed, "c": str(case_id or ""), "r": str(actor.id)}:
        raise Conflict("confirm_again", "确认的不是这一项，请重新看一遍再确认。")


def _withdraw_contact(actor: Actor, case_id: int | None) -> ports.Erased:
    erased: ports.Erased = {"phone": [actor.id] if identity.withdraw(actor, "phone") else []}
    erased["contact"] = [
        case.id
        for case in cases.own_cases_locked(actor.id)
        if ports.case_holder(case.kind).forget_contact(case)
    ]
    return erased


def _withdraw_location(actor: Actor, case_id: int | None) -> ports.Erased:
    closed = [case for case in cases.own_cases_locked(actor.id) if case.closed_at is not None]
    return {"location": [c.id for c in closed if ports.case_holder(c.kind).make_coarse(c)]}


def _withdraw_messages(actor: Actor, case_id: int | None) -> ports.Erased:
    identity.withdraw(actor, "messages")
    return ports.stop_messages(actor.id)


def _withdraw_nickname(actor: Actor, case_id: int | None) -> ports.Erased:
    return {"nickname": [actor.id] if identity.withdraw(actor, "nickname") else []}


def _withdraw_guardian(actor: Actor, case_id: int | None) -> ports.Erased:
    return {"guardian_consent": minors.withdraw(actor)}


def _withdraw_consent(actor: Actor, case_id: int | None) -> ports.Erased:
    erased: ports.Erased = {}
    for part in (_withdraw_contact, _withdraw_location, _withdraw_messages, _withdraw_nickname):
        erased |= part(actor, None)
    identity.withdraw(actor, "notice")
    return erased


def _delete_case(actor: Actor, case_id: int | None) -> ports.Erased:
    assert case_id is not None  # the confirmation names it
    try:
        case = cases.own_case_locked(actor.id, case_id)
    except NotFound:
        # The confirmation proves whose it was: sent twice, it finds the work done.
        if cases.is_stored_only(case_id):
            return {}
        raise
    if case.closed_at is None:
        raise Conflict("case_open", "这件事又重新办理了，办结以后才能删除。")
    return let_go(actor.id, case)


def _delete_all(actor: Actor, case_id: int | None) -> ports.Erased:
    erased = _withdraw_consent(actor, None)
    for case in cases.own_cases_locked(actor.id):
        if case.closed_at is not None:
            _add(erased, let_go(actor.id, case))
    _add(erased, ports.let_go(actor.id))
    _add(erased, media.forget_drafts_of(actor.id))
    return erased


def _close_account(actor: Actor, case_id: int | None) -> ports.Erased:
    unfinished = any(case.closed_at is None for case in cases.own_cases_locked(actor.id))
    if unfinished or ports.still_open(actor.id):
        raise Conflict("cases_open", "您还有事情正在办理，办结或撤回以后才能注销账号。")
    erased = _delete_all(actor, None)
    _add(erased, ports.forget_person(actor.id))
    identity.close_account(actor.id)
    _add(erased, {"account": [actor.id]})
    return erased


def let_go(resident_id: int, case: Case) -> ports.Erased:
    """Take the person out of one closed case, everywhere."""
    holder = ports.case_holder(case.kind)
    erased: ports.Erased = {
        "contact": [case.id] if holder.forget_contact(case) else [],
        "location": [case.id] if holder.make_coarse(case) else [],
        "words": [case.id] if holder.forget_words(case) else [],
    }
    _add(erased, ports.forget_case(resident_id, case.id))
    erased["timeline_note"] = cases.let_go(case)
    erased["case_person"] = [case.id]
    return erased


def forget_when_gone(resident_id: int) -> None:
    """WeChat says that the person closed their account there: the same as closing it here.

    What is still being handled loses the contact and stays a matter of the office until it is closed.
    """
    for case in cases.own_cases_locked(resident_id):
        if case.closed_at is not None:
            erased = let_go(resident_id, case)
        else:
            held = ports.case_holder(case.kind).forget_contact(case)
            erased = {"contact": [case.id] if held else []}
        for kind, ids in erased.items():
            log.note_deletion("platform.closed", kind, log.CLOSURE, ids)
    for kind, ids in ports.let_go(resident_id).items():
        log.note_deletion("platform.closed", kind, log.CLOSURE, ids)


def _add(total: ports.Erased, more: ports.Erased) -> None:
    for kind, ids in more.items():
        total.setdefault(kind, []).extend(ids)


_DEEDS: dict[str, Callable[[Actor, int | None], Any]] = {
    "withdraw_contact": _withdraw_contact,
    "withdraw_location": _withdraw_location,
    "withdraw_messages": _withdraw_messages,
    "withdraw_nickname": _withdraw_nickname,
    "withdraw_consent": _withdraw_consent,
    "withdraw_guardian": _withdraw_guardian,
    "delete_case": _delete_case,
    "delete_all": _delete_all,
    "close_account": _close_account,
}
