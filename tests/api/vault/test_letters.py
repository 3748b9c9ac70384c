"""A sealed letter on its way: sent, opened, handed on, answered by code (§1.2 检举控告类, XF 30)."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from backend.kernel.clock import FrozenClock
from backend.kernel.db import db, run_unit
from backend.kernel.ids import ensure_node, new_id
from backend.vault.models import VaultLetter
from tests.api.vault.conftest import PASSPHRASE, SAID, register
from tests.factories.identity import unit_id
from tests.support.people import Person
from tests.support.sealing import NOTE_BLOCK, Reader, Sender, padded, seal_to, text64, unlock

PHOTO = b"\xff\xd8 the bytes of a photo"


def letters(person: Person) -> list[Any]:
    """What lies in somebody's vault."""
    return list(person.get("/staff/vault").json["items"])


def opened(person: Person) -> Any:
    """Their newest letter."""
    return person.get(f"/staff/vault/{letters(person)[0]['id']}").json


def step(person: Person, reader: Reader, letter: Any, action: str, **more: Any) -> Any:
    """Take a step; the answer."""
    said = {
        "version": letter["version"],
        "sealed": reader.note(letter, {"v": 1, "note": "已核对线索"}),
        **more,
    }
    return person.post(f"/staff/vault/{letter['id']}/actions/{action}", said)


def asked(client: FlaskClient, sender: Sender) -> Any:
    """The progress of a sender's letter."""
    return client.post("/api/v1/public/vault/progress", json={"lookup": sender.lookup})


def raw_tables(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every table as it is stored, nothing decrypted."""
    with app.app_context():
        return {
            name: [tuple(row) for row in db.session.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608
            for name in sorted(db.metadata.tables)
        }


def test_a_letter_is_read_by_its_reader_and_answered_to_its_code(
    reader: Reader, jianju: Person, send: Callable[..., Any], client: FlaskClient, clock: FrozenClock,
    staff_client: Callable[[str], Person],
) -> None:  # fmt: skip
    sender = Sender()
    sent = send(sender, files=(PHOTO,))
    assert sent.status_code == 201, sent.text
    assert sent.json == {"received_on": "2026-03-10", "state": "received", "state_label": "已收到"}

    letter = opened(jianju)
    assert reader.read(letter) == SAID
    attached = jianju.get(f"/staff/vault/{letter['id']}/files/{letter['files'][0]['id']}").json["sealed"]
    assert PHOTO in unlock(reader.content_key(letter), b64decode(attached))

    letter = step(jianju, reader, letter, "read").json
    clock.advance(timedelta(days=2))
    jianju = staff_client("jianju")
    answer = seal_to(b64decode(letter["answer_key"]), padded({"v": 1, "text": "已移送"}, NOTE_BLOCK))
    letter = step(jianju, reader, letter, "answer", for_sender=text64(answer)).json
    assert [(a["action"], a["by_name"]) for a in letter["acts"]] == [("read", "检举甲"), ("answer", "检举甲")]

    told = asked(client, sender).json
    assert (told["state"], told["received_on"]) == ("answered", "2026-03-10")
    assert told["steps"] == [
        {"label": "已查看", "on": "2026-03-10"},
        {"label": "已答复", "on": "2026-03-12"},
    ]
    assert [sender.open_answer(a["sealed"]) for a in told["answers"]] == [{"v": 1, "text": "已移送"}]


def test_a_code_of_nobody_finds_nothing(
    reader: Reader, send: Callable[..., Any], client: FlaskClient
) -> None:
    send(Sender())
    assert asked(client, Sender("0123456789ABCDEFGHJKMNPR")).status_code == 404


def test_nothing_of_a_letter_and_nothing_of_its_sender_is_stored_readable(
    app: Flask, reader: Reader, jianju: Person, send: Callable[..., Any]
) -> None:
    sender, before = Sender(), raw_tables(app)
    send(sender, files=(PHOTO,))
    letter = opened(jianju)
    letter = step(jianju, reader, letter, "read").json
    step(jianju, reader, letter, "transfer", named_unit_ids=[str(unit_id(app, "urban"))])
    after = raw_tables(app)

    written = {name for name in after if before[name] != after[name]}
    assert written - {"audit_entries", "login_sessions"} == {
        "vault_letters", "vault_files", "vault_wraps", "vault_acts",
    }  # fmt: skip
    stored = repr(after)
    secrets = [
        *(str(v) for v in SAID.values() if len(str(v)) > 2),
        "已核对线索",
        "照片.jpg",
        "bytes of a photo",
    ]
    secrets += [sender.code, sender.lookup, PASSPHRASE, text64(reader.secret), "127.0.0.1"]
    assert [word for word in secrets if word in stored] == []
    assert str(unit_id(app, "urban")) not in repr({n: r for n, r in after.items() if n.startswith("vault_")})
    if db_file := app.config["SQLALCHEMY_DATABASE_URI"].partition("sqlite:///")[2]:
        files = b"".join(path.read_bytes() for path in Path(db_file).parent.glob(Path(db_file).name + "*"))
        assert files
        assert [word for word in secrets if word.encode() in files] == []


def test_sending_leaves_a_trace_of_the_letter_only(
    app: Flask, reader: Reader, send: Callable[..., Any]
) -> None:
    before = raw_tables(app)
    assert send().status_code == 201
    after = raw_tables(app)
    assert {name for name in after if before[name] != after[name]} == {"vault_letters", "vault_wraps"}
    columns = [column.name for column in VaultLetter.__table__.columns]
    row = dict(zip(columns, after["vault_letters"][0], strict=True))
    assert str(row["received_on"]) == "2026-03-10"
    assert [name for name, value in row.items() if "02:00" in str(value)] == [], "the day, not the moment"
    made_by_the_clock = new_id_at(app) >> 40
    assert row["id"] >> 40 != made_by_the_clock, "a common id would tell the moment"


def new_id_at(app: Flask) -> int:
    """A common id of this moment."""
    with app.app_context():
        run_unit(ensure_node)
        return new_id()


def test_the_same_letter_sent_twice_is_kept_once(
    reader: Reader, jianju: Person, client: FlaskClient, send: Callable[..., Any]
) -> None:
    readers = client.get("/api/v1/public/vault/keys?town=dongwan").json["readers"]
    body = Sender().letter("dongwan", readers, SAID)
    first, second = (client.post("/api/v1/public/vault", json=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert len(letters(jianju)) == 1
    other = send(Sender(), {**SAID, "facts": "别的事"})
    assert (other.status_code, other.json["code"]) == (409, "receipt_taken")


def test_without_a_reader_the_town_says_where_to_turn(client: FlaskClient) -> None:
    told = client.get("/api/v1/public/vault/keys?town=dongwan").json
    assert (told["open"], told["readers"]) == (False, [])
    assert "12388" in [one["value"] for one in told["elsewhere"]]
    nobody = [{"key_id": "1", "public_key": Reader().public}]
    refused = client.post("/api/v1/public/vault", json=Sender().letter("dongwan", nobody, SAID))
    assert (refused.status_code, refused.json["code"]) == (409, "vault_closed")
    assert "12388" in refused.json["message"]


def test_a_letter_to_a_key_that_is_in_use_no_more_is_sealed_anew(
    reader: Reader, jianju: Person, client: FlaskClient
) -> None:
    old = client.get("/api/v1/public/vault/keys?town=dongwan").json["readers"]
    new, _ = register(jianju)
    assert jianju.post(f"/staff/vault/keys/{new.key_id}/confirm").status_code == 200
    assert jianju.post(f"/staff/vault/keys/{reader.key_id}/retire").status_code == 200
    refused = client.post("/api/v1/public/vault", json=Sender().letter("dongwan", old, SAID))
    assert (refused.status_code, refused.json["code"]) == (409, "keys_changed")


def shortened(value: str) -> str:
    """The same without its last byte."""
    return b64encode(b64decode(value)[:-1]).decode()


@pytest.mark.parametrize(
    ("field", "worse"),
    [
        ("content", shortened),
        ("content", lambda value: "事情的经过"),
        ("answer_key", shortened),
        ("receipt", str.upper),
        ("files", lambda value: [shortened(value[0])]),
        ("files", lambda value: value * 5),
        ("wraps", lambda value: []),
        ("wraps", lambda value: [{**value[0], "wrap": shortened(value[0]["wrap"])}]),
    ],
)
def test_what_is_not_sealed_as_it_should_be_is_refused(
    field: str, worse: Callable[[Any], Any], reader: Reader, jianju: Person, client: FlaskClient
) -> None:
    readers = client.get("/api/v1/public/vault/keys?town=dongwan").json["readers"]
    body = Sender("Z" * 24).letter("dongwan", readers, SAID, (PHOTO,))
    refused = client.post("/api/v1/public/vault", json={**body, field: worse(body[field])})
    assert refused.status_code == 422
    assert any(name.startswith(field) for name in refused.json["fields"])
    assert letters(jianju) == []


def test_a_step_needs_its_turn_and_its_parts(
    reader: Reader, jianju: Person, send: Callable[..., Any]
) -> None:
    send()
    letter = opened(jianju)
    assert step(jianju, reader, letter, "answer").status_code == 409  # nobody has read it yet
    assert step(jianju, reader, letter, "erase").status_code == 404
    after = step(jianju, reader, letter, "read").json
    assert step(jianju, reader, letter, "transfer", named_unit_ids=[]).json["code"] == "changed_meanwhile"
    assert step(jianju, reader, after, "transfer").json["fields"] == {"named_unit_ids": ["必填"]}
    assert step(jianju, reader, after, "answer").json["fields"] == {"for_sender": ["必填"]}
    assert step(jianju, reader, after, "share", named_unit_ids=[]).json["fields"] == {"wraps": ["必填"]}


def test_the_list_goes_on_where_the_page_ended(
    reader: Reader, send: Callable[..., Any], clock: FrozenClock, staff_client: Callable[[str], Person]
) -> None:
    for number in range(23):
        assert send(Sender(f"{number:024d}")).status_code == 201
        if number % 9 == 0:
            clock.advance(timedelta(days=1))
    jianju = staff_client("jianju")
    first = jianju.get("/staff/vault").json
    rest = jianju.get(f"/staff/vault?cursor={first['next_cursor']}").json
    ids = [item["id"] for item in [*first["items"], *rest["items"]]]
    assert len(first["items"]) == 20
    assert len(set(ids)) == len(ids) == 23
    assert rest["next_cursor"] is None
    days = [item["received_on"] for item in [*first["items"], *rest["items"]]]
    assert days == sorted(days, reverse=True)
    assert json.dumps(first).find(SAID["facts"]) == -1  # type: ignore[arg-type]


def test_how_often_is_counted_without_knowing_who(app: Flask, client: FlaskClient) -> None:
    """30 an hour from one address, whose counter is named by a hash that no other process can make."""
    found = [client.post("/api/v1/public/vault", json={}).status_code for _ in range(31)]
    assert found == [422] * 30 + [429]
    counters = app.extensions["limiter"].storage.storage
    assert any("vault" in name for name in counters)
    assert [name for name in counters if "127.0.0.1" in name] == []
