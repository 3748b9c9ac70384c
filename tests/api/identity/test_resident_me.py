"""What residents say of themselves."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEntry
from backend.identity.models import Resident
from backend.kernel.clock import FrozenClock
from tests.factories.identity import resident
from tests.fakes.platform import RecordingPlatform


def test_settings_of_ones_own(app: Flask) -> None:
    caller = resident(app)
    assert caller.patch("/resident/me", {"elder_view": True, "notify": False}).status_code == 200
    me = caller.get("/resident/me").json
    assert (me["elder_view"], me["notify"]) == (True, False)


def test_a_phone_number_that_was_typed_is_shown_masked(app: Flask) -> None:
    caller = resident(app)
    assert caller.patch("/resident/me", {"phone": "13812345678"}).json["phone_masked"] == "138****5678"
    assert caller.patch("/resident/me", {"phone": None}).json["phone_masked"] is None


@pytest.mark.parametrize("phone", ["123", "1381234567a", "23812345678", "+8613812345678", 13812345678])
def test_what_is_no_phone_number(app: Flask, phone: object) -> None:
    answer = resident(app).patch("/resident/me", {"phone": phone})
    assert answer.status_code == 422
    assert "phone" in answer.json["fields"]


def test_a_phone_number_by_wechats_button(app: Flask, platform: RecordingPlatform) -> None:
    platform.phones["phone-code"] = "13987654321"
    caller = resident(app)
    answer = caller.post("/resident/me/phone", {"code": "phone-code"})
    assert answer.json["phone_masked"] == "139****4321"
    spent = caller.post("/resident/me/phone", {"code": "other"})
    assert (spent.status_code, spent.json["code"]) == (422, "wechat_code_spent")


def test_consent_is_kept_with_its_version_and_time(
    app: Flask, clock: FrozenClock, db_session: Session
) -> None:
    caller = resident(app)
    assert caller.post("/resident/me/consent", {"version": "2026-03"}).json["consent_version"] == "2026-03"
    person = db_session.execute(select(Resident)).scalar_one()
    assert person.consented_at == clock.now()
    entry = db_session.execute(select(AuditEntry).where(AuditEntry.what == "consent_given")).scalar_one()
    assert (entry.subject_id, entry.detail) == (person.id, {"version": "2026-03"})


def test_nothing_else_can_be_changed(app: Flask) -> None:
    caller = resident(app)
    answer = caller.patch("/resident/me", {"id": "1", "consent_version": "x", "merged_into": "1"})
    assert answer.status_code == 422
