"""Setting the page for the board as PDF, in parts: typst holds all it sets at once, 0.2 MB for each entry."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def pdf(data: dict[str, Any], tell: Callable[[int], None]) -> bytes:
    """The document as PDF; the fonts come with a package, nothing of the machine is used."""
    import typst  # loaded by those who make a page: every process would carry it otherwise

    said = json.dumps(data, ensure_ascii=False)
    made: bytes = typst.compile(  # type: ignore[misc]  # its overloads know bytes; mypy loses them
        _page(), font_paths=[str(_fonts())], sys_inputs={"data": said}, pdf_tags=False
    )
    return made


@cache
def _page() -> bytes:
    return importlib.resources.files("backend.finance").joinpath("board.typ").read_bytes()


@cache
def _fonts() -> Path:
    import pylopdf_fonts_zh_cn

    return Path(pylopdf_fonts_zh_cn.__file__).parent
