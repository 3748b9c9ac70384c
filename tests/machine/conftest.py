"""What the walk came to is printed at the end, whether or not it passed."""

from __future__ import annotations

import pytest

SAID: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How far the machine walked."""
    for line in SAID:
        terminalreporter.write_line(line)
