"""Files as people send them with a petition: PDFs made on the spot, and the form that carries one."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

AUTHOR = "张三的名字"


def pdf(pages: int = 1, password: str = "") -> bytes:
    """A PDF that carries its author's name, a script that starts by itself and a file inside."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Author": AUTHOR, "/Title": "上访材料.docx"})
    writer.add_attachment("inside.txt", b"a file inside the file")
    script = TextStringObject("app.alert('started by itself');")
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): script})
    writer.root_object[NameObject("/OpenAction")] = action
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def form(data: bytes, filename: str = "材料.pdf", **more: str) -> dict[str, Any]:
    """The options of a request that sends one file, with more fields of the form."""
    # encoded here: the test client would spool a large body to a file that it never closes
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(data), filename=filename), **more})
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
