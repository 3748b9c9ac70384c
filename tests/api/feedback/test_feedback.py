"""给本程序提意见: anyone may, those whose job it is read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.kernel.db import db
from tests.support.people import Person

Staff = Callable[[str], Person]
PATH = "/api/v1/public/feedback"
OPINION = {"text": "字太小了", "page": "pages/home/index", "contact": "13800001234"}


def give(client: FlaskClient, key: str = "k1", **changes: Any) -> Any:
    return client.post(PATH, json=OPINION | changes, headers={"Idempotency-Key": key})


def test_an_opinion_reaches_those_who_read_them(client: FlaskClient, staff_client: Staff, app: Flask) -> None:
    given = give(client)
    assert given.status_code == 201, given.text
    assert given.json.keys() == {"id"}
    assert give(client).json == given.json  # sent twice
    assert give(client, "k2", text="地图很好用", contact="", page="").status_code == 201
    read = staff_client("fenliu").get("/staff/feedback").json
    assert [(i["text"], i["contact"]) for i in read["items"]] == [
        ("地图很好用", None),
        ("字太小了", "13800001234"),
    ]
    assert read["next_cursor"] is None
    assert staff_client("guanli").get("/staff/feedback").status_code == 200
    for username in ("hecha", "chengguan", "lingdao"):
        assert staff_client(username).get("/staff/feedback").status_code == 403
    with app.app_context():
        raw = str(db.session.connection().exec_driver_sql("SELECT * FROM feedback").fetchall())
        assert "字太小了" not in raw
        assert "13800001234" not in raw


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"text": ""}, "text", "请写 1 到 1000 个字"),
        ({"text": "长" * 1001}, "text", "请写 1 到 1000 个字"),
        ({"text": 7}, "text", "应当是文字"),
        ({"contact": "长" * 61}, "contact", "联系方式最多 60 个字"),
        ({"page": "p" * 201}, "page", "最多 200 个"),
    ],
)
def test_each_fault_has_its_sentence(
    client: FlaskClient, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = give(client, **changes)
    assert answer.status_code == 422
    assert answer.json["fields"] == {field: [sentence]}


def test_without_a_key_nothing_is_taken(client: FlaskClient) -> None:
    assert client.post(PATH, json=OPINION).json["code"] == "idempotency_key_missing"


def test_a_village_behind_one_address_may_speak(client: FlaskClient) -> None:
    answers = [give(client, f"key-{n}", text=f"第{n}条") for n in range(10)]
    assert {a.status_code for a in answers} == {201}
