"""The child process that opens PDFs: bytes on stdin, a clean PDF on stdout.

Run as ``python -m backend.petitions.clean_pdf``. As with photos (backend.media.decode) it limits its own
memory and CPU time first, and imports nothing of the application. Only the pages go on: the author's
name, the program, scripts, attachments and what starts by itself stay behind, so that a paper sent
without a name does not carry one. An electronic signature inside does not survive it.

Answer: one line of JSON, {"ok": true, "pages"} or {"fault"}, then the PDF's bytes.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 700 * 1024 * 1024
CPU_SECONDS = 20
MAX_PAGES = 500
#: annotations that carry or start something; stamps, remarks and filled-in fields are what was written
DROPPED = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/Sound", "/3D"})
ACTIVE = ("/A", "/AA", "/Metadata", "/PieceInfo")


def main() -> None:
    """Limit, clean, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        head, pdf = clean(sys.stdin.buffer.read())
    except MemoryError:
        head, pdf = {"fault": "too_large"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + pdf)


def clean(data: bytes) -> tuple[dict[str, Any], bytes]:
    """(head, PDF). Faults: ``locked`` (a password), ``too_many_pages``, ``broken``."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"fault": "locked"}, b""
        many = len(reader.pages)
        if not many:
            return {"fault": "broken"}, b""
        if many > MAX_PAGES:
            return {"fault": "too_many_pages"}, b""
        writer = PdfWriter()
        for page in reader.pages:
            _strip(writer.add_page(page))
        writer.metadata = None
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError):
        return {"fault": "broken"}, b""  # what a damaged file does to its reader has many names
    return {"ok": True, "pages": many}, out.getvalue()


def _strip(page: Any) -> None:
    """Take from a page what acts, carries or tells; what can be seen on it stays."""
    from pypdf.generic import ArrayObject, NameObject

    for name in ACTIVE:
        page.pop(name, None)
    kept = ArrayObject()
    for reference in page.get("/Annots", None) or ():
        annotation = reference.get_object()
        if annotation.get("/Subtype") not in DROPPED:
            for name in (*ACTIVE, "/Parent", "/FS"):
                annotation.pop(name, None)
            kept.append(reference)
    if "/Annots" in page:
        page[NameObject("/Annots")] = kept


if __name__ == "__main__":
    main()
