"""What petitions keep of a person goes by its date, the matter stays (PI-08, 档案法)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, transaction
from backend.petitions.models import PetitionParty, PetitionReading
from backend.petitions.progress import CONTACT_KEPT
from backend.petitions.visit_models import PetitionContactReading, PetitionVisit
from backend.rights import retention
from backend.rights.models import Deletion
from backend.rights.rules import RULES
from tests.api.petitions.test_visits import VISIT
from tests.factories.petition_cast import PetitionCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> PetitionCast:
    return PetitionCast(app)


def run(cast: PetitionCast) -> dict[str, int]:
    with cast.app.app_context():
        return {one.rule.code: one.many for one in retention.run() if one.many}


def due(cast: PetitionCast) -> dict[str, int]:
    with cast.app.app_context(), transaction(writing=False):
        return {one.rule.code: one.many for one in retention.due() if one.many}


def party(cast: PetitionCast, petition_id: int) -> tuple[Any, Any, Any, Any]:
    with cast.app.app_context(), transaction(writing=False):
        row = db.session.scalars(select(PetitionParty).where(PetitionParty.petition_id == petition_id)).one()
        return row.name, row.phone, row.address, row.id_number


def count(cast: PetitionCast, model: Any) -> int:
    with cast.app.app_context(), transaction(writing=False):
        return int(db.session.execute(select(func.count()).select_from(model)).scalar_one())


@pytest.mark.parametrize(("days", "gone"), [(364, False), (366, True)])
def test_how_to_reach_somebody_goes_a_year_after_the_end(
    cast: PetitionCast, clock: FrozenClock, days: int, gone: bool
) -> None:
    petition_id = cast.petition_in("withdrawn")
    clock.advance(timedelta(days=days))
    assert ("petition_contacts" in due(cast)) is gone
    run(cast)
    name, phone, address, _ = party(cast, petition_id)
    assert (phone is None, address is None) == (gone, gone)
    assert name == "王小明", "the matter and its papers stay stored"
    assert cast.of(petition_id, "claim")
    with cast.app.app_context(), transaction(writing=False):
        log = db.session.scalars(select(Deletion).where(Deletion.rule == "petition_contacts")).all()
    assert bool(log) is gone


@pytest.mark.parametrize("state", ["handling", "answered"])
def test_nothing_goes_while_something_is_owed(cast: PetitionCast, clock: FrozenClock, state: str) -> None:
    """Open; or answered with a claim that was supported and is not carried out yet (PET-10)."""
    petition_id = cast.petition_in(state)
    clock.advance(timedelta(days=800))
    run(cast)
    assert party(cast, petition_id)[1] == "13800001234"


def test_a_phone_that_is_gone_does_not_leave_the_code_alone_as_the_key(
    cast: PetitionCast, clock: FrozenClock
) -> None:
    petition_id = cast.petition_in("withdrawn")
    code = cast.of(petition_id, "code")

    def look(phone: str) -> int:
        answer = cast.app.test_client().post(
            "/api/v1/public/petitions/progress", json={"code": code, "phone": phone}
        )
        return int(answer.status_code)

    assert (look("13800001234"), look("13800009999")) == (200, 404)
    clock.advance(timedelta(days=366))
    run(cast)
    assert (look("13800001234"), look("13800009999"), look("0")) == (404, 404, 404)
    (rule,) = (rule for rule in RULES if rule.code == "petition_contacts")
    assert rule.after == CONTACT_KEPT


def test_visits_readings_and_reasons_go_by_their_own_dates(cast: PetitionCast, clock: FrozenClock) -> None:
    petition_id = cast.petition_in("handling")
    cast.seen("xinfang", petition_id)
    path = f"/staff/petitions/{petition_id}/contact"
    assert cast.desk("xinfang").post(path, {"reason": "约时间"}).status_code == 200
    assert cast.resident("wang").post("/resident/petition-visits", VISIT).status_code == 201
    clock.advance(timedelta(days=91))
    assert "petition_visits" not in run(cast)
    clock.advance(timedelta(days=1))
    assert run(cast)["petition_visits"] == 1
    assert count(cast, PetitionVisit) == 0
    clock.advance(timedelta(days=1000))
    run(cast)
    assert (count(cast, PetitionReading) > 0, count(cast, PetitionContactReading)) == (True, 1)
    clock.advance(timedelta(days=5))
    run(cast)
    assert (count(cast, PetitionReading), count(cast, PetitionContactReading)) == (0, 0)
