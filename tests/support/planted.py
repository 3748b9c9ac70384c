"""Planting what is meant to act in every text that an API takes, while a walk goes on as it always does.

The fields are those of docs/openapi.json: a new one that no walk fills in is told by `left_out`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from tests.conftest import CleanClient
from tests.support.town import ROOT
from tests.support.xss import ATTEMPTS

#: codes, months and ids: what is not one of those that are known is refused
CODES = re.compile(r"(_ids?|_ids\[\]|\.town|\.month|\.category|\.period|\.track|\.weight|\.villages\[\])$")
LONGEST, LONGEST_CODE = 500, 16
_LEAD = ("=1+1 ", "+1 ", "-1 ", "@a ", '#eval("1") $x$ *a* ', "{{ 7*7 }} {% x %} ")
_API = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
_TYPED = [
    one for one in ATTEMPTS if one.isprintable() and not re.search(r"\d{5}", one) and one == one.strip()
]


class Planter:
    """What was planted where, and every string that any answer has held since."""

    def __init__(self, *paths: str) -> None:
        pattern = re.compile("/api/v1/(" + "|".join(paths) + ")")
        self.fields = {
            (method.upper(), path): dict(_texts(one, ""))
            for path, ways in _API["paths"].items()
            for method, way in ways.items()
            if isinstance(way, dict) and pattern.fullmatch(path)
            for kind, content in way.get("requestBody", {}).get("content", {}).items()
            if "json" in kind
            for one in [content["schema"]]
        }
        self.planted: dict[tuple[str, str, str], list[str]] = {}
        self.answers: list[str] = []
        self.attempts, self.leads, self.number = cycle(_TYPED), cycle(_LEAD), 0

    def operation(self, method: str, path: str) -> tuple[str, str] | None:
        """The operation of the API that this address belongs to, if it is one of those looked at."""
        fits = [
            (m, p)
            for m, p in self.fields
            if m == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", p), path)
        ]
        return min(fits, key=lambda one: one[1].count("{")) if fits else None

    def plant(self, value: Any, fields: dict[str, int | None], at: str, put: dict[str, list[str]]) -> Any:
        """The body with an attack for each text in it."""
        if isinstance(value, dict):
            return {name: self.plant(one, fields, f"{at}.{name}", put) for name, one in value.items()}
        if isinstance(value, list):
            return [self.plant(one, fields, f"{at}[]", put) for one in value]
        if isinstance(value, str) and at in fields:
            made = self.attack(fields[at])
            put.setdefault(at, []).append(made)
            return made
        return value

    def attack(self, longest: int | None) -> str:
        """As many attempts as fit, behind what a spreadsheet or a setter of pages would run; no two are the same."""
        self.number += 1
        room = min(longest or LONGEST, LONGEST)
        text = f"{next(self.leads)}<b x>{self.number}" if room >= 36 else f"=<b x>{self.number}"
        for _ in range(len(_TYPED)):
            one = next(self.attempts)
            if len(text) + 1 + len(one) <= room:
                text = f"{text} {one}"
            elif room - len(text) > 40:
                continue
        return text

    def left_out(self) -> list[tuple[str, str, str]]:
        """The text fields in which nothing was planted."""
        every = {(*way, name) for way, names in self.fields.items() for name in names}
        return sorted(every - set(self.planted))

    def lost(self, *unseen: str) -> list[tuple[str, str, str]]:
        """What no answer gave back letter for letter, but for fields that nobody is shown; what was escaped twice."""
        seen = "\n".join(self.answers)
        escaped = [
            where for where, texts in self.planted.items() if any(html.escape(t) in seen for t in texts)
        ]
        gone = [where for where, texts in self.planted.items() if any(t not in seen for t in texts)]
        return escaped + [one for one in gone if f"{one[1].removeprefix('/api/v1/')}{one[2]}" not in unseen]

    def client(self) -> type[CleanClient]:
        """The class of clients whose every call goes through here."""
        planter = self

        class Planting(CleanClient):
            def open(self, *args: Any, **options: Any) -> Any:
                path, method = (args[0] if args else options.get("path", "")), options.get("method", "GET")
                put: dict[str, list[str]] = {}
                way = planter.operation(method, str(path).partition("?")[0])
                if way and options.get("json") is not None:
                    options["json"] = planter.plant(options["json"], planter.fields[way], "", put)
                answer = super().open(*args, **options)
                if answer.status_code < 300 and way:
                    for name, texts in put.items():
                        planter.planted.setdefault((*way, name), []).extend(texts)
                if answer.is_json and answer.data:
                    planter.answers += strings(answer.get_json())
                    assert answer.status_code < 500, answer.text
                return answer

        return Planting


def strings(value: Any) -> Iterator[str]:
    """Every string of a JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def _texts(schema: Any, at: str) -> Iterator[tuple[str, int | None]]:
    """The fields that take a free text, with how long it may be."""
    while "$ref" in schema:
        schema = _API["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for one in (*schema.get("anyOf", ()), *schema.get("allOf", ()), *schema.get("oneOf", ())):
        yield from _texts(one, at)
    kind = schema.get("type")
    coded = {"enum", "const", "format", "pattern"} & set(schema) or CODES.search(at)
    if kind == "string" and not coded and (schema.get("maxLength") or LONGEST) > LONGEST_CODE:
        yield at, schema.get("maxLength")
    if kind == "array":
        yield from _texts(schema.get("items", {}), f"{at}[]")
    for name, one in schema.get("properties", {}).items():
        yield from _texts(one, f"{at}.{name}")
