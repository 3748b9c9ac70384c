"""Schemas of the search and of a village's page. Nothing in them is a person's."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema
from backend.places.schemas import TownQuery

WORDS_MOST = 40


class SearchQuerySchema(TownQuery):
    """Words, all of which a text must hold; of one kind, of one village."""

    words = fields.String(load_default="", validate=validate.Length(max=WORDS_MOST))
    kind = fields.String(load_default="", validate=validate.Length(max=24))
    village = IdField(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class FoundSchema(Schema):
    """A public text: `path` opens it on the phone, `excerpt` is where the words stand, `on` a date of Shanghai."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    title = fields.String(required=True)
    excerpt = fields.String(required=True)
    village_name = fields.String(required=True)
    on = fields.Date(required=True)
    path = fields.String(required=True)


class FoundPageSchema(Schema):
    """A page of what was found, newest first."""

    items = fields.List(fields.Nested(FoundSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NewestSchema(Schema):
    """The newest texts of a kind."""

    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    items = fields.List(fields.Nested(FoundSchema), required=True)


class KindCountSchema(Schema):
    """How many public texts of a kind there are."""

    kind = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)


class VillageMoneySchema(Schema):
    """The newest month whose sheet is public; amounts in fen."""

    sheet_id = IdField(required=True)
    notice_id = IdField(required=True)
    month = fields.String(required=True)
    income_fen = fields.Integer(required=True)
    expense_fen = fields.Integer(required=True)
    closing_fen = fields.Integer(required=True)


class VillageHomeSchema(Schema):
    """A village's own page; `owed` counts publications that are due and not there (OPEN-10)."""

    id = IdField(required=True)
    name = fields.String(required=True)
    town_name = fields.String(required=True)
    newest = fields.List(fields.Nested(NewestSchema), required=True)
    counts = fields.List(fields.Nested(KindCountSchema), required=True)
    finance = fields.Nested(VillageMoneySchema, required=True, allow_none=True)
    owed = fields.Integer(required=True)
    share_url = fields.String(required=True)


class FeedQuerySchema(TownQuery):
    """A feed of one kind, of one village."""

    kind = fields.String(load_default="", validate=validate.Length(max=24))
    village = IdField(load_default=None)
