"""Schemas of subscriptions."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.places.schemas import TownQuery
from backend.subscriptions.kinds import KINDS, WAYS
from backend.subscriptions.services import MOST_CHOSEN


class PublicationChoiceGivenSchema(Schema):
    """How one wants to hear of a kind: of one village, or with null of the whole town."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    village_id = IdField(load_default=None, allow_none=True)
    way = fields.String(required=True, validate=validate.OneOf(list(WAYS)))


class PublicationChoicesGivenSchema(TownQuery):
    """All of one's choices in a town; what is not named is off."""

    items = fields.List(
        fields.Nested(PublicationChoiceGivenSchema), required=True, validate=validate.Length(max=MOST_CHOSEN)
    )


class PublicationChoiceSchema(Schema):
    """How one hears of a kind: each 每条都通知, daily 每天汇总一次 (18:00), off 不通知."""

    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    village_id = IdField(required=True, allow_none=True)
    village_name = fields.String(required=True)
    way = fields.String(required=True)
    way_label = fields.String(required=True)


class PublicationChoicesSchema(Schema):
    """One's choices: every kind for the whole town, and the villages one chose."""

    items = fields.List(fields.Nested(PublicationChoiceSchema), required=True)
