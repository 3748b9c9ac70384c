"""Schemas of statements and of the common ground. No field holds what one person thinks."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.comments.schemas import CommentSchema
from backend.comments.services import STATEMENT_MOST
from backend.consultations.statements import VALUES
from backend.kernel.schemas import IdField, Schema, TimeField


class StatementTextSchema(Schema):
    """A statement, as somebody puts it."""

    text = fields.String(
        required=True, validate=validate.Length(1, STATEMENT_MOST, error=f"请写 1 到 {STATEMENT_MOST} 个字")
    )


class StatementVoteSchema(Schema):
    """What somebody thinks of a statement."""

    value = fields.String(
        required=True, validate=validate.OneOf(tuple(VALUES), error="请选赞成、不赞成或跳过")
    )


class StatementVotedSchema(Schema):
    """It was taken in; the answer does not say what."""

    voted = fields.Boolean(required=True)
    left = fields.Integer(required=True, metadata={"description": "statements this person has not spoken of"})


class StatementHandSchema(Schema):
    """The statements to lay before somebody next."""

    items = fields.List(fields.Nested(CommentSchema), required=True)
    left = fields.Integer(required=True)
    total = fields.Integer(required=True)
    open = fields.Boolean(required=True, metadata={"description": "whether opinions are taken now"})


class StatementPageSchema(Schema):
    """Statements for everybody."""

    items = fields.List(fields.Nested(CommentSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    participants = fields.Integer(required=True)


class StatementCountsSchema(Schema):
    """How many of how many."""

    n = fields.Integer(required=True)
    agree = fields.Integer(required=True)
    disagree = fields.Integer(required=True)
    pass_ = fields.Integer(required=True, data_key="pass", attribute="pass")


class StatementGroupCountsSchema(Schema):
    """The counts of one group; null where fewer than five of it spoke."""

    code = fields.String(required=True)
    counts = fields.Nested(StatementCountsSchema, required=True, allow_none=True)


class GroundStatementSchema(Schema):
    """A statement in the picture."""

    id = IdField(required=True)
    text = fields.String(required=True)
    all = fields.Nested(StatementCountsSchema, required=True, allow_none=True)
    groups = fields.List(fields.Nested(StatementGroupCountsSchema), required=True)


class GroundPointSchema(Schema):
    """The middle of a group."""

    x = fields.Float(required=True)
    y = fields.Float(required=True)


class GroundSpreadSchema(Schema):
    """How far a group spreads: an ellipse, in the units of the middle, turned by degrees."""

    rx = fields.Float(required=True)
    ry = fields.Float(required=True)
    angle = fields.Integer(required=True)


class GroundTypicalSchema(Schema):
    """What a group says and the others do not."""

    id = IdField(required=True)
    text = fields.String(required=True)
    says = fields.String(required=True, validate=validate.OneOf(("agree", "disagree")))


class GroundGroupSchema(Schema):
    """A group of like opinion: at least five people, and never one of them."""

    code = fields.String(required=True)
    n = fields.Integer(required=True)
    centre = fields.Nested(GroundPointSchema, required=True)
    spread = fields.Nested(GroundSpreadSchema, required=True)
    typical = fields.List(fields.Nested(GroundTypicalSchema), required=True)


class CommonGroundSchema(Schema):
    """The open picture; empty lists until 20 have taken part."""

    shown = fields.Boolean(required=True)
    needed = fields.Integer(required=True)
    participants = fields.Integer(required=True)
    grouped = fields.Integer(required=True, metadata={"description": "who spoke of enough to be in a group"})
    made_at = TimeField(required=True, allow_none=True)
    one_group = fields.Boolean(required=True, metadata={"description": "opinions do not fall apart"})
    groups = fields.List(fields.Nested(GroundGroupSchema), required=True)
    unites = fields.List(fields.Nested(GroundStatementSchema), required=True)
    divides = fields.List(fields.Nested(GroundStatementSchema), required=True)
    statements = fields.List(fields.Nested(GroundStatementSchema), required=True)
