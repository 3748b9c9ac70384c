"""The cast, and a working calendar that remembers nothing of another test's holidays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from backend.workflow.clocks import forget_calendar
from tests.factories.cases import Cast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Iterator[Cast]:
    """Everyone who takes part, logged in on first use."""
    forget_calendar()
    yield Cast(app)
    forget_calendar()
