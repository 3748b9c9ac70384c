"""A registry of handlers that belongs to one test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from backend.kernel.ids import ensure_node
from backend.outbox import handles, registry, timers
from tests.fakes.outbox import Recorder


@pytest.fixture
def in_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application, with a context pushed and ids ready, as in a worker; without the features' timers."""
    monkeypatch.setattr(timers, "_periodic", {})
    with app.app_context():
        ensure_node(1)
        yield app


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The handler of kind "test", not repeatable, calling the channel "platform"."""
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    monkeypatch.setattr(registry, "_names", dict(registry._names))
    made = Recorder(channel="platform")
    handles("test")(made)
    return made
