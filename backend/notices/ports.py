"""What notices need of others; backend/notices_wiring.py says who answers."""

from __future__ import annotations

from collections.abc import Callable

#: bytes of a PDF or a photo → what may be kept of it, and its media type; raises Invalid, TooLarge, Unavailable
Cleans = Callable[[bytes], tuple[bytes, str]]
_cleans: list[Cleans] = []


def cleans_by(clean: Cleans) -> None:
    """Register how PDFs and photos are made anew; called once by the composition root."""
    _cleans[:] = [clean]


def cleaned(data: bytes) -> tuple[bytes, str]:
    """The file without what its sender did not mean to send. RuntimeError when nobody cleans."""
    if not _cleans:
        raise RuntimeError("notices take files that nobody cleans: wire notices.ports.cleans_by()")
    return _cleans[0](data)
