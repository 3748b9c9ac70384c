"""What the public sees of places."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.places.geometry import CRS_NAMES
from backend.places.models import LEVELS


class TownQuery(Schema):
    """Which town; without a code the first one."""

    town = fields.String(load_default="", validate=validate.Length(max=32))


class LocateQuery(TownQuery):
    """A point; the coordinate system defaults to ours."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.String(load_default="gcj02", validate=validate.OneOf(CRS_NAMES))


class PlacesQuery(TownQuery):
    """The places of one level."""

    level = fields.String(load_default="village", validate=validate.OneOf(LEVELS[2:5]))


class PhoneSchema(Schema):
    name = fields.String()
    number = fields.String()
    hours = fields.String()


class TownLabelSchema(Schema):
    id = IdField()
    code = fields.String()
    name = fields.String()


class TownSchema(TownLabelSchema):
    county_name = fields.String()


class PrivacySchema(Schema):
    version = fields.String()
    title = fields.String()
    paragraphs = fields.List(fields.String())


class UploadRulesSchema(Schema):
    max_photos = fields.Integer()
    max_bytes = fields.Integer()
    types = fields.List(fields.String())


class WeChatSchema(Schema):
    inside = fields.Boolean(
        metadata={"description": "opened in WeChat's own browser (or the stand-in's phone)"}
    )
    sandbox = fields.Boolean()
    official = fields.Boolean(metadata={"description": "an official account is configured"})
    mini_appid = fields.String()


class ConfigSchema(Schema):
    """Everything a front end needs to know before its first page."""

    product_name = fields.String()
    operator = fields.String()
    filing_number = fields.String()
    town = fields.Nested(TownSchema)
    towns = fields.List(fields.Nested(TownLabelSchema))
    phones = fields.List(fields.Nested(PhoneSchema))
    privacy = fields.Nested(PrivacySchema)
    upload = fields.Nested(UploadRulesSchema)
    text_max = fields.Integer()
    wechat = fields.Nested(WeChatSchema)
    features = fields.Dict(keys=fields.String(), values=fields.Boolean())


class TownsSchema(Schema):
    """The towns of the county."""

    towns = fields.List(fields.Nested(TownLabelSchema))


class LocatedPointSchema(Schema):
    lon = fields.Float()
    lat = fields.Float()


class PlaceNameSchema(Schema):
    id = IdField()
    name = fields.String()


class LocatedSchema(Schema):
    """Where a point lies; the point comes back in GCJ-02."""

    point = fields.Nested(LocatedPointSchema)
    area = fields.Nested(PlaceNameSchema, allow_none=True)
    village = fields.Nested(PlaceNameSchema, allow_none=True)
    grid = fields.Nested(PlaceNameSchema, allow_none=True)
    label = fields.String()


class PlaceItemSchema(PlaceNameSchema):
    area_name = fields.String(allow_none=True)


class PlacesSchema(Schema):
    items = fields.List(fields.Nested(PlaceItemSchema))


class MapSchema(Schema):
    """GeoJSON in GCJ-02 with properties {id, level, name, parent_id}."""

    type = fields.String()
    crs = fields.String()
    features = fields.List(fields.Dict())
