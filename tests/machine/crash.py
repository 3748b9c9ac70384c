"""A process that dies right before or right after it commits, as seen by the database and by whoever waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from sqlalchemy.orm import Session

When = Literal["before", "after"]


class Crash(BaseException):
    """The process is gone. No `except Exception` of ours may catch it, as none catches kill -9."""


@dataclass
class Fuse:
    """Burns down with each commit; at its end the process dies, once."""

    when: When = "before"
    commits: int = 0

    def light(self, when: When, commits: int) -> None:
        """Die at the n-th commit from now."""
        self.when, self.commits = when, commits

    def put_out(self) -> None:
        """Nobody dies."""
        self.commits = 0

    @contextmanager
    def burning(self) -> Iterator[None]:
        """Around one commit."""
        self.commits -= 1
        dies = self.commits == 0
        if dies and self.when == "before":
            raise Crash
        yield
        if dies:
            raise Crash


def lay(fuse: Fuse, patch: pytest.MonkeyPatch) -> None:
    """Have every commit of every session burn the fuse down."""
    commit = Session.commit

    def burning(self: Session, *args: Any, **options: Any) -> None:
        with fuse.burning():
            commit(self, *args, **options)

    patch.setattr(Session, "commit", burning)
