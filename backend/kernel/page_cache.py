"""Finished answers of public pages, kept before Flask: 52,000 people may open the wall after a flood.

A route that is marked with @public_page is answered from memory while the numbers of what it shows
(kernel/page_numbers.py) stand as they stood before it was made. The numbers are read at most once a
second, in one statement for all: what is published in one process is visible in all others within
two. What is kept is the same for everybody, so a marked route is never told who asks: the request
reaches it without Authorization, without cookies, without any header of the browser's, and with no
query but the one that its schema names. Errors are never kept.

Nothing here is a promise to the caches of others: a browser may keep a page and asks each time
whether it still stands (ETag, 304). Compression is left to nginx.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Flask, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from backend.kernel import page_numbers
from backend.kernel.clock import now
from backend.kernel.schemas import Schema

F = TypeVar("F", bound=Callable[..., Any])
Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Start = Callable[..., Any]
Key = tuple[str, str]

log = logging.getLogger(__name__)
#: the numbers are asked for again after this
READ_EVERY = timedelta(seconds=1)
#: a page counts days and names places too, which no number tells of
KEPT_FOR = timedelta(seconds=60)
MOST_BYTES = 16 * 1024 * 1024
#: a page that is larger is made anew each time
LARGEST = MOST_BYTES // 8
WAIT_SECONDS = 5.0
OVERHEAD = 1024
CACHE_CONTROL = "public, max-age=0, must-revalidate"
_DEPENDS = "town.page_names"
#: headers that say where a request comes from; a marked route gets no others
_KEPT_HEADERS = frozenset(
    {
        "HTTP_HOST",
        "HTTP_X_REQUEST_ID",
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_HOST",
    }
)
#: of one answer alone
_NOT_KEPT = frozenset({"x-request-id", "cache-control", "etag", "date", "content-length", "expires", "vary"})


@dataclass(frozen=True)
class Marked:
    """What @public_page says of a view: the names it always depends on, the names of its query."""

    names: tuple[str, ...]
    query: frozenset[str]


def public_page(*names: str, query: type[Schema] | None = None) -> Callable[[F], F]:
    """Mark the view of a GET that answers everybody alike; `query` is the schema of its query.

    Names that are known only once the view runs are given with depend_on(). A parameter that the
    schema does not name never reaches the view: what others hang on a shared link must not make it
    another page.
    """
    asked = frozenset() if query is None else frozenset(_names_of(query))

    def mark(view: F) -> F:
        view.public_page = Marked(names, asked)  # type: ignore[attr-defined]
        return view

    return mark


def _names_of(schema: type[Schema]) -> Iterable[str]:
    return (one.data_key or name for name, one in schema().fields.items())


def depend_on(*names: str) -> None:
    """Say in a marked view what else its answer shows."""
    request.environ.get(_DEPENDS, set()).update(names)


@dataclass(frozen=True)
class Answer:
    """What a view answered."""

    status: str
    headers: Headers
    body: bytes

    def send(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """As it is."""
        start(self.status, self.headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self.body,)


@dataclass(frozen=True)
class Kept:
    """An answer 200 that is kept, and the numbers it was made under."""

    headers: Headers
    body: bytes
    etag: str
    made_at: datetime
    numbers: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return len(self.body) + OVERHEAD

    def stands(self, at: datetime, numbers: dict[str, int]) -> bool:
        """Whether it is still what the view would answer."""
        if not self.made_at <= at < self.made_at + KEPT_FOR:
            return False
        return all(numbers.get(name, 0) == number for name, number in self.numbers)

    def send(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """200, or 304 to whoever has it already."""
        if _has(environ.get("HTTP_IF_NONE_MATCH"), self.etag):
            start("304 NOT MODIFIED", [("ETag", self.etag), ("Cache-Control", CACHE_CONTROL)])
            return ()
        start("200 OK", self.headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else (self.body,)


def _has(known: str | None, etag: str) -> bool:
    """Compared weakly: what nginx has compressed comes back as W/"..."."""
    if not known:
        return False
    return known.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in known.split(",")}


@dataclass
class _Flight:
    """A page that is being made; who else wants it waits."""

    done: threading.Event = field(default_factory=threading.Event)
    kept: Kept | None = None


class _Routes:
    """Which addresses are marked: found without asking Flask's map at each request."""

    def __init__(self, app: Flask) -> None:
        self.plain: dict[str, Marked] = {}
        self.patterns: list[tuple[re.Pattern[str], Marked]] = []
        for rule in app.url_map.iter_rules():
            marked = getattr(app.view_functions[rule.endpoint], "public_page", None)
            if marked is None or "GET" not in (rule.methods or ()):
                continue
            if "<" not in rule.rule:
                self.plain[rule.rule] = marked
            else:
                self.patterns.append((_pattern(rule.rule), marked))

    def find(self, path: str) -> Marked | None:
        """The mark of the view at a path."""
        found = self.plain.get(path)
        if found is None:
            found = next((marked for pattern, marked in self.patterns if pattern.fullmatch(path)), None)
        return found


def _pattern(rule: str) -> re.Pattern[str]:
    return re.compile("".join("[^/]+" if part.startswith("<") else re.escape(part) for part in _PARTS(rule)))


_PARTS = re.compile(r"<[^>]+>|[^<]+").findall


class PageCache:
    """The layer before Flask; one for each process, bounded by the bytes it keeps."""

    def __init__(self, app: Flask, engine: Engine, most_bytes: int = MOST_BYTES) -> None:
        self._app, self._inner, self._engine = app, app.wsgi_app, engine
        self._most_bytes = most_bytes
        self._routes: _Routes | None = None
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._flights: dict[Key, _Flight] = {}
        self._one_at_a_time, self._reading = threading.Lock(), threading.Lock()
        self._numbers: dict[str, int] = {}
        self._read_at: datetime | None = None
        self._heard = -1
        self.bytes = self.hits = self.misses = 0

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer from memory, or let Flask answer."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._inner(environ, start)
        if self._routes is None:
            self._routes = _Routes(self._app)
        marked = self._routes.find(environ["PATH_INFO"])
        if marked is None:
            return self._inner(environ, start)
        key = (environ["PATH_INFO"], _normal(environ.get("QUERY_STRING", ""), marked.query))
        moment = now()
        try:
            numbers = self._current(moment)
        except SQLAlchemyError as error:
            # Whether a page still stands cannot be known: Flask says what it has to say.
            log.warning("the numbers of pages cannot be read", extra={"error": type(error).__name__})
            return self._ask(key, environ, set()).send(environ, start)
        found = self._standing(key, moment, numbers) or self._make(key, environ, marked, moment, numbers)
        return found.send(environ, start)

    def forget(self) -> None:
        """Keep nothing of what was; for tests, whose database is another one each time."""
        with self._one_at_a_time:
            self._pages.clear()
            self.bytes, self._read_at = 0, None

    def _current(self, at: datetime) -> dict[str, int]:
        if not self._recent(at):
            with self._reading:
                if not self._recent(at):
                    heard = page_numbers.heard()
                    self._numbers = page_numbers.read(self._engine)
                    self._read_at, self._heard = at, heard
        return self._numbers

    def _recent(self, at: datetime) -> bool:
        if self._read_at is None or self._heard != page_numbers.heard():
            return False
        return self._read_at <= at < self._read_at + READ_EVERY

    def _standing(self, key: Key, at: datetime, numbers: dict[str, int]) -> Kept | None:
        with self._one_at_a_time:
            kept = self._pages.get(key)
            if kept is None:
                return None
            if not kept.stands(at, numbers):
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            self.hits += 1
            return kept

    def _make(
        self, key: Key, environ: Environ, marked: Marked, at: datetime, numbers: dict[str, int]
    ) -> Kept | Answer:
        """Made once for all who want it now. What must not be kept is answered to each by itself:
        another's refusal is not theirs."""
        with self._one_at_a_time:
            self.misses += 1
            flight, mine = self._flights.get(key), False
            if flight is None:
                flight, mine = self._flights.setdefault(key, _Flight()), True
        if not mine and flight.done.wait(WAIT_SECONDS) and flight.kept is not None:
            return flight.kept
        names: set[str] = set(marked.names)
        try:
            answer = self._ask(key, environ, names)
            kept = _kept(answer, at, tuple((name, numbers.get(name, 0)) for name in sorted(names)))
            if mine and kept is not None:
                flight.kept = kept
                self._keep(key, kept)
            return kept or answer
        finally:
            if mine:
                with self._one_at_a_time:
                    self._flights.pop(key, None)
                flight.done.set()

    def _keep(self, key: Key, kept: Kept) -> None:
        if kept.size > min(LARGEST, self._most_bytes):
            return
        with self._one_at_a_time:
            self._drop(key)
            self._pages[key] = kept
            self.bytes += kept.size
            while self.bytes > self._most_bytes:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        kept = self._pages.pop(key, None)
        if kept is not None:
            self.bytes -= kept.size

    def _ask(self, key: Key, environ: Environ, names: set[str]) -> Answer:
        """What Flask answers to whoever asks, without a word of who that is."""
        asked = {k: v for k, v in environ.items() if not k.startswith("HTTP_") or k in _KEPT_HEADERS}
        asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": key[1], _DEPENDS: names}
        told: list[Any] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
            told[:] = [status, headers]
            return _no_writing

        parts = self._inner(asked, start)
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        return Answer(told[0], told[1], body)


def _no_writing(data: bytes) -> None:
    raise NotImplementedError("views answer, they do not write")


def _normal(query: str, names: frozenset[str]) -> str:
    """The query with the known names alone, in one order; what is empty was not asked for."""
    if not query or not names:
        return ""
    # As WSGI has it, a character for each byte: what a browser has not escaped stays the UTF-8 it is.
    given = parse_qsl(query, encoding="latin-1")
    return urlencode(sorted((k, v) for k, v in given if k in names), encoding="latin-1")


def _kept(answer: Answer, at: datetime, numbers: tuple[tuple[str, int], ...]) -> Kept | None:
    """An answer as it is kept; None for all but a plain 200."""
    given = {name.lower() for name, _ in answer.headers}
    if not answer.status.startswith("200") or "set-cookie" in given:
        return None
    etag = f'"{hashlib.blake2b(answer.body, digest_size=12).hexdigest()}"'
    headers = [(name, value) for name, value in answer.headers if name.lower() not in _NOT_KEPT]
    headers += [("ETag", etag), ("Cache-Control", CACHE_CONTROL), ("Content-Length", str(len(answer.body)))]
    return Kept(headers, answer.body, etag, at, numbers)


def init_pages(app: Flask, engine: Engine) -> PageCache:
    """Put the layer before `app`, outermost: what is kept does not depend on proxies."""
    pages = PageCache(app, engine)
    app.wsgi_app = pages  # type: ignore[method-assign,assignment]  # Flask's own recipe
    app.extensions["page_cache"] = pages
    return pages
