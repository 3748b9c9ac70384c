"""Finance sheets of 湾头村 (V01) for tests, made by the services on the clerk's behalf."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask

from backend.finance import parts, services
from backend.finance.entries import Content, Entry
from backend.finance.jobs import start_print
from backend.finance.states import DONE
from backend.identity.acting import acting
from backend.identity.models import Staff
from backend.kernel.actor import Actor
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node
from tests.factories.identity import place_id

MONTH = "2026-02"


def clerk(username: str = "wenshu1") -> Actor:
    """The clerk with the roles they hold. Within an application's context."""
    staff_id = db.session.scalars(db.select(Staff.id).where(Staff.username == username)).one()
    found = acting(staff_id)
    assert found is not None, username
    return found


def entries(month: str = MONTH) -> tuple[Entry, ...]:
    """Three entries of a month: 8,000.00 in, 1,200.55 out."""
    year, number = int(month[:4]), int(month[5:])
    said: dict[str, Any] = {"handler": "李建国", "witness": "王秀英", "approver": "赵德厚", "papers": 1}
    return (
        Entry(1, date(year, number, 5), "收到鱼塘承包费", "in_contract", 800000, 0, "记1", "张伟", **said),
        Entry(2, date(year, number, 12), "支付李建国误工费", "out_office", 0, 20055, "记2", "李建国", **said),
        Entry(
            3, date(year, number, 20), "路灯电费", "out_operation", 0, 100000, "记3", "南沙河供电所", **said
        ),
    )  # fmt: skip


def put_sheet(
    app: Flask,
    month: str = MONTH,
    *,
    village: str = "V01",
    lines: tuple[Entry, ...] | None = None,
    opening_fen: int | None = None,
    sealed: bool = False,
    shown: bool = False,
    username: str = "wenshu1",
) -> int:
    """A sheet of a month, with the three entries unless others are given; its id."""
    village_id = place_id(app, village)

    def made() -> int:
        actor = clerk(username)
        sheet = services.begin(actor, village_id, month)
        services.put(actor, sheet, Content(month, lines or entries(month), opening_fen=opening_fen))
        if sealed or shown:
            services.seal(actor, sheet.id)
        if shown:
            services.show(sheet.id)
        return int(sheet.id)

    return int(inside(app, made))


def put_print(app: Flask, sheet_id: int, staff_id: int) -> int:
    """A print that this member of staff asked for and that is done; its id."""

    def asked() -> int:
        actor = acting(staff_id)
        assert actor is not None
        job = start_print(actor, sheet_id)
        parts.put(job.id, b"%PDF-1.7")
        job.state = DONE
        return int(job.id)

    return int(inside(app, asked))


def inside(app: Flask, unit: Any) -> Any:
    """Something done within the program."""
    with app.app_context():
        ensure_node()
        return run_unit(unit)
