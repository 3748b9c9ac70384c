"""Schemas of the bulletin for everybody. `html` holds the tags of clean_html.TAGS without attributes."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.places.schemas import TownQuery

MONTH = r"20\d\d-(0[1-9]|1[0-2])"


class ArticlesQuerySchema(TownQuery):
    """Which articles: for a village (what is for all of the town too), of a series, a month or a year, holding words."""

    village = IdField(load_default=None)
    series = fields.String(load_default="", validate=validate.Length(max=32))
    month = fields.String(
        load_default="", validate=validate.Regexp(rf"^({MONTH})?$", error="月份写成 2026-03 这样")
    )
    year = fields.Integer(load_default=None, validate=validate.Range(2000, 2099))
    words = fields.String(load_default="", validate=validate.Length(max=40))
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class ArticlePhotoSchema(Schema):
    """A photo; its address opens it for an hour at least."""

    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class ArticleAudioSchema(Schema):
    """A recording: length in seconds, size in bytes, audio/mpeg or audio/mp4."""

    url = fields.String(required=True)
    seconds = fields.Integer(required=True)
    size = fields.Integer(required=True)
    type = fields.String(required=True)


class ArticleItemSchema(Schema):
    """An article as a line of a list. `link`: an article of an official account, read there; empty: none."""

    id = IdField(required=True)
    code = fields.String(required=True)
    series = fields.String(required=True)
    series_label = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    cover = fields.Nested(ArticlePhotoSchema, required=True, allow_none=True)
    published_at = TimeField(required=True)
    published_on = fields.Date(required=True)
    has_audio = fields.Boolean(required=True)
    link = fields.String(required=True)


class ArticlesSchema(Schema):
    """A page of articles, newest first."""

    items = fields.List(fields.Nested(ArticleItemSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ArticleNoteSchema(Schema):
    """Since when it was not shown, or was again, and why."""

    on = fields.Date(required=True)
    text = fields.String(required=True)


class ArticleWithdrawnSchema(Schema):
    """Since when it is not shown, and why."""

    on = fields.Date(required=True)
    reason = fields.String(required=True)


class ArticleSchema(ArticleItemSchema):
    """The page of an article. `villages`: names; none: for the whole town. Of one withdrawn only title and notes stay."""

    html = fields.String(required=True)
    photos = fields.List(fields.Nested(ArticlePhotoSchema), required=True)
    audio = fields.Nested(ArticleAudioSchema, required=True, allow_none=True)
    villages = fields.List(fields.String(), required=True)
    state = fields.String(required=True)
    withdrawn = fields.Nested(ArticleWithdrawnSchema, required=True, allow_none=True)
    notes = fields.List(fields.Nested(ArticleNoteSchema), required=True)
    share_url = fields.String(required=True)


class SeriesSchema(Schema):
    """A series and how many articles it has."""

    id = IdField(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    articles = fields.Integer(required=True)


class SeriesListSchema(Schema):
    """The series of a town in their order."""

    items = fields.List(fields.Nested(SeriesSchema), required=True)


class ArchiveMonthSchema(Schema):
    """A month in Shanghai and how many articles it has."""

    month = fields.String(required=True)
    articles = fields.Integer(required=True)


class ArchiveSchema(Schema):
    """The months that have an article, newest first."""

    items = fields.List(fields.Nested(ArchiveMonthSchema), required=True)


class VolumeSchema(Schema):
    """A year as one PDF; `until`: the last day in it, `size` in bytes."""

    id = IdField(required=True)
    year = fields.Integer(required=True)
    until = fields.Date(required=True)
    articles = fields.Integer(required=True)
    size = fields.Integer(required=True)
    url = fields.String(required=True)


class VolumesSchema(Schema):
    """The volumes of a town, newest year first."""

    items = fields.List(fields.Nested(VolumeSchema), required=True)
