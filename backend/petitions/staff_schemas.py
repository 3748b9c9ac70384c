"""What staff send and read of 信访直通车; fields are listed, never "all"."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.cases.schemas import StaffEntrySchema
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.petitions.queries import VIEWS
from backend.petitions.schemas import (
    PetitionAttachmentSchema,
    PetitionDateSchema,
    PetitionMatterSchema,
    PetitionRatingSchema,
    PetitionReadingSchema,
    identity_number,
    phone_number,
    words,
)
from backend.petitions.taking_in import ACTIONS, CHANNELS, ROLES


class PetitionQueueQuerySchema(Schema):
    """Which petitions are asked for."""

    view = fields.String(load_default="todo", validate=validate.OneOf(VIEWS))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))


class PetitionMarkSchema(Schema):
    """A mark beside the state."""

    code = fields.String(
        required=True,
        validate=validate.OneOf(
            ["urgent", "extension", "anonymous", "joint", "repeated", "follow_up", "upstream"]
        ),
    )
    label = fields.String(required=True)


class PetitionLineSchema(Schema):
    """A line of the office's queue. Nothing of the persons stands in it."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    class_label = fields.String(required=True)
    topic_label = fields.String(required=True)
    channel_label = fields.String(required=True)
    title = fields.String(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    staff_name = fields.String(required=True, allow_none=True)
    received_on = fields.Date(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    due_text = fields.String(required=True)
    overdue = fields.Boolean(required=True)
    urgent = fields.Boolean(required=True)
    joint = fields.Boolean(required=True)
    repeat_number = fields.Integer(required=True)
    marks = fields.List(fields.Nested(PetitionMarkSchema), required=True)


class PetitionCountsSchema(Schema):
    """How many petitions each view holds."""

    todo = fields.Integer(required=True)
    handling = fields.Integer(required=True)
    mine = fields.Integer(required=True)
    all = fields.Integer(required=True)
    ended = fields.Integer(required=True)


class PetitionPageSchema(Schema):
    """A page of the queue."""

    items = fields.List(fields.Nested(PetitionLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    counts = fields.Nested(PetitionCountsSchema, required=True)


class MaskedPartySchema(Schema):
    """Somebody who speaks in it, masked."""

    role = fields.String(required=True)
    role_label = fields.String(required=True)
    name_masked = fields.String(required=True)
    phone_masked = fields.String(required=True)
    has_address = fields.Boolean(required=True)
    has_id_number = fields.Boolean(required=True)
    confirmed = fields.Boolean(required=True)


class StaffDocumentSchema(Schema):
    """A numbered written document and how it was delivered (§1.3)."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    number = fields.String(required=True)
    made_on = fields.Date(required=True)
    delivered_on = fields.Date(required=True, allow_none=True)
    way_label = fields.String(required=True)
    signed_label = fields.String(required=True)
    stance_label = fields.String(required=True)
    pdf_url = fields.String(required=True, allow_none=True)
    docx_url = fields.String(required=True, allow_none=True)


class PetitionHelperSchema(Schema):
    """A unit that helps (协办, PET-06)."""

    name = fields.String(required=True)
    staff_name = fields.String(required=True, allow_none=True)


class PendingExtensionSchema(Schema):
    """A request for more time that waits for the head (PET-09)."""

    until = fields.Date(required=True, allow_none=True)
    by_name = fields.String(required=True)
    reason = fields.String(required=True)


class PetitionOpinionSchema(Schema):
    """The opinion as it is drafted: the four parts of PET-10 and its outcome."""

    outcome = fields.String(required=True)
    outcome_label = fields.String(required=True)
    claim = fields.String(required=True)
    facts = fields.String(required=True)
    note = fields.String(required=True)
    basis = fields.String(required=True)
    drafted_by = fields.String(required=True)


class PetitionAvoidanceSchema(Schema):
    """Somebody who keeps out of it (PET-15)."""

    name = fields.String(required=True)
    unit_name = fields.String(required=True)
    decided_at = TimeField(required=True)


class PetitionLinkSchema(Schema):
    """An earlier petition about the same matter, and why it is the same (PET-07, PET-26)."""

    id = IdField(required=True)
    code_display = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    reason = fields.String(required=True)


class PetitionSenderSchema(Schema):
    """The body that sent it down, with its number and date (PET-05)."""

    body = fields.String(required=True)
    number = fields.String(required=True)
    due_on = fields.Date(required=True, allow_none=True)


class PetitionAssigneeSchema(Schema):
    """Unit and person that have it."""

    unit_id = IdField(required=True, allow_none=True)
    unit_name = fields.String(required=True, allow_none=True)
    staff_id = IdField(required=True, allow_none=True)
    staff_name = fields.String(required=True, allow_none=True)


class StaffPetitionSchema(PetitionLineSchema):
    """A petition for staff: persons masked, read in clear with a reason only."""

    code = fields.String(required=True)
    version = fields.Integer(required=True)
    next_step = fields.String(required=True)
    topic = fields.String(required=True)
    petition_class = fields.String(required=True)
    branch = fields.String(required=True)
    branch_label = fields.String(required=True)
    claim = fields.String(required=True)
    facts = fields.String(required=True)
    reasons = fields.String(required=True)
    anonymous = fields.Boolean(required=True)
    accepted_on = fields.Date(required=True, allow_none=True)
    delivered_on = fields.Date(required=True, allow_none=True)
    reviewed_on = fields.Date(required=True, allow_none=True)
    assignee = fields.Nested(PetitionAssigneeSchema, required=True)
    dates = fields.List(fields.Nested(PetitionDateSchema), required=True)
    parties = fields.List(fields.Nested(MaskedPartySchema), required=True)
    may_read_contact = fields.Boolean(required=True)
    files = fields.List(fields.Nested(PetitionAttachmentSchema), required=True)
    documents = fields.List(fields.Nested(StaffDocumentSchema), required=True)
    ratings = fields.List(fields.Nested(PetitionRatingSchema), required=True)
    timeline = fields.List(fields.Nested(StaffEntrySchema), required=True)
    sender = fields.Nested(PetitionSenderSchema, required=True, allow_none=True)
    helpers = fields.List(fields.Nested(PetitionHelperSchema), required=True)
    pending_request = fields.Nested(PendingExtensionSchema, required=True, allow_none=True)
    extension_count = fields.Integer(required=True)
    opinion = fields.Nested(PetitionOpinionSchema, required=True, allow_none=True)
    outcome_label = fields.String(required=True)
    avoidances = fields.List(fields.Nested(PetitionAvoidanceSchema), required=True)
    links = fields.List(fields.Nested(PetitionLinkSchema), required=True)
    joined_into = fields.String(required=True, allow_none=True)
    follow_up_open = fields.Boolean(required=True)
    readings = fields.List(fields.Nested(PetitionReadingSchema), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class PetitionActSchema(Schema):
    """What staff give with an action; what it demands stands in the table of states."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=4000))
    claim = fields.String(validate=validate.Length(max=2000))
    facts = fields.String(validate=validate.Length(max=4000))
    basis = fields.String(validate=validate.Length(max=2000))
    outcome = fields.String(validate=validate.Length(max=24))
    branch = fields.String(validate=validate.Length(max=8))
    body = fields.String(validate=validate.Length(max=80))
    number = fields.String(validate=validate.Length(max=40))
    unit_id = IdField()
    staff_id = IdField(allow_none=True)
    until = fields.Date()
    way = fields.String(validate=validate.Length(max=16))
    delivered_on = fields.Date()
    signed = fields.String(validate=validate.Length(max=16))
    stance = fields.String(validate=validate.Length(max=16))
    into_code = fields.String(validate=validate.Length(max=20))
    got_notice = fields.String(validate=validate.Length(max=8))
    got_opinion = fields.String(validate=validate.Length(max=8))
    carried_out = fields.String(validate=validate.Length(max=8))
    file_ids = fields.List(IdField(), validate=validate.Length(max=20))


class TakenPartySchema(Schema):
    """Somebody who came, wrote or called, as the office writes them down. ID numbers are never asked for (PET-02)."""

    role = fields.String(required=True, validate=validate.OneOf(ROLES, error="请选择是哪一种身份"))
    name = words(40, "请写姓名")
    phone = phone_number(required=False)
    address = words(100)
    id_number = identity_number()
    relation = words(40)


class TakeInPetitionSchema(PetitionMatterSchema):
    """What the office registers (PET-01): a visit, a letter, a call, or what another body sent (PET-05)."""

    action = fields.String(load_default="register", validate=validate.OneOf(ACTIONS))
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    town = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 32))
    received_on = fields.Date(required=True)
    parties = fields.List(
        fields.Nested(TakenPartySchema), load_default=list, validate=validate.Length(max=200)
    )
    anonymous = fields.Boolean(load_default=False)
    sender_body = fields.String(load_default="", validate=validate.Length(max=80))
    sender_number = fields.String(load_default="", validate=validate.Length(max=64))
    sender_due_on = fields.Date(load_default=None, allow_none=True)


class PetitionContactRequestSchema(Schema):
    """Why the persons are read in clear."""

    reason = fields.String(required=True, validate=validate.Length(2, 200))


class ClearPartySchema(Schema):
    """Somebody who speaks in it, in clear."""

    role_label = fields.String(required=True)
    name = fields.String(required=True)
    phone = fields.String(required=True)
    address = fields.String(required=True)
    id_number = fields.String(required=True)
    relation = fields.String(required=True, metadata={"description": "of an agent (PET-23)"})


class ClearPartiesSchema(Schema):
    """The persons of one petition, in clear."""

    items = fields.List(fields.Nested(ClearPartySchema), required=True)


class PetitionLinkRequestSchema(Schema):
    """An earlier petition about the same matter, and the reason."""

    code = fields.String(required=True, validate=validate.Length(1, 20))
    reason = fields.String(required=True, validate=validate.Length(4, 500))


class PetitionAssigneesQuerySchema(Schema):
    """For which action somebody is chosen."""

    action = fields.String(load_default="accept", validate=validate.Length(max=32))


class PetitionPersonSchema(Schema):
    """Somebody who can be chosen."""

    id = IdField(required=True)
    name = fields.String(required=True)
    role_label = fields.String(required=True)
    on_duty = fields.Boolean(required=True)


class PetitionUnitSchema(Schema):
    """A unit with the people in it who can be chosen."""

    unit_id = IdField(required=True)
    unit_name = fields.String(required=True)
    people = fields.List(fields.Nested(PetitionPersonSchema), required=True)


class PetitionAssigneesSchema(Schema):
    """Whom the viewer can choose."""

    items = fields.List(fields.Nested(PetitionUnitSchema), required=True)
