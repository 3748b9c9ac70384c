"""Setting a written document as PDF: by the worker itself, or as a child process for a look at a template.

Run as ``python -m backend.petitions.set_page``: one JSON on stdin, the PDF on stdout. It imports nothing of
the application; a process that answers requests does not carry what sets pages.
"""

from __future__ import annotations

import importlib.resources
import json
import sys
from functools import cache
from pathlib import Path
from typing import Any


def pdf(data: dict[str, Any]) -> bytes:
    """The document as PDF; the fonts come with a package, nothing of the machine is used."""
    import typst  # loaded by those who make a document: every process would carry it otherwise

    said = json.dumps(data, ensure_ascii=False)
    made: bytes = typst.compile(  # type: ignore[misc]  # its overloads know bytes; mypy loses them
        paper("document.typ"), font_paths=[str(_fonts())], sys_inputs={"data": said}
    )
    return made


@cache
def paper(name: str) -> bytes:
    """A page as it is set before anything is filled in."""
    return importlib.resources.files("backend.petitions").joinpath(f"papers/{name}").read_bytes()


@cache
def _fonts() -> Path:
    import pylopdf_fonts_zh_cn

    return Path(pylopdf_fonts_zh_cn.__file__).parent


def main() -> None:
    """Set one page."""
    sys.stdout.buffer.write(pdf(json.loads(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
