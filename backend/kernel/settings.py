"""The settings of this process, set once by create_app()."""

from __future__ import annotations

from config.settings import Settings

_current: Settings | None = None


def use_settings(settings: Settings) -> None:
    """Make `settings` the ones that settings() returns."""
    global _current
    _current = settings


def settings() -> Settings:
    """The current settings; RuntimeError before create_app() has run."""
    if _current is None:
        raise RuntimeError("settings() was asked before create_app() ran")
    return _current
