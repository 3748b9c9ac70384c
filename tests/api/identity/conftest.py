"""The platform as a notebook, for logins."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def platform(app: Flask) -> Iterator[RecordingPlatform]:
    """The platform that the application asks in this test."""
    replaced = app.extensions.get("wechat")
    app.extensions["wechat"] = notebook = RecordingPlatform()
    yield notebook
    app.extensions["wechat"] = replaced
