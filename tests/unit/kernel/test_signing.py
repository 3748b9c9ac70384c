"""Signed, expiring tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.kernel.clock import FrozenClock
from backend.kernel.signing import BadToken, sign, unsign
from config.settings import Settings

HOUR = timedelta(hours=1)
Use = Callable[..., Settings]


def test_a_token_gives_back_what_it_holds(use: Use, clock: FrozenClock) -> None:
    token = sign("media", {"key": "照片", "n": 1}, HOUR)
    assert unsign("media", token) == {"key": "照片", "n": 1}
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()


def test_a_token_ends(use: Use, clock: FrozenClock) -> None:
    token = sign("media", {}, HOUR)
    clock.advance(HOUR)
    assert unsign("media", token) == {}
    clock.advance(timedelta(seconds=1))
    with pytest.raises(BadToken, match="expired"):
        unsign("media", token)


def test_a_token_is_for_one_purpose(use: Use, clock: FrozenClock) -> None:
    with pytest.raises(BadToken, match="signature"):
        unsign("login", sign("media", {}, HOUR))


def test_another_signing_key_reads_nothing(use: Use, clock: FrozenClock) -> None:
    token = sign("media", {}, HOUR)
    use(signing_key=b"another key of more than thirty-two bytes")
    with pytest.raises(BadToken):
        unsign("media", token)


@pytest.mark.parametrize(
    "token", ["", ".", "abc", "abc.", ".abc", "abc.d", "照片.照片", "a.b.c", "====.===="]
)
def test_nonsense_is_no_token(use: Use, clock: FrozenClock, token: str) -> None:
    with pytest.raises(BadToken):
        unsign("media", token)


def test_an_altered_body_is_refused(use: Use, clock: FrozenClock) -> None:
    body, _, signature = sign("media", {"id": 1}, HOUR).partition(".")
    other, _, _ = sign("media", {"id": 2}, HOUR).partition(".")
    assert body != other
    with pytest.raises(BadToken):
        unsign("media", f"{other}.{signature}")
