"""import → store → show → export gives back the same sheet, to the fen and to the letter (hypothesis)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backend.finance import services, shown, writing
from backend.finance.categories import INCOME, of_entries
from backend.finance.checks import faults_of, unseen
from backend.finance.entries import FOOT, TEXTS, Content, Entry
from backend.finance.models import FinanceSheet
from backend.finance.money import MOST_ENTRY_FEN
from backend.finance.reading import read
from backend.kernel.db import db
from tests.api.finance.conftest import Books
from tests.factories.finance import MONTH, clerk, inside
from tests.factories.finance_files import VILLAGE
from tests.factories.identity import place_id

LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff")


def words(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """What somebody may type; blanks around it mean nothing."""
    return (
        st.text(LETTERS, min_size=least, max_size=most).map(str.strip).filter(lambda text: len(text) >= least)
    )


@st.composite
def entries(draw: st.DrawFn, no: int) -> Entry:
    """An entry that is right."""
    category = draw(st.sampled_from(sorted(of_entries())))
    fen = draw(st.integers(1, MOST_ENTRY_FEN))
    comes_in = of_entries()[category].direction == INCOME
    texts = {key: draw(words(min(most, 12))) for key, most in TEXTS.items() if key != "words"}
    return Entry(
        no, date(2026, 2, draw(st.integers(1, 28))), draw(words(20, 1)), category, fen if comes_in else 0,
        0 if comes_in else fen, papers=draw(st.integers(0, 99)), **texts,
    )  # fmt: skip


@st.composite
def sheets(draw: st.DrawFn) -> Content:
    """A sheet that is right."""
    lines = tuple(draw(entries(no)) for no in range(1, draw(st.integers(1, 5)) + 1))
    opening = draw(st.integers(-(10**12), 10**12))
    closing = opening + sum(one.income_fen - one.expense_fen for one in lines)
    return Content(
        MONTH, lines, opening, closing, draw(st.integers(0, 10**12)), draw(st.integers(0, 10**12)),
        draw(words(12)), {key: draw(words(8)) for key in FOOT},
    )  # fmt: skip


def nasty(text: str) -> Content:
    """A sheet that says this everywhere."""
    said: Any = dict.fromkeys(TEXTS, text)
    line = Entry(1, date(2026, 2, 1), category="in_other", income_fen=1, expense_fen=0, **said)
    return Content(MONTH, (line,), 0, 1, foot=dict.fromkeys(FOOT, text), account=text)


def through_excel(content: Content) -> Content:
    """Written out and read again."""
    found = read(writing.export(VILLAGE, content), village=VILLAGE, month=MONTH, opening_fen=None)
    assert found.content is not None, found.errors
    return found.content


@settings(max_examples=20, deadline=None, database=None)
@given(sheets())
@example(nasty("=1+1"))
@example(nasty("'=1"))
@example(nasty("''"))
@example(nasty("_x0041_"))
@example(nasty("<script>&amp;</script>"))
@example(nasty("#REF!"))
@example(nasty("1e5"))
def test_an_export_is_read_as_the_same_sheet(content: Content) -> None:
    assert faults_of(content, opening_fen=None) == []
    assert through_excel(content) == content


def amounts(value: Any) -> list[Any]:
    """Everything in a JSON value that stands under a name that ends with _fen."""
    if isinstance(value, Mapping):
        own = [one for key, one in value.items() if str(key).endswith("_fen")]
        return own + [found for one in value.values() for found in amounts(one)]
    return [found for one in value for found in amounts(one)] if isinstance(value, list) else []


@settings(
    max_examples=6, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sheets())
def test_what_is_imported_is_stored_shown_and_exported_as_it_was(books: Books, content: Content) -> None:
    village_id = place_id(books.app, "V01")

    def stored() -> tuple[Content, dict[str, Any]]:
        sheet = services.newest(village_id, MONTH) or services.begin(clerk(), village_id, MONTH)
        services.put(clerk(), sheet, through_excel(content))
        db.session.expire_all()
        again = db.session.get_one(FinanceSheet, sheet.id)
        return services.content_of(again), shown.content(again)

    kept, everybody = inside(books.app, stored)
    assert kept == content
    assert through_excel(kept) == content
    assert all(type(one) is int for one in amounts(everybody))
    assert everybody["head"]["closing_fen"] == content.closing_fen
    assert [(one["income_fen"], one["expense_fen"], one["category"]) for one in everybody["lines"]] == [
        (one.income_fen, one.expense_fen, one.category) for one in content.lines
    ]
    assert not unseen(json.dumps(everybody, ensure_ascii=False))
