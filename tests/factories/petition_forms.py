"""Petitions as the phone sends them, and what the tests ask of them over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from backend.kernel.actor import Actor
from backend.kernel.db import db, run_unit
from backend.petitions import services
from backend.petitions.models import Petition
from tests.factories.cases import _actor
from tests.support.people import Person

CLAIM = "请求退还被占的承包地"
FACTS = "去年十月修路占了我家半亩承包地，到现在没有人来丈量"
#: the check digit is right; nobody's number (district 000000)
ID_NUMBER = "00000019900307105X"


def body(**changes: Any) -> dict[str, Any]:
    """A petition as the form sends it."""
    whole = {
        "town": "dongwan",
        "topic": "land",
        "claim": CLAIM,
        "facts": FACTS,
        "reasons": "没有征得同意，也没有补偿",
        "name": "王小明",
        "phone": "13800001234",
        "address": "湾头村 12 号",
    }
    return whole | changes


def filed(person: Person, **changes: Any) -> dict[str, Any]:
    """File a petition; the receipt."""
    answer = person.post("/resident/petitions", body(**changes))
    assert answer.status_code == 201, answer.text
    receipt: dict[str, Any] = answer.json
    return receipt


def seen(person: Person, petition_id: Any) -> dict[str, Any]:
    """One's own petition as its page shows it."""
    answer = person.get(f"/resident/petitions/{petition_id}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json
    return page


def act(person: Person, petition_id: Any, action: str, **given: Any) -> Any:
    """An action of the petitioner with the present version; the answer."""
    given.setdefault("version", seen(person, petition_id)["version"])
    return person.post(f"/resident/petitions/{petition_id}/actions/{action}", given)


def by_office(app: Flask, petition_id: Any, action: str, username: str = "xinfang", **given: Any) -> None:
    """A step of the office or the unit, by the services; `unit_id`/`staff_id` may be a function of the session."""

    def unit() -> None:
        petition = db.session.get_one(Petition, int(petition_id))
        filled = {name: value() if callable(value) else value for name, value in given.items()}
        services.act(petition, action, staff_actor(username), petition.version, filled)

    with app.app_context():
        run_unit(unit)


def staff_actor(username: str) -> Actor:
    """A member of staff with their roles, inside a unit."""
    return _actor(username)


def row(app: Flask, petition_id: Any, read: Callable[[Petition], Any]) -> Any:
    """Something of the petition's row, as it is in the database."""
    with app.app_context():
        return run_unit(lambda: read(db.session.get_one(Petition, int(petition_id))))
