"""A sender's phone and a reader's browser by libsodium: another implementation than the front ends' own.

What they seal has to be the same bytes: all three are held to tests/vault_vectors.json.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any

from nacl.bindings import (
    crypto_box,
    crypto_box_open,
    crypto_scalarmult_base,
    crypto_secretbox,
    crypto_secretbox_open,
)

CODE_PREFIX = b"township-vault-code-1:"
LETTER_BLOCK, NOTE_BLOCK, FILE_BLOCK = 4096, 1024, 16384


def text64(raw: bytes) -> str:
    """Base64 as text."""
    return b64encode(raw).decode()


def public_of(secret: bytes) -> bytes:
    """The public half."""
    return crypto_scalarmult_base(secret)


def padded(value: Any, block: int) -> bytes:
    """JSON with blanks behind it, up to whole blocks."""
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return raw + b" " * (-len(raw) % block)


def packed(meta: Any, content: bytes) -> bytes:
    """A file: what it is, its bytes, and zeros up to whole blocks."""
    head = json.dumps(meta, ensure_ascii=False, separators=(",", ":")).encode()
    raw = len(head).to_bytes(4, "big") + head + len(content).to_bytes(4, "big") + content
    return raw + b"\0" * (-len(raw) % FILE_BLOCK)


def lock(key: bytes, plain: bytes, nonce: bytes | None = None) -> bytes:
    """Sealed under a key that both sides have."""
    nonce = nonce or secrets.token_bytes(24)
    return nonce + crypto_secretbox(plain, nonce, key)


def unlock(key: bytes, sealed: bytes) -> bytes:
    """The other way."""
    return crypto_secretbox_open(sealed[24:], sealed[:24], key)


def seal_to(public: bytes, plain: bytes, ephemeral: bytes | None = None, nonce: bytes | None = None) -> bytes:
    """Sealed to a public key with a key of the moment."""
    ephemeral, nonce = ephemeral or secrets.token_bytes(32), nonce or secrets.token_bytes(24)
    return public_of(ephemeral) + nonce + crypto_box(plain, nonce, public, ephemeral)


def open_box(secret: bytes, sealed: bytes) -> bytes:
    """The other way."""
    return crypto_box_open(sealed[56:], sealed[32:56], sealed[:32], secret)


def halves(code: str) -> tuple[bytes, bytes]:
    """What a code derives to: the secret that opens answers, and the half that asks for progress."""
    digest = hashlib.sha512(CODE_PREFIX + code.encode()).digest()
    return digest[:32], digest[32:]


def wrapped(
    secret: bytes, passphrase: str, *, n: int = 2**15, salt: bytes = b"s" * 16, nonce: bytes = b"n" * 24
) -> str:
    """A private half under a passphrase."""
    key = hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=8, p=1, dklen=32, maxmem=2**28)
    box = text64(lock(key, secret, nonce))
    return json.dumps({"kdf": "scrypt", "n": n, "r": 8, "p": 1, "salt": salt.hex(), "box": box})


@dataclass
class Reader:
    """A reader's browser."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key_id: str = ""

    @property
    def public(self) -> str:
        return text64(public_of(self.secret))

    def content_key(self, letter: Any) -> bytes:
        """The key of a letter as the API shows it."""
        return open_box(self.secret, b64decode(letter["wrap"]))

    def read(self, letter: Any) -> Any:
        """What the letter says."""
        return json.loads(unlock(self.content_key(letter), b64decode(letter["content"])))

    def note(self, letter: Any, said: Any) -> str:
        """What is said of a step, under the letter's key."""
        return text64(lock(self.content_key(letter), padded(said, NOTE_BLOCK)))


@dataclass
class Sender:
    """A sender's phone."""

    code: str = "0123456789ABCDEFGHJKMNPQ"

    @property
    def lookup(self) -> str:
        return halves(self.code)[1].hex()

    @property
    def receipt(self) -> str:
        return hashlib.sha512(bytes.fromhex(self.lookup)).hexdigest()[:64]

    def letter(
        self, town: str, readers: list[Any], said: Any, files: tuple[bytes, ...] = ()
    ) -> dict[str, Any]:
        """The body of the POST, for readers as the API shows them."""
        key = secrets.token_bytes(32)
        return {
            "town": town,
            "content": text64(lock(key, padded(said, LETTER_BLOCK))),
            "files": [
                text64(lock(key, packed({"name": "照片.jpg", "type": "image/jpeg"}, f))) for f in files
            ],
            "wraps": [
                {"key_id": one["key_id"], "wrap": text64(seal_to(b64decode(one["public_key"]), key))}
                for one in readers
            ],
            "receipt": self.receipt,
            "answer_key": text64(public_of(halves(self.code)[0])),
        }

    def open_answer(self, sealed: str) -> Any:
        """An answer to this sender."""
        return json.loads(open_box(halves(self.code)[0], b64decode(sealed)))
