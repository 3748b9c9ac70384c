"""The only writers of photo reports: submit, take an action, dispatch by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.cases.routing import propose
from backend.cases.services import assign
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_code, new_id
from backend.media import services as media
from backend.outbox.services import enqueue
from backend.places import queries as places
from backend.reports import queries
from backend.reports.models import Category, Report
from backend.reports.states import ANSWER_CLOCK, TABLE
from backend.workflow import clocks, engine

MOST_PHOTOS = 9
TITLE_LENGTH = 30
ROUTE_JOB = "report.route"


@dataclass(frozen=True)
class Submission:
    """What a resident filled in, already checked field by field."""

    town_id: int
    text: str
    category_code: str | None
    lon: float | None
    lat: float | None
    place_id: int | None
    address: str
    contact_name: str
    contact_phone: str
    media_ids: tuple[int, ...] = field(default_factory=tuple)


def submit(actor: Actor, submission: Submission) -> Case:
    """Bring a photo report: located, numbered, its clocks started, its photos attached.

    Raises Invalid when the point lies outside the town and no village was chosen by hand, when the
    category is unknown, or a photo cannot be attached; nothing is written then.
    """
    category = queries.category(submission.town_id, submission.category_code)
    case = _new_case(actor, submission, category)
    report = Report(
        case_id=case.id,
        text=submission.text,
        point_lon=submission.lon,
        point_lat=submission.lat,
        address=submission.address or None,
        contact_name=submission.contact_name or None,
        contact_phone=submission.contact_phone or None,
        channel=actor.channel or "h5",
    )
    engine.begin(case, actor, data={"photos": len(submission.media_ids)})
    db.session.add(case)
    db.session.flush()
    db.session.add(report)
    photos = media.attach(actor, submission.media_ids, TABLE.kind, case.id, "before", MOST_PHOTOS)
    if photos:
        case.cover_key = photos[0].thumb_key
    enqueue(ROUTE_JOB, {"case_id": str(case.id)}, key=f"{ROUTE_JOB}:{case.id}")
    db.session.flush()
    return case


def _new_case(actor: Actor, submission: Submission, category: Category) -> Case:
    """The case's row, located; its state and clocks come from the engine."""
    located = _locate(submission, category)
    moment = now()
    return Case(
        id=new_id(),
        kind=TABLE.kind,
        code=new_code(),
        town_id=submission.town_id,
        **_place_ids(located),
        place_label=located.label if located else "",
        category_id=category.id,
        category_code=category.code,
        category_name=category.name,
        title=_title(submission.text, category),
        urgency=category.urgency,
        resident_id=actor.id,
        created_at=moment,
        updated_at=moment,
    )


def _title(text: str, category: Category) -> str:
    first = text.split("\n", 1)[0].strip()
    if not first:
        return category.name
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def _locate(submission: Submission, category: Category) -> places.Located | None:
    """The places of the pin, or of the village chosen by hand; the pin may lie outside only with the latter."""
    if submission.lon is not None and submission.lat is not None:
        located = places.locate(submission.town_id, submission.lon, submission.lat)
        if located is not None:
            return located
        if submission.place_id is None:
            raise Invalid(
                "outside_town",
                "这个位置不在本镇范围内。请把图钉移到镇里，或直接选择是哪个村的事。",
                fields={"point": ["不在本镇范围内"]},
            )
    if submission.place_id is not None:
        located = places.located_place(submission.place_id)
        if located.town.id != submission.town_id:
            raise Invalid(
                "place_unknown", "选择的村不在本镇，请重新选择。", fields={"place_id": ["请重新选择"]}
            )
        return located
    if category.place_required:
        raise Invalid(
            "place_missing", "请点一下地图告诉我们在哪里，或选择是哪个村。", fields={"point": ["请选择位置"]}
        )
    return None


def _place_ids(located: places.Located | None) -> dict[str, int | None]:
    def of(card: places.PlaceCard | None) -> int | None:
        return card.id if card is not None else None

    if located is None:
        return {}
    return {
        "area_id": of(located.area),
        "village_id": of(located.village),
        "grid_id": of(located.grid),
        "micro_grid_id": of(located.micro_grid),
    }


def act(
    case: Case, action: str, actor: Actor, version: int | None, given: Mapping[str, Any], rule: str = ""
) -> None:
    """Take an action on a photo report; the engine checks version, edge, policy and demands."""
    if action == "rate" and actor.kind == "resident" and case.rating is not None:
        raise Conflict("already_rated", "您已经评价过这件事了，谢谢您。")
    data = _shown_data(case, action, given, rule)
    entry = engine.perform(case, action, actor, version=version, given=given, data=data)
    _carry_out(case, action, actor, given)
    if entry.visibility != "staff":
        case.updated_at = entry.at  # the look-up by code shows it: internal notes leave no trace there
    db.session.flush()


def _shown_data(case: Case, action: str, given: Mapping[str, Any], rule: str) -> dict[str, Any]:
    """What the timeline row keeps beside the note; made before the row, which is never changed."""
    data: dict[str, Any] = {}
    if action in {"dispatch", "accept_and_dispatch"} and given.get("unit_id"):
        # Messages are made from the row, so it says by id whom it was given to.
        data |= {
            "unit": queries.unit_name(int(given["unit_id"])),
            "unit_id": str(given["unit_id"]),
            "staff_id": str(given.get("staff_id") or ""),
        }
    elif case.assignee_unit_name:
        data |= {
            "unit": case.assignee_unit_name,
            "unit_id": str(case.assignee_unit_id or ""),
            "staff_id": str(case.assignee_staff_id or ""),
        }
    if rule:
        data["rule"] = rule
    for name in ("outcome", "score"):
        if given.get(name):
            data[name] = given[name]
    if given.get("media_ids"):
        data["media_ids"] = [str(m) for m in given["media_ids"]]
    return data


def _carry_out(case: Case, action: str, actor: Actor, given: Mapping[str, Any]) -> None:
    """What an edge changes besides the state."""
    if action in {"dispatch", "accept_and_dispatch"}:
        staff_id = given.get("staff_id")
        assign(case, int(given["unit_id"]), int(staff_id) if staff_id else None)
    elif action == "start" and case.assignee_staff_id is None:
        case.assignee_staff_id = actor.id
    elif action == "handle":
        case.handled_by = actor.id
    elif action == "pass_check":
        case.outcome = given["outcome"]
        queries.report_of(case).reply = given["reply"]
    elif action == "approve_reopen":
        case.reopen_count += 1
        case.rating = case.rated_at = case.outcome = None
    elif action == "refuse_reopen":
        case.closed_at = _answered_at(case)
    elif action == "rate":
        case.rating, case.rated_at = given["score"], now()
        queries.report_of(case).rating_comment = given.get("note") or None
    role = "after" if action == "handle" else "before"
    media.attach(
        actor, tuple(int(m) for m in given.get("media_ids") or ()), TABLE.kind, case.id, role, MOST_PHOTOS
    )


def _answered_at(case: Case) -> datetime | None:
    """When it was closed before it was disputed: a refusal does not make the answer a later one."""
    answer = next(c for c in clocks.of_subject(case.kind, case.id) if c.name == ANSWER_CLOCK)
    return answer.stopped_at


def route_by_rule(case_id: int) -> bool:
    """Accept and dispatch a new report when the first fitting rule says `auto`; False when it does not.

    A dispatcher who was faster wins: the case is then no longer waiting and nothing happens.
    """
    case = load_locked(case_id)
    if case is None or case.state != TABLE.initial:
        return False
    proposal = propose(case)
    if proposal is None or not proposal.auto:
        return False
    given = {"unit_id": proposal.unit_id, "staff_id": proposal.staff_id}
    act(case, "accept_and_dispatch", SYSTEM, None, given, rule=proposal.rule_name)
    return True


def replace_categories(town_id: int, categories: list[Category]) -> None:
    """Put a town's catalogue in place: found by code, updated, or switched off when gone."""
    held = {c.code: c for c in queries.all_categories(town_id)}
    columns = [c.key for c in Category.__table__.columns if c.key not in {"id", "town_id", "code", "version"}]
    for category in categories:
        target = held.pop(category.code, None)
        category.active = True
        if target is None:
            db.session.add(category)
            continue
        for name in columns:
            setattr(target, name, getattr(category, name))
    for gone in held.values():
        gone.active = False
    db.session.flush()
