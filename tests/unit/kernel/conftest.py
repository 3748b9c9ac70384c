"""Settings for the kernel's own tests: keys that a test may change, put back afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.kernel import settings as kept
from config.settings import KeyRing, Settings, load
from tests.support.settings import environment_of_tests

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)


@pytest.fixture
def use(tmp_path: Path) -> Iterator[Callable[..., Settings]]:
    """use(field_cipher="sm4-gcm"): the process's settings, with changes."""
    before = kept._current
    plain = replace(
        load(environment_of_tests(f"sqlite:///{tmp_path}/unused.db", tmp_path)), field_keys=KeyRing((OLD,))
    )

    def change(**changes: Any) -> Settings:
        kept.use_settings(replace(plain, **changes))
        return kept.settings()

    change()
    yield change
    kept._current = before
