"""Schemas of announcements, one for each audience."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField


class AnnouncementGivenSchema(Schema):
    """An announcement as the form sends it; without units and roles it is for everybody."""

    title = fields.String(validate=validate.Length(1, 80, error="标题要写，最多 80 个字"))
    text = fields.String(validate=validate.Length(1, 5000, error="正文要写，最多 5000 个字"))
    units = fields.List(IdField(), validate=validate.Length(max=200))
    roles = fields.List(fields.String(validate=validate.Length(1, 32)), validate=validate.Length(max=50))
    must_read = fields.Boolean()


class NewAnnouncementSchema(AnnouncementGivenSchema):
    """A new announcement."""

    title = fields.String(required=True, validate=validate.Length(1, 80, error="标题要写，最多 80 个字"))
    text = fields.String(required=True, validate=validate.Length(1, 5000, error="正文要写，最多 5000 个字"))


class ChangedAnnouncementSchema(AnnouncementGivenSchema):
    """What changes of a draft, and which version it was seen at."""

    version = fields.Integer(required=True)


class SeenAnnouncementSchema(Schema):
    """Which version was seen."""

    version = fields.Integer(required=True)


class AnnouncementSchema(Schema):
    """An announcement for those who administer it."""

    id = IdField(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    units = fields.List(fields.String(), required=True)
    unit_names = fields.List(fields.String(), required=True)
    roles = fields.List(fields.String(), required=True)
    must_read = fields.Boolean(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    author_name = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = TimeField(required=True)
    published_at = TimeField(required=True, allow_none=True)
    meant = fields.Integer(required=True, metadata={"description": "how many of the staff it is for now"})
    read = fields.Integer(required=True)


class AnnouncementsSchema(Schema):
    """The town's announcements."""

    items = fields.List(fields.Nested(AnnouncementSchema), required=True)


class MyAnnouncementSchema(Schema):
    """An announcement for its reader."""

    id = IdField(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    must_read = fields.Boolean(required=True)
    author_name = fields.String(required=True)
    published_at = TimeField(required=True)
    read_at = TimeField(required=True, allow_none=True)


class MyAnnouncementsSchema(Schema):
    """What is announced to one."""

    items = fields.List(fields.Nested(MyAnnouncementSchema), required=True)
    unread = fields.Integer(required=True)


class ReaderSchema(Schema):
    """One of those meant."""

    name = fields.String(required=True)
    unit_name = fields.String(required=True)
    read_at = TimeField(required=True, allow_none=True)


class ReadersSchema(Schema):
    """Who has read it and who has not."""

    read = fields.List(fields.Nested(ReaderSchema), required=True)
    unread = fields.List(fields.Nested(ReaderSchema), required=True)
