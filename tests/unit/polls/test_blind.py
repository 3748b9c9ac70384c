"""Blind signatures: the phone's half and the server's, held to the same numbers as miniprogram/src/lib/ballot.ts."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from backend.polls import blind
from tests.support.ballots import Phone

VECTORS: Any = json.loads((Path(__file__).parents[2] / "ballot_vectors.json").read_text("utf-8"))
N = int(VECTORS["key"]["n"], 16)
KEY = blind.read_key(VECTORS["private"])


def test_the_vectors_key_is_one_of_ours() -> None:
    assert (KEY.n, VECTORS["key"]["e"], N.bit_length()) == (N, blind.EXPONENT, blind.BITS)
    assert blind.fingerprint(N) == VECTORS["key"]["fingerprint"]


@pytest.mark.parametrize("paper", VECTORS["papers"], ids=lambda paper: paper["poll_id"])
def test_the_same_numbers_as_the_phones(paper: Any) -> None:
    phone = Phone(
        int(paper["poll_id"]), N, token=bytes.fromhex(paper["token"]), factor=int(paper["factor"], 16)
    )
    assert f"{blind.full_domain_hash(N, phone.poll_id, phone.token):0512x}" == paper["hash"]
    assert phone.blinded == paper["blinded"]
    assert f"{blind.sign_blinded(KEY, int(phone.blinded, 16)):0512x}" == paper["signed"]
    assert phone.finish(paper["signed"]).signature == paper["signature"]
    assert blind.serial_of(phone.token) == paper["serial"]


def test_what_is_signed_for_one_poll_or_token_is_good_for_no_other() -> None:
    phone = Phone(7, N)
    phone.finish(f"{blind.sign_blinded(KEY, int(phone.blinded, 16)):x}")
    signature = int(phone.signature, 16)
    assert blind.is_signed(N, 7, phone.token, signature)
    assert not blind.is_signed(N, 8, phone.token, signature)
    assert not blind.is_signed(N, 7, bytes(32), signature)
    for wrong in (0, signature + 1, signature + N, N - signature):
        assert not blind.is_signed(N, 7, phone.token, wrong)


def test_every_blinded_value_could_have_come_from_every_token() -> None:
    """What makes it blind: for each pair of a blinded value and a paper there is exactly one factor that fits."""
    phones = [Phone(7, N) for _ in range(4)]
    for phone in phones:
        phone.finish(f"{blind.sign_blinded(KEY, int(phone.blinded, 16)):x}")
    for asked in phones:
        signed = blind.sign_blinded(KEY, int(asked.blinded, 16))
        for paper in phones:
            factor = signed * pow(int(paper.signature, 16), -1, N) % N
            explained = Phone(7, N, token=paper.token, factor=factor)
            assert explained.blinded == asked.blinded


def test_the_hash_fills_the_domain_evenly() -> None:
    hashes = [blind.full_domain_hash(N, 7, secrets.token_bytes(32)) for _ in range(400)]
    assert len(set(hashes)) == 400
    quarters = [sum(quarter * N // 4 <= h < (quarter + 1) * N // 4 for h in hashes) for quarter in range(4)]
    assert min(quarters) > 50, quarters  # 100 each; below 50 once in 10^7


def test_a_fault_in_the_private_operation_gives_nothing_away() -> None:
    broken = blind.PrivateKey(KEY.n, KEY.p, KEY.q + 2)
    with pytest.raises((ArithmeticError, ValueError)):
        blind.sign_blinded(broken, 12345)


def test_a_fresh_key_is_of_full_size_and_its_own() -> None:
    one, other = blind.new_key(), blind.new_key()
    assert one.n.bit_length() == other.n.bit_length() == blind.BITS
    assert one.n != other.n
    assert blind.read_key(one.text()) == one
