"""Routes of finance sheets."""

from __future__ import annotations

from backend.finance.models import FinanceSheet
from backend.kernel.db import db
from tests.factories.finance import inside, put_print, put_sheet
from tests.factories.identity import Caller
from tests.support.permissions.route import Target, own, public, staff, town
from tests.support.permissions.scene import Scene

WRITERS = {"dispatcher", "village_clerk"}
READERS = WRITERS | {"village_supervisor", "leader", "village_secretary", "village_head"}
SAVED = {"version": 2, "head": {}, "lines": []}


def a_sheet(scene: Scene, caller: Caller) -> str:
    """The open sheet of a month of V01."""
    found = inside(
        scene.app, lambda: db.session.scalars(db.select(FinanceSheet.id).order_by(FinanceSheet.id)).first()
    )
    return str(found or put_sheet(scene.app))


def a_print(scene: Scene, caller: Caller) -> str:
    """One that the caller asked for."""
    return str(put_print(scene.app, int(a_sheet(scene, caller)), caller.id))


def an_import(scene: Scene, caller: Caller) -> str:
    """One that the caller sent in."""
    from tests.factories.finance_files import send_month

    return str(send_month(scene.app, caller, "2026-01")["id"])


def a_public_sheet(scene: Scene, caller: Caller) -> str:
    """One that everybody may read."""
    return str(put_sheet(scene.app, shown=True))


SHEET = town(a_sheet)

ROUTES = {
    "GET /api/v1/public/finance-sheets/<sheet_id>": public(target=Target("none", a_public_sheet)),
    "GET /api/v1/public/finance-charts": public(),
    "GET /api/v1/staff/finance-sheets": staff(READERS),
    "POST /api/v1/staff/finance-sheets": staff(WRITERS),
    "GET /api/v1/staff/finance-sheets/template": staff(WRITERS),
    "GET /api/v1/staff/finance-sheets/<sheet_id>": staff(READERS, SHEET),
    "PUT /api/v1/staff/finance-sheets/<sheet_id>": staff(WRITERS, SHEET, SAVED),
    "GET /api/v1/staff/finance-sheets/<sheet_id>/export": staff(READERS, SHEET),
    "POST /api/v1/staff/finance-sheets/<sheet_id>/print": staff(READERS, SHEET),
    "POST /api/v1/staff/finance-imports": staff(WRITERS),
    "GET /api/v1/staff/finance-imports/<job_id>": staff(WRITERS, own(an_import)),
    "GET /api/v1/staff/finance-prints/<job_id>": staff(READERS, own(a_print)),
    "GET /api/v1/staff/finance-prints/<job_id>/file": staff(READERS, own(a_print)),
}
