"""Schemas of the bulletin for the desk that writes it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from backend.bulletin.links import LINK_MOST
from backend.bulletin.schemas import ArticleItemSchema, ArticleNoteSchema
from backend.bulletin.states import ARTICLE_STATES, NOTE_MOST
from backend.cases.action_schemas import ActionSchema
from backend.kernel.schemas import IdField, Schema, TimeField

TITLE_MOST, SUMMARY_MOST, HTML_MOST = 60, 200, 100_000
STATES = ("", *(state.code for state in ARTICLE_STATES))
BINARY = {"type": "string", "format": "binary"}
#: the multipart form with one file, for the API document
ONE_FILE: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "role"],
                "properties": {
                    "file": BINARY,
                    "role": {"type": "string", "enum": ["cover", "photo", "audio"]},
                    "name": {"type": "string"},
                },
            }
        }
    },
}


class ArticleGivenSchema(Schema):
    """An article as the form sends it; without villages it is for the whole town."""

    series_id = IdField()
    title = fields.String(validate=validate.Length(1, TITLE_MOST, error=f"标题要写，最多 {TITLE_MOST} 个字"))
    summary = fields.String(validate=validate.Length(max=SUMMARY_MOST))
    html = fields.String(validate=validate.Length(max=HTML_MOST))
    link = fields.String(validate=validate.Length(max=LINK_MOST))
    villages = fields.List(IdField(), validate=validate.Length(max=100))
    publish_at = TimeField(allow_none=True)


class NewArticleSchema(ArticleGivenSchema):
    """A new article."""

    series_id = IdField(required=True)
    title = fields.String(
        required=True, validate=validate.Length(1, TITLE_MOST, error=f"标题要写，最多 {TITLE_MOST} 个字")
    )


class SavedArticleSchema(ArticleGivenSchema):
    """What changes of a draft, and which version it was seen at."""

    version = fields.Integer(required=True)


class ArticleActSchema(Schema):
    """An action: `publish_at` belongs to schedule (the article's own stands in), `note` to withdraw."""

    version = fields.Integer(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=NOTE_MOST))
    publish_at = TimeField(load_default=None, allow_none=True)


class StaffArticlesQuerySchema(Schema):
    """Which articles; without a state all of them."""

    state = fields.String(load_default="", validate=validate.OneOf(STATES))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class StaffArticleLineSchema(ArticleItemSchema):
    """An article in the desk's list."""

    published_at = TimeField(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    village_names = fields.List(fields.String(), required=True)
    publish_at = TimeField(required=True, allow_none=True)
    writer_name = fields.String(required=True)
    created_at = TimeField(required=True)
    updated_at = TimeField(required=True)


class StaffArticlesSchema(Schema):
    """A page of the desk's list, the newest begun first."""

    items = fields.List(fields.Nested(StaffArticleLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StaffArticleFileSchema(Schema):
    """A photo or a recording; sizes in bytes, lengths in seconds."""

    id = IdField(required=True)
    role = fields.String(required=True)
    name = fields.String(required=True)
    type = fields.String(required=True)
    size = fields.Integer(required=True)
    seconds = fields.Integer(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    url = fields.String(required=True)
    thumb_url = fields.String(required=True)


class StaffArticleRowSchema(Schema):
    """A line of what happened."""

    at = TimeField(required=True)
    title = fields.String(required=True)
    actor_name = fields.String(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)


class StaffArticleSchema(StaffArticleLineSchema):
    """One article with everything the desk needs to write and to publish it."""

    series_id = IdField(required=True)
    html = fields.String(required=True)
    villages = fields.List(fields.String(), required=True)
    files = fields.List(fields.Nested(StaffArticleFileSchema), required=True)
    notes = fields.List(fields.Nested(ArticleNoteSchema), required=True)
    writable = fields.Boolean(required=True)
    timeline = fields.List(fields.Nested(StaffArticleRowSchema), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class SeriesGivenSchema(Schema):
    """A new series. `code` is for programs and addresses, and does not change."""

    code = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[a-z][a-z0-9_]{1,31}$", error="代码用小写字母开头，只含字母、数字和下划线"
        ),
    )
    name = fields.String(required=True, validate=validate.Length(1, 30))
    position = fields.Integer(validate=validate.Range(0, 999))


class SeriesChangedSchema(Schema):
    """What changes of a series, and which version it was seen at."""

    version = fields.Integer(required=True)
    name = fields.String(validate=validate.Length(1, 30))
    position = fields.Integer(validate=validate.Range(0, 999))
    active = fields.Boolean()


class StaffSeriesSchema(Schema):
    """A series as the desk keeps it."""

    id = IdField(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    position = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    articles = fields.Integer(required=True)


class StaffSeriesListSchema(Schema):
    """The town's series in their order."""

    items = fields.List(fields.Nested(StaffSeriesSchema), required=True)


class VolumeGivenSchema(Schema):
    """Which year is to be bound."""

    year = fields.Integer(required=True, validate=validate.Range(2000, 2099))


class StaffVolumeSchema(Schema):
    """A volume that is made (`waiting`), can be read (`ready`), or was not made (`failed`, with `error`)."""

    id = IdField(required=True)
    year = fields.Integer(required=True)
    until = fields.Date(required=True)
    articles = fields.Integer(required=True)
    size = fields.Integer(required=True)
    url = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    error = fields.String(required=True)
    created_at = TimeField(required=True)
    finished_at = TimeField(required=True, allow_none=True)


class StaffVolumesSchema(Schema):
    """The town's volumes, newest first."""

    items = fields.List(fields.Nested(StaffVolumeSchema), required=True)
