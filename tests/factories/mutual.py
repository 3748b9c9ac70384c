"""Posts of neighbours, requests for a visit and agreements as rows: without the ways there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Flask

from backend.care.models import CareAgreement, CareVisit, HelpRequest
from backend.comments.models import Comment
from backend.kernel.clock import now, today
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.neighbours.models import NeighbourPost, NeighbourThread
from tests.factories.places import place

T = TypeVar("T")
SOMEBODY = 1
GUIDE: dict[str, Any] = {
    "title": "办理老年优待证",
    "group": "社会保障",
    "who": "本镇户籍、年满六十周岁",
    "materials": [{"name": "户口簿", "note": "看原件", "copies": 1}],
    "steps": ["到窗口填表", "当场领证"],
    "place": "镇便民服务中心 3 号窗口",
    "hours": "工作日 8:30–17:30",
    "phones": [{"name": "窗口", "phone": "0632-5550103"}],
    "takes": "当场办结",
    "fee": "不收费",
    "basis": "省优待老年人规定",
}
PHONE: dict[str, Any] = {"group": "紧急", "name": "报警", "phone": "110", "hours": "全天"}
PUT_UP: dict[str, Any] = {
    "town": "dongwan",
    "kind": "offer",
    "category": "harvest",
    "title": "自家萝卜吃不完",
    "text": "有二十来斤，谁家要可以来拿。",
}


def unit(app: Flask, work: Callable[[], T]) -> T:
    """Do it in a unit of its own."""
    with app.app_context():
        ensure_node()
        return run_unit(work)


def put_post(app: Flask, owner: int = SOMEBODY, state: str = "shown", **more: Any) -> int:
    """A post in V01 with its words; its id."""

    def made() -> int:
        where, moment, post_id = place("V01"), now(), new_id()
        said = Comment(
            id=new_id(), subject_kind="neighbour_post", subject_id=post_id, town_id=where.town_id,
            resident_id=owner, kind="comment", text="自家萝卜吃不完\n有二十来斤。", marks=[], state="shown",
            answer="", objection="", created_at=moment, shown_at=moment,
        )  # fmt: skip
        ended = moment if state in ("closed", "expired", "taken_down", "withdrawn") else None
        row = NeighbourPost(
            id=post_id, kind="neighbour_post", direction="offer", category="harvest", comment_id=said.id,
            resident_id=owner, title="自家萝卜吃不完", town_id=where.town_id, area_id=where.area_id,
            village_id=where.id, state=state, chain_head="0" * 64, expires_on=today() + timedelta(days=7),
            renewed=False, shown_at=moment, created_at=moment, updated_at=moment, closed_at=ended,
        )  # fmt: skip
        for name, value in more.items():
            setattr(row, name, value)
        db.session.add_all([said, row])
        return post_id

    return unit(app, made)


def put_thread(app: Flask, asker: int, owner: int = SOMEBODY) -> int:
    """A talk between these two about a post; its id."""
    post_id = put_post(app, owner)

    def made() -> int:
        moment = now()
        row = NeighbourThread(
            id=new_id(), post_id=post_id, owner_id=owner, asker_id=asker, created_at=moment, last_at=moment
        )
        db.session.add(row)
        db.session.flush()
        return row.id

    return unit(app, made)


def put_request(app: Flask, resident_id: int = SOMEBODY, worker: int | None = None, **more: Any) -> int:
    """A request for a visit in V01, given to that worker; its id."""

    def made() -> int:
        where, moment = place("V01"), now()
        row = HelpRequest(
            id=new_id(), kind="help_request", resident_id=resident_id, town_id=where.town_id,
            area_id=where.area_id, village_id=where.id, state="assigned" if worker else "asked",
            chain_head="0" * 64, for_whom="family", reason="ill", place="村东头", text="老人摔了一跤",
            phone="13800000001", assignee_staff_id=worker, created_at=moment, updated_at=moment,
        )  # fmt: skip
        for name, value in more.items():
            setattr(row, name, value)
        db.session.add(row)
        return row.id

    return unit(app, made)


def put_agreement(
    app: Flask, resident_id: int | None = SOMEBODY, worker: int | None = None, **more: Any
) -> int:
    """An agreement in V01 in force; its id."""

    def made() -> int:
        where = place("V01")
        row = CareAgreement(
            id=new_id(), state="active", version=1, resident_id=resident_id, town_id=where.town_id,
            area_id=where.area_id, village_id=where.id, rhythm="weekly", place="村东头", phone="13800000001",
            worker_id=worker, agreed_on=today(), created_at=now(),
        )  # fmt: skip
        for name, value in more.items():
            setattr(row, name, value)
        db.session.add(row)
        return row.id

    return unit(app, made)


def put_visit(app: Flask, worker: int, **more: Any) -> int:
    """A visit of that worker that is due today; its id."""
    agreement_id = put_agreement(app, worker=worker)

    def made() -> int:
        row = CareVisit(
            id=new_id(), agreement_id=agreement_id, day=today(), state="planned", version=1,
            worker_id=worker, created_at=now(),
        )  # fmt: skip
        for name, value in more.items():
            setattr(row, name, value)
        db.session.add(row)
        return row.id

    return unit(app, made)
