"""The only writers of photo reports: submit, take an action, dispatch by rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from backend.cases.access import load_locked
from backend.cases.models import Case
from backend.cases.routing import propose
from backend.kernel.actor import SYSTEM, Actor
from backend.kernel.clock import now
from backend.kernel.db import db
from backend.kernel.errors import Conflict, Invalid
from backend.kernel.ids import new_code, new_id
from backend.media import services as media
from backend.outbox.services import enqueue
from backend.places import queries as places
from backend.reports import effects, queries
from backend.reports.effects import Taken
from backend.reports.models import Category, Report
from backend.reports.states import TABLE
from backend.workflow import engine

MOST_PHOTOS = 9
TITLE_LENGTH = 30
ROUTE_JOB = "report.route"
_REPORT = insert(Report.__table__)  # type: ignore[arg-type]  # a mapped class has a table


@dataclass(frozen=True)
class Submission:
    """What was filled in about a matter, already checked field by field."""

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
    confidential: bool = False


def submission_of(given: Mapping[str, Any], town_id: int) -> Submission:
    """What a form of the API says of a matter, whoever brings it."""
    point = given["point"] or {}
    return Submission(
        town_id=town_id,
        text=given["text"],
        category_code=given["category_code"] or None,
        lon=point.get("lon"),
        lat=point.get("lat"),
        place_id=given["place_id"],
        address=given["address"],
        contact_name=given["contact_name"],
        contact_phone=given["contact_phone"],
        media_ids=tuple(given["media_ids"]),
        confidential=given["confidential"],
    )


def submit(actor: Actor, submission: Submission) -> Case:
    """Bring a photo report: located, numbered, its clocks started, its photos attached.

    Raises Invalid when the point lies outside the town and no village was chosen by hand, when the
    category is unknown, or a photo cannot be attached; nothing is written then.
    """
    category = queries.category(submission.town_id, submission.category_code)
    case = new_case(submission, category, actor.id)
    bring(case, submission, actor, channel=actor.channel or "h5")
    return case


def bring(
    case: Case,
    submission: Submission,
    actor: Actor,
    *,
    channel: str,
    action: str = "submit",
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Begin the case by an edge: its row, the report beside it, the photos, and the question who gets it."""
    kept = {"photos": len(submission.media_ids)} | dict(data or {})
    engine.begin(case, actor, action=action, note=note, data=kept)
    db.session.add(case)
    db.session.flush()
    report = {
        "case_id": case.id,
        "text": submission.text,
        "point_lon": submission.lon,
        "point_lat": submission.lat,
        "address": submission.address or None,
        "contact_name": submission.contact_name or None,
        "contact_phone": submission.contact_phone or None,
        "channel": channel,
    }
    # Beside the case's flush and without a second one; the unit of work would not know which comes first.
    db.session.execute(_REPORT, report)
    photos = media.attach(actor, submission.media_ids, TABLE.kind, case.id, "before", MOST_PHOTOS)
    if photos:
        case.cover_key = photos[0].thumb_key
    enqueue(ROUTE_JOB, {"case_id": str(case.id)}, key=f"{ROUTE_JOB}:{case.id}")
    db.session.flush()


def new_case(submission: Submission, category: Category, resident_id: int | None) -> Case:
    """The case's row, located; its state and clocks come from the engine.

    Raises Invalid when the place cannot be told.
    """
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
        confidential=submission.confidential,
        resident_id=resident_id,
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
    data = effects.shown_data(case, action, actor, given, rule)
    entry = engine.perform(case, action, actor, version=version, given=given, data=data)
    effects.carry_out(action, Taken(case, actor, given, entry))
    role = "after" if action in effects.AFTER_PHOTOS else "before"
    photos = tuple(int(m) for m in given.get("media_ids") or ())
    media.attach(actor, photos, TABLE.kind, case.id, role, MOST_PHOTOS)
    if entry.visibility != "staff":
        case.updated_at = entry.at  # the look-up by code shows it: internal notes leave no trace there
    db.session.flush()


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
