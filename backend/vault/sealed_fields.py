"""Fields of sealed things: their form and length are all that this program can check of them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from marshmallow import ValidationError, fields

KEY_BYTES = 32
NONCE_BYTES = 24
TAG_BYTES = 16
#: a secretbox: the nonce and what authenticates it
SECRET_OVERHEAD = NONCE_BYTES + TAG_BYTES
#: a sealed box: an ephemeral public key besides
BOX_OVERHEAD = KEY_BYTES + SECRET_OVERHEAD
WRAP_BYTES = BOX_OVERHEAD + KEY_BYTES


class SealedField(fields.String):
    """Base64 of something sealed that is `overhead` longer than a multiple of `block` bytes.

    What is sealed is padded to whole blocks, so that its length tells little of what it says.
    """

    def __init__(self, *, overhead: int = 0, block: int = 1, most: int, **more: Any) -> None:
        super().__init__(**more)
        self.overhead, self.block, self.most = overhead, block, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or len(value) > self.most * 4 // 3 + 4:
            raise ValidationError("密文格式不对或太长")
        try:
            raw = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError("密文格式不对") from error
        body = len(raw) - self.overhead
        if body <= 0 or body % self.block or len(raw) > self.most or base64.b64encode(raw).decode() != value:
            raise ValidationError("密文长度不对")
        return value


def fixed(size: int, **more: Any) -> SealedField:
    """Base64 of exactly `size` bytes."""
    return SealedField(block=size, most=size, **more)


def fingerprint(public_key: str) -> str:
    """Six groups of five digits by which people compare a public key, over the phone or on paper.

    From SHA-512 of the key's 32 bytes; both front ends count the same (tests/vault_vectors.json).
    """
    digest = hashlib.sha512(base64.b64decode(public_key)).digest()
    groups = (int.from_bytes(digest[at : at + 5], "big") % 100_000 for at in range(0, 30, 5))
    return " ".join(f"{group:05d}" for group in groups)


def receipt_of(lookup: str) -> str:
    """What is stored of the half of a code that asks for progress: the first 32 bytes of its SHA-512, in hex."""
    return hashlib.sha512(bytes.fromhex(lookup)).hexdigest()[:64]
