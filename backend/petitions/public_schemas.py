"""Schemas of 信访直通车 for everyone: without a name, by a code, and what the town publishes."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import Schema, TimeField
from backend.petitions.schemas import PetitionDateSchema, PetitionMatterSchema

#: what the phone makes up for an anonymous sending: long enough that nobody guesses another's
SENDING = r"^[A-Za-z0-9_-]{22,64}$"


class AnonymousPetitionSchema(PetitionMatterSchema):
    """A petition without a name. `sending`: random, made by the phone for this one sending."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    sending = fields.String(required=True, validate=validate.Regexp(SENDING, error="请更新页面后再试"))


class AnonymousReceiptSchema(Schema):
    """The code, which is all there is."""

    code = fields.String(required=True)
    code_display = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    next_step = fields.String(required=True)
    inform_by = fields.Date(required=True)


class PetitionProgressQuerySchema(Schema):
    """The code, and the phone that was left with it."""

    code = fields.String(required=True, validate=validate.Length(1, 20))
    phone = fields.String(load_default="", validate=validate.Length(max=20))


class PetitionStepSchema(Schema):
    """A step by its title."""

    at = TimeField(required=True)
    title = fields.String(required=True)


class PetitionNumberSchema(Schema):
    """A written document by its number."""

    kind_label = fields.String(required=True)
    number = fields.String(required=True)
    made_on = fields.Date(required=True)


class PetitionProgressSchema(Schema):
    """How far it is; no word of anybody's."""

    code_display = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    next_step = fields.String(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    received_on = fields.Date(required=True)
    dates = fields.List(fields.Nested(PetitionDateSchema), required=True)
    timeline = fields.List(fields.Nested(PetitionStepSchema), required=True)
    documents = fields.List(fields.Nested(PetitionNumberSchema), required=True)


class PetitionTopicSchema(Schema):
    """What a petition may be about."""

    code = fields.String(required=True)
    label = fields.String(required=True)


class PetitionAboveSchema(Schema):
    """Somebody above the township to turn to."""

    name = fields.String(required=True)
    phone = fields.String(required=True)
    hours = fields.String(required=True)


class PetitionGuideSchema(Schema):
    """What the town publishes (PET-20)."""

    office_name = fields.String(required=True)
    address = fields.String(required=True)
    phone = fields.String(required=True)
    hours = fields.String(required=True)
    channels = fields.List(fields.String(), required=True)
    steps = fields.List(fields.String(), required=True)
    topics = fields.List(fields.Nested(PetitionTopicSchema), required=True)
    above = fields.List(fields.Nested(PetitionAboveSchema), required=True)
    vault_open = fields.Boolean(required=True)
