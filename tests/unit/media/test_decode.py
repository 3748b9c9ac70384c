"""The child's own limits."""

from __future__ import annotations

import subprocess
import sys

from backend.media import decode


def test_the_child_may_not_take_more_memory_than_it_was_given() -> None:
    script = (
        "import backend.media.decode as d, sys\n"
        "d.decode = lambda data: bytearray(2 * d.MEMORY_BYTES) and ({}, b'', b'')\n"
        "d.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], input=b"", capture_output=True, timeout=60, check=False
    )
    assert done.stdout.startswith(b'{"fault": "too_many_pixels"'), done.stderr[-300:]


def test_the_child_loads_nothing_of_the_application() -> None:
    script = "import sys, backend.media.decode; print([m for m in sys.modules if m.startswith(('flask', 'sqlalchemy', 'backend.kernel'))])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=True)
    assert done.stdout.strip() == b"[]"


def test_a_thumbnail_is_no_larger_than_its_side() -> None:
    from tests.factories.photos import photo

    head, _, _ = decode.decode(photo((100, 50)))
    assert (head["width"], head["height"]) == (100, 50), "small pictures are not blown up"
