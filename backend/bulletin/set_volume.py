"""Setting a volume as PDF; the fonts come with a package, nothing of the machine is used."""

from __future__ import annotations

import importlib.resources
import json
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst


def pdf(data: dict[str, Any]) -> bytes:
    """The volume; text stays text, nothing in it is markup."""
    said = json.dumps(data, ensure_ascii=False)
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    made: bytes = typst.compile(  # type: ignore[misc]  # its overloads know bytes; mypy loses them
        _paper(), font_paths=[str(fonts)], sys_inputs={"data": said}
    )
    return made


@cache
def _paper() -> bytes:
    return importlib.resources.files("backend.bulletin").joinpath("papers/volume.typ").read_bytes()
