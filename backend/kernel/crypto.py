"""Field encryption (PIPL 51, SEC-06): AES-256-GCM or SM4-GCM by setting, a ring of keys, blind indexes.

A stored value reads `<cipher>.<key name>.<base64 of nonce and ciphertext>`; the column's name is
bound in as associated data, so that a value cannot be moved to another column. A blind index is
a keyed hash with a key of its own, for looking up what cannot be read.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from backend.kernel.db import LongText
from backend.kernel.settings import settings

NONCE_BYTES = 12
TAG_BYTES = 16
_AES, _SM4 = "a1", "s1"


class UnknownKey(Exception):
    """A value was encrypted with a key that the ring no longer holds: put the old key back."""


def seal(plain: str, context: str) -> str:
    """Encrypt text for the place named `context` with the newest key of the ring."""
    return f"{prefix()}{base64.b64encode(_encrypt(plain.encode(), context)).decode()}"


def seal_bytes(plain: bytes, context: str) -> bytes:
    """Encrypt a file for the place named `context`; it begins with prefix() in ASCII, then raw bytes."""
    return prefix().encode() + _encrypt(plain, context)


def prefix() -> str:
    """What a value begins with that was sealed by the newest key and the cipher of the settings."""
    current = settings()
    cipher = _AES if current.field_cipher == "aes-256-gcm" else _SM4
    return f"{cipher}.{current.field_keys.newest[0]}."


def unseal(stored: str, context: str) -> str:
    """Decrypt what seal() made for the same context.

    Raises UnknownKey when the ring lacks the key, cryptography's InvalidTag when it was altered.
    """
    cipher, name, encoded = stored.split(".", 2)
    return _decrypt(cipher, name, base64.b64decode(encoded), context).decode()


def unseal_bytes(stored: bytes, context: str) -> bytes:
    """Decrypt what seal_bytes() made for the same context; raises as unseal() does."""
    cipher, name, raw = stored.split(b".", 2)
    return _decrypt(cipher.decode(), name.decode(), raw, context)


def _encrypt(plain: bytes, context: str) -> bytes:
    current = settings()
    key = current.field_keys.newest[1]
    nonce = os.urandom(NONCE_BYTES)
    if current.field_cipher == "aes-256-gcm":
        return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())
    return nonce + _sm4_encrypt(key, nonce, plain, context.encode())


def _decrypt(cipher: str, name: str, raw: bytes, context: str) -> bytes:
    key = settings().field_keys.get(name)
    if key is None:
        raise UnknownKey(f"the key {name!r} is not in FIELD_KEYS")
    nonce, sealed = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
    if cipher == _AES:
        return AESGCM(key).decrypt(nonce, sealed, context.encode())
    return _sm4_decrypt(key, nonce, sealed, context.encode())


def _sm4_key(key: bytes) -> bytes:
    """SM4 takes 128 bits: they are derived from the ring's 256."""
    return hashlib.sha256(b"sm4" + key).digest()[:16]


def _sm4_encrypt(key: bytes, nonce: bytes, plain: bytes, context: bytes) -> bytes:
    worker = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce)).encryptor()
    worker.authenticate_additional_data(context)
    return worker.update(plain) + worker.finalize() + worker.tag


def _sm4_decrypt(key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    worker = Cipher(algorithms.SM4(_sm4_key(key)), modes.GCM(nonce, tag)).decryptor()
    worker.authenticate_additional_data(context)
    return worker.update(body) + worker.finalize()


def blind_index(purpose: str, value: str) -> str:
    """A keyed hash (64 hex characters) by which an encrypted value can be found again."""
    _, key = settings().blind_index_keys.newest
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def blind_indexes(purpose: str, value: str) -> tuple[str, ...]:
    """The keyed hashes under every key of the ring, newest first: what a look-up compares with.

    A new blind key is put in front; what was hashed before is still found while its key is in the ring.
    """
    return tuple(
        hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()
        for _, key in settings().blind_index_keys.keys
    )


class EncryptedText(TypeDecorator[str]):
    """A text column that is encrypted at rest; `context` is `table.column`."""

    impl = LongText
    cache_ok = True

    def __init__(self, context: str) -> None:
        super().__init__()
        self.context = context

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(value, self.context)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else unseal(value, self.context)


def mask_name(name: str) -> str:
    """A person's name as lists show it: the family name and a circle for each further character."""
    return name[:1] + "○" * max(1, len(name) - 1) if name else ""


def mask_phone(phone: str) -> str:
    """A phone number as lists show it: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
