"""Routes of the vault: for its readers; to everybody else an address that is not there (404, not 403)."""

from __future__ import annotations

from typing import Any

from tests.factories.identity import Caller, desk, visitor
from tests.support.permissions.route import public, staff, town
from tests.support.permissions.scene import Scene
from tests.support.sealing import Reader, Sender, text64, wrapped

READERS = {"vault_reader"}
NOTE = text64(b"n" * 1064)
LETTER = {"v": 1, "facts": "多次收取费用"}


def a_key(scene: Scene, caller: Caller) -> str:
    """A key of 东湾镇's reader: the first is in use."""
    reader = Reader()
    body = {"public_key": reader.public, "wrapped": wrapped(reader.secret, "槐树雨伞南瓜")}
    made: Any = desk(scene.app, "jianju").post("/staff/vault/keys", body, key=reader.public[:40]).json
    return str(made["id"])


def a_letter(scene: Scene, caller: Caller) -> dict[str, str]:
    """A letter to 东湾镇's reader, with an attachment."""
    a_key(scene, caller)
    sender = visitor(scene.app)
    readers: Any = sender.get("/public/vault/keys?town=dongwan").json
    sender.post("/public/vault", Sender().letter("dongwan", readers["readers"], LETTER, (b"photo",)))
    jianju = desk(scene.app, "jianju")
    listed: Any = jianju.get("/staff/vault").json
    letter_id = listed["items"][0]["id"]
    letter: Any = jianju.get(f"/staff/vault/{letter_id}").json
    return {"letter_id": letter_id, "file_id": letter["files"][0]["id"], "action": "read"}


def a_second_key(scene: Scene, caller: Caller) -> str:
    """One that waits: its holder is the only reader and confirms it."""
    a_key(scene, caller)
    return a_key(scene, caller)


NEW_KEY = {"public_key": Reader(b"k" * 32).public, "wrapped": wrapped(b"k" * 32, "槐树雨伞南瓜")}

ROUTES = {
    "GET /api/v1/public/vault/keys": public(),
    "POST /api/v1/public/vault": public(),
    "POST /api/v1/public/vault/progress": public(),
    "GET /api/v1/staff/vault/keys": staff(READERS, hidden=True),
    "POST /api/v1/staff/vault/keys": staff(READERS, body=NEW_KEY, hidden=True),
    "PATCH /api/v1/staff/vault/keys/<key_id>": staff(READERS, town(a_key), {"wrapped": NEW_KEY["wrapped"]}),
    "POST /api/v1/staff/vault/keys/<key_id>/confirm": staff(READERS, town(a_second_key)),
    "POST /api/v1/staff/vault/keys/<key_id>/retire": staff(READERS, town(a_key)),
    "GET /api/v1/staff/vault": staff(READERS, hidden=True),
    "GET /api/v1/staff/vault/<letter_id>": staff(READERS, town(a_letter)),
    "GET /api/v1/staff/vault/<letter_id>/files/<file_id>": staff(READERS, town(a_letter)),
    "POST /api/v1/staff/vault/<letter_id>/actions/<action>": staff(
        READERS, town(a_letter), {"version": 1, "sealed": NOTE}
    ),
}
