"""The policy of a PostObject form, as OSS publishes it: when it ends and what each condition demands."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

UNSPOKEN = frozenset({"bucket", "policy", "x-oss-signature"})  # fields that need no condition


class Refused(Exception):
    """An answer in OSS's error shape."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def read_policy(encoded: str) -> dict[str, Any]:
    """The policy of its form field. Raises Refused."""
    try:
        policy = json.loads(base64.b64decode(encoded, validate=True))
        _ends(policy)
    except (ValueError, KeyError, TypeError):
        raise Refused(400, "InvalidPolicyDocument") from None
    if not isinstance(policy.get("conditions"), list) or not policy["conditions"]:
        raise Refused(400, "InvalidPolicyDocument")
    return dict(policy)


def check_policy(policy: Mapping[str, Any], given: Mapping[str, str], size: int, at: datetime) -> None:
    """Hold the form (names in lower case, the bucket among them) against every condition. Raises Refused."""
    if _ends(policy) < at:
        raise Refused(403, "AccessDenied")  # Policy expired
    named: set[str] = set()
    for condition in policy["conditions"]:
        if isinstance(condition, list) and condition[0] == "content-length-range":
            _check_size(size, condition[1], condition[2])
            continue
        for kind, name, wanted in _spelled_out(condition):
            named.add(name)
            if not _holds(kind, given.get(name, ""), wanted):
                raise Refused(403, "AccessDenied")  # Policy Condition failed
    if set(given) - named - UNSPOKEN:
        raise Refused(403, "AccessDenied")  # a field the policy does not speak of


def _ends(policy: Mapping[str, Any]) -> datetime:
    return datetime.strptime(policy["expiration"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _spelled_out(condition: Any) -> list[tuple[str, str, Any]]:
    if isinstance(condition, dict):
        return [("eq", name.lower(), value) for name, value in condition.items()]
    kind, name, wanted = condition
    return [(kind, name.removeprefix("$").lower(), wanted)]


def _holds(kind: str, value: str, wanted: Any) -> bool:
    if kind == "eq":
        return bool(value == wanted)
    if kind == "starts-with":
        return value.startswith(wanted)
    if kind in {"in", "not-in"}:
        return (value in wanted) == (kind == "in")
    raise Refused(400, "InvalidPolicyDocument")


def _check_size(size: int, low: int, high: int) -> None:
    if size > high:
        raise Refused(400, "EntityTooLarge")
    if size < low:
        raise Refused(400, "EntityTooSmall")
