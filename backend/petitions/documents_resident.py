"""A petitioner's files and written documents."""

from __future__ import annotations

from flask import Response

from backend.identity.guards import current_actor, resident_guard
from backend.kernel.http import Blueprint
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.schemas import ErrorSchema
from backend.petitions import documents, files
from backend.petitions.documents_schemas import BINARY, ONE_FILE, PHOTO_OR_PDF, PetitionFileSchema
from backend.petitions.models import PetitionFile
from backend.petitions.sending import download, take_file
from backend.petitions.uploads import PDF

blueprint = Blueprint(
    "resident_petition_files",
    __name__,
    url_prefix="/api/v1/resident",
    guard=resident_guard,
    description="信访直通车：附件和文书",
)


@blueprint.post("/petition-files")
@limit("30/minute", name="petition_files")
@blueprint.doc(requestBody=ONE_FILE)
@blueprint.response(201, PetitionFileSchema)
def send_file() -> PetitionFile:
    """One photo or PDF; it waits for a month to be attached to a petition.

    Sent twice it waits twice, and the one that nobody attaches goes: no key is written, for the bytes are
    stored with no transaction open.
    """
    return take_file(files.owner_of(current_actor()))


@blueprint.get("/petition-files/<file_id>")
@limit("120/minute", name="petition_files_read")
@blueprint.doc(responses=PHOTO_OR_PDF)
@blueprint.response(200, BINARY, content_type=PDF)
def read_file(file_id: str) -> Response:
    """A file that one sent oneself, or of one's own petition."""
    return download(files.open_for(current_actor(), parse_id(file_id)))


@blueprint.get("/petition-documents/<document_id>/pdf")
@limit("60/minute", name="petition_documents")
@blueprint.response(200, BINARY, content_type=PDF)
@blueprint.alt_response(409, schema=ErrorSchema)
def read_document(document_id: str) -> Response:
    """A written document of one's own petition; an opinion once its delivery is recorded (PET-11)."""
    actor, wanted = current_actor(), parse_id(document_id)
    return download(files.read(lambda: documents.file_of(actor, wanted, "pdf")))
