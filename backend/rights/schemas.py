"""Schemas of a person's own rights."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.rights.services import KINDS
from backend.rights.words import DEEDS


class RightsPurposeSchema(Schema):
    """Why something is kept (PI-01)."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    what = fields.String(required=True)
    why = fields.String(required=True)
    basis = fields.String(required=True)
    basis_label = fields.String(required=True)
    source = fields.String(required=True)
    kept = fields.String(required=True)
    deed = fields.String(required=True)


class RightsCountSchema(Schema):
    """How many records of a kind there are."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    many = fields.Integer(required=True)


class RightsRequestSchema(Schema):
    """A request and its answer."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    case_id = IdField(required=True, allow_none=True)
    text = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    version = fields.Integer(required=True)
    created_at = TimeField(required=True)
    due_at = TimeField(required=True)
    due_on = fields.String(required=True)
    due_text = fields.String(required=True)
    answer = fields.String(required=True)
    answered_at = TimeField(required=True, allow_none=True)
    unit_name = fields.String(required=True)


class StandingSchema(Schema):
    """Whether the account is a child's, and whether a guardian agreed (PI-04)."""

    under_14 = fields.Boolean(required=True)
    agreed = fields.Boolean(required=True)


class AgeSchema(Schema):
    """One's age in full years; no birthday is asked for."""

    age = fields.Integer(required=True, validate=validate.Range(min=1, max=120))


class GuardianCodeSchema(Schema):
    """The code, shown this once."""

    code = fields.String(required=True)
    expires_at = TimeField(required=True)


class GuardianConsentSchema(Schema):
    """The code, however it was typed."""

    code = fields.String(required=True, validate=validate.Length(1, 32))


class GuardianAgreedSchema(Schema):
    """For how many children one has agreed."""

    wards = fields.Integer(required=True)


class RightsOverviewSchema(Schema):
    """What is kept of the person, in list form."""

    operator = fields.String(required=True)
    standing = fields.Nested(StandingSchema, required=True)
    wards = fields.Integer(required=True)
    consented_at = TimeField(required=True, allow_none=True)
    consent_version = fields.String(required=True, allow_none=True)
    purposes = fields.List(fields.Nested(RightsPurposeSchema), required=True)
    sections = fields.List(fields.Nested(RightsCountSchema), required=True)
    requests = fields.List(fields.Nested(RightsRequestSchema), required=True)


class RightsFactSchema(Schema):
    """One thing kept."""

    label = fields.String(required=True)
    value = fields.String(required=True)


class RightsRecordSchema(Schema):
    """One record kept."""

    title = fields.String(required=True)
    facts = fields.List(fields.Nested(RightsFactSchema), required=True)


class RightsSectionSchema(Schema):
    """All records of a kind."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    records = fields.List(fields.Nested(RightsRecordSchema), required=True)


class OwnDataSchema(Schema):
    """Everything kept of a person: the JSON copy."""

    made_at = fields.String(required=True)
    operator = fields.String(required=True)
    preface = fields.String(required=True)
    purposes = fields.List(fields.Nested(RightsPurposeSchema), required=True)
    sections = fields.List(fields.Nested(RightsSectionSchema), required=True)


class RightsCopySchema(Schema):
    """A PDF on its way; `progress` in percent."""

    id = IdField(required=True)
    state = fields.String(required=True)
    progress = fields.Integer(required=True)
    created_at = TimeField(required=True)
    expires_at = TimeField(required=True)


class RightsPersonChangeSchema(Schema):
    """What a person corrects of their account; null or empty removes it."""

    nickname = fields.String(allow_none=True, validate=validate.Length(max=32, error="最多 32 个字"))
    phone = fields.String(allow_none=True, validate=validate.Length(max=20))


class RightsChangedSchema(Schema):
    """What changed."""

    changed = fields.List(fields.String(), required=True)


class _ContactSchema(Schema):
    contact_name = fields.String(validate=validate.Length(max=30, error="最多 30 个字"))
    contact_phone = fields.String(
        validate=validate.Regexp(r"^$|^[0-9+\- ]{5,20}$", error="请填写电话号码，或留空")
    )
    address = fields.String(validate=validate.Length(max=100, error="最多 100 个字"))


class RightsCorrectionSchema(_ContactSchema):
    """What is to be right in an own report."""

    case_id = IdField(required=True)
    why = fields.String(load_default="", validate=validate.Length(max=500, error="最多 500 个字"))


class RightsCorrectedSchema(Schema):
    """Done at once, or handed in as a request."""

    done = fields.Boolean(required=True)
    request = fields.Nested(RightsRequestSchema, required=True, allow_none=True)


class RightsAskSchema(Schema):
    """A request for what somebody has to decide."""

    kind = fields.String(required=True, validate=validate.OneOf(list(KINDS)))
    town = fields.String(required=True, validate=validate.Length(1, 32))
    case_id = IdField(load_default=None, allow_none=True)
    text = fields.String(required=True, validate=validate.Length(4, 1000, error="请写 4 到 1000 个字"))


class OwnRequestsSchema(Schema):
    """A person's requests."""

    items = fields.List(fields.Nested(RightsRequestSchema), required=True)


class RightsStaySchema(Schema):
    """What stays, and why."""

    what = fields.String(required=True)
    why = fields.String(required=True)
    source = fields.String(required=True)
    until = fields.String(required=True)


class RightsNamedCaseSchema(Schema):
    """A case that a deed is about."""

    id = IdField(required=True)
    title = fields.String(required=True)


class RightsPlanSchema(Schema):
    """What a deed would do; `refused` says why it cannot be, else `confirm` goes with the doing."""

    deed = fields.String(required=True)
    title = fields.String(required=True)
    goes = fields.List(fields.String(), required=True)
    stays = fields.List(fields.Nested(RightsStaySchema), required=True)
    refused = fields.String(required=True)
    cases = fields.List(fields.Nested(RightsNamedCaseSchema), required=True)
    confirm = fields.String(required=True)


class RightsPlanQuerySchema(Schema):
    """Which deed."""

    deed = fields.String(required=True, validate=validate.OneOf(list(DEEDS)))
    case_id = IdField(load_default=None, allow_none=True)


class RightsDeedSchema(RightsPlanQuerySchema):
    """The deed, confirmed."""

    confirm = fields.String(required=True, validate=validate.Length(1, 600))


class RightsDoneSchema(Schema):
    """What was erased, by kind; nothing when it was done before."""

    deed = fields.String(required=True)
    sentence = fields.String(required=True)
    erased = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class AccessLineSchema(Schema):
    """Who opened the case, by unit and role. `by_hour`: `at` is the hour in which they did."""

    at = TimeField(required=True)
    by_hour = fields.Boolean(required=True)
    what = fields.String(required=True)
    what_label = fields.String(required=True)
    unit_name = fields.String(required=True)
    role_label = fields.String(required=True)
    reason = fields.String(required=True)


class AccessLogSchema(Schema):
    """Who opened the case, newest first."""

    items = fields.List(fields.Nested(AccessLineSchema), required=True)


class RightsRequestPageSchema(Schema):
    """Requests of the town."""

    items = fields.List(fields.Nested(RightsRequestSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RightsRequestQuerySchema(Schema):
    """Which requests."""

    state = fields.String(load_default="open", validate=validate.OneOf(["open", "answered"]))
    cursor = fields.String(validate=validate.Length(max=120))


class RightsAnswerSchema(_ContactSchema):
    """The answer, with its reason; a granted correction says what is right."""

    version = fields.Integer(required=True, validate=validate.Range(min=0, max=2**31 - 1))
    granted = fields.Boolean(required=True)
    answer = fields.String(required=True, validate=validate.Length(4, 1000, error="请写 4 到 1000 个字"))
