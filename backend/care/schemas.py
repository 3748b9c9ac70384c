"""What residents and staff send and read of care. No list carries a reason, and none can be asked for by one."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.care.words import FOR_WHOM, REASONS, RHYTHMS
from backend.cases.action_schemas import ActionSchema
from backend.cases.schemas import PHONE
from backend.kernel.schemas import IdField, Schema, TimeField

PLACE_MOST, TEXT_MOST, NOTE_MOST, NAME_MOST = 80, 500, 1000, 20
VIEWS = ("open", "mine", "ended")
VISIT_VIEWS = ("today", "ahead", "done")


def _cursor() -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(max=120))


def _text(most: int, ask: str) -> fields.String:
    return fields.String(required=True, validate=validate.Length(1, most, error=f"{ask}（最多 {most} 个字）"))


def _phone() -> fields.String:
    return fields.String(required=True, validate=validate.Regexp(PHONE, error="电话号码不对"))


class CareCursorSchema(Schema):
    """Where a list goes on."""

    cursor = _cursor()


class HelpChoiceSchema(Schema):
    """One choice of the form."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class HelpFormSchema(Schema):
    """What the form offers, and how long what is written is kept."""

    for_whom = fields.List(fields.Nested(HelpChoiceSchema), required=True)
    reasons = fields.List(fields.Nested(HelpChoiceSchema), required=True)
    rhythms = fields.List(fields.Nested(HelpChoiceSchema), required=True)
    kept_days = fields.Integer(required=True)


class AskForHelpSchema(Schema):
    """A visit that is asked for."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    for_whom = fields.String(required=True, validate=validate.OneOf(tuple(FOR_WHOM)))
    reason = fields.String(required=True, validate=validate.OneOf(tuple(REASONS)))
    village_id = IdField(required=True)
    place = _text(PLACE_MOST, "请写到哪里找您")
    text = fields.String(load_default="", validate=validate.Length(max=TEXT_MOST))
    phone = _phone()


class HelpRequestSchema(Schema):
    """One's own request; `visitor` is who comes, `delete_on` the day on which its words go."""

    id = IdField(required=True)
    for_whom_label = fields.String(required=True)
    reason_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    next_step = fields.String(required=True)
    village_name = fields.String(required=True)
    place = fields.String(required=True)
    text = fields.String(required=True)
    asked_at = TimeField(required=True)
    due_at = TimeField(required=True, allow_none=True)
    visitor = fields.String(required=True)
    visited_at = TimeField(required=True, allow_none=True)
    visit_note = fields.String(required=True)
    delete_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)
    actions = fields.List(fields.String(), required=True)


class HelpPageSchema(Schema):
    """A page of one's own requests."""

    items = fields.List(fields.Nested(HelpRequestSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ActOnHelpSchema(Schema):
    """A resident's step: cancel, close."""

    version = fields.Integer(required=True)


class AgreeToVisitsSchema(Schema):
    """A household's word that somebody may come by."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    rhythm = fields.String(required=True, validate=validate.OneOf(tuple(RHYTHMS)))
    village_id = IdField(required=True)
    place = _text(PLACE_MOST, "请写到哪里找您")
    phone = _phone()
    agreed = fields.Boolean(required=True, validate=validate.Equal(True, error="请先勾选同意"))


class AgreementVisitSchema(Schema):
    """A visit as the household sees it, with what was written down there."""

    id = IdField(required=True)
    on = fields.Date(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    note = fields.String(required=True)


class CareAgreementSchema(Schema):
    """One's own agreement, with the visits planned and made."""

    id = IdField(required=True)
    rhythm = fields.String(required=True)
    rhythm_label = fields.String(required=True)
    village_name = fields.String(required=True)
    place = fields.String(required=True)
    agreed_at = TimeField(required=True)
    agreed_on = fields.Date(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    visitor = fields.String(required=True)
    delete_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)
    visits = fields.List(fields.Nested(AgreementVisitSchema), required=True)


class CareAgreementListSchema(Schema):
    """All of one's agreements, newest first."""

    items = fields.List(fields.Nested(CareAgreementSchema), required=True)


# --- for staff --------------------------------------------------------------------------------------------


class StaffHelpQuerySchema(Schema):
    """By what is to be done, and by nothing else: never by person, reason or household (§8.1)."""

    view = fields.String(load_default="open", validate=validate.OneOf(VIEWS))
    cursor = _cursor()


class StaffHelpLineSchema(Schema):
    """A line of the list: where, since when, whose. Why, and who, stands on the page alone."""

    id = IdField(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    village_name = fields.String(required=True)
    asked_at = TimeField(required=True)
    due_at = TimeField(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)
    visitor = fields.String(required=True)
    mine = fields.Boolean(required=True)


class StaffHelpPageSchema(Schema):
    """A page of the list."""

    items = fields.List(fields.Nested(StaffHelpLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CareWorkerSchema(Schema):
    """Somebody who can be sent."""

    id = IdField(required=True)
    name = fields.String(required=True)
    unit_name = fields.String(required=True)


class StaffHelpSchema(StaffHelpLineSchema):
    """A request as whoever goes there and whoever plans there needs it; opening it is noted."""

    version = fields.Integer(required=True)
    next_step = fields.String(required=True)
    for_whom_label = fields.String(required=True)
    reason_label = fields.String(required=True)
    place = fields.String(required=True)
    text = fields.String(required=True)
    phone = fields.String(required=True)
    visited_at = TimeField(required=True, allow_none=True)
    visit_note = fields.String(required=True)
    delete_on = fields.Date(required=True, allow_none=True)
    workers = fields.List(fields.Nested(CareWorkerSchema), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class StaffActOnHelpSchema(Schema):
    """A step: assign (staff_id), visit and visit_again (visit_note), close."""

    version = fields.Integer(required=True)
    staff_id = IdField(load_default=None, allow_none=True)
    visit_note = fields.String(load_default="", validate=validate.Length(max=NOTE_MOST))


class CareVisitQuerySchema(Schema):
    """One's own visits: due by today, ahead, or done."""

    view = fields.String(load_default="today", validate=validate.OneOf(VISIT_VIEWS))


class CareVisitSchema(Schema):
    """A visit as the worker whose visit it is sees it."""

    id = IdField(required=True)
    on = fields.Date(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    village_name = fields.String(required=True)
    rhythm_label = fields.String(required=True)
    name = fields.String(required=True)
    place = fields.String(required=True)
    phone = fields.String(required=True)
    note = fields.String(required=True)
    version = fields.Integer(required=True)


class CareVisitListSchema(Schema):
    """One's own visits, in the order of their days."""

    items = fields.List(fields.Nested(CareVisitSchema), required=True)


class RecordVisitSchema(Schema):
    """How it went: `visited` or `not_met` stands in the address; the note is deleted after its time."""

    version = fields.Integer(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=NOTE_MOST))


class StaffAgreementSchema(Schema):
    """An agreement as whoever plans there sees it: no reason, no note of any visit."""

    id = IdField(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    village_name = fields.String(required=True)
    rhythm = fields.String(required=True)
    rhythm_label = fields.String(required=True)
    on_paper = fields.Boolean(required=True)
    name = fields.String(required=True)
    place = fields.String(required=True)
    agreed_on = fields.Date(required=True)
    visitor = fields.String(required=True)
    next_visit_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)
    workers = fields.List(fields.Nested(CareWorkerSchema), required=True)
    actions = fields.List(fields.String(), required=True)


class StaffAgreementPageSchema(Schema):
    """A page of agreements, newest first."""

    items = fields.List(fields.Nested(StaffAgreementSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class EnterPaperSchema(Schema):
    """What a household signed on paper; another person confirms it."""

    rhythm = fields.String(required=True, validate=validate.OneOf(tuple(RHYTHMS)))
    village_id = IdField(required=True)
    name = _text(NAME_MOST, "请写签字人的姓名")
    place = _text(PLACE_MOST, "请写住处")
    phone = _phone()
    agreed_on = fields.Date(required=True)


class ActOnAgreementSchema(Schema):
    """confirm (by another person), revoke on the household's word, assign (staff_id)."""

    version = fields.Integer(required=True)
    staff_id = IdField(load_default=None, allow_none=True)
