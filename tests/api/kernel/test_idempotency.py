"""A phone that sends twice makes one case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from backend.cases.models import Case
from backend.kernel.clock import FrozenClock, now
from backend.kernel.db import db, run_unit
from backend.kernel.idempotency import KEPT, IdempotencyKey, forget_keys
from tests.factories.cases import Cast, body

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


def test_keys_are_forgotten_after_three_days(cast: Cast, clock: FrozenClock) -> None:
    cast.submit()
    clock.advance(KEPT - timedelta(hours=1))
    with cast.app.app_context():
        assert run_unit(lambda: forget_keys(now() - KEPT)) == 0
    clock.advance(timedelta(hours=2))
    with cast.app.app_context():
        assert run_unit(lambda: forget_keys(now() - KEPT)) == 1


def test_the_remembered_answer_is_encrypted(cast: Cast) -> None:
    receipt = cast.submit()
    with cast.app.app_context():
        raw = db.session.connection().exec_driver_sql("SELECT answer FROM idempotency_keys").scalar_one()
        assert receipt["code"] not in raw
        assert receipt["code"] in (db.session.scalars(select(IdempotencyKey)).one().answer or "")
