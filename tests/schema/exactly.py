"""Is an answer exactly what its schema says: every property there, and nothing beside them?

JSON schema lets an object hold more than it names, and less than all; the front ends' types do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


def answer_schema(document: Document, path: str, method: str, status: int) -> Document | None:
    """The JSON schema that the document gives an answer; None when it has no body."""
    said = document["paths"][path][method.lower()]["responses"].get(str(status))
    if said is None:
        return None
    schema: Document | None = (
        _followed(document, said).get("content", {}).get("application/json", {}).get("schema")
    )
    return schema


def departures(document: Document, schema: Document, value: Any, where: str = "$") -> Iterator[str]:
    """Each place where `value` has less or more than `schema` names."""
    schema = _followed(document, schema)
    branches = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]
    if branches and isinstance(value, dict | list):
        found = [
            list(departures(document, branch, value, where)) for branch in branches if not _is_null(branch)
        ]
        yield from min(found, key=len, default=[])
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from departures(document, schema.get("items", {}), item, f"{where}[{number}]")
    elif isinstance(value, dict) and schema.get("properties"):
        yield from _of_object(document, schema, value, where)


def _of_object(document: Document, schema: Document, value: dict[str, Any], where: str) -> Iterator[str]:
    named = schema["properties"]
    if schema.get(
        "required"
    ):  # an object that demands nothing of itself is made of parts that may be missing
        yield from (f"{where}.{name} is not there" for name in named if name not in value)
    if not schema.get("additionalProperties"):
        yield from (f"{where}.{name} is in no schema" for name in value if name not in named)
    for name in named.keys() & value.keys():
        yield from departures(document, named[name], value[name], f"{where}.{name}")


def _is_null(schema: Document) -> bool:
    return schema.get("type") == "null"


def _followed(document: Document, part: Document) -> Document:
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part
