"""Schemas of the core, one for each audience; fields are listed, never "all"."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.cases.oversight_schemas import (
    CallBackSchema,
    CaseTaskSchema,
    SupervisionBriefSchema,
    SupervisionSchema,
)
from backend.cases.side_schemas import DetailSchema, LeadStateSchema, MarkSchema, StaffSidesSchema
from backend.kernel.schemas import IdField, Schema, TimeField

PHONE = r"^(1\d{10}|0\d{2,3}-?\d{7,8})$"


class CasePointSchema(Schema):
    """A position in GCJ-02 degrees."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))


class PhotoSchema(Schema):
    """A photo with its signed addresses, which expire."""

    id = IdField(required=True)
    role = fields.String(required=True, allow_none=True)
    url = fields.String(required=True)
    thumb_url = fields.String(required=True)
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)


class ReplySchema(Schema):
    """The office's answer."""

    text = fields.String(required=True)
    outcome = fields.String(required=True)
    outcome_label = fields.String(required=True)
    at = TimeField(required=True, allow_none=True)


class RatingSchema(Schema):
    """The resident's own judgement."""

    score = fields.String(required=True)
    comment = fields.String(required=True)
    at = TimeField(required=True, allow_none=True)


class HolderSchema(Schema):
    """Who has it now."""

    unit_name = fields.String(required=True)
    role_label = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)


class CaseCoreSchema(Schema):
    """What resident and staff both see."""

    id = IdField(required=True)
    code = fields.String(required=True)
    code_display = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    category_name = fields.String(required=True)
    place_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    next_step = fields.String(required=True)
    created_at = TimeField(required=True)
    due_at = TimeField(required=True, allow_none=True)
    due_on = fields.String(required=True, allow_none=True)
    due_text = fields.String(required=True)
    days_left = fields.Integer(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    closed_at = TimeField(required=True, allow_none=True)
    paused = fields.Boolean(required=True)
    text = fields.String(required=True)
    point = fields.Nested(CasePointSchema, required=True, allow_none=True)
    address = fields.String(required=True)
    holder = fields.Nested(HolderSchema, required=True, allow_none=True)
    media = fields.List(fields.Nested(PhotoSchema), required=True)
    reply = fields.Nested(ReplySchema, required=True, allow_none=True)
    rating = fields.Nested(RatingSchema, required=True, allow_none=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class StaffEntrySchema(Schema):
    """A line of the timeline for staff, internal notes included."""

    id = IdField(required=True)
    at = TimeField(required=True)
    action = fields.String(required=True)
    title = fields.String(required=True)
    who = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    details = fields.List(fields.Nested(DetailSchema), required=True)
    visibility = fields.String(required=True)
    media = fields.List(fields.Nested(PhotoSchema), required=True)
    rule = fields.String(required=True, allow_none=True)
    tone = fields.String(required=True)


class MaskedContactSchema(Schema):
    """The citizen's contact, masked."""

    name_masked = fields.String(required=True)
    phone_masked = fields.String(required=True)
    under_14 = fields.Boolean(required=True)


class AssigneeSchema(Schema):
    """Unit and person that hold a case."""

    unit_id = IdField(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    staff_id = IdField(required=True, allow_none=True)
    staff_name = fields.String(required=True, allow_none=True)


class ProposalSchema(Schema):
    """Whom the rule names, and why."""

    unit_id = IdField(required=True)
    unit_name = fields.String(required=True)
    staff_id = IdField(required=True, allow_none=True)
    staff_name = fields.String(required=True, allow_none=True)
    rule_name = fields.String(required=True)
    why = fields.String(required=True)


class ClockSchema(Schema):
    """One promise of a case."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    due_at = TimeField(required=True)
    started_at = TimeField(required=True)
    stopped_at = TimeField(required=True, allow_none=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    paused = fields.Boolean(required=True)
    overdue = fields.Boolean(required=True)


class ViewerSchema(Schema):
    """Somebody who has the case open."""

    name = fields.String(required=True)
    unit_name = fields.String(required=True)


class ContentFlagSchema(Schema):
    """What was found fault with in what people posted."""

    code = fields.String(required=True, metadata={"description": "risky, doubtful or refused"})
    label = fields.String(required=True)


class StaffCaseSchema(CaseCoreSchema, StaffSidesSchema):
    """A case for staff."""

    channel = fields.String(required=True)
    category_code = fields.String(required=True)
    urgency = fields.String(required=True)
    urgency_label = fields.String(required=True)
    contact = fields.Nested(MaskedContactSchema, required=True, allow_none=True)
    assignee = fields.Nested(AssigneeSchema, required=True)
    proposal = fields.Nested(ProposalSchema, required=True, allow_none=True)
    clocks = fields.List(fields.Nested(ClockSchema), required=True)
    timeline = fields.List(fields.Nested(StaffEntrySchema), required=True)
    reopen_count = fields.Integer(required=True)
    confidential = fields.Boolean(required=True)
    registered_by_name = fields.String(required=True, allow_none=True)
    supervision = fields.Nested(SupervisionBriefSchema, required=True, allow_none=True)
    supervisions = fields.List(fields.Nested(SupervisionSchema), required=True)
    call_backs = fields.List(fields.Nested(CallBackSchema), required=True)
    tasks = fields.List(fields.Nested(CaseTaskSchema), required=True)
    content_flag = fields.Nested(ContentFlagSchema, required=True, allow_none=True)
    viewers = fields.List(fields.Nested(ViewerSchema), required=True)


class ProgressSchema(Schema):
    """What a look-up code opens: state and dates."""

    code = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    received_on = fields.String(required=True)
    due_on = fields.String(required=True, allow_none=True)
    closed_on = fields.String(required=True, allow_none=True)
    updated_at = TimeField(required=True)
    paused = fields.Boolean(required=True)
    suspended_until = fields.String(required=True, allow_none=True)
    merged = fields.Nested(LeadStateSchema, required=True, allow_none=True)


class QueueItemSchema(Schema):
    """A line of the staff queue."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    category_name = fields.String(required=True)
    place_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    urgency = fields.String(required=True)
    urgency_label = fields.String(required=True)
    created_at = TimeField(required=True)
    due_at = TimeField(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    due_text = fields.String(required=True)
    assignee_name = fields.String(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    thumb_url = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    marks = fields.List(fields.Nested(MarkSchema), required=True)


class QueuePageSchema(Schema):
    """A page of the queue."""

    items = fields.List(fields.Nested(QueueItemSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class TaskSchema(QueueItemSchema):
    """A worker's task: a line of the queue with its place. `kind` is "case" or "child_task"; then `id` is the part's."""

    kind = fields.String(required=True, validate=validate.OneOf(["case", "child_task"]))
    case_id = IdField(required=True)
    point = fields.Nested(CasePointSchema, required=True, allow_none=True)


class TaskPageSchema(Schema):
    """A worker's open tasks."""

    items = fields.List(fields.Nested(TaskSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class QueueQuerySchema(Schema):
    """The queue's filters."""

    state = fields.String(validate=validate.Length(max=32))
    due = fields.String(validate=validate.OneOf(["today", "overdue", "soon"]))
    category = fields.String(validate=validate.Length(max=32))
    village = IdField()
    assigned = fields.String(validate=validate.OneOf(["me", "unit"]))
    urgency = fields.String(validate=validate.OneOf(["normal", "important", "urgent"]))
    returned = fields.String(validate=validate.OneOf(["1"]))
    supervised = fields.String(validate=validate.OneOf(["1"]))
    pending = fields.String(validate=validate.OneOf(["extension", "suspension"]))
    q = fields.String(validate=validate.Length(max=60))
    cursor = fields.String(validate=validate.Length(max=120))
    limit = fields.Integer(validate=validate.Range(1, 100))


class CountsSchema(Schema):
    """How many cases wait."""

    states = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    due_today = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    reopen_requested = fields.Integer(required=True)
    mine = fields.Integer(required=True)


class FilterSchema(Schema):
    """A saved filter."""

    id = IdField(required=True, dump_only=True)
    name = fields.String(required=True, validate=validate.Length(1, 40))
    query = fields.Dict(
        keys=fields.String(), values=fields.String(validate=validate.Length(max=60)), required=True
    )


class FilterListSchema(Schema):
    """A person's saved filters."""

    items = fields.List(fields.Nested(FilterSchema), required=True)


class ActSchema(Schema):
    """What staff give with an action; what it demands stands in the table of states."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=2000))
    reply = fields.String(validate=validate.Length(max=2000))
    outcome = fields.String(validate=validate.Length(max=24))
    unit_id = IdField()
    staff_id = IdField(allow_none=True)
    media_ids = fields.List(IdField(), validate=validate.Length(max=20))
    until = fields.Date()
    body = fields.String(validate=validate.Length(max=80))
    external_number = fields.String(validate=validate.Length(max=64))
    into_code = fields.String(validate=validate.Length(max=20))
    reason = fields.String(validate=validate.Length(max=24))
    way = fields.String(validate=validate.Length(max=16))
    reached = fields.String(validate=validate.Length(max=8))
    solved = fields.String(validate=validate.Length(max=8))
    satisfaction = fields.String(validate=validate.Length(max=16))


class ContactRequestSchema(Schema):
    """Why the contact is read."""

    reason = fields.String(required=True, validate=validate.Length(2, 200))


class ContactSchema(Schema):
    """The citizen's contact in clear."""

    name = fields.String(required=True)
    phone = fields.String(required=True)


class ViewersSchema(Schema):
    """Who else is looking."""

    viewers = fields.List(fields.Nested(ViewerSchema), required=True)


class PersonSchema(Schema):
    """Somebody who can be given a case."""

    id = IdField(required=True)
    name = fields.String(required=True)
    role_label = fields.String(required=True)
    on_duty = fields.Boolean(required=True, metadata={"description": "on the unit's duty list right now"})


class UnitPeopleSchema(Schema):
    """A unit and those in it who can handle."""

    unit_id = IdField(required=True)
    unit_name = fields.String(required=True)
    people = fields.List(fields.Nested(PersonSchema), required=True)


class AssigneesSchema(Schema):
    """Everyone a case can be given to."""

    items = fields.List(fields.Nested(UnitPeopleSchema), required=True)
