"""The cast of the case tests, for the rights of the person who brought the case."""

from __future__ import annotations

from tests.api.cases.conftest import *  # noqa: F403
