"""Encryption at rest: both ciphers, each way to tamper, and a ring of keys."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from cryptography.exceptions import InvalidTag

from backend.kernel.crypto import EncryptedText, UnknownKey, blind_index, mask_name, mask_phone, seal, unseal
from config.settings import KeyRing, Settings
from tests.unit.kernel.conftest import NEW, OLD

CIPHERS = ("aes-256-gcm", "sm4-gcm")
Use = Callable[..., Settings]
PLAIN = "张三，13800000000，😀"


@pytest.mark.parametrize("cipher", CIPHERS)
def test_what_was_sealed_is_read_again(use: Use, cipher: str) -> None:
    use(field_cipher=cipher)
    stored = seal(PLAIN, "reports.address")
    assert unseal(stored, "reports.address") == PLAIN
    assert "张三" not in stored
    assert stored.isascii()
    assert seal("", "reports.address") != ""
    assert unseal(seal("", "a.b"), "a.b") == ""


@pytest.mark.parametrize("cipher", CIPHERS)
def test_the_same_text_never_looks_the_same(use: Use, cipher: str) -> None:
    use(field_cipher=cipher)
    assert seal(PLAIN, "a.b") != seal(PLAIN, "a.b")


@pytest.mark.parametrize("cipher", CIPHERS)
def test_a_value_cannot_be_moved_to_another_column(use: Use, cipher: str) -> None:
    use(field_cipher=cipher)
    with pytest.raises(InvalidTag):
        unseal(seal(PLAIN, "reports.contact_name"), "reports.contact_phone")


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("position", [0, 11, 12, -17, -16, -1])
def test_one_altered_bit_is_refused(use: Use, cipher: str, position: int) -> None:
    use(field_cipher=cipher)
    kind, name, body = seal(PLAIN, "a.b").split(".", 2)
    raw = bytearray(base64.b64decode(body))
    raw[position] ^= 1
    with pytest.raises(InvalidTag):
        unseal(f"{kind}.{name}.{base64.b64encode(raw).decode()}", "a.b")


def test_a_value_of_the_other_cipher_is_read_by_its_own(use: Use) -> None:
    stored = seal(PLAIN, "a.b")
    use(field_cipher="sm4-gcm")
    assert unseal(stored, "a.b") == PLAIN
    assert seal(PLAIN, "a.b").startswith("s1.")
    assert stored.startswith("a1.")


def test_the_ring_turns(use: Use) -> None:
    stored = seal(PLAIN, "a.b")
    use(field_keys=KeyRing((NEW, OLD)))
    assert unseal(stored, "a.b") == PLAIN  # the old key still reads
    again = seal(PLAIN, "a.b")
    assert again.split(".")[1] == "new"  # the newest writes
    use(field_keys=KeyRing((NEW,)))
    assert unseal(again, "a.b") == PLAIN
    with pytest.raises(UnknownKey, match="'old' is not in FIELD_KEYS"):
        unseal(stored, "a.b")


def test_another_key_under_the_same_name_reads_nothing(use: Use) -> None:
    stored = seal(PLAIN, "a.b")
    use(field_keys=KeyRing((("old", b"x" * 32),)))
    with pytest.raises(InvalidTag):
        unseal(stored, "a.b")


def test_a_column_keeps_none_as_none(use: Use) -> None:
    column = EncryptedText("a.b")
    assert column.process_bind_param(None, None) is None  # type: ignore[arg-type]
    assert column.process_result_value(None, None) is None  # type: ignore[arg-type]
    stored = column.process_bind_param(PLAIN, None)  # type: ignore[arg-type]
    assert stored != PLAIN
    assert column.process_result_value(stored, None) == PLAIN  # type: ignore[arg-type]


def test_a_blind_index_finds_the_same_value_only(use: Use) -> None:
    index = blind_index("phone", "13800000000")
    assert len(index) == 64
    assert index == blind_index("phone", "13800000000")
    assert index != blind_index("phone", "13800000001")
    assert index != blind_index("name", "13800000000")
    use(blind_index_keys=KeyRing((("other", b"i" * 32),)))
    assert index != blind_index("phone", "13800000000")


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张○"), ("欧阳小明", "欧○○○"), ("李", "李○"), ("", "")]
)
def test_names_in_lists(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"), [("13800001234", "138****1234"), ("0632-5512345", "063****2345"), ("12345", "****")]
)
def test_numbers_in_lists(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked
