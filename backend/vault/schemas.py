"""Schemas of the vault. There is no field for a sender, an address, or a word of what was written."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.kernel.schemas import IdField, Schema, TimeField
from backend.vault.sealed_fields import (
    BOX_OVERHEAD,
    KEY_BYTES,
    SECRET_OVERHEAD,
    WRAP_BYTES,
    SealedField,
    fixed,
)
from backend.vault.states import STATE_LABELS

KB = 1024
CONTENT_BLOCK, CONTENT_MOST = 4 * KB, 64 * KB + SECRET_OVERHEAD
FILE_BLOCK, FILE_MOST = 16 * KB, 2048 * KB + SECRET_OVERHEAD
MOST_FILES = 4
NOTE_BLOCK, NOTE_MOST = KB, 16 * KB + SECRET_OVERHEAD
ANSWER_BLOCK, ANSWER_MOST = KB, 16 * KB + BOX_OVERHEAD
MOST_READERS = 20
_HEX = validate.Regexp(r"^[0-9a-f]{64}\Z", error="格式不对")


class VaultTownSchema(Schema):
    """Which town."""

    town = fields.String(required=True, validate=validate.Length(1, 32))


class VaultUnitSchema(Schema):
    """A unit in the town's tree."""

    id = IdField(required=True)
    name = fields.String(required=True)
    parent_id = IdField(required=True, allow_none=True)


class VaultReaderSchema(Schema):
    """Somebody to whom letters are sealed."""

    key_id = IdField(required=True)
    name = fields.String(required=True, metadata={"description": "masked for senders"})
    unit_id = IdField(required=True)
    unit_name = fields.String(required=True)
    public_key = fields.String(required=True)
    fingerprint = fields.String(required=True)


class ElsewhereSchema(Schema):
    """Where else one can turn."""

    name = fields.String(required=True)
    value = fields.String(required=True)


class VaultKeysForSendersSchema(Schema):
    """To whom a letter is sealed, and the tree by which the device leaves out who is named."""

    open = fields.Boolean(required=True)
    readers = fields.List(fields.Nested(VaultReaderSchema), required=True)
    units = fields.List(fields.Nested(VaultUnitSchema), required=True)
    elsewhere = fields.List(fields.Nested(ElsewhereSchema), required=True)


class WrapSchema(Schema):
    """The letter's key, sealed to one reader."""

    key_id = IdField(required=True)
    wrap = fixed(WRAP_BYTES, required=True)


class SendSchema(VaultTownSchema):
    """A sealed letter."""

    content = SealedField(overhead=SECRET_OVERHEAD, block=CONTENT_BLOCK, most=CONTENT_MOST, required=True)
    files = fields.List(
        SealedField(overhead=SECRET_OVERHEAD, block=FILE_BLOCK, most=FILE_MOST),
        load_default=list,
        validate=validate.Length(max=MOST_FILES, error=f"附件最多 {MOST_FILES} 个"),
    )
    wraps = fields.List(fields.Nested(WrapSchema), required=True, validate=validate.Length(1, MOST_READERS))
    receipt = fields.String(required=True, validate=_HEX)
    answer_key = fixed(KEY_BYTES, required=True)


class _LetterState(Schema):
    received_on = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(STATE_LABELS)))
    state_label = fields.String(required=True)


class SentSchema(_LetterState):
    """That it was received. The code was made on the device and is not known here."""


class VaultLookupSchema(Schema):
    """The half of what a code derives to that asks for progress."""

    lookup = fields.String(required=True, validate=_HEX)


class VaultStepSchema(Schema):
    """One step as the sender is told."""

    label = fields.String(required=True)
    on = fields.Date(required=True)


class VaultAnswerSchema(Schema):
    """An answer, sealed to the sender's key."""

    on = fields.Date(required=True)
    sealed = fields.String(required=True)


class VaultProgressSchema(_LetterState):
    """How far a letter is, for whoever has its code."""

    next_step = fields.String(required=True)
    steps = fields.List(fields.Nested(VaultStepSchema), required=True)
    answers = fields.List(fields.Nested(VaultAnswerSchema), required=True)


class OwnKeySchema(Schema):
    """One's own key with the private half as it was wrapped in the browser."""

    id = IdField(required=True)
    state = fields.String(required=True)
    public_key = fields.String(required=True)
    fingerprint = fields.String(required=True)
    wrapped = fields.String(required=True)
    made_at = TimeField(required=True)


class KnownKeySchema(VaultReaderSchema):
    """A reader's key as the other readers see it."""

    state = fields.String(required=True)
    mine = fields.Boolean(required=True)
    may_confirm = fields.Boolean(required=True)


class VaultKeysSchema(Schema):
    """One's own keys, everybody's public ones, and the town's units."""

    mine = fields.List(fields.Nested(OwnKeySchema), required=True)
    readers = fields.List(fields.Nested(KnownKeySchema), required=True)
    units = fields.List(fields.Nested(VaultUnitSchema), required=True)


class NewKeySchema(Schema):
    """A key made in the browser; the private half is wrapped."""

    public_key = fixed(KEY_BYTES, required=True)
    wrapped = fields.String(required=True, validate=validate.Length(1, 1000))


class RewrappedSchema(Schema):
    """The same private half under another passphrase."""

    wrapped = fields.String(required=True, validate=validate.Length(1, 1000))


class LettersQuerySchema(Schema):
    """Where to go on."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class LetterLineSchema(_LetterState):
    """A letter in the reader's list."""

    id = IdField(required=True)
    version = fields.Integer(required=True)
    files = fields.Integer(required=True)
    key_id = IdField(required=True)
    wrap = fields.String(required=True)


class LettersSchema(Schema):
    """The reader's letters."""

    items = fields.List(fields.Nested(LetterLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class LetterFileSchema(Schema):
    """An attachment; `size` in bytes as it is sealed."""

    id = IdField(required=True)
    size = fields.Integer(required=True)


class LetterActSchema(Schema):
    """What a reader did; what was said of it is sealed."""

    id = IdField(required=True)
    action = fields.String(required=True)
    label = fields.String(required=True)
    at = TimeField(required=True)
    by_name = fields.String(required=True)
    sealed = fields.String(required=True)


class LetterSchema(_LetterState):
    """A letter, to be opened in the reader's browser."""

    id = IdField(required=True)
    version = fields.Integer(required=True)
    content = fields.String(required=True)
    answer_key = fields.String(required=True)
    files = fields.List(fields.Nested(LetterFileSchema), required=True)
    acts = fields.List(fields.Nested(LetterActSchema), required=True)
    key_ids = fields.List(IdField(), required=True, metadata={"description": "the keys that open it"})
    key_id = IdField(required=True)
    wrap = fields.String(required=True)


class SealedFileSchema(Schema):
    """An attachment as it was sealed."""

    sealed = fields.String(required=True)


class StepSchema(Schema):
    """A reader's step. `named_unit_ids`: who is named, looked at and kept nowhere; empty: nobody of this town."""

    version = fields.Integer(required=True)
    sealed = SealedField(overhead=SECRET_OVERHEAD, block=NOTE_BLOCK, most=NOTE_MOST, required=True)
    for_sender = SealedField(
        overhead=BOX_OVERHEAD, block=ANSWER_BLOCK, most=ANSWER_MOST, load_default=None, allow_none=True
    )
    to_unit_id = IdField(load_default=None, allow_none=True)
    named_unit_ids = fields.List(
        IdField(), load_default=None, allow_none=True, validate=validate.Length(max=50)
    )
    wraps = fields.List(
        fields.Nested(WrapSchema), load_default=list, validate=validate.Length(max=MOST_READERS)
    )
