"""A town whose reader has a key, and what a letter says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.identity.models import Staff, StaffRole
from backend.kernel.db import db, run_unit
from tests.support.people import Person
from tests.support.sealing import Reader, Sender, wrapped

SAID = {
    "v": 1,
    "named_unit_ids": [],
    "named": "某站站长",
    "facts": "多次向商户收取费用，不开票据",
    "evidence": "收据两张",
    "contact": "",
}
PASSPHRASE = "槐树-雨伞-南瓜-火车"


@pytest.fixture(autouse=True)
def _platform(platform: Any) -> None:
    """The stand-in's notebook, so that people can log in."""


def register(person: Person) -> tuple[Reader, Any]:
    """A key of that reader: (their browser, what the API says of the key)."""
    reader = Reader()
    sent = {"public_key": reader.public, "wrapped": wrapped(reader.secret, PASSPHRASE)}
    made = person.post("/staff/vault/keys", sent)
    assert made.status_code == 201, made.text
    reader.key_id = made.json["id"]
    return reader, made.json


@pytest.fixture
def jianju(staff_client: Callable[[str], Person]) -> Person:
    """东湾镇's reader, of 镇便民服务中心."""
    return staff_client("jianju")


@pytest.fixture
def reader(jianju: Person) -> Reader:
    """Their browser, with a key in use."""
    return register(jianju)[0]


@pytest.fixture
def make_reader(app: Flask, staff_client: Callable[[str], Person]) -> Callable[[str], Person]:
    """make_reader("chengguan"): give somebody the reader's role for the whole town."""

    def make(username: str) -> Person:
        def grant() -> None:
            row = db.session.scalars(select(Staff).where(Staff.username == username)).one()
            db.session.add(StaffRole(staff_id=row.id, role="vault_reader", place_id=row.town_id))

        with app.app_context():
            run_unit(grant)
        return staff_client(username)

    return make


@pytest.fixture
def send(app: Flask) -> Callable[..., Any]:
    """send(sender, said, files, to): seal on a phone and send; `to` chooses among the readers. The answer."""

    def post(
        sender: Sender | None = None,
        said: Any = None,
        files: tuple[bytes, ...] = (),
        to: Callable[[Any], bool] = lambda one: True,
    ) -> Any:
        client = app.test_client()
        readers = client.get("/api/v1/public/vault/keys?town=dongwan").json["readers"]
        body = (sender or Sender()).letter("dongwan", [r for r in readers if to(r)], said or SAID, files)
        return client.post("/api/v1/public/vault", json=body)

    return post
