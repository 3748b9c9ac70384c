"""The administration floor: a cast with an administrator of each town."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.cases import Cast
from tests.fakes.platform import RecordingPlatform
from tests.support.people import Person


@pytest.fixture
def cast(app: Flask, platform: RecordingPlatform) -> Cast:
    """Everyone who takes part."""
    return Cast(app)


@pytest.fixture
def admin(cast: Cast) -> Person:
    """东湾镇's administrator at the desk."""
    return cast.desk("guanli")
