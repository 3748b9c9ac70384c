"""The cast of 三务公开."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.notices import NoticeCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> NoticeCast:
    """Everyone who takes part."""
    return NoticeCast(app)
