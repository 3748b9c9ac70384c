"""A phone that sends twice makes one case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.cases.models import Case
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.kernel.idempotency import KEPT, IdempotencyKey, forget_keys
from backend.workflow.models import TimelineEntry
from tests.factories.cases import Cast, body
from tests.factories.identity import worker

KEY = {"Idempotency-Key": "one-tap"}


def cases(cast: Cast) -> int:
    with cast.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Case)) or 0


def test_the_same_body_gets_the_same_answer(cast: Cast) -> None:
    wang = cast.resident()
    first = wang.post("/resident/reports", body(), headers=KEY)
    again = wang.post("/resident/reports", body(), headers=KEY)
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert cases(cast) == 1


def test_another_body_under_the_same_key_is_refused(cast: Cast) -> None:
    wang = cast.resident()
    wang.post("/resident/reports", body(), headers=KEY)
    other = wang.post("/resident/reports", body(text="另一件事"), headers=KEY)
    assert (other.status_code, other.json["code"]) == (409, "idempotency_key_reused")
    assert other.json["message"] == "这个提交编号已用于另一份内容，请刷新页面后重新提交。"
    assert cases(cast) == 1


@pytest.mark.parametrize("key", ["", "   ", "k" * 65])
def test_no_key_no_case(cast: Cast, key: str) -> None:
    answer = cast.resident().post("/resident/reports", body(), headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_missing")
    assert cases(cast) == 0


def test_everyone_has_their_own_keys(cast: Cast) -> None:
    one = cast.resident("wang").post("/resident/reports", body(), headers=KEY)
    other = cast.resident("li").post("/resident/reports", body(), headers=KEY)
    assert one.json["id"] != other.json["id"]
    upper = cast.resident("wang").post("/resident/reports", body(), headers={"Idempotency-Key": "ONE-TAP"})
    assert upper.json["id"] not in {one.json["id"], other.json["id"]}


def test_a_refused_submission_does_not_spend_the_key(cast: Cast) -> None:
    wang = cast.resident()
    assert wang.post("/resident/reports", body(text=""), headers=KEY).status_code == 422
    assert wang.post("/resident/reports", body(), headers=KEY).status_code == 201


def test_sending_again_is_not_held_against_the_sender(cast: Cast) -> None:
    wang = cast.resident()
    answers = [wang.post("/resident/reports", body(), headers=KEY).status_code for _ in range(10)]
    assert set(answers) == {201}
    # but seven new ones within a minute are too many
    fresh = [wang.post("/resident/reports", body(text=f"第{n}件")).status_code for n in range(6)]
    assert fresh == [201] * 5 + [429]
    assert cases(cast) == 6


def test_keys_are_forgotten_after_fourteen_days(cast: Cast, clock: FrozenClock) -> None:
    cast.submit()
    clock.advance(KEPT - timedelta(hours=1))
    with cast.app.app_context():
        assert run_unit(lambda: forget_keys(now() - KEPT)) == 0
    clock.advance(timedelta(hours=2))
    with cast.app.app_context():
        assert run_unit(lambda: forget_keys(now() - KEPT)) == 1


def steps_of(cast: Cast, case_id: int) -> int:
    with cast.app.app_context():
        of_case = select(func.count()).select_from(TimelineEntry).where(TimelineEntry.subject_id == case_id)
        return db.session.scalar(of_case) or 0


class TestChangesOfState:
    """An answer lost on the way is given again: a worker's phone sends once (GRID-03)."""

    def test_the_same_under_one_key_is_done_once(self, cast: Cast) -> None:
        case_id = cast.bring_to("dispatched")
        phone, path = worker(cast.app, "chengguan"), f"/staff/cases/{case_id}/actions/start"
        given, before = {"version": cast.version(case_id)}, steps_of(cast, case_id)
        first, again = (phone.post(path, given, key="one-tap") for _ in range(2))
        assert (first.status_code, first.data) == (200, again.data), first.text
        assert again.status_code == 200
        assert steps_of(cast, case_id) == before + 1
        # without a key, or under another, it is an act of its own
        assert phone.post(path, given).status_code == 409
        assert phone.post(path, given, key="another-tap").json["code"] == "changed_meanwhile"

    def test_another_body_or_case_under_the_same_key_is_refused(self, cast: Cast) -> None:
        case_id, other = cast.bring_to("dispatched"), cast.bring_to("dispatched", who="li")
        phone, version = worker(cast.app, "chengguan"), cast.version(case_id)
        path = f"/staff/cases/{case_id}/actions/start"
        assert phone.post(path, {"version": version}, key="one-tap").status_code == 200
        changed = phone.post(path, {"version": version + 1}, key="one-tap")
        assert (changed.status_code, changed.json["code"]) == (409, "idempotency_key_reused")
        elsewhere = phone.post(f"/staff/cases/{other}/actions/start", {"version": version}, key="one-tap")
        assert (elsewhere.status_code, elsewhere.json["code"]) == (409, "idempotency_key_reused")
        assert cast.column(other, "state") == "dispatched"

    def test_a_refused_act_does_not_spend_the_key(self, cast: Cast) -> None:
        case_id = cast.bring_to("dispatched")
        phone, path = worker(cast.app, "chengguan"), f"/staff/cases/{case_id}/actions/start"
        version = cast.version(case_id)
        assert phone.post(path, {"version": version - 1}, key="one-tap").status_code == 409
        assert phone.post(path, {"version": version}, key="one-tap").status_code == 200

    def test_without_a_key_none_is_written(self, cast: Cast) -> None:
        case_id = cast.bring_to("dispatched")
        with cast.app.app_context():
            before = db.session.scalar(select(func.count()).select_from(IdempotencyKey))
        cast.act("chengguan", case_id, "start")
        with cast.app.app_context():
            assert db.session.scalar(select(func.count()).select_from(IdempotencyKey)) == before

    def test_a_key_too_long_to_keep_is_said(self, cast: Cast) -> None:
        case_id = cast.bring_to("dispatched")
        answer = worker(cast.app, "chengguan").post(
            f"/staff/cases/{case_id}/actions/start", {"version": cast.version(case_id)}, key="k" * 65
        )
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_too_long")


def test_the_remembered_answer_is_encrypted(cast: Cast) -> None:
    receipt = cast.submit()
    with cast.app.app_context():
        raw = db.session.connection().exec_driver_sql("SELECT answer FROM idempotency_keys").scalar_one()
        assert receipt["code"] not in raw
        assert receipt["code"] in (db.session.scalars(select(IdempotencyKey)).one().answer or "")
