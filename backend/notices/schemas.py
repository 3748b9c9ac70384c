"""Schemas of notices for everybody and for a village's own people."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.notices.categories import KINDS
from backend.places.schemas import TownQuery


class NoticesQuerySchema(TownQuery):
    """Which notices: of a village, of a kind, a category, a year of publication."""

    village = IdField(load_default=None)
    kind = fields.String(load_default="", validate=validate.OneOf(("", *KINDS)))
    category = fields.String(load_default="", validate=validate.Length(max=32))
    year = fields.Integer(load_default=None, validate=validate.Range(2000, 2099))
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class NoticeHeadSchema(Schema):
    """What a notice is. `version`: how many versions were published; `days_late`: 0 in time."""

    id = IdField(required=True)
    code = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    category = fields.String(required=True)
    category_label = fields.String(required=True)
    title = fields.String(required=True)
    village_id = IdField(required=True, allow_none=True)
    village_name = fields.String(required=True)
    published_on = fields.Date(required=True, allow_none=True)
    shown_until = fields.Date(required=True, allow_none=True)
    days_late = fields.Integer(required=True)
    version = fields.Integer(required=True)
    supplements = fields.Integer(required=True)
    period = fields.String(required=True)
    period_label = fields.String(required=True)
    sheet_id = IdField(required=True, allow_none=True)
    audience = fields.String(required=True)
    audience_label = fields.String(required=True)


class NoticeItemSchema(NoticeHeadSchema):
    """A notice as a line of a list, with how many files it has."""

    attachments = fields.Integer(required=True)


class NoticesSchema(Schema):
    """A page of notices, newest first."""

    items = fields.List(fields.Nested(NoticeItemSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NoticePageImageSchema(Schema):
    """A page of a PDF as a picture."""

    url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class NoticeFileSchema(Schema):
    """A file: pdf with its first pages drawn, excel with its rows, photo. Size in bytes; addresses last an hour."""

    id = IdField(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    size = fields.Integer(required=True)
    url = fields.String(required=True)
    pages = fields.List(fields.Nested(NoticePageImageSchema), required=True)
    page_count = fields.Integer(required=True)
    table = fields.List(fields.List(fields.String()), required=True, allow_none=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)


class NoticeSignatureSchema(Schema):
    """Who took a step, in which duty, on which day."""

    step = fields.String(required=True)
    step_label = fields.String(required=True)
    name = fields.String(required=True)
    duty = fields.String(required=True)
    on = fields.Date(required=True)
    opinion = fields.String(required=True)


class NoticeVersionSchema(Schema):
    """What was published on a day; `hash`: SHA-256 of the version's canonical text (…/versions/<number>)."""

    number = fields.Integer(required=True)
    on = fields.Date(required=True)
    reason = fields.String(required=True)
    body = fields.String(required=True)
    hash = fields.String(required=True)
    sheet_id = IdField(required=True, allow_none=True)
    chain = fields.List(fields.Nested(NoticeSignatureSchema), required=True)


class NoticeObjectionCountSchema(Schema):
    """How many questions, and how many wait."""

    count = fields.Integer(required=True)
    unanswered = fields.Integer(required=True)


class NoticePageSchema(NoticeHeadSchema):
    """A notice with its chain, files and versions."""

    body = fields.String(required=True)
    attachments = fields.List(fields.Nested(NoticeFileSchema), required=True)
    chain = fields.List(fields.Nested(NoticeSignatureSchema), required=True)
    versions = fields.List(fields.Nested(NoticeVersionSchema), required=True)
    hash = fields.String(required=True)
    objection_until = fields.Date(required=True, allow_none=True)
    objection_phone = fields.String(required=True)
    reads = fields.Integer(required=True)
    objections = fields.Nested(NoticeObjectionCountSchema, required=True)
    share_url = fields.String(required=True)


class NoticeCategorySchema(Schema):
    """What is published, how often, for whom, and how long it is kept."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    frequency = fields.String(required=True)
    frequency_label = fields.String(required=True)
    audience = fields.String(required=True)
    audience_label = fields.String(required=True)
    sheet = fields.Boolean(required=True)
    retention = fields.String(required=True)


class NoticeCategoriesSchema(Schema):
    """The categories in their order."""

    items = fields.List(fields.Nested(NoticeCategorySchema), required=True)
