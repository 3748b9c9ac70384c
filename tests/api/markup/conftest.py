"""Every text that these tests send is an attack."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.planted import Planter


@pytest.fixture
def planting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Planter]:
    """planting("staff/notices.*"): from now on whoever logs in plants in the texts of these operations."""

    def begin(*paths: str) -> Planter:
        planter = Planter(*paths)
        monkeypatch.setattr(app, "test_client_class", planter.client())
        return planter

    return begin
