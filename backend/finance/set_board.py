"""Setting the page for the board as PDF, a part of the entries at a time, in processes of their own.

Typst holds all it sets at once (0.15 MB for each entry) and gives nothing back; two thousand entries in one go
take 320 MB. So the worker starts one child that starts a further one for each PART entries and joins their pages;
the page on which a part ends is left to the next part, so that none is half empty in the middle. The children
import nothing of the application: ``python -m backend.finance.set_board [part]``, one JSON on stdin.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

PART = 150
PART_SECONDS, ALL_SECONDS = 60, 240
_ROOT = Path(__file__).resolve().parents[2]
_PAGE = Path(__file__).with_name("board.typ")
_COMMAND = (sys.executable, "-m", "backend.finance.set_board")
_ENV = {"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}
_TOLD, _MADE = b"told", b"made"
Tell = Callable[[int, int], None]


def pdf(data: dict[str, Any], tell: Tell) -> bytes:
    """The document; `tell` hears how many entries are set, of how many. Raises RuntimeError when it cannot be set."""
    said = json.dumps(data | {"part": PART}, ensure_ascii=False).encode()
    with tempfile.TemporaryFile() as wrong:
        child = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=wrong, cwd=_ROOT, env=_ENV
        )
        end = threading.Timer(ALL_SECONDS, child.kill)
        end.start()
        try:
            with child:
                assert child.stdin is not None
                assert child.stdout is not None
                child.stdin.write(said)
                child.stdin.close()
                made = _listen(child.stdout, tell)
        finally:
            end.cancel()
        if made is None or child.returncode != 0:
            wrong.seek(0)
            raise RuntimeError(f"page not set: {wrong.read()[-400:].decode(errors='replace')}")
        return made


def _listen(out: IO[bytes], tell: Tell) -> bytes | None:
    """Lines of progress, then a line with the size of the PDF, then the PDF."""
    while words := out.readline().split():
        if words[0] == _MADE:
            return out.read(int(words[1]))
        tell(int(words[1]), int(words[2]))
    return None


def join(data: dict[str, Any], tell: Tell) -> bytes:
    """The document, its parts set by children one after the other."""
    from pypdf import PdfReader, PdfWriter

    lines: list[Any] = data["lines"]
    out, done, page = PdfWriter(), 0, 1
    while True:
        part = lines[done : done + data["part"]]
        last = done + len(part) == len(lines)
        begun, made = _in_child(
            data
            | {
                "lines": part,
                "first_page": page,
                "head": data["head"] if done == 0 else [],
                "foot": data["foot"] if last else [],
            }
        )
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
        [*_COMMAND, "part"],
        input=json.dumps(data, ensure_ascii=False).encode(),
        stdout=subprocess.PIPE,
        timeout=PART_SECONDS,
        check=True,
        cwd=_ROOT,
        env=_ENV,
    )
    begun, _, made = done.stdout.partition(b"\n")
    return json.loads(begun), made


def set_part(data: dict[str, Any]) -> tuple[list[int], bytes]:
    """The pages on which the entries begin, and the PDF; the fonts come with a package, nothing of the machine is used."""
    import pylopdf_fonts_zh_cn
    import typst

    fonts = [str(Path(pylopdf_fonts_zh_cn.__file__).parent)]
    said = {"data": json.dumps(data)}
    compiler = typst.Compiler(str(_PAGE), font_paths=fonts, ignore_system_fonts=True, sys_inputs=said)
    made = compiler.compile(pdf_tags=False)
    assert isinstance(made, bytes), "one PDF"
    return json.loads(compiler.query("<line>", field="value")), made


def main() -> None:
    """Set everything, or with the word `part` one part."""
    data, out = json.loads(sys.stdin.buffer.read()), sys.stdout.buffer
    if sys.argv[1:] == ["part"]:
        begun, made = set_part(data)
        out.write(json.dumps(begun).encode() + b"\n" + made)
        return

    def tell(done: int, total: int) -> None:
        out.write(b"%s %d %d\n" % (_TOLD, done, total))
        out.flush()

    made = join(data, tell)
    out.write(b"%s %d\n" % (_MADE, len(made)))
    out.write(made)


if __name__ == "__main__":
    main()
