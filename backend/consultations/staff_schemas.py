"""What staff send and read of 有事好商量."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.cases.schemas import StaffEntrySchema
from backend.consultations.queries import VIEWS
from backend.consultations.quorums import STEPS
from backend.consultations.schemas import (
    ASKED_MOST,
    BODY_MOST,
    REASON_MOST,
    TITLE_MOST,
    ConsultationBaseSchema,
    ConsultationLineSchema,
    cursor_field,
    written,
)
from backend.consultations.words import ASSEMBLIES, DECISIONS, FORMS
from backend.kernel.schemas import IdField, Schema, TimeField

MOST_PEOPLE, MOST_GROUPS, MOST_IN_GROUP = 100_000, 60, 2000


class StaffConsultationQuerySchema(Schema):
    """Which topics are asked for."""

    view = fields.String(load_default="todo", validate=validate.OneOf(VIEWS))
    cursor = cursor_field()


class ConsultationCountsSchema(Schema):
    """How many topics each view holds."""

    todo = fields.Integer(required=True)
    open = fields.Integer(required=True)
    all = fields.Integer(required=True)
    ended = fields.Integer(required=True)


class StaffConsultationPageSchema(Schema):
    """A page of the desk's topics."""

    items = fields.List(fields.Nested(ConsultationLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    counts = fields.Nested(ConsultationCountsSchema, required=True)


class BringSchema(Schema):
    """What a village or the town brings. `town`: for whoever works in several."""

    origin = fields.String(required=True, validate=validate.OneOf(("village", "town")))
    town = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 32))
    village_id = IdField(load_default=None, allow_none=True)
    title = written(TITLE_MOST, "请写一个题目", least=4)
    body = written(BODY_MOST, "请写清楚是什么事", least=10)
    asked = fields.String(load_default="", validate=validate.Length(max=ASKED_MOST))
    reason = fields.String(load_default="", validate=validate.Length(max=REASON_MOST))


class StaffConsultationSchema(ConsultationBaseSchema):
    """A topic for staff: the draft of its conclusion, which comments lie in which group, and what may be done.

    `actions` with a form of their own (call_meeting, record_meeting, report_progress, record_resolution, edit,
    correct, group) have no fields: they are taken by their own routes.
    """

    version = fields.Integer(required=True)
    village_id = IdField(required=True, allow_none=True)
    unit_id = IdField(required=True, allow_none=True)
    drafted_by = fields.String(required=True, allow_none=True)
    frozen = fields.Boolean(required=True)
    comments_left = fields.Integer(required=True)
    group_comments = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        required=True,
        metadata={"description": "group id → comment ids"},
    )
    timeline = fields.List(fields.Nested(StaffEntrySchema), required=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class OpenPollSchema(Schema):
    """The opinion poll that is opened with a topic (CON-10). `entitled`: how many may vote, from the roll."""

    question = written(200, "请写要问什么")
    options = fields.List(
        fields.String(validate=validate.Length(1, 60)), required=True, validate=validate.Length(2, 12)
    )
    entitled = fields.Integer(required=True, validate=validate.Range(1, MOST_PEOPLE))


class ConsultationActSchema(Schema):
    """What staff give with an action; what it demands stands in the table of states. `poll`: with `open` only."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=4000))
    weight = fields.String(validate=validate.Length(max=16))
    track = fields.String(validate=validate.Length(max=16))
    public_title = fields.String(validate=validate.Length(max=TITLE_MOST))
    asked = fields.String(validate=validate.Length(max=ASKED_MOST))
    who_may = fields.String(validate=validate.Length(max=300))
    use_of_result = fields.String(validate=validate.Length(max=500))
    closes_on = fields.Date()
    shorter_reason = fields.String(validate=validate.Length(max=300))
    conclusion = fields.String(validate=validate.Length(max=4000))
    unit_id = IdField()
    until = fields.Date()
    poll = fields.Nested(OpenPollSchema, load_default=None, allow_none=True)


class CallMeetingSchema(Schema):
    """A meeting is called (CON-01). `invited`: people and offices, as they will be published (CON-11)."""

    version = fields.Integer(required=True)
    form = fields.String(required=True, validate=validate.OneOf(tuple(FORMS), error="请选择会议形式"))
    at = TimeField(required=True)
    place = written(100, "请写地点")
    agenda = written(2000, "请写议程")
    materials = fields.String(load_default="", validate=validate.Length(max=8000))
    chosen_how = fields.String(load_default="", validate=validate.Length(max=300))
    invited = fields.List(
        fields.String(validate=validate.Length(1, 60)), load_default=list, validate=validate.Length(max=200)
    )
    seats = fields.Integer(load_default=0, validate=validate.Range(0, 2000))


class RecordMeetingSchema(Schema):
    """What came of the meeting."""

    version = fields.Integer(required=True)
    minutes = written(8000, "请写会议记录")
    expected = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, MOST_PEOPLE))
    attended = fields.Integer(required=True, validate=validate.Range(0, MOST_PEOPLE))
    attendance = fields.String(load_default="", validate=validate.Length(max=500))


class ReportProgressSchema(Schema):
    """A dated entry of how far it is. Photos are public: somebody has looked for faces (§8.1)."""

    version = fields.Integer(required=True)
    on = fields.Date(required=True)
    text = written(2000, "请写办到哪一步")
    photo_ids = fields.List(IdField(), load_default=list, validate=validate.Length(max=9))
    faces_checked = fields.Boolean(load_default=False)


class RecordResolutionSchema(Schema):
    """One deliberation of 四议两公开 (CON-06). `form`: of the assembly."""

    version = fields.Integer(required=True)
    step = fields.String(required=True, validate=validate.OneOf(STEPS, error="请选择是哪一议"))
    form = fields.String(load_default="", validate=validate.OneOf(tuple(ASSEMBLIES)))
    held_on = fields.Date(required=True)
    entitled = fields.Integer(required=True, validate=validate.Range(0, MOST_PEOPLE))
    present = fields.Integer(required=True, validate=validate.Range(0, MOST_PEOPLE))
    agreed = fields.Integer(required=True, validate=validate.Range(0, MOST_PEOPLE))
    note = fields.String(load_default="", validate=validate.Length(max=500))


class CorrectTextSchema(Schema):
    """The text anew; `reason` once somebody has given an opinion."""

    version = fields.Integer(required=True)
    title = written(TITLE_MOST, "请写一个题目", least=4)
    body = written(BODY_MOST, "请写清楚是什么事", least=10)
    asked = fields.String(load_default="", validate=validate.Length(max=ASKED_MOST))
    reason = fields.String(load_default="", validate=validate.Length(max=REASON_MOST))


class GroupedSchema(Schema):
    """Comments that say the same, and what becomes of them (CON-09)."""

    title = written(120, "请给这一组写个题目")
    decision = fields.String(
        required=True, validate=validate.OneOf(tuple(DECISIONS), error="请选择采纳、部分采纳或不采纳")
    )
    reason = written(1000, "请写采纳或不采纳的理由")
    comment_ids = fields.List(IdField(), required=True, validate=validate.Length(max=MOST_IN_GROUP))


class GroupsSchema(Schema):
    """All groups of a topic, in the place of those that were."""

    version = fields.Integer(required=True)
    groups = fields.List(
        fields.Nested(GroupedSchema), required=True, validate=validate.Length(max=MOST_GROUPS)
    )


class CarryingUnitSchema(Schema):
    """A unit that can carry something out."""

    unit_id = IdField(required=True)
    unit_name = fields.String(required=True)


class CarryingUnitsSchema(Schema):
    """Whom something can be handed over to."""

    items = fields.List(fields.Nested(CarryingUnitSchema), required=True)
