"""Visits that a household has agreed to: recorded, planned, and cancelled at a word (domain-rules §8.1, guard 6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from backend.care.planning import days
from backend.kernel.clock import FrozenClock
from tests.api.care.conftest import Home
from tests.factories.identity import desk, worker

PAPER = {
    "rhythm": "weekly", "name": "王某", "place": "村东头", "phone": "13812345678", "agreed_on": "2026-03-09",
}  # fmt: skip


def test_agreed_it_is_planned_visited_and_taken_back_at_once(home: Home, clock: FrozenClock) -> None:
    unticked = home.agree(agreed=False)
    assert (unticked.status_code, list(unticked.json["fields"])) == (422, ["agreed"])
    made = home.agree()
    assert made.status_code == 201, made.text
    assert [one["on"] for one in made.json["visits"]] == [
        "2026-03-17", "2026-03-24", "2026-03-31", "2026-04-07", "2026-04-14",
    ]  # fmt: skip
    assert made.json["visitor"] == "网格丙"
    assert home.agree().json["code"] == "already_agreed"
    phone = worker(home.app, "wangge3")
    assert phone.get("/staff/care-visits").json["items"] == [], "nothing is due today"
    ahead = phone.get("/staff/care-visits?view=ahead").json["items"]
    assert len(ahead) == 5
    assert phone.get("/resident/me").json["staff"]["open_visits"] == 0, "what lies ahead does not wait yet"
    early = phone.post(f"/staff/care-visits/{ahead[0]['id']}/results/visited", {"version": 1}, key="a")
    assert early.json["code"] == "too_early"
    clock.advance(timedelta(days=7))
    home.run_jobs()
    phone = worker(home.app, "wangge3")
    due = phone.get("/staff/care-visits").json["items"]
    assert [(one["on"], one["place"], one["phone"]) for one in due] == [
        ("2026-03-17", "村东头第三排", "13812345678")
    ]
    assert worker(home.app, "wangge1").get(f"/staff/care-visits/{due[0]['id']}").status_code == 404
    assert phone.get("/resident/me").json["staff"]["open_visits"] == 1
    path = f"/staff/care-visits/{due[0]['id']}/results"
    assert phone.post(f"{path}/nonsense", {"version": 1}, key="b").status_code == 422
    body = {"version": 1, "note": "一切都好"}
    assert phone.post(f"{path}/visited", body, key="c").json["state_label"] == "已上门"
    assert phone.post(f"{path}/visited", body, key="d").status_code == 409
    mine = home.resident("wang").get("/resident/care-agreements").json["items"][0]
    assert (mine["visits"][0]["note"], len(mine["visits"])) == ("一切都好", 6), (
        "the timer has planned one more"
    )
    shown = home.desk("cunzhang2").get("/staff/care-agreements")
    assert "一切都好" not in shown.text, "what was seen there stays with those who need it"
    stranger = home.resident("zhao").post(f"/resident/care-agreements/{mine['id']}/revocation")
    assert stranger.status_code == 404
    revoked = home.resident("wang").post(f"/resident/care-agreements/{mine['id']}/revocation")
    assert (revoked.json["state"], revoked.json["delete_on"]) == ("revoked", "2026-06-15")
    assert {one.state for one in home.visits()} == {"visited", "cancelled"}
    assert phone.get("/staff/care-visits?view=ahead").json["items"] == []
    again = home.resident("wang").post(f"/resident/care-agreements/{mine['id']}/revocation")
    assert again.status_code == 200, "again changes nothing"
    clock.advance(timedelta(days=7))
    home.run_jobs()
    assert "planned" not in {one.state for one in home.visits()}, "nothing is planned without an agreement"


def test_a_paper_is_read_by_two_people_before_anything_is_planned(home: Home) -> None:
    village = home.village("V02")
    head = home.desk("cunzhang2")
    late = head.post("/staff/care-agreements", PAPER | {"village_id": village, "agreed_on": "2026-03-11"})
    assert (late.status_code, late.json["code"]) == (422, "agreed_on_missing")
    elsewhere = head.post("/staff/care-agreements", PAPER | {"village_id": home.village("V01")})
    assert elsewhere.status_code == 403
    made = head.post("/staff/care-agreements", PAPER | {"village_id": village})
    assert made.status_code == 201, made.text
    assert (made.json["state_label"], made.json["actions"]) == ("待另一人核对", ["revoke"])
    assert home.visits() == []
    path = f"/staff/care-agreements/{made.json['id']}/actions"
    assert head.post(f"{path}/confirm", {"version": 1}).json["code"] == "second_person"
    assert home.desk("cunzhang1").post(f"{path}/confirm", {"version": 1}).status_code == 404
    assert home.desk("fenliu").post(f"{path}/confirm", {"version": 1}).json["state"] == "active"
    assert len(home.visits()) == 5
    wrong = head.post(f"{path}/assign", {"version": 2, "staff_id": str(desk(home.app, "wangge1").id)})
    assert wrong.json["code"] == "worker_unknown"
    assert head.post(f"{path}/revoke", {"version": 1}).status_code == 409
    assert head.post(f"{path}/revoke", {"version": 2}).json["state"] == "revoked"
    assert {one.state for one in home.visits()} == {"cancelled"}
    assert head.post(f"{path}/confirm", {"version": 3}).status_code == 409


@pytest.mark.parametrize(
    ("rhythm", "since", "first", "last", "found"),
    [
        ("weekly", date(2026, 3, 10), date(2026, 3, 10), date(2026, 3, 24), ["03-17", "03-24"]),
        ("weekly", date(2026, 3, 10), date(2026, 3, 18), date(2026, 3, 25), ["03-24"]),
        ("weekly", date(2026, 3, 10), date(2026, 3, 17), date(2026, 3, 24), ["03-24"]),
        ("monthly", date(2026, 3, 10), date(2026, 3, 10), date(2026, 5, 10), ["04-07", "05-05"]),
    ],
)
def test_the_days_of_a_rhythm(rhythm: str, since: date, first: date, last: date, found: list[str]) -> None:
    assert [f"{day:%m-%d}" for day in days(rhythm, since, first, last)] == found


def test_at_festivals_somebody_comes_the_day_before(home: Home) -> None:
    with home.app.app_context():
        found = list(days("festivals", date(2026, 1, 1), date(2026, 1, 1), date(2026, 12, 31)))
    # 2026: Spring Festival from 15 February, Dragon Boat from 19 June, Mid-Autumn from 25 September, National Day
    assert [f"{day:%m-%d}" for day in found] == ["02-14", "06-18", "09-24", "09-30", "12-31"]
