"""Blind signatures: RSA over a full-domain hash (Chaum; Bellare and others 2003), 2048 bits, a key for each poll.

The phone hashes its token onto the whole of Z_n, hides the hash under a random factor and has that signed;
what it takes the factor off again is a signature that the signer has never seen. Because the hash fills the
domain, every blinded value could have come from every token: who keeps all of them learns nothing (ADR 0014).

The hash is MGF1 (RFC 8017, B.2.1) with SHA-512 to 128 bits more than the modulus, reduced by it: the bias is
below 2^-128. The private operation runs under a random factor of its own (base blinding), by the Chinese
remainder theorem, and is checked before it leaves: a fault in one half would give the key away.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

BITS = 2048
BYTES = BITS // 8
EXPONENT = 65537
TOKEN_BYTES = 32
#: bytes of hash beyond the modulus, so that the remainder is as good as even
SPARE_BYTES = 16
_PREFIX = b"township-poll-1:"


@dataclass(frozen=True)
class PrivateKey:
    """What signs papers: the modulus and its parts."""

    n: int
    p: int
    q: int

    def text(self) -> str:
        """For the encrypted column."""
        return f"{self.p:x}.{self.q:x}"


def new_key() -> PrivateKey:
    """A fresh key; OpenSSL makes the primes. Takes 15 to 100 ms: when a poll is opened, never per vote."""
    made = rsa.generate_private_key(public_exponent=EXPONENT, key_size=BITS).private_numbers()
    return PrivateKey(made.public_numbers.n, made.p, made.q)


def read_key(text: str) -> PrivateKey:
    """The key that text() wrote."""
    p, _, q = text.partition(".")
    return PrivateKey(int(p, 16) * int(q, 16), int(p, 16), int(q, 16))


def full_domain_hash(n: int, poll_id: int, token: bytes) -> int:
    """Where a token of this poll lies in 0 … n-1."""
    seed = _PREFIX + str(poll_id).encode() + b":" + token
    wanted = BYTES + SPARE_BYTES
    blocks = -(-wanted // 64)
    mask = b"".join(hashlib.sha512(seed + number.to_bytes(4, "big")).digest() for number in range(blocks))
    return int.from_bytes(mask[:wanted], "big") % n


def sign_blinded(key: PrivateKey, blinded: int) -> int:
    """The signature of a blinded value. Raises ArithmeticError when the result does not check."""
    n = key.n
    factor = secrets.randbelow(n - 2) + 2
    hidden = blinded * pow(factor, EXPONENT, n) % n
    d = pow(EXPONENT, -1, (key.p - 1) * (key.q - 1))
    by_p, by_q = pow(hidden, d % (key.p - 1), key.p), pow(hidden, d % (key.q - 1), key.q)
    signed = by_q + key.q * ((by_p - by_q) * pow(key.q, -1, key.p) % key.p)
    signature = signed * pow(factor, -1, n) % n
    if pow(signature, EXPONENT, n) != blinded:
        raise ArithmeticError("a signature did not check; it was not given out")
    return signature


def is_signed(n: int, poll_id: int, token: bytes, signature: int) -> bool:
    """Whether the poll's key has signed this token."""
    return 0 < signature < n and pow(signature, EXPONENT, n) == full_domain_hash(n, poll_id, token)


def serial_of(token: bytes) -> str:
    """Under which a token's ballot is kept: 64 hex digits from which the token cannot be found."""
    return hashlib.sha256(b"township-ballot-1:" + token).hexdigest()


def fingerprint(n: int) -> str:
    """Six groups of five digits by which two phones see that they were given the same key."""
    digest = hashlib.sha512(_PREFIX + f"{n:0{2 * BYTES}x}".encode()).digest()
    return " ".join(f"{int.from_bytes(digest[5 * i : 5 * i + 5], 'big') % 100000:05d}" for i in range(6))
