"""What anyone sees: state and dates by the code, and what the town did this month."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from backend.kernel import limits
from backend.kernel.clock import FrozenClock
from tests.factories.cases import Cast

PROGRESS = "/api/v1/public/progress/"


def test_a_code_opens_state_and_dates_and_nothing_else(cast: Cast, client: FlaskClient) -> None:
    case_id = cast.bring_to("handling", contact_name="王小明", address="示例路 1 号")
    code = cast.column(case_id, "code")
    answer = client.get(PROGRESS + code)
    assert answer.json == {
        "code": f"{code[:4]}-{code[4:8]}-{code[8:]}",
        "state": "handling",
        "state_label": "办理中",
        "tone": "run",
        "received_on": "2026-03-10",
        "due_on": "2026-03-17",
        "closed_on": None,
        "updated_at": "2026-03-10T02:00:00Z",
        "paused": False,
        "suspended_until": None,
        "merged": None,
    }
    for typed in (code.lower(), f"{code[:4]} {code[4:8]} {code[8:]}", f"{code[:4]}-{code[4:8]}-{code[8:]}"):
        assert client.get(PROGRESS + typed).json["code"] == answer.json["code"]


@pytest.mark.parametrize("code", ["000000000000", "7KQ4M2XN9ABC", "x", "编号", "A" * 300, "%00"])
def test_an_unknown_code(cast: Cast, client: FlaskClient, code: str) -> None:
    cast.bring_to("submitted")
    answer = client.get(PROGRESS + code)
    assert answer.status_code == 404
    assert answer.json["message"] == "没有查到这个查询码，请核对后再试。查询码共 12 位。"


def test_codes_cannot_be_guessed_at_speed(
    cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # nobody is logged in: only the address's backstop counts; here as if one person stood behind it
    monkeypatch.setattr(limits, "ADDRESS_FACTOR", 1)
    answers = [client.get(PROGRESS + f"{n:012}") for n in range(32)]
    assert {a.status_code for a in answers[:30]} == {404}
    assert {a.status_code for a in answers[30:]} == {429}
    assert answers[-1].json["message"] == "操作太频繁了，请稍等一会儿再试。"


def test_the_towns_month(cast: Cast, client: FlaskClient, clock: FrozenClock) -> None:
    home = client.get("/api/v1/public/home?town=dongwan").json
    assert home == {
        "month_from": "2026-03-01",
        "received": 0,
        "closed": 0,
        "median_days": None,
        "satisfied_percent": None,  # nobody rated: a dash, not 0 % and not 100 %
        "rated": 0,
    }
    last_month = cast.bring_to("submitted")
    cast.change(last_month, created_at=clock.now() - timedelta(days=20))
    for days, rating in ((1, "satisfied"), (2, "basically"), (9, "unsatisfied"), (3, None)):
        case_id = cast.bring_to("closed")
        cast.change(case_id, closed_at=clock.now() + timedelta(days=days), rating=rating)
    west = cast.bring_to("submitted", town="xiwan", category_code="X101", at=(117.11, 35.01))
    assert west
    home = client.get("/api/v1/public/home?town=dongwan").json
    assert (home["received"], home["closed"], home["rated"]) == (4, 4, 3)
    assert home["median_days"] == 2.5
    assert home["satisfied_percent"] == 63.3  # (1 + 0.9 + 0) / 3: silence is no answer
    assert client.get("/api/v1/public/home?town=xiwan").json["received"] == 1
    assert client.get("/api/v1/public/home?town=atlantis").status_code == 404
    assert client.get("/api/v1/public/home").status_code == 422
