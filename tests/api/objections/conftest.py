"""The cast of those who ask about what is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.factories.objection_cast import ObjectionCast
from tests.fakes.platform import RecordingPlatform


@pytest.fixture
def open_books(app: Flask, platform: RecordingPlatform, run_jobs: Callable[[], Any]) -> ObjectionCast:
    """Everyone who takes part."""
    return ObjectionCast(app, run_jobs)
