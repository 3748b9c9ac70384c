"""Schemas of 信访直通车 for residents and for everyone; fields are listed, never "all"."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from backend.cases.action_schemas import ActionSchema
from backend.cases.schemas import PHONE
from backend.cases.side_schemas import DetailSchema
from backend.kernel.schemas import IdField, Schema, TimeField
from backend.petitions import id_numbers

CLAIM_MOST, FACTS_MOST, REASONS_MOST = 2000, 4000, 2000
MOST_AGENTS = 2
MOST_FILES = 9
WRONG_PHONE = "电话号码不对，请写手机号或带区号的座机"


def words(most: int, ask: str = "") -> fields.String:
    """A text of at most `most` characters; with `ask`, one that is demanded with that sentence."""
    checks: list[Any] = [validate.Length(max=most, error=f"最多 {most} 个字，更长的请作为附件")]
    if ask:
        return fields.String(required=True, validate=[validate.Length(min=1, error=ask), *checks])
    return fields.String(load_default="", validate=checks)


def phone_number(*, required: bool) -> fields.String:
    """A phone number, perhaps none."""
    if required:
        return fields.String(required=True, validate=validate.Regexp(PHONE, error=WRONG_PHONE))
    return fields.String(load_default="", validate=validate.Regexp(rf"^$|{PHONE}", error=WRONG_PHONE))


def file_numbers() -> fields.List[Any]:
    """Files that were sent before, by id."""
    most = validate.Length(max=MOST_FILES, error=f"一次最多 {MOST_FILES} 个文件，请去掉几个")
    return fields.List(IdField(), load_default=list, validate=most)


def identity_number() -> fields.String:
    """PET-02: never demanded, and right where somebody gives it."""
    return fields.String(load_default="", validate=[validate.Length(max=24), _right_if_given])


def _right_if_given(number: str) -> None:
    if number and not id_numbers.is_id_number(id_numbers.tidy(number)):
        raise ValidationError(id_numbers.WRONG)


class PetitionMatterSchema(Schema):
    """What a petition says (PET-02)."""

    topic = fields.String(required=True, validate=validate.Length(1, 32, error="请选择是哪方面的事"))
    claim = words(CLAIM_MOST, "请写您的请求：希望怎么解决")
    facts = words(FACTS_MOST, "请写事实：什么时候、在哪里、发生了什么")
    reasons = words(REASONS_MOST)
    file_ids = file_numbers()


class PetitionAgentSchema(Schema):
    """Somebody who speaks for the petitioner (PET-23)."""

    name = words(40, "请写代理人的姓名")
    phone = phone_number(required=False)
    relation = words(40, "请写与您的关系")


class FilePetitionSchema(PetitionMatterSchema):
    """A petition as a resident fills it in."""

    town = fields.String(required=True, validate=validate.Length(1, 32))
    name = words(40, "请写您的姓名")
    phone = phone_number(required=True)
    address = words(100, "请写您的住址，书面答复要送到您手里")
    id_number = identity_number()
    agents = fields.List(
        fields.Nested(PetitionAgentSchema),
        load_default=list,
        validate=validate.Length(
            max=MOST_AGENTS, error="代理人最多两名（《山东省信访条例》第二十八条），请去掉多的"
        ),
    )
    joint = fields.Boolean(load_default=False, metadata={"description": "others are invited to sign"})


class PetitionCardSchema(Schema):
    """One's own petition as small as it can be told apart by."""

    id = IdField(required=True)
    code_display = fields.String(required=True)


class PetitionReceiptSchema(Schema):
    """What the petitioner gets: the code, and by when they are told in writing who handles it."""

    id = IdField(required=True)
    code = fields.String(required=True)
    code_display = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    next_step = fields.String(required=True)
    inform_by = fields.Date(required=True)
    same_matter = fields.Nested(PetitionCardSchema, required=True, allow_none=True)
    invitation_url = fields.String(required=True, allow_none=True)


class PetitionCoreSchema(Schema):
    """What the list and the page both show."""

    id = IdField(required=True)
    own = fields.Boolean(
        required=True, metadata={"description": "false: signed with its petitioner, read only"}
    )
    code_display = fields.String(required=True)
    title = fields.String(required=True)
    topic_label = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)
    received_on = fields.Date(required=True)
    unit_name = fields.String(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    overdue = fields.Boolean(required=True)


class MyPetitionSchema(PetitionCoreSchema):
    """A line of "my petitions"."""

    due_text = fields.String(required=True)
    needs_rating = fields.Boolean(required=True)


class MyPetitionsSchema(Schema):
    """A page of "my petitions"."""

    items = fields.List(fields.Nested(MyPetitionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class PetitionDateSchema(Schema):
    """A legal clock as a date (§1.1)."""

    clock = fields.String(required=True)
    label = fields.String(required=True)
    due_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["running", "paused", "stopped"]))
    overdue = fields.Boolean(required=True)


class PetitionPartySchema(Schema):
    """Somebody who speaks in the petition; names of others are masked."""

    role_label = fields.String(required=True)
    name = fields.String(required=True)
    confirmed = fields.Boolean(required=True)


class PetitionAttachmentSchema(Schema):
    """A file that was sent with it; `size` in bytes."""

    id = IdField(required=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True)
    url = fields.String(required=True)


class PetitionPaperSchema(Schema):
    """A written document; `pdf_url` is null until it can be read."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    kind_label = fields.String(required=True)
    number = fields.String(required=True)
    made_on = fields.Date(required=True)
    delivered_on = fields.Date(required=True, allow_none=True)
    pdf_url = fields.String(required=True, allow_none=True)


class PetitionRatingSchema(Schema):
    """One of the two ratings (§1.4)."""

    object = fields.String(required=True, validate=validate.OneOf(["office", "unit"]))
    label = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "rated", "overdue"]))
    state_label = fields.String(required=True)
    score = fields.String(required=True, allow_none=True)
    score_label = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    closes_on = fields.Date(required=True)


class PetitionEntrySchema(Schema):
    """A line of the timeline for the petitioner."""

    id = IdField(required=True)
    at = TimeField(required=True)
    title = fields.String(required=True)
    who = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    details = fields.List(fields.Nested(DetailSchema), required=True)
    files = fields.List(fields.Nested(PetitionAttachmentSchema), required=True)
    tone = fields.String(required=True)


class PetitionReadingSchema(Schema):
    """Somebody of that unit had it open within that hour (§8.1 point 8)."""

    unit_name = fields.String(required=True)
    hour = TimeField(required=True)


class PetitionOpeningSchema(PetitionReadingSchema):
    """The same for the petitioner, who also reads when their name and phone were looked at, and why."""

    by_hour = fields.Boolean(required=True, metadata={"description": "within that hour; else at that moment"})
    what_label = fields.String(required=True)
    reason = fields.String(required=True)


class PetitionLeadSchema(Schema):
    """Where the matter is handled that this one was joined with."""

    code_display = fields.String(required=True, allow_none=True)
    state_label = fields.String(required=True)
    tone = fields.String(required=True)


class ResidentPetitionSchema(PetitionCoreSchema):
    """A petition for whoever brought it."""

    version = fields.Integer(required=True)
    next_step = fields.String(required=True)
    claim = fields.String(required=True)
    facts = fields.String(required=True)
    reasons = fields.String(required=True)
    channel_label = fields.String(required=True)
    joint = fields.Boolean(required=True)
    dates = fields.List(fields.Nested(PetitionDateSchema), required=True)
    parties = fields.List(fields.Nested(PetitionPartySchema), required=True)
    invitation_url = fields.String(required=True, allow_none=True)
    files = fields.List(fields.Nested(PetitionAttachmentSchema), required=True)
    documents = fields.List(fields.Nested(PetitionPaperSchema), required=True)
    ratings = fields.List(fields.Nested(PetitionRatingSchema), required=True)
    timeline = fields.List(fields.Nested(PetitionEntrySchema), required=True)
    readings = fields.List(fields.Nested(PetitionOpeningSchema), required=True)
    same_matter = fields.Nested(PetitionCardSchema, required=True, allow_none=True)
    joined_into = fields.Nested(PetitionLeadSchema, required=True, allow_none=True)
    actions = fields.List(fields.Nested(ActionSchema), required=True)


class PetitionCursorSchema(Schema):
    """Where a list goes on."""

    cursor = fields.String(validate=validate.Length(max=120))


class ResidentPetitionActSchema(Schema):
    """What a petitioner gives with an action."""

    version = fields.Integer(required=True)
    note = fields.String(validate=validate.Length(max=2000, error="最多 2000 个字，更长的请作为附件"))
    score = fields.String(validate=validate.Length(max=16))
    file_ids = file_numbers()


class ClaimPetitionSchema(Schema):
    """The code from the slip, and the phone that was given with it."""

    code = fields.String(required=True, validate=validate.Length(1, 20))
    phone = fields.String(required=True, validate=validate.Length(1, 20))


class CorrectPetitionSchema(Schema):
    """What is to be put right of one's own; what is left out stays."""

    name = fields.String(validate=validate.Length(1, 40, error="请写姓名，最多 40 个字"))
    phone = fields.String(validate=validate.Regexp(PHONE, error=WRONG_PHONE))
    address = fields.String(validate=validate.Length(1, 100, error="请写住址，最多 100 个字"))
    id_number = fields.String(validate=[validate.Length(max=24), _right_if_given])


class PetitionInvitationSchema(Schema):
    """What one is invited to sign; no word of the petition, for the link is passed on."""

    topic_label = fields.String(required=True)
    town_name = fields.String(required=True)
    co_signers = fields.Integer(required=True)
    open = fields.Boolean(required=True)
    own = fields.Boolean(required=True)
    signed = fields.Boolean(required=True)


class SignPetitionSchema(Schema):
    """Who signs."""

    name = words(40, "请写您的姓名")
    phone = phone_number(required=True)
    address = words(100, "请写您的住址")
