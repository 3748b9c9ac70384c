"""What the public sees of places, and what those see who keep them."""

from __future__ import annotations

import re

from marshmallow import ValidationError, fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.places.geometry import CRS_NAMES
from backend.places.models import LEVELS

_PUBLIC_NUMBER = re.compile(r"[0-9][0-9 ()-]{2,30}")


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


class GridSchema(PlaceNameSchema):
    """A grid with its public data (GRID-01); empty where the town has not given it."""

    worker_name = fields.String()
    worker_phone = fields.String()
    supervision_phone = fields.String()


class LocatedSchema(Schema):
    """Where a point lies; the point comes back in GCJ-02."""

    point = fields.Nested(LocatedPointSchema)
    area = fields.Nested(PlaceNameSchema, allow_none=True)
    village = fields.Nested(PlaceNameSchema, allow_none=True)
    grid = fields.Nested(GridSchema, allow_none=True)
    label = fields.String()


class PlaceItemSchema(PlaceNameSchema):
    area_name = fields.String(allow_none=True)


class PlacesSchema(Schema):
    items = fields.List(fields.Nested(PlaceItemSchema))


class PlaceRow(Schema):
    """A place, as shown to those who keep the tree."""

    id = IdField(required=True)
    level = fields.String(required=True)
    level_label = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    parent_id = IdField(required=True, allow_none=True)
    worker_name = fields.String(required=True)
    worker_phone = fields.String(required=True)
    supervision_phone = fields.String(required=True)
    has_boundary = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    edited_at = TimeField(required=True, allow_none=True)
    editable = fields.Boolean(required=True)


class PlaceTree(Schema):
    """The places in reach; the tree follows from `parent_id`."""

    items = fields.List(fields.Nested(PlaceRow), required=True)


def _number(value: str) -> None:
    if value and not _PUBLIC_NUMBER.fullmatch(value):
        raise ValidationError("请填写电话号码，例如 0632-5500000 或 13800000000")


class PlaceChange(Schema):
    """A place as it shall be; the numbers are public (GRID-01)."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=40))
    worker_name = fields.String(load_default="", validate=validate.Length(max=30))
    worker_phone = fields.String(load_default="", validate=_number)
    supervision_phone = fields.String(load_default="", validate=_number)
    active = fields.Boolean(load_default=True)


class BoundaryChange(Schema):
    """Another boundary, with the coordinate system that it was drawn in."""

    geojson = fields.Dict(required=True)
    crs = fields.String(required=True, validate=validate.OneOf(CRS_NAMES))
    check_only = fields.Boolean(load_default=False)


class BoundaryKept(Schema):
    """Areas in km²."""

    area_before = fields.Float(required=True, allow_none=True)
    area_after = fields.Float(required=True)
    kept = fields.Boolean(required=True)


class MapSchema(Schema):
    """GeoJSON in GCJ-02 with properties {id, level, name, parent_id}."""

    type = fields.String()
    crs = fields.String()
    features = fields.List(fields.Dict())
