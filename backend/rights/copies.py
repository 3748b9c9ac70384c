"""A copy of everything kept about a person (PI-07): as JSON at once, as a PDF made by the worker."""

from __future__ import annotations

import base64
import importlib.resources
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
from sqlalchemy import select, update

from backend import audit
from backend.kernel import json
from backend.kernel.actor import Actor
from backend.kernel.clock import now, shanghai
from backend.kernel.db import db, run_unit
from backend.kernel.errors import Conflict, NotFound
from backend.kernel.ids import new_id
from backend.outbox import Call, Failure, Handler, Job, enqueue, handles
from backend.places.queries import towns
from backend.rights import ports
from backend.rights.models import RightsCopy
from backend.rights.purposes import BASES, PURPOSES

JOB = "rights.copy"
KEPT = timedelta(hours=24)
WAITING, MAKING, READY, FAILED = "waiting", "making", "ready", "failed"
PREFACE = (
    "这是我们保存的、能认出是您的全部信息。有不对的地方，可以在“我的个人信息”里更正；"
    "不再需要的，可以收回同意、删除或注销。"
)


def whole(resident_id: int) -> dict[str, Any]:
    """Everything kept about a person, with why and how long; what JSON and PDF both hold."""
    known = towns()
    return {
        "made_at": f"{shanghai(now()):%Y-%m-%d %H:%M}（北京时间）",
        "operator": known[0].operator if known else "",
        "preface": PREFACE,
        "purposes": purposes(),
        "sections": [
            {
                "code": section.code,
                "title": section.title,
                "records": [
                    {
                        "title": one.title,
                        "facts": [{"label": f.label, "value": f.value} for f in one.facts],
                    }
                    for one in section.records
                ],
            }
            for section in ports.sections(resident_id)
        ],
    }


def purposes() -> list[dict[str, str]]:
    """The table of purposes with their legal bases (PI-01)."""
    return [
        {
            "code": p.code,
            "title": p.title,
            "what": p.what,
            "why": p.why,
            "basis": p.basis,
            "basis_label": BASES[p.basis],
            "source": p.source,
            "kept": p.kept,
            "deed": p.deed,
        }
        for p in PURPOSES
    ]


def copy_now(actor: Actor) -> dict[str, Any]:
    """The JSON copy; that it was handed out is on record."""
    audit.record(actor, "own_data_copied", "resident", actor.id, {"as": "json"})
    return whole(actor.id)


def order(actor: Actor) -> RightsCopy:
    """Have a PDF made; while one is being made, that one is the answer."""
    moment = now()
    under_way = db.session.scalars(
        select(RightsCopy).where(
            RightsCopy.resident_id == actor.id,
            RightsCopy.state.in_((WAITING, MAKING)),
            RightsCopy.expires_at > moment,
        )
    ).first()
    if under_way is not None:
        return under_way
    row = RightsCopy(
        id=new_id(),
        resident_id=actor.id,
        state=WAITING,
        progress=0,
        created_at=moment,
        expires_at=moment + KEPT,
    )
    db.session.add(row)
    db.session.flush()
    enqueue(JOB, {"copy_id": str(row.id)}, key=f"{JOB}:{row.id}")
    audit.record(actor, "own_data_copied", "resident", actor.id, {"as": "pdf"})
    return row


def own_copy(actor: Actor, copy_id: int) -> RightsCopy:
    """One's own copy while it lasts; another's, and an old one, look like none."""
    row = db.session.get(RightsCopy, copy_id)
    if row is None or row.resident_id != actor.id or row.expires_at <= now():
        raise NotFound("copy_gone", "没有找到这份文件：只保留 24 小时，请重新生成一份。")
    return row


def file_of(actor: Actor, copy_id: int) -> bytes:
    """The PDF. Conflict while it is not ready."""
    row = own_copy(actor, copy_id)
    if row.state != READY or row.content is None:
        raise Conflict("copy_not_ready", "文件还没有做好，请稍等一会儿。")
    return base64.b64decode(row.content)


@handles(JOB)
class MakeCopy(Handler):
    """Read in one unit, set the pages with no transaction open, keep the file in another."""

    lease_seconds = 120

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        row = db.session.get(RightsCopy, int(job.payload["copy_id"]))
        if row is None or row.state == READY or row.expires_at <= now():
            return None
        row.state, row.progress = MAKING, 30
        data, copy_id = whole(row.resident_id), row.id
        db.session.flush()

        def make() -> bytes:
            pages = pdf(data)
            run_unit(lambda: _progress(copy_id, 90))
            return pages

        return Call(make)

    def complete(self, job: Job, result: bytes | None) -> None:
        row = db.session.get(RightsCopy, int(job.payload["copy_id"]))
        if row is not None and result is not None:
            row.content = base64.b64encode(result).decode()
            row.state, row.progress = READY, 100

    def gave_up(self, job: Job, failure: Failure, state: str) -> None:
        row = db.session.get(RightsCopy, int(job.payload["copy_id"]))
        if row is not None:
            row.state = FAILED


def _progress(copy_id: int, percent: int) -> None:
    db.session.execute(update(RightsCopy).where(RightsCopy.id == copy_id).values(progress=percent))


def pdf(data: dict[str, Any]) -> bytes:
    """The copy as PDF/A-like pages in Chinese; the fonts come with a package, nothing of the machine is used."""
    import typst  # loaded by those who make a copy: every process would carry it otherwise

    made: bytes = typst.compile(  # type: ignore[misc]  # its overloads know bytes; mypy loses them
        _template(), font_paths=[str(_fonts())], sys_inputs={"data": json.dumps(data)}
    )
    return made


@cache
def _template() -> bytes:
    return importlib.resources.files("backend.rights").joinpath("files/copy.typ").read_bytes()


@cache
def _fonts() -> Path:
    return Path(pylopdf_fonts_zh_cn.__file__).parent
