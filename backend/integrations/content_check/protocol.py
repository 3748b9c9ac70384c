"""Checking what residents write and send before it may become public.

A check never blocks a report: reports go to officials only, the finding is stored beside them and binds the
public wall alone. What cannot be checked counts as "review": a person looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Finding:
    """``suggest`` pass | review | risky; ``label`` the platform's number as text; ``why`` when nothing was checked."""

    suggest: Literal["pass", "review", "risky"]
    label: str = ""
    trace_id: str = ""
    why: str = ""


class ContentChecker(Protocol):
    """Every method calls outside; none may be called while a transaction is open."""

    def check_text(self, openid: str | None, text: str, *, title: str = "") -> Finding:
        """Judge text at submit time; without an openid of the mini-program it is left to a person."""
        ...

    def start_image_check(self, openid: str | None, image_url: str) -> str | None:
        """Ask for a judgement of an image; returns the trace_id under which it will be pushed, or None if a
        person must look. `image_url` must stay readable from outside for two hours."""
        ...
