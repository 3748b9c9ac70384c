"""What a voter's phone does, in Python: the same as miniprogram/src/lib/ballot.ts, by the same vectors."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from math import gcd
from typing import Any

from backend.polls import blind


@dataclass
class Phone:
    """One phone with one poll: its token, the factor that hides it, and the paper once it has one."""

    poll_id: int
    n: int
    e: int = blind.EXPONENT
    token: bytes = field(default_factory=lambda: secrets.token_bytes(blind.TOKEN_BYTES))
    factor: int = 0
    signature: str = ""

    def __post_init__(self) -> None:
        while self.factor < 2 or gcd(self.factor, self.n) != 1:
            self.factor = secrets.randbelow(self.n)

    @classmethod
    def of(cls, poll: dict[str, Any]) -> Phone:
        """A phone that has opened the page of a poll."""
        return cls(int(poll["id"]), int(poll["public_key"]["n"], 16), poll["public_key"]["e"])

    @property
    def blinded(self) -> str:
        """What it asks to be signed."""
        hidden = (
            blind.full_domain_hash(self.n, self.poll_id, self.token)
            * pow(self.factor, self.e, self.n)
            % self.n
        )
        return f"{hidden:0{2 * blind.BYTES}x}"

    def finish(self, signed: str) -> Phone:
        """Take the factor off the signature; ValueError when it is none of the poll's key."""
        signature = int(signed, 16) * pow(self.factor, -1, self.n) % self.n
        if not blind.is_signed(self.n, self.poll_id, self.token, signature):
            raise ValueError("not signed by this key")
        self.signature = f"{signature:0{2 * blind.BYTES}x}"
        return self

    def ballot(self, option: str) -> dict[str, str]:
        """What it puts into the box."""
        return {"token": self.token.hex(), "signature": self.signature, "option": option}
