"""One box over everything public: words of two characters, rare and frequent ones, newest first.

A frequent word stands in what is newest: the newest texts are walked along an index until a page is full. Only
words that are not found there are asked of the full-text index, which reads every text that holds them before it
can tell the newest. Neither way alone is quick for both (script/bench, part search).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BINARY, ColumnElement, Row, Select, and_, cast, func, or_, select

from backend.kernel.db import db
from backend.kernel.paging import PAGE_SIZE, Page, behind, in_order_of, make_page, parse_cursor
from backend.search.grams import asked
from backend.search.kinds import KINDS, Found
from backend.search.models import SearchText
from backend.search.queries import holds

#: how many of the newest texts are walked; a word in one of seventy of them fills a page
WALKED = 1_500
#: a word that is in none of so many is a rare one, which the index finds at once: no further walk is worth it
GLANCED = 300
EXCERPT = 60
BEFORE = 12

_texts: Any = SearchText.__table__
_C = _texts.c
_ROW = select(_C.kind, _C.subject_id, _C.at)


@dataclass(frozen=True)
class Asked:
    """What is looked for in a town; what is empty is not asked for."""

    town_id: int
    words: str
    kind: str = ""
    village_id: int | None = None


def find(of: Asked, cursor: str | None) -> Page[dict[str, Any]]:
    """A page of what holds all the words, newest first. Raises Invalid for a cursor that is none of ours."""
    wanted = asked(of.words)
    if not wanted:
        return Page([], None)
    at = parse_cursor(cursor)
    rows, all_walked = _walked(of, wanted, at, GLANCED)
    if 0 < len(rows) <= PAGE_SIZE and not all_walked:
        rows, all_walked = _walked(of, wanted, at, WALKED)
    if len(rows) <= PAGE_SIZE and not all_walked:
        rows = _by_full_text(of, wanted, at)
    page = make_page(rows, PAGE_SIZE, lambda row: (row.at, row.subject_id))
    return Page(_shown(page.items, of.words), page.next_cursor)


def newest(town_id: int, village_id: int, kind: str, most: int) -> list[dict[str, Any]]:
    """The newest public texts of a village and a kind, as the search shows them."""
    rows = db.session.execute(
        _ROW.where(_C.village_id == village_id, _C.kind == kind, _C.town_id == town_id)
        .order_by(_C.at.desc(), _C.subject_id.desc())
        .limit(most)
    ).all()
    return _shown(rows, "")


def latest(town_id: int, kind: str, village_id: int | None, most: int) -> list[dict[str, Any]]:
    """The newest public texts of a town, of a kind or a village of it."""
    of = Asked(town_id, "", kind, village_id)
    return _shown(
        db.session.execute(_newest_first(_ROW.where(*_conditions(of, None)), of).limit(most)).all(), ""
    )


def one(kind: str, subject_id: int) -> tuple[int, dict[str, Any], str] | None:
    """(town, its line, its whole text) of a public text; None when there is none."""
    if kind not in KINDS:
        return None
    wanted = _ROW.add_columns(_C.town_id).where(_C.kind == kind, _C.subject_id == subject_id)
    row = db.session.execute(wanted).one_or_none()
    card = KINDS[kind].cards([subject_id]).get(subject_id) if row is not None else None
    return None if row is None or card is None else (row.town_id, _line(row, card, ""), card.text)


def counts(town_id: int, village_id: int) -> dict[str, int]:
    """Kind → how many public texts of it a village has."""
    of_village = (_C.town_id == town_id, _C.village_id == village_id)
    counted = select(_C.kind, func.count()).where(*of_village).group_by(_C.kind)
    return {kind: int(count) for kind, count in db.session.execute(counted)}


def _conditions(of: Asked, at: tuple[datetime, int] | None) -> list[ColumnElement[bool]]:
    found = [_C.town_id == of.town_id, _C.kind == of.kind if of.kind else _C.kind.in_(list(KINDS))]
    if of.village_id is not None:
        found.append(_C.village_id == of.village_id)
    if at is not None:
        found.append(behind(_C.at, _C.subject_id, at))
    return found


def _index(of: Asked) -> str:
    if of.village_id is not None:
        return "village"
    return "newest" if of.kind else "all"


def _newest_first(statement: Select[Any], of: Asked) -> Select[Any]:
    hint = in_order_of(f"ix_search_texts_{_index(of)}")
    return statement.with_hint(_texts, hint, "mysql").order_by(_C.at.desc(), _C.subject_id.desc())


def _walked(
    of: Asked, wanted: list[str], at: tuple[datetime, int] | None, most: int
) -> tuple[Sequence[Row[Any]], bool]:
    """At most a page and one more from the `most` newest texts, and whether those were all there are."""
    here = _conditions(of, at)
    last = _newest_first(select(_C.at).where(*here), of).offset(most - 1).limit(1)
    since = db.session.scalar(last)
    if since is not None:
        here = [*here, _C.at >= since]
    held = and_(*(_stands_in(gram) for gram in wanted))
    rows = db.session.execute(_newest_first(_ROW.where(*here, held), of).limit(PAGE_SIZE + 1)).all()
    return rows, since is None


def _stands_in(gram: str) -> ColumnElement[bool]:
    """Whether a gram is one of the text's, or begins one when it ends with *.

    The grams of a text stand between blanks, and pairs of characters are all of one length.
    """
    texts: Any = _C.grams
    if db.session.get_bind().dialect.name != "sqlite":
        texts = cast(texts, BINARY)  # compared byte by byte: a third of the time of comparing by a collation
    whole = gram.removesuffix("*")
    if gram == whole:
        return func.instr(texts, whole) > 0
    return or_(func.instr(texts, f" {whole}") > 0, func.instr(texts, whole) == 1)


def _by_full_text(of: Asked, wanted: list[str], at: tuple[datetime, int] | None) -> Sequence[Row[Any]]:
    """A page and one more by the full-text index."""
    here = _conditions(of, at)
    if db.session.get_bind().dialect.name == "sqlite":
        # SQLite would walk an index of the town and ask for each row whether it was found. A sum has no index.
        here[:2] = [
            _C.town_id + 0 == of.town_id,
            _C.kind.concat("").in_([of.kind] if of.kind else list(KINDS)),
        ]
    statement = _ROW.where(*here, holds(wanted)).order_by(_C.at.desc(), _C.subject_id.desc())
    return db.session.execute(statement.limit(PAGE_SIZE + 1)).all()


def _shown(rows: Sequence[Row[Any]], words: str) -> list[dict[str, Any]]:
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, []).append(row.subject_id)
    cards = {kind: KINDS[kind].cards(of_kind) for kind, of_kind in ids.items() if kind in KINDS}
    return [
        _line(row, cards[row.kind][row.subject_id], words)
        for row in rows
        if row.kind in cards and row.subject_id in cards[row.kind]
    ]


def _line(row: Row[Any], card: Found, words: str) -> dict[str, Any]:
    return {
        "id": str(row.subject_id),
        "kind": row.kind,
        "kind_label": KINDS[row.kind].label,
        "title": card.title,
        "excerpt": excerpt(card.text, words),
        "village_name": card.village_name,
        "on": card.on,
        "path": card.path,
    }


def excerpt(text: str, words: str) -> str:
    """The part of a text in which the first of the words stands; its beginning when none stands there as it is."""
    plain = " ".join(text.split())
    places = [at for at in (plain.casefold().find(word.casefold()) for word in words.split()) if at >= 0]
    begin = max(0, min(places, default=0) - BEFORE)
    cut = plain[begin : begin + EXCERPT]
    return f"{'…' if begin else ''}{cut}{'…' if begin + EXCERPT < len(plain) else ''}"
