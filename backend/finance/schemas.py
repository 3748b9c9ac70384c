"""Schemas of finance sheets. Amounts are whole fen: a number with a point is refused, not rounded."""

from __future__ import annotations

from marshmallow import fields, validate

from backend.finance.entries import FOOT, FOOT_MOST, MOST_LINES, MOST_PAPERS, TEXTS
from backend.finance.models import ACCOUNT_MOST
from backend.finance.money import MOST_ENTRY_FEN, MOST_FEN
from backend.kernel.schemas import IdField, Schema, TimeField

_FEN = {"description": "whole fen"}


def _fen(*, most: int = MOST_FEN, least: int | None = None, **options: object) -> fields.Integer:
    low = -MOST_FEN if least is None else least
    return fields.Integer(strict=True, validate=validate.Range(low, most), metadata=_FEN, **options)  # type: ignore[arg-type]


def _text(most: int) -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=most))


class FinanceHeadSchema(Schema):
    """The sums above the entries, in fen; income and expense are added up by the program."""

    account = fields.String(required=True)
    opening_fen = _fen(required=True)
    income_fen = _fen(required=True)
    expense_fen = _fen(required=True)
    closing_fen = _fen(required=True)
    receivable_fen = _fen(required=True)
    payable_fen = _fen(required=True)


class FinanceLineSchema(Schema):
    """One entry as everybody reads it: persons masked."""

    no = fields.Integer(required=True)
    on = fields.String(required=True, metadata={"format": "date"})
    voucher = fields.String(required=True)
    words = fields.String(required=True)
    direction = fields.String(required=True)
    direction_label = fields.String(required=True)
    category = fields.String(required=True)
    category_label = fields.String(required=True)
    income_fen = _fen(required=True)
    expense_fen = _fen(required=True)
    counterpart = fields.String(required=True)
    handler = fields.String(required=True)
    witness = fields.String(required=True)
    approver = fields.String(required=True)
    papers = fields.Integer(required=True)
    note = fields.String(required=True)


class FinanceShownSchema(Schema):
    """How the words of an entry stand in public."""

    words = fields.String(required=True)
    counterpart = fields.String(required=True)
    handler = fields.String(required=True)
    witness = fields.String(required=True)
    approver = fields.String(required=True)
    note = fields.String(required=True)


class FinanceDeskLineSchema(FinanceLineSchema):
    """One entry as it was written, and how it stands in public."""

    shown_as = fields.Nested(FinanceShownSchema, required=True)


class FinanceFootLabelSchema(Schema):
    """What a part of the foot is called."""

    key = fields.String(required=True)
    label = fields.String(required=True)


class FinanceCategorySchema(Schema):
    """What an entry may be."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    group = fields.String(required=True)
    direction = fields.String(required=True)


class FinanceSheetCardSchema(Schema):
    """A sheet in the desk's list. `number`: 1, and one more for each correction; `version` guards saving."""

    id = IdField(required=True)
    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    month = fields.String(required=True)
    month_label = fields.String(required=True)
    number = fields.Integer(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    version = fields.Integer(required=True)
    shown = fields.Boolean(required=True)
    lines_total = fields.Integer(required=True)
    opening_fen = _fen(required=True)
    income_fen = _fen(required=True)
    expense_fen = _fen(required=True)
    closing_fen = _fen(required=True)
    updated_at = TimeField(required=True)
    sealed_at = TimeField(required=True, allow_none=True)


class FinanceSheetsSchema(Schema):
    """A page of the desk's list."""

    items = fields.List(fields.Nested(FinanceSheetCardSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class FinanceDeskSheetSchema(FinanceSheetCardSchema):
    """The whole sheet for the form."""

    head = fields.Nested(FinanceHeadSchema, required=True)
    lines = fields.List(fields.Nested(FinanceDeskLineSchema), required=True)
    foot = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    foot_labels = fields.List(fields.Nested(FinanceFootLabelSchema), required=True)
    categories = fields.List(fields.Nested(FinanceCategorySchema), required=True)
    expected_opening_fen = fields.Integer(required=True, allow_none=True, metadata=_FEN)
    digest = fields.String(required=True)
    may_save = fields.Boolean(required=True)
    may_correct = fields.Boolean(required=True)


class FinanceSheetsQuerySchema(Schema):
    """Of one village, or of all within reach."""

    village = IdField(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=200))


class FinanceMonthSchema(Schema):
    """A village and a month."""

    village_id = IdField(required=True)
    month = fields.String(required=True, validate=validate.Length(7, 7))


class FinanceTemplateQuerySchema(Schema):
    """For which village and month the template is made."""

    village = IdField(required=True)
    month = fields.String(required=True, validate=validate.Length(7, 7))


class FinanceHeadInSchema(Schema):
    """What is stated above the entries; opening and closing may be left to the program."""

    account = _text(ACCOUNT_MOST)
    opening_fen = _fen(load_default=None, allow_none=True)
    closing_fen = _fen(load_default=None, allow_none=True)
    receivable_fen = _fen(load_default=0, least=0)
    payable_fen = _fen(load_default=0, least=0)


class FinanceLineInSchema(Schema):
    """One entry; numbered by its place in the list."""

    on = fields.Date(required=True)
    voucher = _text(TEXTS["voucher"])
    words = fields.String(required=True, validate=validate.Length(1, TEXTS["words"]))
    category = fields.String(required=True, validate=validate.Length(1, 40))
    income_fen = _fen(load_default=0, least=0, most=MOST_ENTRY_FEN)
    expense_fen = _fen(load_default=0, least=0, most=MOST_ENTRY_FEN)
    counterpart = _text(TEXTS["counterpart"])
    handler = _text(TEXTS["handler"])
    witness = _text(TEXTS["witness"])
    approver = _text(TEXTS["approver"])
    papers = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, MOST_PAPERS))
    note = _text(TEXTS["note"])


class FinanceSaveSchema(Schema):
    """The whole sheet, in the place of what was there."""

    version = fields.Integer(required=True, strict=True)
    head = fields.Nested(FinanceHeadInSchema, required=True)
    lines = fields.List(
        fields.Nested(FinanceLineInSchema), required=True, validate=validate.Length(max=MOST_LINES)
    )
    foot = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(FOOT))),
        values=fields.String(validate=validate.Length(max=FOOT_MOST)),
        load_default=dict,
    )


class FinanceErrorSchema(Schema):
    """What is wrong, and in which cell; an empty cell means the file as a whole."""

    cell = fields.String(required=True)
    message = fields.String(required=True)


class FinanceJobSchema(Schema):
    """An import or a print of one's own; `done` of `total` entries."""

    id = IdField(required=True)
    village_id = IdField(required=True)
    month = fields.String(required=True)
    sheet_id = IdField(required=True, allow_none=True)
    file_name = fields.String(required=True)
    state = fields.String(required=True)
    state_label = fields.String(required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    errors = fields.List(fields.Nested(FinanceErrorSchema), required=True)
    created_at = TimeField(required=True)
    finished_at = TimeField(required=True, allow_none=True)
    expires_at = TimeField(required=True)


class PublicFinanceSheetSchema(Schema):
    """A village's month as everybody reads it. `version`: 1, and one more for each correction."""

    id = IdField(required=True)
    village_id = IdField(required=True)
    village_name = fields.String(required=True)
    month = fields.String(required=True)
    month_label = fields.String(required=True)
    version = fields.Integer(required=True)
    account = fields.String(required=True)
    opening_fen = _fen(required=True)
    income_fen = _fen(required=True)
    expense_fen = _fen(required=True)
    closing_fen = _fen(required=True)
    receivable_fen = _fen(required=True)
    payable_fen = _fen(required=True)
    lines_total = fields.Integer(required=True)
    lines = fields.List(fields.Nested(FinanceLineSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
    foot = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    foot_labels = fields.List(fields.Nested(FinanceFootLabelSchema), required=True)
    digest = fields.String(required=True)
    opening_matches = fields.Boolean(required=True, allow_none=True)


class PublicFinanceQuerySchema(Schema):
    """Behind which entry."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=20))


class FinanceChartsQuerySchema(Schema):
    """Which village, which year; the newest there is when none is named."""

    village = IdField(required=True)
    year = fields.Integer(load_default=None, validate=validate.Range(2000, 2100))


class FinanceChartMonthSchema(Schema):
    """One month, in fen."""

    month = fields.String(required=True)
    sheet_id = IdField(required=True)
    income_fen = _fen(required=True)
    expense_fen = _fen(required=True)
    closing_fen = _fen(required=True)


class FinanceChartCategorySchema(Schema):
    """One category of the year, beside the same months of the year before; in fen."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    direction = fields.String(required=True)
    direction_label = fields.String(required=True)
    fen = fields.Integer(required=True)
    last_year_fen = fields.Integer(required=True)


class FinanceChartsSchema(Schema):
    """A village's year in bars."""

    year = fields.Integer(required=True)
    years = fields.List(fields.Integer(), required=True)
    months = fields.List(fields.Nested(FinanceChartMonthSchema), required=True)
    categories = fields.List(fields.Nested(FinanceChartCategorySchema), required=True)
    compared_months = fields.Integer(
        required=True, metadata={"description": "months of the year before that are there to compare with"}
    )
