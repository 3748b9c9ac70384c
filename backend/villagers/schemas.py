"""Schemas of villagers."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.villagers.models import REASON_MOST
from backend.villagers.states import ASKED, DECISIONS, ENDED, STATE_LABELS

_STATE = validate.OneOf(list(STATE_LABELS))


class AskVillagerSchema(Schema):
    """Which village, and the name on its list."""

    village_id = IdField(required=True)
    name = fields.String(required=True, validate=validate.Length(2, 20, error="请写 2 到 20 个字的真实姓名"))


class OwnVillagerSchema(Schema):
    """What a resident is shown of their own asking."""

    id = IdField(required=True)
    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=_STATE)
    state_label = fields.String(required=True)
    asked_at = TimeField(required=True)
    decided_at = TimeField(required=True, allow_none=True)
    reason = fields.String(required=True)
    representative = fields.Boolean(required=True)


class MyVillagerSchema(Schema):
    """One's own asking, or that there is none."""

    villager = fields.Nested(OwnVillagerSchema, required=True, allow_none=True)


class VillagerSchema(OwnVillagerSchema):
    """An asking as the village sees it."""

    same_name = fields.Boolean(
        required=True,
        metadata={"description": "somebody else of this village asked under this name, now or before"},
    )


class VillagersSchema(Schema):
    """A page of askings."""

    items = fields.List(fields.Nested(VillagerSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class VillagersQuerySchema(Schema):
    """Which state; an ended one has no name and is not listed."""

    state = fields.String(
        load_default=ASKED, validate=validate.OneOf([s for s in STATE_LABELS if s != ENDED])
    )
    cursor = fields.String(load_default=None, validate=validate.Length(max=120))


class DecideVillagerSchema(Schema):
    """What the village says, and the state it saw."""

    decision = fields.String(required=True, validate=validate.OneOf(list(DECISIONS)))
    reason = fields.String(load_default="", validate=validate.Length(max=REASON_MOST))
    state_seen = fields.String(required=True, validate=_STATE)


class RepresentativeSchema(Schema):
    """Whether a confirmed villager is one of the villagers' representatives."""

    representative = fields.Boolean(required=True)
