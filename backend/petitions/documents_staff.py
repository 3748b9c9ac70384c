"""Files and written documents of petitions, for staff."""

from __future__ import annotations

from flask import Response

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.petitions import files
from backend.petitions.documents_schemas import BINARY, ONE_FILE, PetitionFileSchema
from backend.petitions.models import PetitionFile
from backend.petitions.sending import download, take_file

blueprint = Blueprint(
    "staff_petition_files",
    __name__,
    url_prefix="/api/v1/staff",
    guard=staff_guard,
    description="信访直通车：附件和文书",
)
#: whoever may have a petition open; which one is decided where it is loaded
CONTENT = ("petition.triage", "petition.handle", "petition.approve")


@blueprint.post("/petition-files")
@requires(*CONTENT)
@limit("60/minute", name="petition_files")
@blueprint.doc(requestBody=ONE_FILE)
@blueprint.response(201, PetitionFileSchema)
def send_file() -> PetitionFile:
    """One photo or PDF that belongs to a petition at hand."""
    return take_file(files.owner_of(current_actor()))


@blueprint.get("/petition-files/<file_id>")
@requires(*CONTENT)
@limit("240/minute", name="petition_files_read")
@blueprint.response(200, BINARY, content_type="application/octet-stream")
def read_file(file_id: str) -> Response:
    """A file of a petition in one's hands; the reading is noted and the petitioner can see it."""
    return download(files.open_for(current_actor(), parse_id(file_id)))
