"""Schemas of requests to publish something, and of how many villagers a village has."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.kernel.schemas import IdField, Schema
from backend.notices.objection_schemas import ObjectionCursorSchema, words_field
from backend.notices.publishing_request_states import REASON_MOST
from backend.notices.publishing_request_views import VIEWS
from backend.places.schemas import TownQuery

TEXT_MOST = 500
VILLAGERS_MOST, REPRESENTATIVES_MOST = 100_000, 1000


class PublishingRequestQuerySchema(TownQuery):
    """Of which town, and which of its villages."""

    village = IdField(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=120))


class AskPublishingRequestSchema(Schema):
    """What the own village should publish; `village_id` may name that village once more."""

    village_id = IdField(load_default=None, allow_none=True)
    category = fields.String(load_default="", validate=validate.Length(max=40))
    text = words_field(TEXT_MOST)


class PublishingRequestSchema(Schema):
    """A request as everybody reads it: `joined` of `needed`. Who joined is kept nowhere in the clear."""

    id = IdField(required=True)
    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    category = fields.String(required=True)
    category_label = fields.String(required=True)
    text = fields.String(required=True)
    asked_on = fields.Date(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    next_step = fields.String(required=True)
    joined = fields.Integer(required=True)
    needed = fields.Integer(required=True)
    representatives_joined = fields.Integer(required=True)
    representatives_needed = fields.Integer(required=True, allow_none=True)
    entitled = fields.Integer(required=True)
    entitled_label = fields.String(required=True)
    closes_on = fields.Date(required=True)
    days_left = fields.Integer(required=True, allow_none=True)
    reached_on = fields.Date(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    days_late = fields.Integer(required=True)
    answered_on = fields.Date(required=True, allow_none=True)
    notice_id = IdField(required=True, allow_none=True)
    reason = fields.String(required=True)
    decided_on = fields.Date(required=True, allow_none=True)
    town_reason = fields.String(required=True)


class PublishingRequestPageSchema(Schema):
    """A page of requests."""

    items = fields.List(fields.Nested(PublishingRequestSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class OwnPublishingRequestSchema(PublishingRequestSchema):
    """A request as a villager sees it: whether one has joined, and what one may do."""

    version = fields.Integer(required=True)
    mine = fields.Boolean(required=True)
    shown = fields.Boolean(required=True)
    comment_state_label = fields.String(required=True)
    held_reason = fields.String(required=True)
    has_joined = fields.Boolean(required=True)
    may_join = fields.Boolean(required=True)
    may_leave = fields.Boolean(required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class OwnPublishingRequestPageSchema(Schema):
    """The requests of one's own village; without a confirmed village `village_id` is null."""

    items = fields.List(fields.Nested(OwnPublishingRequestSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    village_id = IdField(required=True, allow_none=True)
    village_name = fields.String(required=True)


class WithdrawRequestSchema(Schema):
    """Which version was seen."""

    version = fields.Integer(required=True)


class StaffPublishingRequestQuerySchema(ObjectionCursorSchema):
    """Which list."""

    view = fields.String(load_default="todo", validate=validate.OneOf(VIEWS, error="没有这个列表"))


class StaffPublishingRequestSchema(PublishingRequestSchema):
    """A request at the desk; one that is not public yet has no words here."""

    version = fields.Integer(required=True)
    shown = fields.Boolean(required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class StaffPublishingRequestPageSchema(Schema):
    """A page of requests for the desk."""

    items = fields.List(fields.Nested(StaffPublishingRequestSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PublishingRequestActSchema(Schema):
    """What staff give with an action; publishing names the notice."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=REASON_MOST, error=f"最多 {REASON_MOST} 个字"))
    notice_id = IdField(load_default=None, allow_none=True)


class VillageRollSchema(Schema):
    """How many villagers and representatives a village has entered, and how many of each can demand publication.

    `representatives_known`: confirmed villagers whom the village has noted as representatives.
    """

    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    villagers = fields.Integer(required=True, allow_none=True)
    noted_on = fields.Date(required=True, allow_none=True)
    confirmed = fields.Integer(required=True)
    needed = fields.Integer(required=True)
    representatives = fields.Integer(required=True, allow_none=True)
    representatives_known = fields.Integer(required=True)
    representatives_needed = fields.Integer(required=True, allow_none=True)
    may_enter = fields.Boolean(required=True)


class VillageRollsSchema(Schema):
    """Every village in reach."""

    items = fields.List(fields.Nested(VillageRollSchema), required=True)


class EnterRollSchema(Schema):
    """How many villagers there are, and how many represent them in their assembly; left out it stays as it was."""

    villagers = fields.Integer(
        required=True, validate=validate.Range(1, VILLAGERS_MOST, error=f"应在 1 到 {VILLAGERS_MOST} 之间")
    )
    representatives = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(
            1, REPRESENTATIVES_MOST, error=f"村民代表应在 1 到 {REPRESENTATIVES_MOST} 人之间"
        ),
    )
