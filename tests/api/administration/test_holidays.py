"""A year of holidays is put in whole, or refused with its sentence."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.api.administration.test_dictionaries import log
from tests.factories.cases import Cast
from tests.support.people import Person

YEAR = [
    ("2027-01-01", False, "元旦"), ("2027-02-05", False, "春节"), ("2027-02-08", False, "春节"),
    ("2027-02-14", True, "调休上班"), ("2027-04-05", False, "清明节"), ("2027-05-03", False, "劳动节"),
    ("2027-06-09", False, "端午节"), ("2027-09-15", False, "中秋节"), ("2027-10-01", False, "国庆节"),
]  # fmt: skip


def days(lines: list[tuple[str, bool, str]]) -> dict[str, Any]:
    """A year as the API takes it."""
    return {"days": [{"day": day, "working": working, "name": name} for day, working, name in lines]}


def put(person: Person, year: int, lines: list[tuple[str, bool, str]]) -> Any:
    """Send a year."""
    return person._send("PUT", f"/staff/holidays/{year}", json=days(lines))


def test_a_whole_year_re_dates_the_open_clocks_and_stands_in_the_log(
    app: Flask, cast: Cast, admin: Person
) -> None:
    answer = put(admin, 2027, YEAR)
    assert answer.status_code == 200, answer.text
    assert (answer.json["source"], answer.json["complete"], answer.json["moved"]) == ("screen", True, 0)
    [entry] = log(app, "holidays.change")
    assert "2027-02-14 上班" in entry["changes"][0]["new"]
    assert admin.get("/staff/holidays").json["covered_until"] == 2027


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "2027年的放假安排还没有导入"),
        ([line for line in YEAR if line[2] != "中秋节"], "没有中秋"),
        ([line for line in YEAR if not line[1]], "没有一个调休上班的周末"),
        ([*YEAR, ("2026-10-02", False, "国庆节")], "2026-10-02 不在2027年"),
        ([*YEAR, YEAR[0]], "写了两次"),
        ([*YEAR, ("2027-02-15", True, "调休上班")], "本来就是工作日"),
    ],
)
def test_a_year_that_is_not_whole_is_refused(
    admin: Person, lines: list[tuple[str, bool, str]], sentence: str
) -> None:
    before = admin.get("/staff/holidays").json
    answer = put(admin, 2027, lines)
    assert answer.status_code == 422
    assert any(sentence in said for said in answer.json["fields"]["days"])
    assert admin.get("/staff/holidays").json == before


def test_the_page_says_which_year_is_missing(admin: Person) -> None:
    shown = {y["year"]: y for y in admin.get("/staff/holidays").json["items"]}
    assert shown[2026]["source"] == "program"
    assert not shown[2028]["complete"]
    assert shown[2028]["sentence"] == "2028年的放假安排还没有导入。"


def test_a_load_keeps_a_year_put_in_on_screen_unless_told(app: Flask, admin: Person) -> None:
    held = {y["year"]: y for y in admin.get("/staff/holidays").json["items"]}
    if held[2027]["source"] == "none":
        pytest.fail("the small town's file should speak of 2027")
    put(admin, 2027, YEAR)
    load = app.test_cli_runner()
    assert "2027年放假安排" in load.invoke(args=["town", "load"]).output
    assert load.invoke(args=["town", "load", "--keep"]).exit_code == 0
    assert admin.get("/staff/holidays").json["covered_until"] == 2027
    assert load.invoke(args=["town", "load", "--force"]).exit_code == 0
    assert admin.get("/staff/holidays").json["covered_until"] == 2026
