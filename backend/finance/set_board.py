"""Setting the page for the board as PDF, a part of the entries at a time, each in a process of its own.

Typst holds all it sets at once (0.15 MB for each entry) and gives nothing back; two thousand entries in one go
take 320 MB. So a child sets PART entries; the page on which they end is left to the next child, so that no page is
half empty in the middle. Run as ``python -m backend.finance.set_board``: one JSON on stdin; on stdout a line of
JSON, the pages on which the entries begin, then the PDF. It imports nothing of the application.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PART = 200
CHILD_SECONDS = 60
_ROOT = Path(__file__).resolve().parents[2]
_PAGE = Path(__file__).with_name("board.typ")
_MODULE = "backend.finance.set_board"


def pdf(data: dict[str, Any], tell: Callable[[int, int], None]) -> bytes:
    """The document; `tell` hears how many entries are set, of how many. Raises RuntimeError when a part cannot be set."""
    from pypdf import (  # loaded by those who make a page: every process would carry it otherwise
        PdfReader,
        PdfWriter,
    )

    lines: list[Any] = data["lines"]
    out, done, page = PdfWriter(), 0, 1
    while True:
        part = lines[done : done + PART]
        last = done + len(part) == len(lines)
        begun, made = _in_child(
            data | {
                "lines": part,
                "first_page": page,
                "head": data["head"] if done == 0 else [],
                "foot": data["foot"] if last else [],
            }
        )  # fmt: skip
        pages = PdfReader(io.BytesIO(made)).pages
        kept = len(pages) if last else max(1, len(pages) - 1)
        for one in pages[:kept]:
            out.add_page(one)
        # What begins on the page that is left out is set again by the next child.
        done += len(part) if last or len(pages) == 1 else sum(at - begun[0] < kept for at in begun)
        page += kept
        tell(done, len(lines))
        if last:
            break
    out.add_metadata({"/Title": data["title"], "/Author": data["village"]})
    whole = io.BytesIO()
    out.write(whole)
    return whole.getvalue()


def _in_child(data: dict[str, Any]) -> tuple[list[int], bytes]:
    done = subprocess.run(
        [sys.executable, "-m", _MODULE],
        input=json.dumps(data, ensure_ascii=False).encode(),
        capture_output=True,
        timeout=CHILD_SECONDS,
        check=False,
        cwd=_ROOT,
        env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"},
    )
    if done.returncode != 0:
        raise RuntimeError(f"page not set: {done.stderr[-400:].decode(errors='replace')}")
    begun, _, made = done.stdout.partition(b"\n")
    return json.loads(begun), made


def _set(data: dict[str, Any]) -> tuple[list[int], bytes]:
    import pylopdf_fonts_zh_cn
    import typst

    fonts = [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]
    said = {"data": json.dumps(data)}
    compiler = typst.Compiler(str(_PAGE), font_paths=fonts, ignore_system_fonts=True, sys_inputs=said)
    made = compiler.compile(pdf_tags=False)
    assert isinstance(made, bytes), "one PDF"
    return json.loads(compiler.query("<line>", field="value")), made


def main() -> None:
    """Set one part."""
    begun, made = _set(json.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(json.dumps(begun).encode() + b"\n" + made)


if __name__ == "__main__":
    main()
