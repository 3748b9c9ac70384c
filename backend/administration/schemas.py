"""Schemas of the dictionaries; fields are listed, never "all"."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.places.files.model import LIMIT_UNITS, URGENCIES, WALL_USES

_UNIT = validate.OneOf(list(LIMIT_UNITS))
_CODE = validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$", error="编码只能用字母、数字和短横线，最多 32 个")


def _amount(**more: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(1, 366, error="应在 1 到 366 之间"), **more)


def _text(longest: int, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=longest, error=f"最多 {longest} 个字"), **more)


class CategoryGivenSchema(Schema):
    """A category as the form sends it."""

    name = fields.String(validate=validate.Length(1, 30, error="名称要写，最多 30 个字"))
    group_code = fields.String(
        validate=validate.Regexp(r"^[A-Za-z0-9]{1,16}$", error="大类编码只能用字母和数字")
    )
    group_name = _text(30)
    urgency = fields.String(validate=validate.OneOf(URGENCIES))
    keywords = fields.List(
        fields.String(validate=validate.Length(1, 20, error="每个关键词最多 20 个字")),
        validate=validate.Length(max=30, error="最多 30 个关键词"),
    )
    accept_amount = _amount()
    accept_unit = fields.String(validate=_UNIT)
    limit_amount = _amount()
    limit_unit = fields.String(validate=_UNIT)
    before_photo = fields.Boolean()
    before_photo_reason = _text(120)
    after_photo = fields.Boolean()
    after_photo_reason = _text(120)
    self_settle = fields.Boolean()
    wall = fields.String(validate=validate.OneOf(WALL_USES))
    emergency_number = fields.String(validate=validate.Regexp(r"^[0-9-]{0,20}$", error="电话只能是数字"))
    emergency_words = _text(200)
    place_required = fields.Boolean()
    active = fields.Boolean()


class NewCategorySchema(CategoryGivenSchema):
    """A new category: everything that has no sensible default is asked for."""

    code = fields.String(required=True, validate=_CODE)
    name = fields.String(required=True, validate=validate.Length(1, 30, error="名称要写，最多 30 个字"))
    group_code = fields.String(
        required=True, validate=validate.Regexp(r"^[A-Za-z0-9]{1,16}$", error="大类编码只能用字母和数字")
    )
    urgency = fields.String(load_default="normal", validate=validate.OneOf(URGENCIES))
    keywords = fields.List(
        fields.String(validate=validate.Length(1, 20)), load_default=list, validate=validate.Length(max=30)
    )
    accept_amount = _amount(required=True)
    accept_unit = fields.String(required=True, validate=_UNIT)
    limit_amount = _amount(required=True)
    limit_unit = fields.String(required=True, validate=_UNIT)
    before_photo = fields.Boolean(load_default=False)
    before_photo_reason = _text(120, load_default="")
    after_photo = fields.Boolean(load_default=False)
    after_photo_reason = _text(120, load_default="")
    self_settle = fields.Boolean(load_default=False)
    wall = fields.String(load_default="never", validate=validate.OneOf(WALL_USES))
    emergency_number = fields.String(
        load_default="", validate=validate.Regexp(r"^[0-9-]{0,20}$", error="电话只能是数字")
    )
    emergency_words = _text(200, load_default="")
    place_required = fields.Boolean(load_default=True)


class ChangedCategorySchema(CategoryGivenSchema):
    """What changes of a category, and which version it was seen at."""

    version = fields.Integer(required=True)


class CategoryRowSchema(Schema):
    """A category as its page shows it."""

    id = IdField(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    group_code = fields.String(required=True)
    group_name = fields.String(required=True)
    urgency = fields.String(required=True)
    urgency_label = fields.String(required=True)
    keywords = fields.List(fields.String(), required=True)
    accept_amount = fields.Integer(required=True)
    accept_unit = fields.String(required=True)
    accept_text = fields.String(required=True)
    limit_amount = fields.Integer(required=True)
    limit_unit = fields.String(required=True)
    limit_text = fields.String(required=True)
    before_photo = fields.Boolean(required=True)
    before_photo_reason = fields.String(required=True)
    after_photo = fields.Boolean(required=True)
    after_photo_reason = fields.String(required=True)
    self_settle = fields.Boolean(required=True)
    wall = fields.String(required=True, validate=validate.OneOf(WALL_USES))
    emergency_number = fields.String(required=True)
    emergency_words = fields.String(required=True)
    place_required = fields.Boolean(required=True)
    position = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    edited = fields.Boolean(
        required=True, metadata={"description": "changed on screen since the file was loaded"}
    )


class CategoryRowsSchema(Schema):
    """The whole catalogue."""

    items = fields.List(fields.Nested(CategoryRowSchema), required=True)


class OrderSchema(Schema):
    """Every id of a list, in the order wanted."""

    ids = fields.List(IdField(), required=True, validate=validate.Length(1, 1000))


class ReplyQuerySchema(Schema):
    """Which standard replies."""

    category = fields.String(validate=validate.Length(max=32))
    all_ = fields.Boolean(data_key="all", load_default=False)


class ReplyGivenSchema(Schema):
    """A standard reply as the form sends it."""

    title = fields.String(validate=validate.Length(1, 60, error="标题要写，最多 60 个字"))
    text = fields.String(validate=validate.Length(1, 2000, error="内容要写，最多 2000 个字"))
    category_code = fields.String(validate=validate.Length(max=32))
    active = fields.Boolean()


class NewReplySchema(ReplyGivenSchema):
    """A new standard reply."""

    title = fields.String(required=True, validate=validate.Length(1, 60, error="标题要写，最多 60 个字"))
    text = fields.String(required=True, validate=validate.Length(1, 2000, error="内容要写，最多 2000 个字"))


class ChangedReplySchema(ReplyGivenSchema):
    """What changes of a standard reply, and which version it was seen at."""

    version = fields.Integer(required=True)


class ReplyRowSchema(Schema):
    """A standard reply."""

    id = IdField(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    category_code = fields.String(required=True)
    position = fields.Integer(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class ReplyRowsSchema(Schema):
    """Standard replies in order."""

    items = fields.List(fields.Nested(ReplyRowSchema), required=True)


def _few(most: int = 100) -> validate.Length:
    return validate.Length(max=most, error=f"最多选 {most} 个")


class RuleGivenSchema(Schema):
    """A routing rule as the form sends it."""

    name = fields.String(validate=validate.Length(1, 60, error="名称要写，最多 60 个字"))
    categories = fields.List(fields.String(validate=validate.Length(max=32)), validate=_few())
    groups = fields.List(fields.String(validate=validate.Length(max=16)), validate=_few())
    place_ids = fields.List(fields.String(validate=validate.Regexp(r"^\d{1,20}$")), validate=_few())
    urgencies = fields.List(fields.String(validate=validate.OneOf(URGENCIES)), validate=_few(3))
    unit_id = IdField(allow_none=True)
    to_grid = fields.Boolean()
    role = fields.String(validate=validate.Length(max=32))
    auto = fields.Boolean()
    active = fields.Boolean()


class NewRuleSchema(RuleGivenSchema):
    """A new rule, or a drafted one."""

    name = fields.String(required=True, validate=validate.Length(1, 60, error="名称要写，最多 60 个字"))
    categories = fields.List(
        fields.String(validate=validate.Length(max=32)), load_default=list, validate=_few()
    )
    groups = fields.List(fields.String(validate=validate.Length(max=16)), load_default=list, validate=_few())
    place_ids = fields.List(
        fields.String(validate=validate.Regexp(r"^\d{1,20}$")), load_default=list, validate=_few()
    )
    urgencies = fields.List(
        fields.String(validate=validate.OneOf(URGENCIES)), load_default=list, validate=_few(3)
    )
    unit_id = IdField(load_default=None, allow_none=True)
    to_grid = fields.Boolean(load_default=False)
    role = fields.String(load_default="", validate=validate.Length(max=32))
    auto = fields.Boolean(load_default=False)


class ChangedRuleSchema(RuleGivenSchema):
    """What changes of a rule, and which version it was seen at."""

    version = fields.Integer(required=True)


class RuleRowSchema(Schema):
    """A routing rule with what it means in words."""

    id = IdField(required=True)
    position = fields.Integer(required=True)
    name = fields.String(required=True)
    categories = fields.List(fields.String(), required=True)
    groups = fields.List(fields.String(), required=True)
    place_ids = fields.List(fields.String(), required=True)
    urgencies = fields.List(fields.String(), required=True)
    unit_id = IdField(required=True, allow_none=True)
    to_grid = fields.Boolean(required=True)
    role = fields.String(required=True)
    auto = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)
    when_text = fields.String(required=True)
    to_text = fields.String(required=True)
    edited = fields.Boolean(required=True)


class RuleRowsSchema(Schema):
    """A town's rules in order."""

    items = fields.List(fields.Nested(RuleRowSchema), required=True)


class TrialGivenSchema(Schema):
    """Drafted rules and the calendar dates (Asia/Shanghai) whose cases they are tried on."""

    rules = fields.List(
        fields.Nested(NewRuleSchema),
        required=True,
        validate=validate.Length(1, 200, error="至少要有一条规则"),
    )
    from_ = fields.Date(data_key="from")
    to = fields.Date()


class TrialRuleSchema(Schema):
    """How many cases a rule would have taken."""

    name = fields.String(required=True)
    matched = fields.Integer(required=True)


class TrialExampleSchema(Schema):
    """A case that would go elsewhere, or nowhere; no title: who keeps the rules reads no case."""

    code_display = fields.String(required=True)
    category_name = fields.String(required=True)
    place_label = fields.String(required=True)
    rule = fields.String(required=True, allow_none=True)
    went = fields.String(required=True, allow_none=True)
    would_go = fields.String(required=True, allow_none=True)


class TrialSchema(Schema):
    """A dry run: what it found so far."""

    id = IdField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["running", "done"]))
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    since = TimeField(required=True)
    until = TimeField(required=True)
    rules = fields.List(fields.Nested(TrialRuleSchema), required=True)
    unmatched = fields.Integer(required=True)
    undispatched = fields.Integer(required=True)
    elsewhere = fields.Integer(required=True)
    examples = fields.List(fields.Nested(TrialExampleSchema), required=True)


class HolidaySchema(Schema):
    """A day that is not what its weekday says."""

    day = fields.Date(required=True)
    working = fields.Boolean(required=True)
    name = fields.String(required=True, validate=validate.Length(max=30, error="名称最多 30 个字"))


class HolidayYearGivenSchema(Schema):
    """A year's arrangement, whole."""

    days = fields.List(fields.Nested(HolidaySchema), required=True, validate=validate.Length(max=120))


class HolidayYearSchema(Schema):
    """A year's arrangement and where it comes from."""

    year = fields.Integer(required=True)
    source = fields.String(required=True)
    complete = fields.Boolean(required=True)
    sentence = fields.String(required=True)
    days = fields.List(fields.Nested(HolidaySchema), required=True)


class HolidayYearsSchema(Schema):
    """Last year, this one and the next two."""

    items = fields.List(fields.Nested(HolidayYearSchema), required=True)
    covered_until = fields.Integer(required=True)


class HolidaysSavedSchema(HolidayYearSchema):
    """A year that was put in, and how many open clocks got another date by it."""

    moved = fields.Integer(required=True)


class ChoiceSchema(Schema):
    """One choice of a form."""

    value = fields.String(required=True)
    label = fields.String(required=True)


class ChoicesSchema(Schema):
    """What the forms of the dictionaries offer."""

    categories = fields.List(fields.Nested(ChoiceSchema), required=True)
    groups = fields.List(fields.Nested(ChoiceSchema), required=True)
    units = fields.List(fields.Nested(ChoiceSchema), required=True)
    places = fields.List(fields.Nested(ChoiceSchema), required=True)
    roles = fields.List(fields.Nested(ChoiceSchema), required=True)
    urgencies = fields.List(fields.Nested(ChoiceSchema), required=True)
    time_units = fields.List(fields.Nested(ChoiceSchema), required=True)


class PreferenceSchema(Schema):
    """What a person keeps for one page; the page knows what it means."""

    value = fields.Dict(required=True, allow_none=True, keys=fields.String())


class PreferenceGivenSchema(Schema):
    """What to keep."""

    value = fields.Dict(required=True, keys=fields.String(validate=validate.Length(max=40)))
