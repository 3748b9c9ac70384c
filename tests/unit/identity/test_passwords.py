"""Hashes: argon2id with the parameters of ADR 0003."""

from __future__ import annotations

from argon2 import PasswordHasher

from backend.identity import passwords


def test_the_parameters_are_written_in_the_hash() -> None:
    assert passwords.hash_password("correct horse").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_only_the_right_password_fits() -> None:
    stored = passwords.hash_password("correct horse")
    assert passwords.verify(stored, "correct horse")
    assert not passwords.verify(stored, "correct horsf")
    assert not passwords.verify("not a hash", "correct horse")


def test_nothing_fits_where_nothing_is_stored() -> None:
    assert not passwords.verify(None, "nobody has this password")


def test_a_hash_with_other_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse")
    assert passwords.outdated(weak)
    assert not passwords.outdated(passwords.hash_password("correct horse"))
