"""The walls of the vault: every other role, who was left out, who is named, and whose key it is (§1.5, §8.1)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.audit.models import AuditEntry
from backend.identity.roles import ROLES
from backend.kernel.db import db
from backend.vault.models import VaultKey, VaultWrap
from tests.api.vault.conftest import PASSPHRASE, register
from tests.api.vault.test_letters import letters, opened, step
from tests.factories.identity import unit_id, worker
from tests.support.people import Person
from tests.support.permissions.scene import IN_SCOPE
from tests.support.sealing import Reader, Sender, seal_to, text64, wrapped

ROUTES = [
    ("GET", "/staff/vault"),
    ("GET", "/staff/vault/keys"),
    ("POST", "/staff/vault/keys"),
    ("PATCH", "/staff/vault/keys/{key}"),
    ("POST", "/staff/vault/keys/{key}/confirm"),
    ("POST", "/staff/vault/keys/{key}/retire"),
    ("GET", "/staff/vault/{letter}"),
    ("GET", "/staff/vault/{letter}/files/{file}"),
    ("POST", "/staff/vault/{letter}/actions/read"),
]


def attempts(app: Flask) -> list[tuple[int, int | None]]:
    """(who, at which letter) of every refused attempt."""
    with app.app_context():
        rows = db.session.scalars(
            select(AuditEntry).where(AuditEntry.what == "vault.refused").order_by(AuditEntry.id)
        )
        return [(row.actor_id, row.subject_id) for row in rows]


def wraps_for(reader: Reader, letter: Any, *others: Any) -> list[dict[str, str]]:
    """The letter's key, sealed in the reader's browser to others' keys."""
    key = reader.content_key(letter)
    return [
        {"key_id": one["key_id"], "wrap": text64(seal_to(b64decode(one["public_key"]), key))}
        for one in others
    ]


def known(person: Person, key_id: str) -> Any:
    """A reader's key as the others see it."""
    return next(r for r in person.get("/staff/vault/keys").json["readers"] if r["key_id"] == key_id)


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"vault_reader"}))
def test_to_every_other_role_there_is_no_vault_and_each_attempt_is_audited(
    role: str, app: Flask, reader: Reader, jianju: Person, send: Callable[..., Any],
    staff_client: Callable[[str], Person],
) -> None:  # fmt: skip
    send(files=(b"photo",))
    letter = opened(jianju)
    names = {"key": reader.key_id, "letter": letter["id"], "file": letter["files"][0]["id"]}
    other = staff_client(IN_SCOPE[role])
    found = {}
    for method, rule in ROUTES:
        options: dict[str, Any] = {} if method == "GET" else {"json": {}}
        found[rule] = other._send(method, rule.format(**names), **options)
    assert {rule: a.status_code for rule, a in found.items()} == dict.fromkeys(found, 404)
    assert {a.json["code"] for a in found.values()} == {"not_found"}
    seen = attempts(app)
    assert len(seen) == len(ROUTES)
    assert {who for who, _ in seen} == {int(other.me["id"])}
    assert [subject for _, subject in seen].count(int(letter["id"])) == 3


def test_another_towns_reader_and_a_phone_are_others_too(
    app: Flask,
    reader: Reader,
    jianju: Person,
    send: Callable[..., Any],
    staff_client: Callable[[str], Person],
) -> None:
    send()
    letter_id = letters(jianju)[0]["id"]
    other = staff_client("xjianju")
    register(other)
    assert letters(other) == []
    assert other.get(f"/staff/vault/{letter_id}").status_code == 404
    assert other.post(f"/staff/vault/keys/{reader.key_id}/retire").status_code == 404
    assert worker(app, "jianju").get("/staff/vault").status_code == 404
    assert {subject for _, subject in attempts(app)} == {int(letter_id), None}


def test_an_opening_is_audited(app: Flask, reader: Reader, jianju: Person, send: Callable[..., Any]) -> None:
    send()
    letter = opened(jianju)
    with app.app_context():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "vault.open")).all()
    assert [(row.actor_id, row.subject_id) for row in rows] == [(int(jianju.me["id"]), int(letter["id"]))]


def test_who_was_left_out_by_the_sender_sees_nothing_of_it(
    app: Flask, reader: Reader, jianju: Person, make_reader: Callable[[str], Person], send: Callable[..., Any]
) -> None:
    chengguan = make_reader("chengguan")
    theirs, _ = register(chengguan)
    jianju.post(f"/staff/vault/keys/{theirs.key_id}/confirm")
    assert send(to=lambda one: one["key_id"] != theirs.key_id).status_code == 201
    letter_id = letters(jianju)[0]["id"]
    assert letters(chengguan) == []
    assert chengguan.get(f"/staff/vault/{letter_id}").status_code == 404
    assert attempts(app) == [(int(chengguan.me["id"]), int(letter_id))]


@pytest.mark.parametrize("named", ["hall", "urban"])
def test_the_named_unit_and_what_stands_below_it_are_never_given_the_letter(
    named: str, app: Flask, reader: Reader, jianju: Person, make_reader: Callable[[str], Person],
    send: Callable[..., Any],
) -> None:  # fmt: skip
    """城管所 lies below 便民服务中心: neither is given what names one of them (XF 30 ¶3, §8.1 point 5)."""
    chengguan = make_reader("chengguan")
    theirs, _ = register(chengguan)
    jianju.post(f"/staff/vault/keys/{theirs.key_id}/confirm")
    send(to=lambda one: one["key_id"] == reader.key_id)
    letter = step(jianju, reader, opened(jianju), "read").json
    urban, named_id = str(unit_id(app, "urban")), str(unit_id(app, named))
    wraps = wraps_for(reader, letter, known(jianju, theirs.key_id))
    for action, more in (
        ("share", {"wraps": wraps}),
        ("transfer", {"to_unit_id": urban, "wraps": wraps}),
        ("transfer", {"to_unit_id": urban}),
    ):
        refused = step(jianju, reader, letter, action, named_unit_ids=[named_id], **more)
        assert (refused.status_code, refused.json["code"]) == (422, "named_unit")
        assert "第三十条" in refused.json["message"]
    assert letters(chengguan) == []
    village = str(unit_id(app, "v01"))
    given = step(jianju, reader, letter, "transfer", to_unit_id=urban, wraps=wraps, named_unit_ids=[village])
    assert given.status_code == 200
    assert theirs.read(opened(chengguan)) == reader.read(opened(jianju))


def test_a_letter_handed_to_a_unit_is_handed_to_nobody_else(
    reader: Reader, app: Flask, jianju: Person, make_reader: Callable[[str], Person], send: Callable[..., Any]
) -> None:
    theirs, _ = register(make_reader("chengguan"))
    jianju.post(f"/staff/vault/keys/{theirs.key_id}/confirm")
    send(to=lambda one: one["key_id"] == reader.key_id)
    letter = step(jianju, reader, opened(jianju), "read").json
    wraps = wraps_for(reader, letter, known(jianju, theirs.key_id))
    elsewhere = step(
        jianju,
        reader,
        letter,
        "transfer",
        to_unit_id=str(unit_id(app, "v01")),
        named_unit_ids=[],
        wraps=wraps,
    )
    assert elsewhere.json["code"] == "not_of_unit"
    unknown = step(jianju, reader, letter, "transfer", to_unit_id="999", named_unit_ids=[])
    assert unknown.json["code"] == "unit_unknown"


def test_a_second_reader_has_to_be_confirmed_by_the_first(
    jianju: Person, reader: Reader, make_reader: Callable[[str], Person], client: FlaskClient
) -> None:
    chengguan = make_reader("chengguan")
    theirs, made = register(chengguan)
    assert made["state"] == "waiting"
    offered = "/api/v1/public/vault/keys?town=dongwan"
    assert [r["key_id"] for r in client.get(offered).json["readers"]] == [reader.key_id]
    confirm = f"/staff/vault/keys/{theirs.key_id}/confirm"
    assert chengguan.post(confirm).json["code"] == "not_yours_to_confirm"
    assert known(jianju, theirs.key_id)["may_confirm"] is True
    assert jianju.post(confirm).status_code == 200
    shown = client.get(offered).json["readers"]
    assert [r["key_id"] for r in shown] == [reader.key_id, theirs.key_id]
    assert {r["name"] for r in shown} == {"检○○", "城○○"}
    # One's own next key needs the colleague too.
    next_key, _ = register(chengguan)
    assert chengguan.post(f"/staff/vault/keys/{next_key.key_id}/confirm").status_code == 409


def test_whoever_is_a_reader_no_more_is_sealed_to_no_more(
    app: Flask, reader: Reader, jianju: Person, staff_client: Callable[[str], Person], client: FlaskClient
) -> None:
    left = staff_client("guanli").post(f"/staff/people/{jianju.me['id']}/switch-off")
    assert left.status_code in {200, 204}, left.text
    assert client.get("/api/v1/public/vault/keys?town=dongwan").json["open"] is False


def test_a_new_key_takes_over_and_the_old_one_is_gone(
    app: Flask, reader: Reader, jianju: Person, send: Callable[..., Any]
) -> None:
    send()
    send(Sender("1" * 24))
    new, made = register(jianju)
    assert made["state"] == "waiting"
    jianju.post(f"/staff/vault/keys/{new.key_id}/confirm")
    lines = letters(jianju)
    for number, line in enumerate(lines):
        letter = jianju.get(f"/staff/vault/{line['id']}").json
        wraps = wraps_for(reader, letter, known(jianju, new.key_id))
        assert step(jianju, reader, letter, "share", named_unit_ids=[], wraps=wraps).status_code == 200
        assert new.read(opened(jianju) if number else jianju.get(f"/staff/vault/{line['id']}").json)
        if number == 0:
            jianju.post(f"/staff/vault/keys/{reader.key_id}/retire")
            assert kept(app, reader.key_id) == (2, True), "one letter still lies under the old key only"
    assert jianju.post(f"/staff/vault/keys/{reader.key_id}/retire").status_code == 200
    assert kept(app, reader.key_id) == (0, False)
    assert [new.read(jianju.get(f"/staff/vault/{line['id']}").json)["v"] for line in lines] == [1, 1]


def kept(app: Flask, key_id: str) -> tuple[int, bool]:
    """(how many letters lie under a key, whether its private half is kept)."""
    with app.app_context():
        wraps = db.session.scalars(select(VaultWrap).where(VaultWrap.key_id == int(key_id))).all()
        return len(wraps), bool(db.session.get_one(VaultKey, int(key_id)).wrapped)


def test_a_passphrase_is_changed_by_its_holder_only(
    jianju: Person, reader: Reader, make_reader: Callable[[str], Person]
) -> None:
    anew = wrapped(reader.secret, PASSPHRASE + "！", salt=b"t" * 16)
    assert jianju.patch(f"/staff/vault/keys/{reader.key_id}", {"wrapped": anew}).json["wrapped"] == anew
    other = make_reader("chengguan").patch(f"/staff/vault/keys/{reader.key_id}", {"wrapped": anew})
    assert other.status_code == 404


@pytest.mark.parametrize(
    "half",
    [
        text64(b"k" * 32),
        wrapped(b"k" * 32, PASSPHRASE, n=1024),
        wrapped(b"k" * 31, PASSPHRASE),
        wrapped(b"k" * 32, PASSPHRASE).replace("scrypt", "none"),
    ],
)
def test_a_private_half_that_is_not_wrapped_is_not_taken(half: str, jianju: Person) -> None:
    refused = jianju.post("/staff/vault/keys", {"public_key": Reader().public, "wrapped": half})
    assert (refused.status_code, refused.json["code"]) == (422, "wrapped_wrong")


def test_a_key_is_registered_once(jianju: Person, reader: Reader) -> None:
    sent = {"public_key": reader.public, "wrapped": wrapped(reader.secret, PASSPHRASE)}
    assert jianju.post("/staff/vault/keys", sent).json["code"] == "key_known"
