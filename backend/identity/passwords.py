"""Password hashes: argon2id (docs/adr/0003). A file of its own, for nothing else may touch a hash.

19 MiB and two passes are OWASP's smallest recommended argon2id. At most two are computed at once in
a process, so that a rush of logins adds 38 MiB and not 8 x 19.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
AT_ONCE = 2

_hasher = PasswordHasher(
    time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
)
_gate = threading.BoundedSemaphore(AT_ONCE)
_decoy: str | None = None


@contextmanager
def gate() -> Iterator[None]:
    """Bounds both the memory of hashing and how many guesses can be under way before a lock-out."""
    with _gate:
        yield


def hash_password(password: str) -> str:
    """The argon2id hash of `password`, parameters and salt included."""
    return _hasher.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`.

    With nothing stored a decoy is verified, and the answer is False: an unknown name takes as long
    as a wrong password.
    """
    try:
        return _hasher.verify(stored or _decoy_hash(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _decoy_hash() -> str:
    global _decoy
    if _decoy is None:
        _decoy = _hasher.hash("nobody has this password")
    return _decoy
