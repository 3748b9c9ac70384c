"""Files and written documents of petitions, for staff."""

from __future__ import annotations

from typing import Any

from flask import Response

from backend.identity.guards import current_actor, requires, staff_guard
from backend.kernel.http import Blueprint
from backend.kernel.idempotency import idempotent_when_keyed
from backend.kernel.ids import parse_id
from backend.kernel.limits import limit
from backend.kernel.schemas import ErrorSchema
from backend.petitions import documents, files, preview, templates
from backend.petitions.document_files import DOCX
from backend.petitions.documents_schemas import (
    BINARY,
    ONE_FILE,
    PHOTO_OR_PDF,
    DeliveredSchema,
    DeliverySchema,
    PetitionFileSchema,
    PetitionTemplateChangeSchema,
    PetitionTemplatePreviewSchema,
    PetitionTemplateSchema,
    PetitionTemplatesSchema,
)
from backend.petitions.models import PetitionDocument, PetitionFile
from backend.petitions.sending import download, take_file
from backend.petitions.uploads import PDF

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
@blueprint.doc(responses=PHOTO_OR_PDF)
@blueprint.response(200, BINARY, content_type=PDF)
def read_file(file_id: str) -> Response:
    """A file of a petition in one's hands; the reading is noted and the petitioner can see it."""
    return download(files.open_for(current_actor(), parse_id(file_id)))


@blueprint.get("/petition-documents/<document_id>/pdf")
@requires(*CONTENT)
@limit("240/minute", name="petition_documents")
@blueprint.response(200, BINARY, content_type=PDF)
@blueprint.alt_response(409, schema=ErrorSchema)
def read_pdf(document_id: str) -> Response:
    """A written document as it is printed; the reading is noted."""
    return _document(document_id, "pdf")


@blueprint.get("/petition-documents/<document_id>/docx")
@requires(*CONTENT)
@limit("240/minute", name="petition_documents")
@blueprint.response(200, BINARY, content_type=DOCX)
@blueprint.alt_response(409, schema=ErrorSchema)
def read_docx(document_id: str) -> Response:
    """The same as a Word file, to be set in the office's own way."""
    return _document(document_id, "docx")


def _document(document_id: str, form: str) -> Response:
    actor, wanted = current_actor(), parse_id(document_id)
    return download(files.read(lambda: documents.file_of(actor, wanted, form)))


@blueprint.post("/petition-documents/<document_id>/delivery")
@idempotent_when_keyed
@requires("petition.triage")
@blueprint.arguments(DeliverySchema)
@blueprint.response(200, DeliveredSchema)
def deliver(given: dict[str, Any], document_id: str) -> PetitionDocument:
    """Record how a notice was delivered: way, date, signed or refused."""
    return documents.deliver(current_actor(), parse_id(document_id), given)


@blueprint.get("/petition-templates")
@requires("petition.templates")
@blueprint.response(200, PetitionTemplatesSchema)
def read_templates() -> dict[str, Any]:
    """The town's texts of written documents, and what may stand in them."""
    return {"items": [templates.shown(text) for text in templates.all_of(current_actor())]}


@blueprint.route("/petition-templates/<kind>", methods=["PUT"])
@requires("petition.templates")
@blueprint.arguments(PetitionTemplateChangeSchema)
@blueprint.response(200, PetitionTemplateSchema)
def write_template(given: dict[str, Any], kind: str) -> dict[str, Any]:
    """Make a text the town's own; documents that were written before stay as they are."""
    return templates.shown(templates.save(current_actor(), kind, **given))


@blueprint.post("/petition-templates/<kind>/preview")
@requires("petition.templates")
@limit("20/minute", name="petition_templates.preview")
@blueprint.arguments(PetitionTemplatePreviewSchema)
@blueprint.response(200, BINARY, content_type=PDF)
@blueprint.alt_response(422, schema=ErrorSchema)
def preview_template(given: dict[str, str], kind: str) -> Response:
    """The text as a page, filled with invented persons; nothing is stored."""
    return download(preview.preview(current_actor(), kind, **given))
