"""Kinds of sheets register here: their columns, who may, what is checked, what is written, what is read out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.kernel.actor import Actor


def plain(text: str) -> Any:
    """A cell as the text that stands there."""
    return text


@dataclass(frozen=True)
class Column:
    """One column. `read` turns a cell's text into a JSON value and raises ValueError with a Chinese sentence."""

    key: str
    title: str
    required: bool = False
    width: int = 16
    hint: str = ""
    choices: tuple[str, ...] = ()
    longest: int = 200
    read: Callable[[str], Any] = plain


@dataclass(frozen=True)
class SheetRow:
    """One row of a sheet that was sent in: its number in the sheet (from 2), its texts, its values."""

    number: int
    texts: Mapping[str, str]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong: at a row and a column, at a row (`column` None), or in the whole (`number` None)."""

    number: int | None
    column: str | None
    sentence: str


@dataclass(frozen=True)
class Chunk:
    """Some rows to write out, and from where to go on; None at the end."""

    rows: Sequence[Sequence[Any]]
    after: Any = None


def as_they_stand(rows: Sequence[SheetRow]) -> Sequence[SheetRow]:
    """The rows in the order of the sheet."""
    return rows


@dataclass(frozen=True)
class Import:
    """How a kind is taken in: row by row by `put`, or all at once by `apply`.

    permission  one of these a role must give
    check       what is wrong with the rows as a whole (twice, a circle, a year left out); cheap
    put         write one row; whether anything changed. Raises AppError. The check of a row is its writing,
                taken back: the two cannot differ
    apply       write all rows that are right, instead of `put`; how many records changed. Raises AppError
    columns     field of a refusal → column
    order       the rows in the order in which they can be written
    together    rows lean on each other (a tree): they are tried in one transaction, not in chunks
    whole       rows that are right are not taken when others are wrong
    most        rows that one sheet may have: all of them are written in one transaction
    """

    permission: tuple[str, ...]
    check: Callable[[Actor, Sequence[SheetRow]], Iterable[Fault]]
    put: Callable[[Actor, SheetRow], Any] | None = None
    apply: Callable[[Actor, Sequence[SheetRow]], int] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    order: Callable[[Sequence[SheetRow]], Sequence[SheetRow]] = as_they_stand
    together: bool = False
    whole: bool = False
    most: int = 500


@dataclass(frozen=True)
class Export:
    """How a kind is written out. The actor is made anew at run time: who lost a role gets nothing.

    permission  one of these a role must give
    columns     titles and widths
    count       how many rows the filters find within the actor's reach
    rows        the next rows within the actor's reach, personal data masked
    params      the filters, checked; raises AppError
    """

    permission: tuple[str, ...]
    columns: tuple[Column, ...]
    count: Callable[[Actor, Mapping[str, Any]], int]
    rows: Callable[[Actor, Mapping[str, Any], Any], Chunk]
    params: Callable[[Mapping[str, Any]], dict[str, Any]] = field(default=lambda given: {})


@dataclass(frozen=True)
class SheetKind:
    """A kind of sheet: what it is called, its columns when it is sent in, its two ways."""

    code: str
    label: str
    columns: tuple[Column, ...] = ()
    example: tuple[str, ...] = ()
    note: str = ""
    taken: Import | None = None
    written: Export | None = None


_kinds: dict[str, SheetKind] = {}


def register(kind: SheetKind) -> None:
    """Make a kind known; the same code again replaces it (an application is made more than once in tests)."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> SheetKind | None:
    """The kind of that code, or None."""
    return _kinds.get(code)


def all_kinds() -> Sequence[SheetKind]:
    """Every kind, in the order in which they registered."""
    return tuple(_kinds.values())
