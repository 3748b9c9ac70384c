"""Routes that read the wall, for everyone, and those of the report card."""

from __future__ import annotations

from tests.factories.identity import Caller
from tests.factories.report_cards import put_card
from tests.factories.wall_entries import put_entry
from tests.support.permissions.route import public, staff, town
from tests.support.permissions.scene import Scene

BOTH = {"dispatcher", "leader"}


def an_entry(scene: Scene, caller: Caller) -> dict[str, str]:
    """An entry on the wall of 东湾镇."""
    return {"entry_id": str(put_entry(scene.app)["id"])}


def a_published_card(scene: Scene, caller: Caller) -> dict[str, str]:
    """A report card of 东湾镇 that everybody may read."""
    return {"card_id": str(put_card(scene.app, state="published"))}


def a_draft(scene: Scene, caller: Caller) -> dict[str, str]:
    """A report card of 东湾镇 that the program has made."""
    return {"card_id": str(put_card(scene.app))}


def a_correction(scene: Scene, caller: Caller) -> dict[str, str]:
    """A correction of a report card that nobody has published."""
    put_card(scene.app, state="published")
    return {"card_id": str(put_card(scene.app, number=1))}


ROUTES = {
    "GET /api/v1/public/wall": public(),
    "GET /api/v1/public/wall/map": public(),
    "GET /api/v1/public/wall/filters": public(),
    "GET /api/v1/public/wall/<entry_id>": public(target=town(an_entry)),
    "GET /api/v1/public/wall/<entry_id>/follow-ups": public(target=town(an_entry)),
    "GET /api/v1/public/wall/<entry_id>/atom": public(target=town(an_entry)),
    "GET /api/v1/public/wall.atom": public(),
    "GET /api/v1/public/wall.json": public(),
    "GET /api/v1/public/report-cards": public(),
    "GET /api/v1/public/report-cards/<card_id>": public(target=town(a_published_card)),
    "GET /api/v1/staff/report-cards": staff(BOTH),
    "GET /api/v1/staff/report-cards/<card_id>": staff(BOTH, town(a_draft)),
    "POST /api/v1/staff/report-cards/<card_id>/figures": staff({"dispatcher"}, town(a_draft), {"version": 1}),
    "POST /api/v1/staff/report-cards/<card_id>/publication": staff({"leader"}, town(a_draft), {"version": 1}),
    "POST /api/v1/staff/report-cards/<card_id>/corrections": staff(
        {"dispatcher"}, town(a_published_card), {"reason": "漏算了三件"}
    ),
    "POST /api/v1/staff/report-cards/<card_id>/discarding": staff(
        {"dispatcher"}, town(a_correction), {"version": 1}
    ),
}
