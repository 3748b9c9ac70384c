"""Brought in by staff: for people who call, write or visit (HOT-01), and by the grid worker who sees it (GRID-03).

The same matter comes in by the same door as a resident's: located, numbered, its clocks started, the
town's rules asked who gets it. What is settled on the spot is closed at once, with its proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from backend.cases.models import Case
from backend.kernel.actor import Actor
from backend.kernel.clock import start_of_day, today
from backend.kernel.errors import Forbidden, Invalid
from backend.media import services as media
from backend.reports import call_backs, policy, queries
from backend.reports.models import Category
from backend.reports.services import MOST_PHOTOS, Submission, bring, new_case
from backend.reports.states import ANSWER_CLOCK, TABLE
from backend.workflow import clocks
from backend.workflow.kinds import kind_of

REGISTER, FOUND, SETTLED = "register", "report_found", "settle_on_spot"
ACTIONS = (REGISTER, FOUND, SETTLED)
#: how a matter reached the desk; what a worker finds has the channel "worker"
DESK_CHANNELS = ("phone", "visit", "letter", "upstream")
WORKER = "worker"
#: why the answer clock has a date that was not counted
ORDER = "order"
LONGEST_ORDER = timedelta(days=366)


@dataclass(frozen=True)
class Upstream:
    """An order that comes down from above: whose it is, its number there, and the date it sets."""

    body: str
    number: str
    due_on: date | None


@dataclass(frozen=True)
class Intake:
    """What staff filled in, already checked field by field."""

    action: str
    channel: str
    submission: Submission
    upstream: Upstream | None = None
    note: str = ""
    after_media_ids: tuple[int, ...] = ()


def take_in(actor: Actor, intake: Intake) -> Case:
    """Bring a matter in for somebody else, or as a grid worker; nothing is written when it is refused.

    Raises Forbidden without the permission, Invalid with the fields at fault: a place outside the
    actor's own scope (GRID-03: one's own grid), a category that is not the worker's, a missing photo.
    """
    category = queries.category(intake.submission.town_id, intake.submission.category_code)
    _demand(_faults(intake, category))
    case = new_case(intake.submission, category, None)
    _check_scope(actor, case, intake.action)
    case.registered_by = actor.id
    if intake.upstream is not None:
        case.upstream_body, case.upstream_due_on = intake.upstream.body, intake.upstream.due_on
        case.upstream_number = intake.upstream.number or None
    if intake.action == SETTLED:
        _settle(case, actor, intake)
    else:
        channel = intake.channel if intake.action == REGISTER else WORKER
        bring(case, intake.submission, actor, channel=channel, action=intake.action)
        _keep_order(case)
    return case


def _keep_order(case: Case) -> None:
    """HOT-12: the date that came with an order from above stands instead of the one counted here."""
    if case.upstream_due_on is not None:
        due = start_of_day(case.upstream_due_on + timedelta(days=1)) - timedelta(seconds=1)
        clocks.agree(case, kind_of(case.kind), ANSWER_CLOCK, due, ORDER)


def _settle(case: Case, actor: Actor, intake: Intake) -> None:
    """GRID-03 自办: done by the worker, so theirs, handled by them, and resolved from the first row on."""
    case.assignee_unit_id, case.assignee_unit_name = actor.unit_id, actor.unit_name
    case.assignee_staff_id = case.handled_by = actor.id
    case.assignee_role, case.outcome = "grid_worker", "resolved"
    shown = [str(i) for i in (*intake.submission.media_ids, *intake.after_media_ids)]
    data = {"unit": actor.unit_name, "outcome": "resolved", "media_ids": shown}
    bring(case, intake.submission, actor, channel=WORKER, action=SETTLED, note=intake.note, data=data)
    queries.report_of(case).reply = intake.note
    media.attach(actor, intake.after_media_ids, TABLE.kind, case.id, "after", MOST_PHOTOS)
    call_backs.check_on_spot(case)


def _check_scope(actor: Actor, case: Case, action: str) -> None:
    """Whether the place lies where the actor may bring matters in."""
    edge = TABLE.edge(action, "")
    if edge is None or not all(actor.may(permission) for permission in policy.NEEDED[action]):
        raise Forbidden
    if not policy.may_take(case, edge, actor):
        mine = "您负责的网格" if actor.may("case.handle") else "您负责的范围"
        said = f"这个位置不在{mine}里，请核对位置；别处的事请告诉镇里登记。"
        raise Invalid("outside_scope", said, fields={"point": [f"不在{mine}里"]})


def _faults(intake: Intake, category: Category) -> dict[str, str]:
    """What is missing or does not belong, by field."""
    found = _registered(intake) if intake.action == REGISTER else _found_by_worker(intake, category)
    if intake.action == SETTLED:
        found |= _settled(intake, category)
    elif intake.note or intake.after_media_ids:
        found["note"] = "只有现场自办要写怎么处理的"
    return found


def _registered(intake: Intake) -> dict[str, str]:
    found: dict[str, str] = {}
    if not intake.submission.text.strip():
        found["text"] = "请写一句话，说说是什么问题"
    if intake.channel not in DESK_CHANNELS:
        found["channel"] = "请选择是来电、来访、来信还是上级转来"
    return found | _ordered(intake)


def _ordered(intake: Intake) -> dict[str, str]:
    """§3.4 level one: the upstream deadline wins, so it must be a date that can be kept."""
    order = intake.upstream
    if intake.channel != "upstream":
        return {} if order is None else {"upstream_body": "上级转来的才填写这几项"}
    if order is None or not order.body:
        return {"upstream_body": "请写明是哪个上级或部门转来的"}
    if order.due_on is not None and not today() <= order.due_on <= today() + LONGEST_ORDER:
        return {"upstream_due_on": "上级要求的日期应在今天以后一年之内；已经过期的请不填，在内容里写明"}
    return {}


def _found_by_worker(intake: Intake, category: Category) -> dict[str, str]:
    """Events of places and things only (§3.3): no service for a person, and nobody's contact."""
    found: dict[str, str] = {}
    if not category.place_required:
        found["category_code"] = "巡查上报只报看得见的事和物，请换一个类别；替人反映请用代为登记"
    given = intake.submission
    if given.contact_name or given.contact_phone or given.confidential:
        found["contact_phone"] = "巡查上报不用填联系人"
    if intake.upstream is not None:
        found["upstream_body"] = "上级转来的才填写这几项"
    return found


def _settled(intake: Intake, category: Category) -> dict[str, str]:
    """A photo is demanded only where the category says why (国办函〔2026〕12号)."""
    found: dict[str, str] = {}
    if not category.self_settle:
        found["category_code"] = f"“{category.name}”不能现场自办，请用巡查上报交镇里分流"
    if not intake.note.strip():
        found["note"] = "请写一句怎么处理的"
    if category.before_photo and not intake.submission.media_ids:
        found["media_ids"] = f"请拍一张处理前的照片（{category.before_photo_reason}）"
    if category.after_photo and not intake.after_media_ids:
        found["after_media_ids"] = f"请拍一张处理后的照片（{category.after_photo_reason}）"
    return found


def _demand(faults: dict[str, str]) -> None:
    if faults:
        said = {name: [sentence] for name, sentence in faults.items()}
        raise Invalid("intake_incomplete", "；".join(faults.values()) + "。", fields=said)
