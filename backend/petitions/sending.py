"""A file over HTTP: out of a multipart form, and back as a download."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request

from backend.kernel.errors import Invalid
from backend.petitions.files import Opened, upload
from backend.petitions.models import PetitionFile


def take_file(owner: str) -> PetitionFile:
    """The form's one file, cleaned and stored for its owner. Raises Invalid when there is none.

    A mini-program sends a file under a name that WeChat made up, and what its owner calls it as `name`.
    """
    sent = request.files.get("file")
    if sent is None:
        raise Invalid("file_missing", "请选择一个文件。", fields={"file": ["请选择一个文件。"]})
    name = request.form.get("name", "") or sent.filename or ""
    return upload(owner, name, sent.read())


def download(opened: Opened) -> Response:
    """A file to be saved or shown by the program that asked; nobody keeps a copy on the way."""
    answer = Response(opened.data, mimetype=opened.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(opened.name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
