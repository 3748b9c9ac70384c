"""The cast of the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.factories.wall import WallCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def wall(app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any]) -> WallCast:
    """Everyone who takes part in the wall."""
    return WallCast(app, run_jobs)
