"""The bytes that phones, browsers and tests agree on, and who can never be given a letter (ADR 0013)."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from backend.vault.policy import may_confirm, named_and_below
from backend.vault.sealed_fields import fingerprint, receipt_of
from tests.support import sealing

VECTORS: Any = json.loads((Path(__file__).parents[2] / "vault_vectors.json").read_text("utf-8"))
#: 1 above 2 and 3, 2 above 4; 5 by itself
TREE = {1: None, 2: 1, 3: 1, 4: 2, 5: None}


def test_a_letter_a_file_and_a_wrap_are_these_bytes() -> None:
    letter, file, wrap = VECTORS["letter"], VECTORS["file"], VECTORS["wrap"]
    key, public = b64decode(letter["key"]), b64decode(VECTORS["reader"]["public"])
    plain = sealing.padded(letter["said"], sealing.LETTER_BLOCK)
    assert sealing.text64(sealing.lock(key, plain, b64decode(letter["nonce"]))) == letter["sealed"]
    packed = sealing.packed(file["meta"], b64decode(file["content"]))
    sealed = sealing.lock(key, packed, b64decode(file["nonce"]))
    assert sealing.hashlib.sha512(sealed).hexdigest() == file["sealed_sha512"]
    made = sealing.seal_to(public, key, b64decode(wrap["ephemeral"]), b64decode(wrap["nonce"]))
    assert sealing.text64(made) == wrap["sealed"]
    assert sealing.open_box(b64decode(VECTORS["reader"]["secret"]), made) == key


def test_a_code_opens_its_answer_and_shows_its_receipt() -> None:
    code, answer = VECTORS["code"], VECTORS["answer"]
    sender = sealing.Sender(code["code"])
    assert (sender.lookup, sender.receipt) == (code["lookup"], code["receipt"])
    assert receipt_of(code["lookup"]) == code["receipt"]
    assert sender.open_answer(answer["sealed"]) == answer["said"]


def test_a_fingerprint_and_a_wrapped_half() -> None:
    reader, word = VECTORS["reader"], VECTORS["passphrase"]
    assert fingerprint(reader["public"]) == reader["fingerprint"]
    made = sealing.wrapped(
        b64decode(reader["secret"]),
        word["passphrase"],
        n=word["n"],
        salt=bytes.fromhex(word["salt"]),
        nonce=b64decode(word["nonce"]),
    )
    assert json.loads(made) == word["wrapped"]


@pytest.mark.parametrize(
    ("named", "barred"),
    [
        (set(), set()),
        ({4}, {4}),
        ({2}, {2, 4}),
        ({1}, {1, 2, 3, 4}),
        ({3, 5}, {3, 5}),
        ({9}, {9}),
    ],
)
def test_the_named_and_all_below_them(named: set[int], barred: set[int]) -> None:
    assert named_and_below(named, TREE) == barred


def test_a_circle_in_the_tree_ends() -> None:
    assert named_and_below({1}, {1: 2, 2: 1, 3: 2}) == {1, 2, 3}


@pytest.mark.parametrize(
    ("actor", "holder", "active", "may"),
    [
        (1, 2, {1}, True),
        (1, 1, {1}, True),
        (1, 1, {1, 2}, False),
        (3, 2, {1, 2}, False),
        (1, 1, set(), False),
    ],
)
def test_who_vouches_for_a_key(actor: int, holder: int, active: set[int], may: bool) -> None:
    assert may_confirm(actor, holder, active) is may
