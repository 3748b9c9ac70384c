"""The API against its own document, as everyone who may call it: schemathesis makes the requests up.

No answer is a 5xx, none has a status that the document does not name, none departs from the schema
that the document gives it. Half of the ids and codes are ones that exist, so that requests get
somewhere. SCHEMA_EXAMPLES makes more of them for each operation (5 unless set).
"""

from __future__ import annotations

import contextvars
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.identity.guards import STAFF_COOKIE
from backend.identity.roles import ROLES
from tests.factories.identity import Caller, desk, resident, visitor, worker
from tests.schema.conftest import Day
from tests.schema.exactly import answer_schema, departures
from tests.support.permissions import ROUTES
from tests.support.permissions.scene import IN_SCOPE

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "5"))
#: a door that stays shut is tried this often: what is sent in changes nothing
SHUT = 1
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WHO: dict[str, Callable[[Flask], Caller]] = {
    "anonymous": visitor,
    "resident": lambda app: resident(app, "wang"),
    "worker": lambda app: worker(app, "chengguan"),
    **{role: lambda app, r=role: desk(app, IN_SCOPE[r]) for role in ROLES},  # type: ignore[misc]
}


@schemathesis.serializer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def sheet(context: Any, value: Any) -> dict[str, Any]:
    """A body that is a file: sent as it is, whatever bytes were made up."""
    return {"data": bytes(value) if isinstance(value, bytes | bytearray) else str(value).encode()}


@pytest.fixture(scope="module")
def operations(day: Day) -> list[schemathesis.schemas.APIOperation]:
    """Every operation of the document."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", day.app)
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) > 50
    return found


@pytest.mark.parametrize("who", sorted(WHO))
def test_every_answer_is_in_the_document(who: str, day: Day, operations: list[Any]) -> None:
    wrong = {}
    for operation in operations:
        if not _opens(operation, who):
            continue
        day.begin()
        try:
            _try(operation, WHO[who](day.app), day)
        except (Exception, BaseExceptionGroup) as failure:
            wrong[operation.label] = str(failure)[:1500]
    assert wrong == {}, "\n\n".join(f"{who}: {label}\n{said}" for label, said in wrong.items())


def _opens(operation: Any, who: str) -> bool:
    """Whether it is worth asking: what a role may not call is refused by the matrix, one test for each route."""
    if who not in ROLES:
        return True
    name = operation.label.replace("{", "<").replace("}", ">")
    route = ROUTES.get(name)
    return route is None or (route.audience == "staff" and who in route.roles)


def _try(operation: Any, caller: Caller, day: Day) -> None:
    """Call an operation with what schemathesis makes up for it: good input, and input that breaks its schema."""
    seen = _call(operation, caller, day, GenerationMode.POSITIVE, SHUT)
    if not seen - {401, 403}:
        return
    _call(operation, caller, day, GenerationMode.POSITIVE, EXAMPLES)
    if operation.body or operation.query:  # a path's parameter may be any text: nothing breaks its schema
        _call(operation, caller, day, GenerationMode.NEGATIVE, max(1, EXAMPLES // 3))


def _call(operation: Any, caller: Caller, day: Day, mode: GenerationMode, examples: int) -> set[int]:
    seen: set[int] = set()
    cookie = caller.client.get_cookie(STAFF_COOKIE, path="/api/v1/staff")
    cookies = {STAFF_COOKIE: cookie.value} if cookie is not None else {}

    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), seed=st.integers(0, 2**32))
    def calls(case: Case, seed: int) -> None:
        day.clear_limits()
        _furnish(case, day, random.Random(seed))
        headers = {**caller.headers, "Idempotency-Key": f"made-up-{seed}"}
        answer = contextvars.Context().run(lambda: case.call(headers=headers, cookies=cookies))
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)
        _is_exactly(operation, answer)

    calls()
    return seen


def _is_exactly(operation: Any, answer: Any) -> None:
    document = operation.schema.raw_schema
    schema = answer_schema(document, operation.path, operation.method, answer.status_code)
    if schema is not None:
        found = list(departures(document, schema, answer.json()))
        assert found == [], f"{answer.status_code}: {found[:10]}"


def _furnish(case: Case, day: Day, chance: random.Random) -> None:
    """Put things that exist into a made-up request."""
    case.path_parameters = day.known.put_into(case.path_parameters, chance)
    case.query = day.known.put_into(case.query, chance)
    if isinstance(case.body, dict):
        case.body = day.known.put_into(case.body, chance)
