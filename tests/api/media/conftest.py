"""The stand-in OSS of the contract tests, for the photos that go through our own API to it."""

from __future__ import annotations

from tests.contract.conftest import oss, running_oss

__all__ = ["oss", "running_oss"]
