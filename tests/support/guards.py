"""What no test may do: reach the network beyond this machine, or call out inside a transaction."""

from __future__ import annotations

import socket
import subprocess
from http.client import HTTPConnection
from multiprocessing.process import BaseProcess
from typing import Any

import pytest

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
    """Fail when this context's session holds a transaction while an HTTP call leaves or a process is started.

    Every client that there is in Python ends at http.client: urllib, urllib3, and requests on top of it.
    A child process may take its time too, and so may whatever it calls.
    """
    put, start, begin = HTTPConnection.putrequest, subprocess.Popen.__init__, BaseProcess.start

    def guarded_put(self: HTTPConnection, method: str, url: str, *more: Any, **options: Any) -> None:
        assert_no_transaction(f"{method} {self.host}:{self.port}{url}")
        put(self, method, url, *more, **options)

    def guarded_start(self: subprocess.Popen[Any], args: Any, *more: Any, **options: Any) -> None:
        assert_no_transaction(f"the process {args!r}")
        start(self, args, *more, **options)

    def guarded_begin(self: BaseProcess) -> None:
        assert_no_transaction(f"the process {self.name}")
        begin(self)

    patch.setattr(HTTPConnection, "putrequest", guarded_put)
    patch.setattr(subprocess.Popen, "__init__", guarded_start)
    patch.setattr(BaseProcess, "start", guarded_begin)
