"""DOCX and PDF of a written document, made by the worker from one JSON, with no transaction open."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from backend.kernel import json
from backend.kernel.db import db
from backend.outbox import Call, Handler, Job, enqueue, handles
from backend.petitions import files
from backend.petitions.models import PetitionDocument, PetitionFile
from backend.petitions.set_page import paper, pdf
from backend.petitions.uploads import PDF

JOB = "petition_documents.make"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: whose the files are: nobody can attach them
OWNER = "system"


def owe(document: PetitionDocument) -> None:
    """Have both files made once the document's transaction is committed."""
    made = {
        form: files.new_row(
            OWNER, files.DOCUMENT, f"{_named(document.number)}.{form}", media, document.petition_id
        ).id
        for form, media in (("docx", DOCX), ("pdf", PDF))
    }
    payload = {"document_id": str(document.id), **{form: str(one) for form, one in made.items()}}
    enqueue(JOB, payload, key=f"{JOB}:{document.id}")


def _named(number: str) -> str:
    """A document's number as the name of a file; another body's may hold what no file name can."""
    return re.sub(r'[\\/:*?"<>|\s]+', "-", number)


@handles(JOB)
class MakeFiles(Handler):
    """Read in one unit, make and store with none open, note in another; repeating writes the same again."""

    lease_seconds = 120

    def prepare(self, job: Job) -> Callable[[], Any] | None:
        row = db.session.get(PetitionDocument, int(job.payload["document_id"]))
        if row is None or row.pdf_file_id is not None:
            return None
        data = json.loads(row.filled)
        rows = {form: db.session.get_one(PetitionFile, int(job.payload[form])) for form in ("docx", "pdf")}

        def make() -> dict[str, int]:
            sizes = {}
            for form, filled in (("docx", docx(data)), ("pdf", pdf(data))):
                files.save(rows[form], filled)
                sizes[form] = len(filled)
            return sizes

        return Call(make)

    def complete(self, job: Job, result: dict[str, int] | None) -> None:
        row = db.session.get(PetitionDocument, int(job.payload["document_id"]))
        if row is None or result is None:
            return
        row.docx_file_id = files.stored(int(job.payload["docx"]), result["docx"]).id
        row.pdf_file_id = files.stored(int(job.payload["pdf"]), result["pdf"]).id


def docx(data: dict[str, Any]) -> bytes:
    """The document as a Word file, which the office may still set in its own way before it is stamped."""
    from docxtpl import DocxTemplate  # as typst above

    template = DocxTemplate(io.BytesIO(paper("document.docx")))
    template.render(data, autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()
