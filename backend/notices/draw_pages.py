"""The child process that draws a PDF: bytes on stdin, its pages as JPEG on stdout.

Run as ``python -m backend.notices.draw_pages``. It limits its own memory and processor time first, and imports
nothing of the application. Answer: one line of JSON, {"count", "pages": [{"width", "height", "size"}]} or
{"fault"}, then the pictures' bytes one after the other.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 700 * 1024 * 1024
CPU_SECONDS = 40
#: pages that are drawn; the file itself has all of them
MOST_PAGES = 30
#: pixels: a phone shows 390 points at three pixels each; a board plan is drawn smaller than it is
WIDTH, HEIGHT_MOST = 1200, 3000
QUALITY = 80


def main() -> None:
    """Limit, draw, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        head, pictures = draw(sys.stdin.buffer.read())
    except MemoryError:
        head, pictures = {"fault": "too_large"}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(pictures))


def draw(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """(head, JPEGs). Fault: ``broken``."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        pages, pictures = [], []
        for index in range(min(count, MOST_PAGES)):
            page = document[index]
            wide, high = page.get_size()
            scale = min(WIDTH / max(wide, 1), HEIGHT_MOST / max(high, 1))
            picture = page.render(scale=scale).to_pil().convert("RGB")
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=QUALITY)
            page.close()
            pages.append({"width": picture.width, "height": picture.height, "size": out.tell()})
            pictures.append(out.getvalue())
        document.close()
    except (pypdfium2.PdfiumError, ValueError, OSError):
        return {"fault": "broken"}, []
    return {"count": count, "pages": pages}, pictures


if __name__ == "__main__":
    main()
