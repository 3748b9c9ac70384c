"""Schemas of polls. A ballot has a token, a signature and an option, and no field for whoever sends it."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.polls.blind import BYTES, TOKEN_BYTES
from backend.polls.states import STATE_LABELS

MOST_PEOPLE = 1_000_000


def _hex(length: int) -> fields.String:
    pattern = validate.Regexp(rf"^[0-9a-f]{{{2 * length}}}\Z", error="格式不对")
    return fields.String(required=True, validate=pattern)


class PollOptionSchema(Schema):
    """One of the answers; phones show them in an order of chance."""

    code = fields.String(required=True)
    label = fields.String(required=True)


class PollKeySchema(Schema):
    """What papers are signed with: 512 hex digits, the exponent, and what two phones compare it by."""

    n = fields.String(required=True)
    e = fields.Integer(required=True)
    fingerprint = fields.String(required=True)


class TurnoutSchema(Schema):
    """Papers given out and ballots in; ballots in percent of those entitled."""

    papers = fields.Integer(required=True)
    ballots = fields.Integer(required=True)
    percent = fields.Float(required=True)


class CountedOptionSchema(PollOptionSchema):
    """An answer with its votes; without, when there are too few to keep them secret."""

    votes = fields.Integer(required=True, allow_none=True)
    percent = fields.Float(required=True, allow_none=True)


class PollResultSchema(Schema):
    """What came out of it."""

    ballots = fields.Integer(required=True)
    options = fields.List(fields.Nested(CountedOptionSchema), required=True)
    counted_at = TimeField(required=True)
    too_few = fields.String(required=True)


class PollSchema(Schema):
    """A poll as everybody may see it."""

    id = IdField(required=True)
    question = fields.String(required=True)
    options = fields.List(fields.Nested(PollOptionSchema), required=True)
    village_name = fields.String(required=True, allow_none=True)
    public_key = fields.Nested(PollKeySchema, required=True)
    opens_at = TimeField(required=True)
    closes_at = TimeField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(STATE_LABELS)))
    state_label = fields.String(required=True)
    entitled = fields.Integer(required=True)
    turnout = fields.Nested(TurnoutSchema, required=True)
    result = fields.Nested(PollResultSchema, required=True, allow_none=True)
    notice = fields.String(required=True)


class BlindedSchema(Schema):
    """What the phone wants signed."""

    blinded = _hex(BYTES)


class PaperSchema(Schema):
    """The signature of it, from which only that phone makes a paper."""

    signature = fields.String(required=True)


class BallotSchema(Schema):
    """A vote."""

    token = _hex(TOKEN_BYTES)
    signature = _hex(BYTES)
    option = fields.String(required=True, validate=validate.Length(1, 8))


class CastSchema(Schema):
    """That the box holds it."""

    option = fields.String(required=True)


class OfflineStateSchema(Schema):
    """How far the offline ballots are; not what was entered."""

    expected = fields.Boolean(required=True)
    first_entered = fields.Boolean(required=True)
    first_by_me = fields.Boolean(required=True)
    agreed = fields.Boolean(required=True)
    voters = fields.Integer(required=True)
    may_enter = fields.Boolean(required=True)


class DeskPollSchema(PollSchema):
    """A poll for its staff."""

    offline = fields.Nested(OfflineStateSchema, required=True)


class OfflineSchema(Schema):
    """One person's count of the box."""

    round = fields.Integer(required=True, validate=validate.OneOf([1, 2]))
    counts = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 8)),
        values=fields.Integer(strict=True, validate=validate.Range(0, MOST_PEOPLE)),
        required=True,
        validate=validate.Length(1, 20),
    )
    papers = fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_PEOPLE))


class PaperVoterSchema(Schema):
    """Who votes on paper."""

    villager_id = IdField(required=True)
