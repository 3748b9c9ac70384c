"""What no test may do: reach the network beyond this machine, or call out inside a transaction."""

from __future__ import annotations

import socket
from typing import Any

import pytest
import requests

from backend.kernel.db import assert_no_transaction

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


class NetworkTouched(AssertionError):
    """A test tried to reach another machine."""


def forbid_network(patch: pytest.MonkeyPatch) -> None:
    """Let sockets connect to this machine only."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise NetworkTouched(f"a test reached for {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        check(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        check(address)
        return connect_ex(self, address)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)


def forbid_calls_in_transactions(patch: pytest.MonkeyPatch) -> None:
    """Fail when an HTTP call leaves while this context's session holds a transaction."""
    send = requests.Session.send

    def guarded(
        self: requests.Session, request: requests.PreparedRequest, **options: Any
    ) -> requests.Response:
        assert_no_transaction(f"{request.method} {request.url}")
        return send(self, request, **options)

    patch.setattr(requests.Session, "send", guarded)
