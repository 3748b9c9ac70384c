"""The cast of the bulletin."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.bulletin import BulletinCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> BulletinCast:
    """Everyone who takes part."""
    return BulletinCast(app)
