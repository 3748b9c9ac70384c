"""Files of somebody who gives no name: they belong to a sending that their phone made up (§1.5)."""

from __future__ import annotations

import re

from flask import request

from backend.identity.guards import public_guard
from backend.kernel.errors import Invalid
from backend.kernel.http import Blueprint
from backend.kernel.limits import limit_unnamed
from backend.petitions import files
from backend.petitions.documents_schemas import ONE_FILE, PetitionFileSchema
from backend.petitions.models import PetitionFile
from backend.petitions.sending import take_file

blueprint = Blueprint(
    "public_petition_files",
    __name__,
    url_prefix="/api/v1/public",
    guard=public_guard,
    description="匿名信访的附件",
)
#: long enough that nobody guesses another's
SENDING = re.compile(r"^[A-Za-z0-9_-]{22,64}$")


@blueprint.post("/petition-files")
@limit_unnamed("60/minute", name="petition_files.unnamed")
@blueprint.doc(
    requestBody=ONE_FILE,
    parameters=[{"in": "header", "name": "X-Sending", "required": True, "schema": {"type": "string"}}],
)
@blueprint.response(201, PetitionFileSchema)
def send_file() -> PetitionFile:
    """One photo or PDF; gone after a day unless the petition with the same `sending` takes it."""
    sending = request.headers.get("X-Sending", "")
    if not SENDING.match(sending):
        raise Invalid("sending_missing", "请更新页面后再试。", fields={"sending": ["请更新页面后再试。"]})
    return take_file(files.owner_of_sending(sending))
